"""Account numbers with wrong check digits are told; anything else of a similar form is not."""

from __future__ import annotations

import pytest

from services.engine.extraction.model import Finding
from shared.template import ExtractionSettings, FieldRule
from tests.unit.extraction.reading import read

VALID = "DE89 3704 0044 0532 0130 00"
BROKEN = "DE89 3704 0044 0532 0130 01"


def told(drawing: str, settings: ExtractionSettings | None = None) -> list[Finding]:
    findings = read(drawing, settings=settings).findings
    return [one for one in findings if one.field == "invoice.payment.iban" and "not valid" in one.message]


def test_a_number_with_wrong_check_digits_is_told_and_not_taken() -> None:
    drawing = f"Please pay to IBAN: {BROKEN}  BIC: COBADEFFXXX"
    (finding,) = told(drawing)
    assert BROKEN in finding.message
    assert "page 1" in finding.message
    assert finding.severity == "warning"
    assert read(drawing).invoice.payment.iban is None


def test_a_valid_number_beside_it_is_enough() -> None:
    assert told(f"IBAN: {BROKEN}\nIBAN: {VALID}") == []


def test_a_template_may_read_a_broken_one_but_it_is_told() -> None:
    rule = FieldRule("invoice.payment.iban", pattern=r"Konto (\S+)")
    (finding,) = told("Konto DE89370400440532013001", ExtractionSettings(fields=(rule,)))
    assert "DE89370400440532013001" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "USt-IdNr. DE136695976",
        "VAT BE 0403 170 701",
        "Order AB12 3456 7890 1234",
        "DE89 3704 0044 0532 0130",
        "FR40 303 265 045",
        "XX89 3704 0044 0532 0130 01",
    ],
)
def test_numbers_of_another_kind_are_not_told(text: str) -> None:
    assert told(text) == []
