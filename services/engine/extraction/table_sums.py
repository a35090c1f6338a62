"""Rows of sums inside an item table: of a section, of a page, of all items so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Head, Piece
from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import Draft
from services.engine.extraction.layout import Row
from services.engine.extraction.model import LineItem
from services.engine.extraction.text import letters_in

TOLERANCE = Decimal("0.011")
_HIGHEST_RATE = 30
_FEWEST_LETTERS = 4
_SEVERAL = 3
_SUMS = ("subtotal", "itemsTotal", "total", "due", "notTotal")
Extent = Literal["section", "all"]


def sum_row(
    document: Document,
    head: Head,
    row: Row,
    cells: dict[int, list[Piece]],
    *,
    drafts: Sequence[Draft],
    section: int,
) -> Extent | None:
    """Whether the row is the sum of all items so far, or of those from number `section` on.

    Only a row that says so, or says nothing at all, is taken for a sum: items may be equal by chance. No
    item is the sum of several others, so that a carried sum is known in whatever words, and so is a row
    without quantity and price that sums up several columns.
    """
    labelled = any(hit.is_label(*_SUMS) for hit in document.labels.in_row(row))
    nameless = letters_in(row.text) < _FEWEST_LETTERS and len(drafts) > 1
    lone = len(document.row_amounts(row)) == 1 or _sums_up_columns(document, head, cells, drafts)
    lone = lone and len(drafts) >= _SEVERAL
    if not drafts or not (labelled or nameless or lone):
        return None
    for place in cells:
        printed = [a.value for a in amounts_at(document, cells, place) if a.is_money and a.value]
        # A sum that stands outside its column, as that of the whole document may.
        columns = [place, *(amount_places(head) if labelled else ())]
        if any(_is_sum(document, drafts, column, printed) for column in columns):
            return "all"
        if (labelled or nameless) and _is_sum(document, drafts[section:], place, printed):
            return "section"
    return None


def without_sums(read: Sequence[tuple[LineItem, Draft]]) -> Iterator[tuple[LineItem, Draft]]:
    """The items without those that have an amount alone, and one that is the sum of the items before them.

    These are sums of a section, or of all so far, in words that nobody knows.
    """
    all_before: list[Decimal] = []
    section: list[Decimal] = []
    for item, draft in read:
        is_bare = item.quantity is None and item.unit_price is None and draft.net is None
        sums = [sum(known, Decimal(0)) for known in (all_before, section) if len(known) > 1]
        if is_bare and item.amount is not None and item.amount in sums:
            section = []
            continue
        yield item, draft
        if item.amount is not None:
            all_before.append(item.amount)
            section.append(item.amount)


def sums_up(table: Sequence[tuple[LineItem, Draft]], above: Sequence[tuple[LineItem, Draft]]) -> bool:
    """Whether a further table only sums up the items above it, by product or by rate."""
    if len(above) < 2 or not 0 < len(table) <= len(above):
        return False
    return _sum_of(table) == _sum_of(above) != 0


def _sum_of(read: Sequence[tuple[LineItem, Draft]]) -> Decimal:
    return sum((item.amount for item, _ in read if item.amount is not None), Decimal(0))


def is_rate_of(amounts: Sequence[Amount], base: Decimal) -> bool:
    """Whether one of the amounts is a percentage of `base` that is printed beside it, as a tax is."""
    rates = [amount.value for amount in amounts if amount.percent and 0 < abs(amount.value) <= _HIGHEST_RATE]
    money = [amount.value for amount in amounts if amount.is_money and amount.value]
    return any(abs(abs(base * rate / 100) - abs(value)) <= TOLERANCE for rate in rates for value in money)


def amounts_at(document: Document, cells: dict[int, list[Piece]], place: int) -> list[Amount]:
    """The numbers of a row in one column."""
    return [amount for piece in cells.get(place, []) for amount in piece.amounts(document)]


def amount_places(head: Head) -> list[int]:
    """The columns in which an item's amount may stand."""
    return head.places("amount", "grossAmount") or [max(head.places("unitPrice", "other"), default=-1)]


def draft_amount(document: Document, head: Head, draft: Draft) -> Decimal | None:
    """What is printed as the item's amount, before discounts on rows of their own."""
    for place in amount_places(head):
        for amount in amounts_at(document, draft.cells, place):
            return amount.value
    return None


def _sums_up_columns(
    document: Document, head: Head, cells: dict[int, list[Piece]], drafts: Sequence[Draft]
) -> bool:
    """Whether the row has no quantity and no price, and two amounts or more that all sum up their columns."""
    if any(amounts_at(document, cells, place) for place in head.places("quantity", "unitPrice")):
        return False
    sums = [
        _is_sum(document, drafts, place, [money[0].value])
        for place in cells
        if (money := [amount for amount in amounts_at(document, cells, place) if amount.is_money])
    ]
    return len(sums) > 1 and all(sums)


def _is_sum(document: Document, drafts: Sequence[Draft], place: int, printed: Sequence[Decimal]) -> bool:
    """Whether what the items have in the column comes to a printed amount."""
    values = [
        draft.net if draft.net is not None else amount.value
        for draft in drafts
        for amount in amounts_at(document, draft.cells, place)[:1]
    ]
    total = sum(values, Decimal(0))
    return bool(values) and any(abs(value - total) <= TOLERANCE for value in printed)
