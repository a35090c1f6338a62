"""The documented fields of an invoice: their paths, their types, and the invoice made of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.engine.extraction.model import Amounts, Found, Invoice, Party, Payment, TaxLine
from shared.supplier import SUMS

PARTIES = ("supplier", "customer", "shipTo")

# Fields the general reading knows, with the type their values have.
FIELD_TYPES: Mapping[str, type] = {
    "invoice.number": str,
    "invoice.date": datetime.date,
    "invoice.dueDate": datetime.date,
    "invoice.deliveryDate": datetime.date,
    "invoice.purchaseOrder": str,
    "invoice.paymentTerms": str,
    **{
        f"invoice.{party}.{member}": str
        for party in ("supplier", "customer")
        for member in ("name", "address", "taxId")
    },
    **{f"invoice.shipTo.{member}": str for member in ("name", "address")},
    **{f"invoice.amounts.{name}": Decimal for name in SUMS},
    "invoice.amounts.currency": str,
    "invoice.payment.iban": str,
    "invoice.payment.bic": str,
    "invoice.payment.reference": str,
}


def value_of(fields: Mapping[str, Found[Any]], path: str) -> Any:
    """The value of the field, or None if it was not found."""
    found = fields.get(path)
    return found.value if found is not None else None


def invoice_of(
    fields: Mapping[str, Found[Any]],
    taxes: tuple[TaxLine, ...],
    *,
    language: str | None,
    country: str | None,
    party_countries: Mapping[str, str | None],
) -> Invoice:
    """The invoice made of its fields by path, and of what is told without a place on the pages.

    `party_countries` has an entry for each of `PARTIES`; languages are ISO 639-1, countries ISO 3166 codes.
    """

    def value(path: str) -> Any:
        return value_of(fields, f"invoice.{path}")

    def party(role: str) -> Party:
        name, address, tax_id = (value(f"{role}.{member}") for member in ("name", "address", "taxId"))
        return Party(name, address, tax_id, party_countries[role])

    return Invoice(
        kind=value("kind"),
        language=language,
        country=country,
        number=value("number"),
        date=value("date"),
        due_date=value("dueDate"),
        delivery_date=value("deliveryDate"),
        purchase_order=value("purchaseOrder"),
        payment_terms=value("paymentTerms"),
        supplier=party("supplier"),
        customer=party("customer"),
        ship_to=party("shipTo"),
        amounts=Amounts(**{name: value(f"amounts.{name}") for name in (*SUMS, "currency")}),
        taxes=taxes,
        payment=Payment(value("payment.iban"), value("payment.bic"), value("payment.reference")),
    )
