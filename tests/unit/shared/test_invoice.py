"""Dates of extracted data are days of the calendar."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from shared.schemas.invoice import InvoiceSchema


@pytest.mark.parametrize("text", ["2026-02-28", "2024-02-29", "1999-12-31"])
def test_a_day_of_the_calendar_passes(text: str) -> None:
    assert InvoiceSchema().load({"date": text, "dueDate": None}) == {"date": text, "dueDate": None}


@pytest.mark.parametrize(
    "text",
    ["2026-02-29", "2026-13-01", "2026-2-1", "20260201", "2026-02-01\n", "2026-W07-1", "٢٠٢٦-02-01", ""],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="YYYY-MM-DD"):
        InvoiceSchema().load({"deliveryDate": text})
