"""The e-invoice against its pages: who wins, what is warned about, what stays."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from decimal import Decimal

import pytest

from services.engine.einvoice.checks import differences
from services.engine.einvoice.merge import merge
from services.engine.einvoice.pages import Pages
from services.engine.einvoice.read import read_einvoice
from services.engine.extraction.extract import extract
from services.engine.extraction.model import Finding
from services.engine.extraction.result import Extraction
from shared.readings import PageReading
from shared.schemas.invoice import ExtractionSchema
from shared.template import ExtractionSettings, FieldRule, LineItemRules, ValidationRule
from tests.einvoices.cii import cii
from tests.einvoices.facts import Facts
from tests.einvoices.pdf import printed_lines
from tests.einvoices.ubl import ubl
from tests.einvoices.zugferd_1 import zugferd_1
from tests.unit.einvoice.pages import page_of

PRINTED = printed_lines()


def _merged(
    lines: Sequence[str] = PRINTED, xml: bytes | None = None, settings: ExtractionSettings | None = None
) -> Extraction:
    pages = [page_of(lines)] if lines else []
    return _merge(pages, xml or cii(), settings or ExtractionSettings())


def _merge(pages: list[PageReading], xml: bytes, settings: ExtractionSettings) -> Extraction:
    merged = merge(extract(pages, settings), read_einvoice(xml), pages, settings)
    assert ExtractionSchema().validate(merged.to_json()) == {}
    return merged


def _about(extraction: Extraction, field: str) -> list[Finding]:
    return [finding for finding in extraction.findings if finding.field == field]


def _with(old: str, new: str) -> tuple[str, ...]:
    lines = tuple(line.replace(old, new) for line in PRINTED)
    assert lines != PRINTED
    return lines


def test_stated_values_are_certain_and_say_where_they_come_from() -> None:
    merged = _merged()
    assert merged.invoice.supplier.tax_id == "DE123456788"  # which the page does not show
    for path in ("invoice.number", "invoice.amounts.total", "invoice.supplier.taxId", "lineItems.1"):
        assert merged.field_confidence[path] == 1.0
    assert merged.provenance["invoice.number"].reason == "Read from the embedded e-invoice (BT-1)."
    assert merged.provenance["lineItems.0"].reason == "Read from the embedded e-invoice (BG-25)."


def test_stated_values_stand_where_the_page_shows_them() -> None:
    merged = _merged()
    number, total = merged.provenance["invoice.number"], merged.provenance["invoice.amounts.total"]
    assert (number.page, number.text) == (1, "LL-2026-0417")
    assert number.box is not None
    assert number.box.y == 60 + 7 * 30
    assert number.box.x == pytest.approx(60 + 16 * 10, abs=1)
    assert total.box is not None
    assert total.box.y == 60 + 16 * 30
    hidden = merged.provenance["invoice.supplier.taxId"]
    assert (hidden.page, hidden.box, hidden.text) == (None, None, "DE 123456788")


def test_lines_stand_at_their_rows() -> None:
    merged = _merged()
    tops = [merged.provenance[f"lineItems.{place}"].box for place in range(2)]
    assert [box.y for box in tops if box is not None] == [60 + 11 * 30, 60 + 12 * 30]


def test_an_invoice_that_agrees_with_its_page_has_no_findings() -> None:
    merged = _merged()
    assert merged.findings == ()
    assert merged.confidence == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("old", "new", "field", "shown"),
    [
        ("LL-2026-0417", "LL-2026-0418", "invoice.number", "LL-2026-0418"),
        ("14.03.2026", "15.03.2026", "invoice.date", "2026-03-15"),
        ("83.30", "93.30", "invoice.amounts.total", "93.30"),
        (
            "DE02 1203 0000 0000 2020 51",
            "DE02 5001 0517 0137 0750 30",
            "invoice.payment.iban",
            "DE02500105170137075030",
        ),
    ],
)
def test_a_page_that_shows_something_else_is_warned_about(old: str, new: str, field: str, shown: str) -> None:
    merged = _merged(_with(old, new))
    (finding,) = _about(merged, field)
    assert finding.severity == "warning"
    assert finding.message.endswith(f"but page 1 shows {shown}.")
    assert merged.field_confidence[field] == 1.0
    assert merged.is_valid


def test_the_same_number_in_other_notation_is_no_difference() -> None:
    lines = [
        line.replace("14.03.2026", "14 March 2026").replace("LL-2026-0417", "LL 2026 0417")
        for line in PRINTED
    ]
    assert _merged(lines).findings == ()


def test_characters_that_recognition_confuses_are_forgiven_on_scans_alone() -> None:
    lines = ["Nr. LL 2O26 04I7", "LL-2O26-0417"]
    scanned, digital = Pages([page_of(lines, "ocr")], ()), Pages([page_of(lines)], ())
    found = scanned.find("LL-2026-0417")
    assert found is not None
    assert found.text == "LL 2O26 04I7"
    assert digital.find("LL-2026-0417") is None


def test_many_lines_are_placed_in_time() -> None:
    line = re.search(rb"<cac:InvoiceLine>.*?</cac:InvoiceLine>", ubl(), re.DOTALL)
    assert line is not None
    lines = b"".join(line[0].replace(b"Copy paper A4", b"Paper %d" % number) for number in range(2000))
    pages = [
        page_of([f"Paper {number}" for number in range(40 * page, 40 * page + 40)]) for page in range(20)
    ]
    nothing = extract([], ExtractionSettings())
    began = time.process_time()
    merged = merge(nothing, read_einvoice(ubl().replace(line[0], lines)), pages, ExtractionSettings())
    assert time.process_time() - began < 10
    assert merged.provenance["lineItems.799"].page == 20
    assert merged.provenance["lineItems.1999"].page is None


def test_a_value_that_no_page_shows_is_warned_about() -> None:
    pages = Pages([page_of(_with("13.30", "14.30"))], ())
    (finding,) = differences(read_einvoice(cii()), pages, {}, {})
    assert (finding.field, finding.severity) == ("invoice.amounts.tax", "warning")
    assert finding.message == "No page shows the tax 13.30 that the e-invoice states (BT-110)."


def test_an_empty_page_contradicts_nothing() -> None:
    assert _merged(lines=("",)).findings == ()


def test_pages_fill_in_what_the_einvoice_does_not_have() -> None:
    merged = _merged(xml=zugferd_1())
    assert merged.invoice.payment.iban == "DE02120300000000202051"
    assert "e-invoice" not in merged.provenance["invoice.payment.iban"].reason
    assert 0 < merged.field_confidence["invoice.payment.iban"] <= 1


def test_lines_stay_from_the_page_where_the_einvoice_has_none() -> None:
    xml = cii().decode()
    start, end = (
        xml.index("<ram:IncludedSupplyChainTradeLineItem>"),
        xml.index("<ram:ApplicableHeaderTradeAgreement>"),
    )
    merged = _merged(xml=(xml[:start] + xml[end:]).encode())
    assert [item.amount for item in merged.line_items] == [Decimal(45), Decimal(20)]
    assert merged.line_items[0].sku is None


def test_totals_rule_out_what_a_page_only_seems_to_show() -> None:
    lines = [*PRINTED[:14], "Discount                                               3.00", *PRINTED[14:]]
    assert _merged(lines).invoice.amounts.discount == Decimal("5.00")
    assert _merged(lines, zugferd_1()).invoice.amounts.discount is None


def test_an_xml_file_without_pages_gives_everything() -> None:
    merged = _merged(lines=(), xml=ubl())
    assert merged.invoice.number == "LL-2026-0417"
    assert merged.invoice.amounts.total == Decimal("83.30")
    assert len(merged.line_items) == 2
    assert merged.findings == ()
    assert merged.confidence == 1.0
    assert merged.provenance["invoice.number"].reason == "Read from the e-invoice (BT-1)."
    shown = merged.to_json()["extractedData"]
    assert isinstance(shown, dict)
    assert shown["provenance"]["invoice.number"] == {
        "text": "LL-2026-0417",
        "reason": "Read from the e-invoice (BT-1).",
    }


def test_totals_that_do_not_add_up_make_the_invoice_invalid() -> None:
    merged = _merged(_with("83.30", "84.30"), cii(Facts(total="84.30")))
    (finding,) = _about(merged, "invoice.amounts.total")
    assert finding.severity == "error"
    assert "give 83.30, but it states 84.30 as the total (BT-112)" in finding.message
    assert not merged.is_valid


def test_an_account_with_wrong_check_digits_is_warned_about() -> None:
    merged = _merged(lines=(), xml=ubl(Facts(iban="DE03120300000000202051")))
    (finding,) = _about(merged, "invoice.payment.iban")
    assert "check digits" in finding.message


def test_what_the_xml_has_in_the_wrong_form_is_read_from_the_page() -> None:
    merged = _merged(xml=cii(Facts(total="83,30")))
    assert merged.invoice.amounts.total == Decimal("83.30")
    assert "e-invoice" not in merged.provenance["invoice.amounts.total"].reason
    assert any("is not a number" in finding.message for finding in _about(merged, "invoice.amounts.total"))


def test_a_templates_conditions_hold_for_stated_values_too() -> None:
    settings = ExtractionSettings(
        fields=(FieldRule(name="number", validation_format=r"R-\d+", required=True),),
        validation_rules=(ValidationRule("supplier.name", "email", "Give an address."),),
    )
    merged = _merged(settings=settings)
    assert [one.severity for one in _about(merged, "invoice.number")] == ["error"]
    assert [one.message for one in _about(merged, "invoice.supplier.name")] == ["Give an address."]


def test_a_template_that_wants_no_lines_gets_none() -> None:
    merged = _merged(settings=ExtractionSettings(line_items=LineItemRules(enabled=False)))
    assert merged.line_items == ()
    assert not any(path.startswith("lineItems") for path in merged.provenance)


def test_fields_of_the_users_own_stay() -> None:
    rule = FieldRule(name="reference", pattern=r"Customer reference: (\S+)")
    settings, pages = ExtractionSettings(fields=(rule,)), [page_of(PRINTED)]
    merged = merge(extract(pages, settings), read_einvoice(cii()), pages, settings)
    assert merged.custom == {"reference": "KX-9"}
    assert merged.provenance["reference"].page == 1
