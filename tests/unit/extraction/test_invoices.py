"""Whole invoices of several countries, read from their geometry."""

from __future__ import annotations

from typing import Any

import pytest

from shared.template import ExtractionSettings
from tests.unit.extraction.drawings import drawn
from tests.unit.extraction.reading import extracted, read

EXPECTED: dict[str, dict[str, Any]] = {
    "american": {
        "number": "BW-20417",
        "date": "2025-03-14",
        "dueDate": "2025-04-13",
        "purchaseOrder": "88-1204",
        "paymentTerms": "Net 30",
        "supplier.name": "Brightwater Tools Inc.",
        "customer.name": "Northgate Carpentry LLC",
        "shipTo.address": "Yard 7, 22 Mill Road, Spokane, WA 99202",
        "amounts": {"subtotal": 1631.5, "tax": 138.68, "total": 1815.18, "shipping": 45, "currency": "USD"},
        "country": "US",
    },
    "british": {
        "number": "HF/2931",
        "date": "2024-06-05",
        "dueDate": "2024-07-05",
        "supplier.name": "Harrow & Finch Ltd",
        "supplier.taxId": "GB123456782",
        "customer.name": "Tidewell Dental Practice",
        "customer.address": "8 Market Square, Whitby YO21 1AA",
        "amounts": {"subtotal": 285.35, "tax": 57.07, "total": 342.42, "due": 342.42, "currency": "GBP"},
        "taxes": [{"rate": 20, "base": 285.35, "amount": 57.07}],
    },
    "german": {
        "number": "2025-0317",
        "date": "2025-02-17",
        "dueDate": "2025-03-19",
        "deliveryDate": "2025-02-14",
        "supplier.name": "Kessler Werkzeugbau GmbH",
        "supplier.address": "Industriestr. 12, 70565 Stuttgart",
        "supplier.taxId": "DE136695976",
        "customer.name": "Baumann Söhne OHG",
        "amounts": {"subtotal": 811, "tax": 154.09, "total": 965.09, "currency": "EUR"},
        "payment": {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"},
        "language": "de",
        "country": "DE",
    },
    "french": {
        "number": "F2024-118",
        "date": "2024-08-12",
        "dueDate": "2024-09-11",
        "supplier.name": "Menuiserie Duvalier SARL",
        "customer.name": "Crèche Les Hirondelles",
        "amounts": {"subtotal": 1590, "tax": 285, "total": 1875, "currency": "EUR"},
        "taxes": [{"rate": 20, "amount": 252}, {"rate": 10, "amount": 33}],
        "paymentTerms": "30 jours fin de mois",
        "language": "fr",
    },
    "dutch": {
        "kind": "invoice",
        "number": "2024.0456",
        "date": "2024-03-03",
        "dueDate": "2024-04-02",
        "supplier.name": "Van Houten Drukwerk B.V.",
        "supplier.taxId": "NL004495445B01",
        "customer.name": "Bakkerij De Korenaar",
        "amounts": {"subtotal": 410, "tax": 86.1, "total": 496.1, "due": 496.1, "currency": "EUR"},
        "language": "nl",
    },
    "spanish": {
        "number": "A-2024/093",
        "date": "2024-11-21",
        "dueDate": "2024-12-21",
        "supplier.name": "Talleres Olmedo S.L.",
        "supplier.taxId": "B58378431",
        "customer.name": "Panadería San Blas S.A.",
        "amounts": {"subtotal": 311, "tax": 65.31, "total": 376.31, "currency": "EUR"},
        "language": "es",
        "country": "ES",
    },
    "italian": {
        "number": "77/2024",
        "date": "2024-05-09",
        "dueDate": "2024-06-08",
        "supplier.name": "Officina Ferrarese S.r.l.",
        "customer.name": "Hotel Bellavista S.p.A.",
        "amounts": {"subtotal": 1094, "tax": 240.68, "total": 1334.68, "currency": "EUR"},
        "language": "it",
        "country": "IT",
    },
    "portuguese": {
        "number": "FT 2024/512",
        "date": "2024-10-02",
        "dueDate": "2024-11-01",
        "supplier.name": "Vinhos da Serra Lda",
        "customer.name": "Restaurante O Pescador",
        "amounts": {"subtotal": 161.1, "tax": 17.9, "total": 179, "due": 179, "currency": "EUR"},
        "language": "pt",
    },
    "polish": {
        "number": "FV/118/2024",
        "date": "2024-06-14",
        "dueDate": "2024-06-28",
        "supplier.name": "Stolarnia Dąbrowa Sp. z o.o.",
        "supplier.taxId": "5260250995",
        "customer.name": "Kawiarnia Pod Lipą",
        "customer.taxId": "5213017228",
        "amounts": {"subtotal": 2020, "tax": 464.6, "total": 2484.6, "due": 2484.6, "currency": "PLN"},
        "language": "pl",
    },
    "swiss": {
        "number": "40771",
        "date": "2024-12-01",
        "dueDate": "2024-12-31",
        "supplier.name": "Alpenglas AG",
        "customer.name": "Hotel Edelweiss",
        "amounts": {"subtotal": 3100, "tax": 251.1, "total": 3351.1, "currency": "CHF"},
        "country": "CH",
    },
    "indian": {
        "number": "ST/24-25/0091",
        "date": "2025-01-05",
        "dueDate": "2025-02-04",
        "supplier.taxId": "33AABCS1429B1ZB",
        "customer.name": "Kaveri Garments",
        "amounts": {"subtotal": 145200, "tax": 7260, "total": 152460, "currency": "INR"},
    },
    "from_and_to": {
        "number": "2024-113",
        "date": "2024-11-28",
        "dueDate": "2024-12-28",
        "paymentTerms": "30 days",
        "supplier.name": "Lumen Studio",
        "customer.name": "Orchard Books Ltd",
        "customer.address": "90 High Street, Bath BA1 1AA",
        "amounts": {"total": 840, "currency": "GBP"},
    },
    "credit_note": {
        "kind": "creditNote",
        "number": "G-2025-008",
        "supplier.name": "Nordlicht Elektro GmbH",
        "customer.name": "Leuchtenhaus Mohr KG",
        "amounts": {"subtotal": -180, "tax": -34.2, "total": -214.2, "currency": "EUR"},
    },
    "belgian": {
        "number": "2023/044",
        "supplier.taxId": "BE0403170701",
        "supplier.country": "BE",
        "customer.name": "Hôtel Royal SA",
        "amounts": {"subtotal": 240, "tax": 14.4, "total": 254.4, "currency": "EUR"},
        "country": "BE",
    },
    "spanish_with_withholding": {
        "number": "2024-15",
        "supplier.name": "Lucía Ferrer Diseño",
        "customer.name": "Editorial Almena S.L.",
        "customer.taxId": "B58378431",
        "amounts": {"subtotal": 800, "tax": 168, "total": 848, "due": 848, "currency": "EUR"},
    },
    "subscription": {
        "number": "CB-88213-0007",
        "date": "2024-10-03",
        "dueDate": "2024-10-03",
        "supplier.name": "Cloudbase, Inc.",
        "customer.name": "Jane Roe",
        "customer.address": "12 Elm Street, Dublin D02 X285, Ireland",
        "customer.country": "IE",
        "amounts": {"subtotal": 49, "total": 49, "due": 49, "currency": "USD"},
    },
    "whole_numbers": {
        "date": "2019-05-10",
        "supplier.name": "WARUNG MAKAN",
        "amounts": {"subtotal": 66000, "tax": 6600, "total": 72600, "currency": "IDR"},
    },
    "without_tax": {
        "number": "17/2024",
        "date": "2024-04-03",
        "dueDate": "2024-04-17",
        "supplier.name": "Kleinunternehmer Hans Meier",
        "customer.name": "Erika Beispiel",
        "amounts": {"tax": 0, "total": 450, "currency": "EUR"},
    },
    "dotted_labels": {
        "number": "00458",
        "date": "2024-03-12",
        "purchaseOrder": "K-118",
        "supplier.name": "ACME PARTS LIMITED",
        "customer.name": "Kauri Motors",
        "amounts": {"subtotal": 211, "tax": 31.65, "total": 242.65, "currency": "NZD"},
    },
    "without_labels": {
        "number": "INV-3307",
        "date": "2023-05-02",
        "supplier.name": "Tallgrass Media LLC",
        "supplier.address": "77 Prairie Ave, Omaha, NE 68102",
        "customer.name": "Blue Heron Press",
        "amounts": {"total": 650, "currency": "USD"},
    },
    "french_telecom": {
        "number": "1198220345",
        "date": "2024-03-05",
        "dueDate": "2024-03-15",
        "customer.name": "Paul Martin",
        "amounts": {"subtotal": 18.32, "tax": 3.66, "total": 21.98, "currency": "EUR"},
    },
    "austrian": {
        "number": "24-0071",
        "date": "2024-08-08",
        "supplier.name": "Tischlerei Moser e.U.",
        "supplier.taxId": "ATU57780814",
        "customer.name": "Gasthof Alpenblick",
        "amounts": {"subtotal": 2656.5, "tax": 531.3, "total": 3187.8},
    },
    "american_receipt": {
        "date": "2023-06-18",
        "supplier.name": "JOE'S DINER",
        "supplier.address": "101 Main Street, Austin, TX 78701",
        "amounts": {"subtotal": 22.2, "tax": 1.83, "total": 24.03, "currency": "USD"},
    },
    "reminder": {"kind": "reminder", "date": "2024-10-10", "supplier.name": "Wagner Metallbau GmbH"},
    "till_receipt": {
        "kind": "receipt",
        "number": "R-00918",
        "date": "2017-07-14",
        "supplier.name": "GREENLEAF GROCERS SDN BHD",
        "supplier.address": "12, JALAN MAWAR 3/2, 40100 SHAH ALAM, SELANGOR",
        "amounts": {"subtotal": 46.8, "total": 46.82, "currency": "MYR"},
    },
    "german_till_receipt": {
        "kind": "receipt",
        "number": "4412",
        "date": "2024-09-12",
        "supplier.name": "Bäckerei Sonnenschein",
        "supplier.address": "Lindenallee 44, 50668 Köln",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_fields(name: str) -> None:
    invoice = extracted(drawn(name))["invoice"]
    assert {path: _member(invoice, path) for path in EXPECTED[name]} == EXPECTED[name]


def _member(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record[name]
    return record


ITEMS = {
    "american": [
        ("Cordless drill, 18 V", 2, 149.5, 299),
        ("Saw blade, 7 1/4 in", 10, 12.25, 122.5),
        ("Workbench, folding", 1, 1210, 1210),
    ],
    "german": [
        ("Fräser HSS 12 mm", 6, 38.5, 231),
        ("Spannzange ER32 inkl. Prüfprotokoll", 2, 129, 258),
        ("Montage vor Ort", 3.5, 92, 322),
    ],
    "dutch": [("Flyers A5, dubbelzijdig", 2500, 0.06, 150), ("Ontwerp, per uur", 4, 65, 260)],
    "polish": [("Stolik dębowy", 5, 380, 1900), ("Transport", 1, 120, 120)],
    "swiss": [("Isolierglas 120 x 80", 12, 185, 2220), ("Einbau", 8, 110, 880)],
    "indian": [("Cotton yarn 40s", 100, 212, 21200), ("Dyed fabric", 50, 2480, 124000)],
    "till_receipt": [("Rice 5kg", 1, 23.9, 23.9), ("Cooking oil 2L", 2, 11.45, 22.9)],
}


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
