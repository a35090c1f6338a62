"""The same invoice, read from every syntax."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from services.engine.einvoice.model import EInvoice, Syntax
from services.engine.einvoice.read import read_einvoice
from services.engine.extraction.model import LineItem, TaxLine
from shared.errors import DocumentError
from tests.einvoices.cii import cii
from tests.einvoices.facts import Facts
from tests.einvoices.ubl import ubl
from tests.einvoices.zugferd_1 import zugferd_1

STATED = {
    "invoice.number": "LL-2026-0417",
    "invoice.date": datetime.date(2026, 3, 14),
    "invoice.dueDate": datetime.date(2026, 4, 13),
    "invoice.deliveryDate": datetime.date(2026, 3, 12),
    "invoice.kind": "invoice",
    "invoice.country": "DE",
    "invoice.purchaseOrder": "PO-77",
    "invoice.paymentTerms": "Payable within 30 days",
    "invoice.supplier.name": "Nordwind Papier GmbH",
    "invoice.supplier.address": "Hafenstraße 12, 20457 Hamburg",
    "invoice.supplier.taxId": "DE123456788",
    "invoice.supplier.country": "DE",
    "invoice.customer.name": "Bristol Books Ltd",
    "invoice.customer.address": "3 Quay Street, Bristol BS1 4DJ",
    "invoice.customer.taxId": "GB987654321",
    "invoice.customer.country": "GB",
    "invoice.shipTo.name": "Bristol Books Warehouse",
    "invoice.shipTo.address": "Dock 9, 75001 Paris, FR",
    "invoice.amounts.currency": "EUR",
    "invoice.amounts.subtotal": Decimal("70.00"),
    "invoice.amounts.tax": Decimal("13.30"),
    "invoice.amounts.total": Decimal("83.30"),
    "invoice.amounts.discount": Decimal("5.00"),
    "invoice.amounts.shipping": Decimal("10.00"),
    "invoice.amounts.paid": Decimal("20.00"),
    "invoice.amounts.due": Decimal("63.30"),
    "invoice.payment.iban": "DE02120300000000202051",
    "invoice.payment.bic": "BYLADEM1001",
    "invoice.payment.reference": "RF18 5390 0754 7034",
}
ITEMS = (
    LineItem(
        description="Copy paper A4",
        quantity=Decimal(10),
        unit_price=Decimal("4.50"),
        amount=Decimal("45.00"),
        sku="CP-80",
        unit="BX",
        tax_rate=Decimal(19),
    ),
    LineItem(
        description="Screws 4x40",
        quantity=Decimal(200),
        unit_price=Decimal("0.12"),
        amount=Decimal("20.00"),
        sku="SC-440",
        unit="C62",
        tax_rate=Decimal(19),
        discount=Decimal("4.00"),
    ),
)


def _values(einvoice: EInvoice) -> dict[str, object]:
    return {path: stated.value for path, stated in einvoice.fields.items()}


@pytest.mark.parametrize(("xml", "syntax"), [(cii(), Syntax.CII), (ubl(), Syntax.UBL_INVOICE)])
def test_every_field_is_read_from_cii_and_ubl_alike(xml: bytes, syntax: Syntax) -> None:
    einvoice = read_einvoice(xml)
    assert einvoice.syntax is syntax
    assert _values(einvoice) == STATED
    assert einvoice.line_items == ITEMS
    assert einvoice.taxes == (TaxLine(Decimal(19), Decimal("70.00"), Decimal("13.30")),)
    assert einvoice.faults == ()


@pytest.mark.parametrize("xml", [cii(), ubl()])
def test_every_value_names_its_business_term(xml: bytes) -> None:
    fields = read_einvoice(xml).fields
    terms = {path: fields[path].term for path in ("invoice.number", "invoice.date", "invoice.amounts.total")}
    assert terms == {"invoice.number": "BT-1", "invoice.date": "BT-2", "invoice.amounts.total": "BT-112"}
    assert fields["invoice.supplier.taxId"].term == "BT-31"


def test_a_ubl_credit_note_is_read_with_its_own_element_names() -> None:
    einvoice = read_einvoice(ubl(root="CreditNote"))
    assert einvoice.syntax is Syntax.UBL_CREDIT_NOTE
    assert _values(einvoice) == {**STATED, "invoice.kind": "creditNote"}
    assert einvoice.line_items == ITEMS


def test_zugferd_1_is_read_under_its_older_names() -> None:
    einvoice = read_einvoice(zugferd_1())
    assert einvoice.syntax is Syntax.ZUGFERD_1
    values = _values(einvoice)
    assert values["invoice.number"] == "LL-2026-0417"
    assert values["invoice.date"] == datetime.date(2026, 3, 14)
    assert values["invoice.purchaseOrder"] == "PO-77"
    assert values["invoice.supplier.taxId"] == "DE123456788"
    assert values["invoice.amounts.subtotal"] == Decimal("55.00")
    assert values["invoice.amounts.shipping"] == Decimal("10.00")
    assert values["invoice.amounts.total"] == Decimal("65.45")
    assert "invoice.amounts.discount" not in values
    assert "invoice.deliveryDate" not in values  # a month is no date
    assert einvoice.taxes == (TaxLine(Decimal("19.00"), Decimal("55.00"), Decimal("10.45")),)
    (item,) = einvoice.line_items  # the remark is no item
    assert (item.sku, item.quantity, item.unit_price, item.amount, item.tax_rate, item.unit) == (
        "CP-80",
        Decimal(10),
        Decimal("4.5"),
        Decimal("45.00"),
        Decimal(19),
        "BX",
    )


@pytest.mark.parametrize(
    ("code", "kind"), [("380", "invoice"), ("384", "invoice"), ("381", "creditNote"), ("325", "other")]
)
def test_the_type_code_gives_the_kind(code: str, kind: str) -> None:
    assert read_einvoice(cii(Facts(type_code=code))).fields["invoice.kind"].value == kind


def test_an_account_that_is_no_iban_is_not_taken_for_one() -> None:
    assert "invoice.payment.iban" not in read_einvoice(ubl(Facts(iban="5050-1055"))).fields


def test_a_time_zone_does_not_disturb_a_date() -> None:
    einvoice = read_einvoice(ubl(Facts(issued="2026-03-14+01:00")))
    assert einvoice.fields["invoice.date"].value == datetime.date(2026, 3, 14)


@pytest.mark.parametrize(
    ("facts", "path", "message"),
    [
        (Facts(total="83,30"), "invoice.amounts.total", '"83,30" in the e-invoice (BT-112) is not a number'),
        (Facts(total="9" * 14), "invoice.amounts.total", "is too large"),
        (Facts(issued="2026-02-30"), "invoice.date", "is not a date"),
    ],
)
def test_a_value_of_the_wrong_form_is_a_fault_and_not_guessed(facts: Facts, path: str, message: str) -> None:
    einvoice = read_einvoice(ubl(facts))
    assert path not in einvoice.fields
    (fault,) = einvoice.faults
    assert fault.path == path
    assert message in fault.message


def test_a_group_line_that_repeats_amounts_is_no_item() -> None:
    group = b"<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>"
    xml = cii().replace(b"</ram:AssociatedDocumentLineDocument>", group, 1)
    assert read_einvoice(xml).line_items == ITEMS[1:]


def test_the_envelope_of_peppols_transport_is_opened() -> None:
    inside = ubl().partition(b"?>")[2]
    envelope = (
        b'<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
        b"<StandardBusinessDocumentHeader/>" + inside + b"</StandardBusinessDocument>"
    )
    assert _values(read_einvoice(envelope)) == STATED


def test_utf_16_is_read() -> None:
    xml = cii().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert _values(read_einvoice(xml)) == STATED


@pytest.mark.parametrize(
    "xml",
    [
        b"<Invoice><ID>1</ID></Invoice>",
        b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
    ],
)
def test_other_xml_is_refused_with_what_is_supported(xml: bytes) -> None:
    with pytest.raises(DocumentError, match="XRechnung") as caught:
        read_einvoice(xml)
    assert caught.value.code == "unsupportedFormat"
