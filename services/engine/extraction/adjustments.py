"""Discounts and surcharges that an item table prints on rows of their own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from services.engine.extraction.columns import Head, Piece
from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import Draft
from services.engine.extraction.layout import Row
from services.engine.extraction.table_sums import (
    TOLERANCE,
    amount_places,
    amounts_at,
    draft_amount,
    is_rate_of,
)


def adjusts(document: Document, head: Head, row: Row, draft: Draft, above: Draft | None) -> bool:
    """Whether the row, read as `draft`, takes something off the item above or adds to it.

    It has neither a position nor quantity and price, and is named so or is a printed percentage of the item.
    """
    cells = draft.cells
    if draft.marker == "position":
        return False
    places = head.places("quantity", "unitPrice")
    if places and all(amounts_at(document, cells, place) for place in places):
        return False
    if any(hit.is_label("discount", "surcharge") and hit.first == 0 for hit in document.labels.in_row(row)):
        return True
    base = draft_amount(document, head, above) if above is not None else None
    value = draft_amount(document, head, draft)
    return bool(base and value and value < 0 and _is_rate_of(document, draft, base, value))


def settle_net(
    document: Document, head: Head, drafts: list[Draft], row: Row, cells: dict[int, list[Piece]]
) -> bool:
    """Whether the row is what the last item comes to after the rows below it; those then are part of it."""
    if any(cells.get(place) for place in head.places("position", "quantity", "unitPrice")):
        return False
    printed = [a.value for place in amount_places(head) for a in amounts_at(document, cells, place)]
    first = _item_of_adjustments(drafts)
    if not printed or first is None:
        return False
    amounts = [draft_amount(document, head, draft) for draft in drafts[first:]]
    if None in amounts or abs(sum(a for a in amounts if a is not None) - printed[0]) > TOLERANCE:
        return False
    _absorb(drafts, first, [a for a in amounts[1:] if a is not None], printed[0])
    drafts[first].rows.append((row.page, row.index))
    return True


def merge_rates(document: Document, head: Head, drafts: list[Draft]) -> None:
    """Make a discount part of the item above it, if it is the printed percentage of that item alone."""
    place = 1
    while place < len(drafts):
        base = draft_amount(document, head, drafts[place - 1])
        value = draft_amount(document, head, drafts[place])
        if drafts[place].adjusts and base and value and _is_rate_of(document, drafts[place], base, value):
            _absorb(drafts, place - 1, [value], base + value)
        else:
            place += 1


def without_last_discount(document: Document, head: Head, drafts: list[Draft]) -> list[Draft]:
    """The items without a discount at their end that is the printed percentage of all of them."""
    if len(drafts) < 2 or not drafts[-1].adjusts:
        return drafts
    value = draft_amount(document, head, drafts[-1])
    amounts = [draft_amount(document, head, draft) for draft in drafts[:-1]]
    base = sum((amount for amount in amounts if amount is not None), Decimal(0))
    if value is None or value >= 0 or not _is_rate_of(document, drafts[-1], base, value):
        return drafts
    return drafts[:-1]


def _item_of_adjustments(drafts: Sequence[Draft]) -> int | None:
    """The place of the item that the last rows adjust."""
    place = len(drafts) - 1
    while place > 0 and drafts[place].adjusts:
        place -= 1
    return place if 0 <= place < len(drafts) - 1 else None


def _is_rate_of(document: Document, draft: Draft, base: Decimal, value: Decimal) -> bool:
    pieces = itertools.chain(draft.description, *draft.cells.values())
    amounts = [amount for piece in pieces for amount in piece.amounts(document)]
    return any(amount.value == value for amount in amounts) and is_rate_of(amounts, base)


def _absorb(drafts: list[Draft], first: int, adjustments: list[Decimal], net: Decimal) -> None:
    item = drafts[first]
    for draft in drafts[first + 1 : first + 1 + len(adjustments)]:
        item.rows += draft.rows
    item.adjustments += adjustments
    item.net = net
    del drafts[first + 1 : first + 1 + len(adjustments)]
