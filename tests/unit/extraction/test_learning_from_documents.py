"""Learning on generated invoices: what was misread is read right, what was right stays right."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.engine.extraction import extract
from services.engine.extraction.learning import Lesson, learn
from shared.readings import PageReading
from shared.supplier import CORRECTABLE_FIELDS, Correction, SupplierProfile
from shared.template import ExtractionSettings
from tests.generator.compose import compose_invoice
from tests.generator.invoice import Invoice
from tests.generator.languages import Label
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import LayoutName, Presentation, choose_presentation
from tests.generator.render import render_pages
from tests.generator.truth import extracted_data

# No vocabulary knows this word for an invoice's number.
LABEL = "Vorgangskennung"


def two_invoices(seed: int, layout: LayoutName) -> tuple[Invoice, Invoice, Presentation]:
    """Two invoices of one supplier, and how both look."""
    rng = random.Random(seed)
    first = compose_invoice(rng)
    other = compose_invoice(rng, country=first.country)
    second = replace(
        other,
        number=first.number[:-3] + "808",
        supplier=first.supplier,
        contact=first.contact,
        payment=first.payment and replace(first.payment, reference=None),
    )
    look = choose_presentation(rng, first, layout)
    return first, second, replace(look, wording={**look.wording, Label.NUMBER: LABEL})


def pages_of(invoice: Invoice, look: Presentation) -> list[PageReading]:
    rendered = render_pages(draw_invoice(invoice, look), dpi=72)
    return [PageReading(page.width, page.height, page.lines, source="textLayer") for page in rendered]


def invoice_of(pages: list[PageReading], *profiles: SupplierProfile) -> dict[str, Any]:
    data: dict[str, Any] = extract(pages, ExtractionSettings(), profiles).to_json()["extractedData"][
        "invoice"
    ]
    return data


def value_at(invoice: Mapping[str, Any], field: str) -> Any:
    value: Any = invoice
    for name in field.split(".")[1:]:
        value = (value or {}).get(name)
    return value


@pytest.mark.parametrize(
    ("seed", "layout"), [(1, "boxed"), (2, "centred"), (3, "banner"), (5, "boxed"), (8, "plain")]
)
def test_a_corrected_invoice_teaches_the_next(seed: int, layout: LayoutName) -> None:
    first, second, look = two_invoices(seed, layout)
    pages, next_pages = pages_of(first, look), pages_of(second, look)
    truth, next_truth = (extracted_data(one)["invoice"] for one in (first, second))
    read, untaught = invoice_of(pages), invoice_of(next_pages)
    corrections = [
        Correction(field, str(right), None if wrong is None else str(wrong))
        for field in CORRECTABLE_FIELDS
        if (right := value_at(truth, field)) not in (None, wrong := value_at(read, field))
    ]
    assert "invoice.number" in {one.field for one in corrections}
    profile = SupplierProfile("1", (first.supplier.name,), (value_at(truth, "invoice.supplier.taxId") or "",))
    learned = learn(pages, profile, Lesson(tuple(corrections)))
    taught = invoice_of(next_pages, replace(profile, rules=learned.rules, constants=learned.constants))
    assert value_at(untaught, "invoice.number") != second.number
    assert value_at(taught, "invoice.number") == second.number
    for field in CORRECTABLE_FIELDS:
        if value_at(untaught, field) == value_at(next_truth, field):
            assert value_at(taught, field) == value_at(next_truth, field), field
