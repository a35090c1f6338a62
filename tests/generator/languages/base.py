"""What a language brings to an invoice: the wording of labels, and names, streets and products to fill it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto


class Label(StrEnum):
    """Everything an invoice prints that is not a value."""

    INVOICE = auto()
    CREDIT_NOTE = auto()
    RECEIPT = auto()
    NUMBER = auto()
    CREDIT_NUMBER = auto()
    RECEIPT_NUMBER = auto()
    DATE = auto()
    DUE_DATE = auto()
    DELIVERY_DATE = auto()
    PURCHASE_ORDER = auto()
    CUSTOMER_NUMBER = auto()
    BILL_TO = auto()
    SHIP_TO = auto()
    TAX_ID = auto()
    POSITION = auto()
    SKU = auto()
    DESCRIPTION = auto()
    QUANTITY = auto()
    UNIT = auto()
    UNIT_PRICE = auto()
    ITEM_DISCOUNT = auto()
    TAX_RATE = auto()
    ITEM_TAX = auto()
    AMOUNT = auto()
    SUBTOTAL = auto()
    DISCOUNT = auto()
    SHIPPING = auto()
    TAX = auto()
    TAX_BASE = auto()
    TOTAL = auto()
    PAID = auto()
    DUE = auto()
    CASH = auto()
    CHANGE = auto()
    BANK = auto()
    REFERENCE = auto()
    PAYMENT_TERMS = auto()
    PHONE = auto()
    PAGE = auto()
    CARRIED_FORWARD = auto()
    BROUGHT_FORWARD = auto()
    PAID_STAMP = auto()


Wording = Mapping[Label, str]


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold: `price` without tax for one `unit`; `reduced` when the reduced tax rate applies."""

    description: str
    price: Decimal
    unit: str
    reduced: bool = False


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: what the company's name says it does, and what it sells."""

    name: str
    products: tuple[Product, ...]
    retail: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """One language; `labels` gives every label its usual wordings, of which a document picks one.

    `streets` hold `{number}` where the house number goes. `terms` hold `{days}`; `closings` are printed below
    the totals.
    """

    code: str
    labels: Mapping[Label, tuple[str, ...]]
    months: tuple[str, ...]
    company_stems: tuple[str, ...]
    people: tuple[str, ...]
    streets: tuple[str, ...]
    trades: tuple[Trade, ...]
    terms: tuple[str, ...]
    closings: tuple[str, ...]

    def pick_wording(self, rng: random.Random) -> dict[Label, str]:
        """One wording for each label."""
        return {label: rng.choice(self.labels[label]) for label in Label}


def trade(name: str, *products: tuple[str, str, str], reduced: bool = False, retail: bool = False) -> Trade:
    """A trade whose products are given as (description, price, unit); `reduced` is said of all of them."""
    return Trade(
        name,
        tuple(Product(text, Decimal(price), unit, reduced) for text, price, unit in products),
        retail,
    )
