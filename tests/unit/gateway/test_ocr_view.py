"""The second API family's view of a job: text lines with columns apart, items, summary."""

from __future__ import annotations

from typing import Any

from services.gateway.api.ocr_view import ocr_result
from shared.readings import BoundingBox, Line, PageReading, Word
from shared.schemas.reading import reading_to_json


def _line(*placed: tuple[str, float]) -> Line:
    """Words at the given left edges, each character 10 pixels wide."""
    return Line(tuple(Word(text, 0.9, BoundingBox(x, 0, 10 * len(text), 12)) for text, x in placed))


def _lines(*lines: Line) -> list[str]:
    result = ocr_result({}, [reading_to_json(PageReading(800, 600, lines))])
    return list(result["ocrLines"])


def test_the_documented_form() -> None:
    line = _line(("Widget", 0), ("A", 70), ("10", 200), ("$100.00", 300), ("$1,000.00", 500))
    assert _lines(line) == ["Widget A    10    $100.00    $1,000.00"]


def test_a_gap_counts_by_the_width_of_the_characters() -> None:
    assert _lines(_line(("ab", 0), ("cd", 45))) == ["ab cd"]
    assert _lines(_line(("ab", 0), ("cd", 46))) == ["ab    cd"]


def test_words_that_touch_or_overlap_stay_apart_by_one_space() -> None:
    assert _lines(_line(("ab", 0), ("cd", 20), ("ef", 30))) == ["ab cd ef"]


def test_odd_words_do_no_harm() -> None:
    assert _lines(_line(("", 0)), _line(("", 0), ("a", 5))) == ["", " a"]


def test_lines_of_all_pages_in_order() -> None:
    pages: list[dict[str, Any]] = [
        reading_to_json(PageReading(800, 600, (_line(("one", 0)), _line(("two", 0))))),
        {"ocrResults": None},
        {},
        reading_to_json(PageReading(800, 600, (_line(("three", 0)),))),
    ]
    assert ocr_result({}, pages)["ocrLines"] == ["one", "two", "three"]


def test_items_and_summary_have_the_documented_names() -> None:
    job = {
        "extractedData": {
            "invoice": {
                "number": "R-1",
                "date": "2026-01-02",
                "dueDate": "2026-02-02",
                "purchaseOrder": "PO-9",
                "supplier": {"name": "Acme", "address": "1 Road", "taxId": "DE1"},
                "customer": {"name": "Buyer", "address": "2 Street"},
                "amounts": {"subtotal": 100.0, "tax": 19.0, "total": 119.0, "currency": "EUR"},
            },
            "lineItems": [
                {"description": "Widget", "quantity": 2.0, "unitPrice": 50.0, "amount": 100.0, "sku": "W"},
                {"description": "Gift"},
            ],
        }
    }
    result = ocr_result(job, [])
    assert result["ocrLines"] == []
    assert result["lineItems"] == [
        {"description": "Widget", "qty": 2.0, "price": 50.0, "total": 100.0},
        {"description": "Gift", "qty": None, "price": None, "total": None},
    ]
    assert result["summaryFields"] == {
        "invoiceNumber": "R-1",
        "invoiceDate": "2026-01-02",
        "dueDate": "2026-02-02",
        "purchaseOrder": "PO-9",
        "vendorName": "Acme",
        "vendorAddress": "1 Road",
        "vendorTaxId": "DE1",
        "customerName": "Buyer",
        "customerAddress": "2 Street",
        "subtotal": 100.0,
        "tax": 19.0,
        "total": 119.0,
        "currency": "EUR",
    }


def test_what_was_not_found_is_null() -> None:
    for job in (
        {},
        {"extractedData": None},
        {"extractedData": {"invoice": {"supplier": None, "amounts": None}}},
    ):
        result = ocr_result(job, [])
        assert result["lineItems"] == []
        assert set(result["summaryFields"].values()) == {None}
