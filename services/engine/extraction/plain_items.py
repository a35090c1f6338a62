"""Items of documents without a table heading, such as till receipts, accepted only if they add up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Piece
from services.engine.extraction.document import Document
from services.engine.extraction.item_values import Draft
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.line_items import ItemTable
from services.engine.extraction.model import LineItem
from services.engine.extraction.money import TOLERANCE, Totals
from services.engine.extraction.text import letters_in

_FEWEST_LETTERS = 3
_SUMS = ("subtotal", "itemsTotal", "total", "due")


def read_plain_items(document: Document, totals: Totals) -> ItemTable:
    """Rows that end in an amount, above the totals, if together they give the subtotal or the total."""
    sums = [found.value for found in (totals.subtotal, totals.total) if found is not None and found.value]
    found = list(rows_with_amounts(document))
    value = sum((item.amount or Decimal(0) for item, _ in found), Decimal(0))
    if not found or not any(abs(value - printed) <= TOLERANCE for printed in sums):
        return ItemTable()
    rows = frozenset(row for _, draft in found for row in draft.rows)
    return ItemTable(tuple(item for item, _ in found), tuple(draft for _, draft in found), rows)


def rows_with_amounts(document: Document) -> Iterator[tuple[LineItem, Draft]]:
    """Items of the rows before the first label of money; a row of text alone names the amount below it."""
    title: Row | None = None
    for row in document.rows():
        hits = document.labels.in_row(row)
        money = [amount for amount in document.row_amounts(row) if amount.is_money]
        if money and any(hit.is_label(*_SUMS, "rounding", "tax", "cash") for hit in hits):
            return
        if not money:
            title = row if len(row.segments) == 1 and not any(h.concepts("labels") for h in hits) else None
            continue
        item = _item(document, row, money, title)
        if item is not None:
            yield item
        title = None


def _item(
    document: Document, row: Row, money: list[Amount], title: Row | None
) -> tuple[LineItem, Draft] | None:
    amount = money[-1]
    wordy = max(row.segments, key=lambda segment: letters_in(segment.text))
    own = Piece(wordy, 0, _first_number(document, wordy))
    named_above = letters_in(own.text) < _FEWEST_LETTERS and title is not None
    name = Piece(title.segments[0], 0, len(title.segments[0].text)) if named_above and title else own
    if letters_in(name.text) < _FEWEST_LETTERS:
        return None
    quantity, price = _factors(document, row, amount)
    cells = {0: [Piece(amount.segment, amount.start, amount.end)]}
    draft = Draft([name], row.page, cells, [(row.page, row.index)], {"amount": amount})
    values: tuple[Decimal | None, Decimal | None] = None, None
    if quantity is not None and price is not None:
        draft.numbers |= {"quantity": quantity, "unit_price": price}
        if abs(quantity.value * price.value - amount.value) <= TOLERANCE:
            values = quantity.value, price.value
    return LineItem(name.text.strip(" -:"), *values, amount.value), draft


def _first_number(document: Document, segment: Segment) -> int:
    """Where the segment's numbers of money begin; the text before them names the item."""
    return min((a.start for a in document.amounts_in(segment) if a.is_money), default=len(segment.text))


def _factors(document: Document, row: Row, amount: Amount) -> tuple[Amount, Amount] | tuple[None, None]:
    """What may be quantity and unit price: two numbers of the row that give the amount, else the only two."""
    others = [a for a in document.row_amounts(row) if a is not amount and not a.percent]
    pairs = [
        (quantity, price)
        for quantity, price in itertools.permutations(others, 2)
        if not quantity.is_money and price.is_money
    ]
    for quantity, price in pairs:
        if abs(quantity.value * price.value - amount.value) <= TOLERANCE:
            return quantity, price
    return pairs[0] if len(pairs) == 1 else (None, None)
