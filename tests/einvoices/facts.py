"""What the tests' e-invoices say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What differs between the tests' e-invoices; all else is the same in every syntax.

    Two lines (10 x 4.50, and 200 screws at 12.00 a 100 less 4.00), 5.00 discount, 10.00 freight, 19 % tax.
    """

    number: str = "LL-2026-0417"
    issued: str = "2026-03-14"
    type_code: str = "380"
    total: str = "83.30"
    iban: str = "DE02120300000000202051"


USUAL = Facts()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the invoice, its numbers as they are written; the price is that of `base` units."""

    number: str
    name: str
    sku: str
    price: str
    base: str
    quantity: str
    unit: str
    amount: str
    discount: str = "0.00"


LINE_TOTAL, DISCOUNT, FREIGHT, NET, TAX = "65.00", "5.00", "10.00", "70.00", "13.30"
LINES = (
    Line("1", "Copy paper A4", "CP-80", "4.50", "1", "10", "BX", "45.00"),
    Line("2", "Screws 4x40", "SC-440", "12.00", "100", "200", "C62", "20.00", "4.00"),
)
