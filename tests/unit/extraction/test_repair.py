"""One misread number that breaks sums is repaired, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.engine.extraction import Extraction, extract
from shared.readings import Line, PageReading, TextSource
from shared.schemas.invoice import ExtractionSchema
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page

INVOICE = """
Invoice No. 4711           Date 2024-03-01

Description        Quantity    Unit price     Amount
Oak board                 4         12.50      50.00
Pine board               10          3.20      32.00
Glue                      3          7.00      21.00

Subtotal                                      103.00
VAT 20%                                        20.60
Total                                         123.60
"""
RECEIPT = """
Corner Shop
Tea                      6.00
Bread                    3.40
Butter                   4.20

Total                   13.60
Cash                    20.00
Change                   6.40
"""


def recognised(
    drawing: str, unsure: Mapping[str, float] | None = None, source: TextSource = "ocr"
) -> PageReading:
    """The page as recognition gives it; `unsure` are words and their confidence, the others have 0.99."""
    drawn = page(drawing, confidence=0.99, source=source)
    lines = [
        Line(tuple(replace(w, confidence=(unsure or {}).get(w.text, w.confidence)) for w in line.words))
        for line in drawn.lines
    ]
    return replace(drawn, lines=tuple(lines))


def read(drawing: str, unsure: Mapping[str, float] | None = None, source: TextSource = "ocr") -> Extraction:
    extraction = extract([recognised(drawing, unsure, source)], ExtractionSettings())
    assert ExtractionSchema().validate(extraction.to_json()) == {}
    return extraction


def misread(printed: str, as_read: str, drawing: str = INVOICE) -> str:
    """The drawing with the last of these numbers misread, right edge kept."""
    before, _, after = drawing.rpartition(printed)
    assert after
    return f"{before}{as_read:>{len(printed)}}{after}"


def data(extraction: Extraction) -> Any:
    return extraction.to_json()["extractedData"]


def repairs(extraction: Extraction) -> list[tuple[str, str]]:
    return [(f.field, f.message) for f in extraction.findings if "and repaired to" in f.message]


@pytest.mark.parametrize(
    ("printed", "as_read", "path"),
    [
        ("50.00", "60.00", "lineItems.0.amount"),
        ("32.00", "82.00", "lineItems.1.amount"),
        ("103.00", "108.00", "invoice.amounts.subtotal"),
        ("103.00", "10300", "invoice.amounts.subtotal"),
        ("103.00", "1103.00", "invoice.amounts.subtotal"),
        ("20.60", "20.80", "invoice.amounts.tax"),
        ("20.60", "29.60", "invoice.amounts.tax"),
    ],
)
def test_a_slip_that_breaks_two_equations_is_repaired(printed: str, as_read: str, path: str) -> None:
    intended, extraction = read(INVOICE), read(misread(printed, as_read))
    assert extraction.invoice == intended.invoice
    assert extraction.line_items == intended.line_items
    ((field, message),) = repairs(extraction)
    assert field == path
    assert f'was read as "{as_read}" and repaired to "{printed}"' in message
    assert "page 1" in message
    assert extraction.is_valid


@pytest.mark.parametrize(
    ("printed", "as_read", "member"),
    [("12.50", "17.50", "unitPrice"), ("7.00", "700", "unitPrice"), ("10 ", "40 ", "quantity")],
)
def test_one_equation_is_enough_for_the_only_number_that_is_unsure(
    printed: str, as_read: str, member: str
) -> None:
    drawing = misread(printed, as_read)
    extraction = read(drawing, {as_read.strip(): 0.9})
    assert extraction.line_items == read(INVOICE).line_items
    ((field, _),) = repairs(extraction)
    assert field.endswith(member)


def test_one_equation_is_not_enough_for_a_sure_number() -> None:
    extraction = read(misread("12.50", "17.50"))
    assert not repairs(extraction)
    assert [f.field for f in extraction.findings if "times" in f.message] == ["lineItems.0.amount"]


def test_one_equation_is_not_enough_where_another_number_of_it_is_unsure() -> None:
    extraction = read(misread("12.50", "17.50"), {"17.50": 0.9, "4": 0.92})
    assert not repairs(extraction)


def test_what_two_slips_would_explain_is_left_as_it_is() -> None:
    drawing = """
    Subtotal       100.00
    VAT             20.00
    Total          128.00
    """
    extraction = read(drawing, {"128.00": 0.9})
    assert not repairs(extraction)
    assert not extraction.is_valid


def test_a_whole_number_is_odd_among_sums_only_if_the_repair_gives_it_cents() -> None:
    drawing = """
    Subtotal       100
    VAT             20.00
    Total          190.00
    """
    assert not repairs(read(drawing))
    assert repairs(read(drawing.replace("  100\n", "17000\n")))


def test_a_text_layer_has_no_slips() -> None:
    extraction = read(misread("103.00", "108.00"), source="textLayer")
    assert not repairs(extraction)
    assert data(extraction)["invoice"]["amounts"]["subtotal"] == 108


def test_words_of_a_text_layer_beside_recognised_ones_have_no_slips() -> None:
    extraction = read(misread("103.00", "108.00"), {"108.00": 1.0})
    assert not repairs(extraction)


def test_a_document_that_contradicts_itself_is_reported() -> None:
    """No single slip makes 150.00 of 123.60."""
    extraction = read(misread("123.60", "150.00"), {"150.00": 0.9})
    assert not repairs(extraction)
    assert not extraction.is_valid


def test_a_number_that_another_sum_bears_out_is_not_doubted() -> None:
    """The subtotal is the sum of the items: the total is wrong, though recognition is surer of it."""
    extraction = read(misread("123.60", "723.60"), {"103.00": 0.9})
    assert not repairs(extraction)
    assert data(extraction)["invoice"]["amounts"]["subtotal"] == 103


def test_the_field_tells_what_was_read_and_why_it_was_repaired() -> None:
    extraction = read(misread("103.00", "108.00"))
    provenance = data(extraction)["provenance"]["invoice.amounts.subtotal"]
    assert provenance["text"] == "108.00"
    assert '"108.00" was read and repaired to "103.00"' in provenance["reason"]
    assert "the items add up to the subtotal" in provenance["reason"]
    sure = read(INVOICE).field_confidence["invoice.amounts.subtotal"]
    assert extraction.field_confidence["invoice.amounts.subtotal"] < sure
    assert data(extraction)["provenance"]["invoice.amounts.total"]["text"] == "123.60"


def test_receipts_are_repaired_as_well() -> None:
    extraction = read(misread("13.60", "18.60", RECEIPT))
    assert data(extraction)["invoice"]["amounts"]["total"] == 13.6
    assert [field for field, _ in repairs(extraction)] == ["invoice.amounts.total"]
    item = read(misread("4.20", "4.70", RECEIPT), {"4.70": 0.9})
    assert [i["amount"] for i in data(item)["lineItems"]] == [6, 3.4, 4.2]


def test_a_row_of_the_tax_breakdown_is_repaired() -> None:
    drawing = """
    Nettobetrag                     336,00 €
    MwSt 7 %   auf   100,00           7,00 €
    MwSt 19 %  auf   286,00          44,84 €
    Gesamtbetrag                    387,84 €
    """
    extraction = read(drawing, {"286,00": 0.9})
    assert data(extraction)["invoice"]["taxes"] == [
        {"rate": 7, "base": 100, "amount": 7},
        {"rate": 19, "base": 236, "amount": 44.84},
    ]
    assert [field for field, _ in repairs(extraction)] == ["invoice.taxes"]


def test_a_discount_between_subtotal_and_total_is_no_slip() -> None:
    drawing = """
    Subtotal      200.00
    Discount      -20.00
    Shipping       15.00
    Sales tax      16.00
    Total         211.00
    """
    assert not repairs(read(drawing, {"211.00": 0.9}))


def test_two_slips_that_have_nothing_in_common_are_both_repaired() -> None:
    drawing = misread("12.50", "17.50", misread("103.00", "108.00"))
    extraction = read(drawing, {"17.50": 0.9, "108.00": 0.9})
    assert extraction.invoice == read(INVOICE).invoice
    assert len(repairs(extraction)) == 2


def test_a_row_of_the_tax_breakdown_that_no_slip_explains_is_reported() -> None:
    drawing = """
    Nettobetrag                     336,00 €
    MwSt 7 %   auf   100,00           7,00 €
    MwSt 19 %  auf   914,00          44,84 €
    Gesamtbetrag                    387,84 €
    """
    extraction = read(drawing, {"914,00": 0.9})
    assert not repairs(extraction)
    (message,) = [f.message for f in extraction.findings if f.field == "invoice.taxes"]
    assert message == ("A row of the tax breakdown on page 1 does not hold: 19 % of 914.00 is not 44.84.")
