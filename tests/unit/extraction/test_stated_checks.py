"""Corrected data is checked as extracted data is: sums, what is required, templates' conditions, accounts."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from services.engine.extraction.model import Finding
from services.engine.extraction.stated_checks import check_stated
from shared.template import ExtractionSettings, FieldRule, ValidationRule
from tests.unit.extraction.pages import page
from tests.unit.extraction.teaching import read_with

DRAWING = """
Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart

Baumann Söhne OHG                                       Rechnung Nr.:          99812
Gartenweg 3                                             Datum:                 17.02.2025
89073 Ulm                                               Fällig am:             19.03.2025

Bezeichnung                    Menge   Einzelpreis   Gesamtpreis
Fräser HSS 12 mm                   6         38,50        231,00

Summe netto                                               231,00
zzgl. 19 % MwSt.                                           43,89
Gesamtbetrag                                              274,89 EUR

USt-IdNr.: DE136695976
"""


def data(**invoice: Any) -> dict[str, Any]:
    """What is extracted from the page, with other values in the invoice."""
    read = deepcopy(read_with(DRAWING).to_json()["extractedData"])
    amounts = {**read["invoice"]["amounts"], **invoice.pop("amounts", {})}
    return {**read, "invoice": {**read["invoice"], **invoice, "amounts": amounts}}


def findings(
    stated: dict[str, Any],
    settings: ExtractionSettings | None = None,
    confidence: dict[str, float] | None = None,
    drawing: str = DRAWING,
) -> list[Finding]:
    return list(check_stated([page(drawing)], stated, confidence or {}, settings or ExtractionSettings()))


def test_what_was_read_right_has_the_findings_it_had() -> None:
    extraction = read_with(DRAWING)
    assert findings(data(), confidence=dict(extraction.field_confidence)) == list(extraction.findings)
    assert findings(data()) == []


def test_sums_that_do_not_add_up_are_told_and_those_that_do_are_not() -> None:
    (finding,) = findings(data(amounts={"total": 284.89}))
    assert (finding.field, finding.severity) == ("invoice.amounts.total", "error")
    assert "284.89" in finding.message
    assert findings(data(amounts={"total": 289.89, "shipping": 15})) == []


def test_charges_may_lie_between_a_subtotal_with_its_tax_and_the_total() -> None:
    stated = data(amounts={"subtotal": 274.89, "total": 289.89, "shipping": 15})
    assert "invoice.amounts.total" not in {finding.field for finding in findings(stated)}
    (finding,) = findings(data(amounts={"total": 284.89, "shipping": 15}))
    assert (finding.field, finding.severity) == ("invoice.amounts.total", "warning")


def test_a_missing_field_is_told_until_it_is_stated() -> None:
    (finding,) = findings(data(number=None))
    assert finding.field == "invoice.number"
    assert findings(data(number="R-1")) == []


def test_items_and_tax_lines_are_checked() -> None:
    stated = data()
    stated["lineItems"][0]["amount"] = 213.0
    assert {finding.field for finding in findings(stated)} == {
        "invoice.amounts.subtotal",
        "lineItems.0.amount",
    }
    taxes = [{"rate": 19, "base": 231, "amount": 40}]
    assert [finding.field for finding in findings(data(taxes=taxes))] == ["invoice.amounts.tax"]


def test_only_what_was_left_as_it_was_read_can_be_uncertain() -> None:
    (finding,) = findings(data(), confidence={"invoice.number": 0.4})
    assert "uncertain" in finding.message
    assert findings(data(number="R-1")) == []


def test_a_templates_conditions_hold_for_stated_values() -> None:
    settings = ExtractionSettings(
        fields=(FieldRule("invoice.number", pattern=r"Rechnung Nr\.:\s*(\d+)", validation_format=r"\d{5}"),),
        validation_rules=(ValidationRule("purchaseOrder", "required"),),
    )
    fields = [finding.field for finding in findings(data(number="R-1"), settings)]
    assert fields == ["invoice.number", "invoice.purchaseOrder"]
    assert findings(data(number="12345", purchaseOrder="B-7"), settings) == []


def test_an_account_without_valid_check_digits_is_told() -> None:
    (finding,) = findings(data(payment={"iban": "DE89370400440532013001"}))
    assert finding.field == "invoice.payment.iban"
    assert findings(data(payment={"iban": "DE89370400440532013000"})) == []


def test_a_due_date_before_the_date_is_told() -> None:
    (finding,) = findings(data(dueDate="2025-02-01"))
    assert finding.field == "invoice.dueDate"
