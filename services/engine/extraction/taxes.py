"""The printed tax breakdown: rows in which a rate, a base and an amount satisfy tax = rate × base."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row
from services.engine.extraction.model import TaxLine
from services.engine.extraction.money_labels import is_base

_HIGHEST_RATE = Decimal(30)
_ROUNDING = Decimal("0.011")
_HEADING_REACH = 6
_MOST_SUMS = 3


@dataclass(frozen=True, slots=True)
class PrintedTax:
    """A row of the breakdown, the tax amount in it, the label it stands by, and its other two numbers."""

    line: TaxLine
    amount: Amount
    label: str
    rate: Amount
    base: Amount | None = None


def tax_breakdown(document: Document, item_rows: frozenset[tuple[int, int]]) -> list[PrintedTax]:
    """All rows of the breakdown, each rate and base once, outside the line items."""
    found: dict[tuple[Decimal | None, Decimal | None], PrintedTax] = {}
    for row, label in _labelled_rows(document, item_rows):
        amounts = document.row_amounts(row)
        printed = match_tax(amounts, label) or _rate_and_amount(document, row, amounts)
        if printed is not None:
            found.setdefault((printed.line.rate, printed.line.base), printed)
    return list(found.values())


def near_misses(document: Document, item_rows: frozenset[tuple[int, int]]) -> Iterator[list[PrintedTax]]:
    """What a row of a tax, a rate and two sums or more may be, if none of it satisfies tax = rate × base."""
    for row, label in _labelled_rows(document, item_rows):
        amounts = document.row_amounts(row)
        rates = [a for a in amounts if a.percent]
        sums = [a for a in amounts if not a.percent]
        is_row = len(rates) == 1 and 2 <= len(sums) <= _MOST_SUMS and any(a.is_money for a in sums)
        if is_row and not match_tax(amounts, label):
            yield [
                PrintedTax(TaxLine(rates[0].value, base.value, tax.value), tax, label, rates[0], base)
                for base, tax in itertools.permutations(sums, 2)
            ]


def _labelled_rows(document: Document, item_rows: frozenset[tuple[int, int]]) -> Iterator[tuple[Row, str]]:
    """Rows outside the items that name a tax, or stand below a heading that does."""
    for row in document.rows():
        if (row.page, row.index) in item_rows:
            continue
        label = _tax_label(document, row)
        if label is not None:
            yield row, label


def _tax_label(document: Document, row: Row) -> str | None:
    """A tax label in the row, or in a heading a few rows above it."""
    rows = document.page(row.page).rows
    for other in reversed(rows[max(0, row.index - _HEADING_REACH) : row.index + 1]):
        for hit in document.labels.in_row(other):
            if hit.is_label("tax") or hit.concepts("columns") & {"taxRate", "taxAmount"}:
                return hit.text.strip(" :")
    return None


def _rate_and_amount(document: Document, row: Row, amounts: list[Amount]) -> PrintedTax | None:
    """A row such as "VAT 20 % 57.07": a tax label, a rate and one amount, without the base."""
    labels = [hit for hit in document.labels.in_row(row) if hit.is_label("tax")]
    rates = [a for a in amounts if a.percent and 0 < a.value <= _HIGHEST_RATE]
    money = [a for a in amounts if a.is_money and not is_base(document, a)]
    if not labels or len(rates) != 1 or len(money) != 1 or labels[0].strength < 0.7:
        return None
    line = TaxLine(rates[0].value, None, money[0].value)
    return PrintedTax(line, money[0], labels[0].text.strip(" :"), rates[0])


def match_tax(amounts: list[Amount], label: str) -> PrintedTax | None:
    """The tax among the amounts that is one of them, a rate, times another; `label` is what it is called."""
    rates = [a for a in amounts if a.percent and 0 <= a.value <= _HIGHEST_RATE]
    rates = rates or [
        a for a in amounts if a.decimals <= 2 and a.currency is None and 0 < a.value <= _HIGHEST_RATE
    ]
    for rate in rates:
        money = [a for a in amounts if a.is_money and a is not rate]
        for tax in reversed(money):
            for base in money:
                if base is tax or (rate.value and not base.value):
                    continue
                if abs(base.value * rate.value / 100 - tax.value) <= _ROUNDING and abs(base.value) >= abs(
                    tax.value
                ):
                    line = TaxLine(rate.value, base.value, tax.value)
                    return PrintedTax(line, tax, label, rate, base)
    return None
