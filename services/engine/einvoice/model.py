"""What an e-invoice states: values by field path, with the business terms of EN 16931 they stand under."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from services.engine.extraction.model import LineItem, TaxLine

Value = str | Decimal | datetime.date


class Syntax(StrEnum):
    """The XML vocabularies that are read; the values are for people."""

    ZUGFERD_1 = "ZUGFeRD 1"
    CII = "UN/CEFACT Cross Industry Invoice"
    UBL_INVOICE = "UBL invoice"
    UBL_CREDIT_NOTE = "UBL credit note"


@dataclass(frozen=True, slots=True)
class Stated:
    """One value as the XML states it; `term` is its business term (BT) or group (BG), `text` as written."""

    value: Value
    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A value of the XML that can't be used; `message` says so in a sentence."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class EInvoice:
    """An e-invoice that was read.

    `fields` is keyed by the contract's field paths (`invoice.number`). `taxes` is the VAT breakdown
    (BG-23), `line_items` the lines (BG-25), `sums` the document totals (BG-22) by business term.
    """

    syntax: Syntax
    fields: Mapping[str, Stated]
    taxes: tuple[TaxLine, ...] = ()
    line_items: tuple[LineItem, ...] = ()
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
