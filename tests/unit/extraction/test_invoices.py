"""Whole invoices of several countries, read from their geometry."""

from __future__ import annotations

from typing import Any

import pytest

from shared.template import ExtractionSettings
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.expectations import EXPECTED, ITEMS
from tests.unit.extraction.reading import extracted, read


@pytest.mark.parametrize("name", EXPECTED)
def test_fields(name: str) -> None:
    invoice = extracted(drawn(name))["invoice"]
    assert {path: _member(invoice, path) for path in EXPECTED[name]} == EXPECTED[name]


def _member(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record[name]
    return record


@pytest.mark.parametrize("name", ITEMS)
def test_line_items(name: str) -> None:
    items = extracted(drawn(name))["lineItems"]
    assert [
        (item["description"], item["quantity"], item["unitPrice"], item["amount"]) for item in items
    ] == ITEMS[name]


def test_items_go_on_over_a_page_break_without_the_carried_sums() -> None:
    data = extracted(drawn("first_page"), drawn("second_page"))
    assert [(item["description"], item["amount"]) for item in data["lineItems"]] == [
        ("Copy paper A4, white", 124),
        ("Envelopes C5 self-seal, box of 500", 52.5),
        ("Ring binder", 45),
        ("Whiteboard", 128),
    ]
    assert data["invoice"]["amounts"] == {"subtotal": 349.5, "tax": 69.9, "total": 419.4}
    assert data["provenance"]["lineItems.2"]["page"] == 2


def test_a_receipt_has_no_customer_and_its_cash_is_not_the_total() -> None:
    invoice = extracted(drawn("till_receipt"))["invoice"]
    assert "customer" not in invoice
    assert invoice["amounts"]["total"] == 46.82


@pytest.mark.parametrize(
    ("document_type", "customers"), [(None, 0), ("other", 0), ("invoice", 1), ("receipt", 0)]
)
def test_the_template_says_whether_it_is_a_receipt_or_else_the_pages_do(
    document_type: str | None, customers: int
) -> None:
    settings = ExtractionSettings(document_type=document_type)
    sold_to = "Receipt No: R-00918\n\nMELATI TRADING\n7, JALAN SUTERA 1\n81200 JOHOR BAHRU\n\n"
    drawing = drawn("till_receipt").replace("Receipt No: R-00918", sold_to)
    invoice = read(drawing, settings=settings).to_json()["extractedData"]["invoice"]
    assert list(invoice).count("customer") == customers


def test_the_same_pages_give_the_same_answer() -> None:
    assert read(drawn("german")).to_json() == read(drawn("german")).to_json()


def test_provenance_names_the_place_and_the_label() -> None:
    found = extracted(drawn("british"))["provenance"]["invoice.number"]
    assert found["text"] == "HF/2931"
    assert found["page"] == 1
    assert "Invoice No" in found["reason"]
    row = next(
        number for number, line in enumerate(drawn("british").strip("\n").split("\n")) if "HF/2931" in line
    )
    assert abs(found["boundingBox"]["y"] - (20 + 24 * row)) < 1


def test_a_delivery_abroad_names_its_country() -> None:
    ship_to = extracted(drawn("american").replace("Spokane, WA 99202", "Whistler, Canada"))["invoice"][
        "shipTo"
    ]
    assert ship_to["address"] == "Yard 7, 22 Mill Road, Whistler, Canada"
    assert ship_to["country"] == "CA"


def test_a_number_and_a_date_that_run_together_are_told_apart() -> None:
    invoice = extracted("Rechnung Nr. 471102vom 05.03.2018")["invoice"]
    assert (invoice["number"], invoice["date"]) == ("471102", "2018-03-05")


@pytest.mark.parametrize("place", ["Newtown NSW 2042", "Prahran, VIC 3181"])
def test_a_bare_dollar_of_an_australian_address_is_its_own(place: str) -> None:
    invoice = extracted(
        f"""
        Corrigan Coastal Plumbing Pty Ltd             Tax Invoice 20611
        14 Wattle Street
        {place}                              Date: 12 March 2026

        Description                   Qty        Price       Amount
        Tap washers replaced            4        $20.00      $80.00

                                               Subtotal      $80.00
                                               GST 10%        $8.00
                                               Total         $88.00
        """
    )["invoice"]
    assert invoice["amounts"]["currency"] == "AUD"
