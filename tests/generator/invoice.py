"""What an invoice says: the truth of a generated document.

A field is None, or empty, exactly when the document does not print it. Money is Decimal with two places.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

DocumentKind = Literal["invoice", "creditNote", "receipt"]

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def to_cents(value: Decimal) -> Decimal:
    """Money rounded half up, as invoices round."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Party:
    """A seller, buyer or place of delivery; `country` is its ISO 3166 code where the page tells it."""

    name: str
    address: tuple[str, ...]
    tax_id: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the supplier; printed, but not part of what is extracted."""

    phone: str
    email: str
    website: str


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line of the table; `discount` and `tax_rate` are percent, `tax_amount` and `amount` money.

    `amount` is quantity times unit price less the discount, rounded to cents.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    sku: str | None = None
    unit: str | None = None
    discount: Decimal | None = None
    tax_rate: Decimal | None = None
    tax_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax of one rate (percent) on its base."""

    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Amounts:
    """The totals: subtotal − discount + shipping + tax = total, and total − paid = due."""

    subtotal: Decimal
    tax: Decimal
    total: Decimal
    currency: str
    discount: Decimal | None = None
    shipping: Decimal | None = None
    paid: Decimal | None = None
    due: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Where and how to pay; `bank` is printed beside the account."""

    iban: str
    bic: str
    bank: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A whole document.

    A receipt has no customer; `tendered` is the cash given for it. Outside the USA its lines' prices
    include the tax.
    """

    kind: DocumentKind
    language: str
    country: str
    number: str
    issued: date
    supplier: Party
    contact: Contact
    items: tuple[LineItem, ...]
    taxes: tuple[Tax, ...]
    amounts: Amounts
    customer: Party | None = None
    ship_to: Party | None = None
    due: date | None = None
    delivered: date | None = None
    purchase_order: str | None = None
    customer_number: str | None = None
    payment: Payment | None = None
    payment_terms: str | None = None
    tendered: Decimal | None = None
    closing: str | None = None

    @property
    def prices_include_tax(self) -> bool:
        return self.kind == "receipt" and self.country != "US"
