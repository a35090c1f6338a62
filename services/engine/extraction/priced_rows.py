"""Rows that end in money, as items without a table heading and sums do, and what each of them may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import is_position
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row
from services.engine.extraction.money import Totals
from services.engine.extraction.text import letters_in

_FEWEST_LETTERS = 3
_PAYMENTS = ("cash", "paid", "change")
_SUMS = ("subtotal", "itemsTotal", "total", "due", "rounding", "withholding", *_PAYMENTS)


@dataclass(frozen=True, slots=True)
class PricedRow:
    """A row that ends in money; `title` is the row of text above it, `closes` tells a sum or a tax.

    `taxes` tells that it names a tax and no sum, `pays` that it names a payment and no sum.
    """

    row: Row
    amount: Amount
    title: Row | None
    closes: bool
    taxes: bool
    pays: bool


def priced_rows(document: Document, totals: Totals) -> Iterator[PricedRow]:
    """Every row with money, with the row of text above it."""
    title: Row | None = None
    for row in document.rows():
        hits = document.labels.in_row(row)
        money = [amount for amount in document.row_amounts(row) if _is_money(document, amount, totals)]
        if not money:
            title = row if _is_title(row) and not any(hit.concepts("labels") for hit in hits) else None
            continue
        if not any(hit.is_label("carried") for hit in hits):
            closes = any(hit.is_label(*_SUMS) and not _ends_name(hit, money[-1]) for hit in hits)
            taxes = any(hit.is_label("tax") for hit in hits)
            nameless = letters_in(row.text) < _FEWEST_LETTERS
            summed = any(hit.is_label(*_SUMS) and not hit.is_label(*_PAYMENTS) for hit in hits)
            yield PricedRow(
                row=row,
                amount=money[-1],
                title=title,
                closes=closes or taxes or nameless,
                taxes=taxes and not closes,
                pays=closes and not summed and not taxes,
            )
        title = None


def _ends_name(hit: Hit, amount: Amount) -> bool:
    """Whether a word of paying ends the name of what costs the amount: "Site supervision, deposit"."""
    is_paid = hit.is_label("paid") and not hit.is_label(*(concept for concept in _SUMS if concept != "paid"))
    return is_paid and hit.first > 0 and hit.last == len(hit.segment.tokens) and amount.value > 0


def _is_money(document: Document, amount: Amount, totals: Totals) -> bool:
    """Printed as money, or a whole number of its own that stands above the sums: "1.200" over "2.380 €"."""
    if amount.is_money:
        return True
    if amount.percent or amount.decimals or amount.value < 1 or amount.text != amount.segment.text:
        return False
    reach = 1.5 * document.page(amount.segment.page).line_height
    return any(
        found is not None
        and found.page == amount.segment.page
        and found.value == found.value.to_integral_value()
        and abs(found.box.right - amount.box.right) <= reach
        for found in (totals.subtotal, totals.total)
    )


def _is_title(row: Row) -> bool:
    """Whether the row is one piece of text, or one behind a number."""
    return len(row.segments) == 1 or (len(row.segments) == 2 and is_position(row.segments[0].text))
