"""Line items: the rows of the item table, across pages, with wrapped descriptions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.engine.extraction.adjustments import merge_rates, without_last_discount
from services.engine.extraction.columns import Head
from services.engine.extraction.document import Document
from services.engine.extraction.furniture import repeated_rows
from services.engine.extraction.headings import find_heads
from services.engine.extraction.item_rows import Draft, TextRow, is_named, share_texts
from services.engine.extraction.item_values import finish_items
from services.engine.extraction.model import LineItem
from services.engine.extraction.table_body import read_body
from services.engine.extraction.table_reading import TableReading
from services.engine.extraction.table_sums import amounts_at, sums_up, without_sums
from services.engine.extraction.taxes import match_tax
from services.engine.extraction.template_table import template_heads
from shared.readings import PageReading
from shared.template import LineItemRules

_NAMING_COLUMNS = ("description", "quantity", "unitPrice", "sku")


@dataclass(frozen=True)
class ItemTable:
    """The items, each with the draft it was made of, and all rows (page, row) of the table.

    `has_sum` tells that the table ends with their sum.
    """

    items: tuple[LineItem, ...] = ()
    drafts: tuple[Draft, ...] = ()
    rows: frozenset[tuple[int, int]] = frozenset()
    has_sum: bool = False


def read_items(document: Document, pages: Sequence[PageReading], rules: LineItemRules) -> ItemTable:
    """Items below every heading of an item table; where a heading is repeated, the table goes on.

    `rules` of a template may switch items off, or say which columns the table has and where its data begins.
    """
    if not rules.enabled:
        return ItemTable()
    found_heads = [head for head in find_heads(document) if head.places(*_NAMING_COLUMNS)]
    heads = template_heads(document, pages, found_heads, rules)
    furniture = repeated_rows(document)
    read: list[tuple[LineItem, Draft]] = []
    rows: set[tuple[int, int]] = set()
    has_sum = False
    for place, head in enumerate(heads):
        following = heads[place + 1] if place + 1 < len(heads) else None
        reading = TableReading(document, head, _continued(heads, place, [draft for _, draft in read]))
        read_body(reading, following, furniture)
        found = _settled(reading)
        finished = (
            finish_items(document, head, found) if not _breaks_taxes_down(document, head, found) else []
        )
        if finished:
            rows.update((head.page, index) for index in range(head.first_row, head.last_row + 1))
            rows.update(row for draft in found for row in draft.rows)
            rows.update(_inner_sums(reading, len(found)))
            has_sum = any(found_sum.extent == "all" for found_sum in reading.closing_sums())
        if reading.earlier or not sums_up(finished, read):
            read += finished
    kept = list(without_sums(read))
    return ItemTable(
        tuple(item for item, _ in kept), tuple(draft for _, draft in kept), frozenset(rows), has_sum
    )


def _breaks_taxes_down(document: Document, head: Head, drafts: Sequence[Draft]) -> bool:
    """Whether the table is that of the taxes: each row has a rate, what it is of and the tax, or naughts."""
    if head.places("quantity", "position") or not head.places("taxRate", "taxAmount"):
        return False
    rows = [
        [a for piece in itertools.chain(*draft.cells.values()) for a in piece.amounts(document)]
        for draft in drafts
    ]
    is_broken_down = any(match_tax(row, "") for row in rows)
    return is_broken_down and all(match_tax(row, "") or not any(a.value for a in row) for row in rows)


def _continued(heads: Sequence[Head], place: int, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The items above, if the heading is the one before over again."""
    if place == 0:
        return ()
    names = [
        [(column.concept, column.heading) for column in head.columns] for head in heads[place - 1 : place + 1]
    ]
    return tuple(drafts) if names[0] == names[1] else ()


def _settled(reading: TableReading) -> list[Draft]:
    """The items with their texts, as far as the table's own sums confirm that it goes on."""
    drafts = reading.drafts[: _kept(reading)]
    share_texts([e for e in reading.entries if isinstance(e, TextRow) or e in drafts])
    drafts = without_last_discount(reading.document, reading.head, drafts)
    merge_rates(reading.document, reading.head, drafts)
    return drafts


def _kept(reading: TableReading) -> int:
    """How many items count: below a sum the table goes on only if what follows is a section of its own.

    Its items have quantity and price, or it has a sum and then there is one of everything.
    """
    sums = reading.closing_sums()
    if not sums:
        return len(reading.drafts)
    kept = closed = sums[0].count
    for found in sums[1:]:
        is_full = all(_is_full(reading, draft) for draft in reading.drafts[kept : found.count])
        if is_full or (found.extent == "all" and found.count == closed):
            kept = found.count
        closed = found.count
    return kept


def _is_full(reading: TableReading, draft: Draft) -> bool:
    """Whether the item has a name and three numbers, such as quantity, price and amount."""
    counted = [place for place in draft.cells if amounts_at(reading.document, draft.cells, place)]
    return len(counted) >= 3 and is_named(draft.description)


def _inner_sums(reading: TableReading, count: int) -> Iterator[tuple[int, int]]:
    """The rows of sums that are not the last: they belong to sections, not to the document."""
    for found in reading.sums:
        is_section = found.count == count and found.extent == "section" and len(reading.sums) > 1
        if found.count < count or is_section:
            yield found.row
