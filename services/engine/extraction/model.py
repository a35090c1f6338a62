"""What an invoice is once it is understood: typed values, where they were found, and what was checked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from shared.readings import BoundingBox

InvoiceKind = Literal["invoice", "creditNote", "receipt", "reminder", "other"]
Severity = Literal["error", "warning", "info"]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A value and where it stands; `confidence` 0..1, `page` from 1, `reason` a short sentence."""

    value: Value
    page: int
    box: BoundingBox
    text: str
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a field was found and why it was taken; the box is in pixels of the page image.

    A field of an e-invoice that no page shows has neither page nor box.
    """

    page: int | None
    box: BoundingBox | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells, buys or receives; `country` is an ISO 3166 code."""

    name: str | None = None
    address: str | None = None
    tax_id: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money in `currency` (ISO 4217)."""

    subtotal: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    currency: str | None = None
    discount: Decimal | None = None
    shipping: Decimal | None = None
    paid: Decimal | None = None
    due: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One row of the tax breakdown; `rate` in percent."""

    rate: Decimal | None
    base: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """Where and with which reference to pay."""

    iban: str | None = None
    bic: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One item; `tax_rate` in percent."""

    description: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    sku: str | None = None
    unit: str | None = None
    tax_rate: Decimal | None = None
    tax_amount: Decimal | None = None
    discount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """The document's own data; a field that is not on the pages is None."""

    kind: InvoiceKind | None = None
    language: str | None = None
    country: str | None = None
    number: str | None = None
    date: datetime.date | None = None
    due_date: datetime.date | None = None
    delivery_date: datetime.date | None = None
    purchase_order: str | None = None
    payment_terms: str | None = None
    supplier: Party = Party()
    customer: Party = Party()
    ship_to: Party = Party()
    amounts: Amounts = Amounts()
    taxes: tuple[TaxLine, ...] = ()
    payment: Payment = Payment()


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check; `message` is a sentence a user can act on."""

    field: str
    message: str
    severity: Severity
