"""Line items: the rows of the item table, across pages, with wrapped descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.engine.extraction.columns import Head, Piece, find_heads, pieces_of
from services.engine.extraction.document import Document
from services.engine.extraction.item_values import Draft, finish_items
from services.engine.extraction.layout import Row
from services.engine.extraction.model import LineItem
from services.engine.extraction.own_words import TABLE_END, marks_no_item
from services.engine.extraction.template_table import template_heads
from shared.readings import PageReading
from shared.template import LineItemRules

_STOPS = (
    "subtotal", "itemsTotal", "total", "due", "tax", "paid", "cash", "change", "notTotal",
    "paymentTerms", "iban", "dueDate", "rounding", TABLE_END,
)  # fmt: skip
_NUMBERS = frozenset(
    {"quantity", "unitPrice", "amount", "grossAmount", "taxRate", "taxAmount", "discount", "other"}
)
_NAMING_COLUMNS = ("description", "quantity", "unitPrice", "sku")
_MOST_LINES_APART = 4.5


@dataclass(frozen=True)
class ItemTable:
    """The items, where each stands (page, row of its first line), and all rows of the table."""

    items: tuple[LineItem, ...] = ()
    drafts: tuple[Draft, ...] = ()
    rows: frozenset[tuple[int, int]] = frozenset()


@dataclass
class _Reading:
    """What has been read of a table so far."""

    document: Document
    head: Head
    drafts: list[Draft] = field(default_factory=list)
    waiting: list[Piece] = field(default_factory=list)
    previous: Row | None = None


def read_items(document: Document, pages: Sequence[PageReading], rules: LineItemRules) -> ItemTable:
    """Items below every heading of an item table; where a heading is repeated, the table goes on.

    `rules` of a template may switch items off, or say which columns the table has and where its data begins.
    """
    if not rules.enabled:
        return ItemTable()
    found_heads = [head for head in find_heads(document) if head.places(*_NAMING_COLUMNS)]
    heads = template_heads(document, pages, found_heads, rules)
    items: list[LineItem] = []
    drafts: list[Draft] = []
    rows: set[tuple[int, int]] = set()
    for place, head in enumerate(heads):
        following = heads[place + 1] if place + 1 < len(heads) else None
        found = _read_body(document, head, following)
        finished = finish_items(document, head, found)
        if finished:
            rows.update((head.page, index) for index in range(head.first_row, head.last_row + 1))
            rows.update(row for draft in found for row in draft.rows)
        items += [item for item, _ in finished]
        drafts += [draft for _, draft in finished]
    return ItemTable(tuple(items), tuple(drafts), frozenset(rows))


def _body_rows(document: Document, head: Head, following: Head | None) -> Iterator[Row]:
    """Rows from under the heading to the next heading, over page ends."""
    for page in document.pages[head.page - 1 :]:
        for row in page.rows:
            if page.number == head.page and row.index <= head.last_row:
                continue
            if following is not None and (page.number, row.index) >= (following.page, following.first_row):
                return
            yield row


def _read_body(document: Document, head: Head, following: Head | None) -> list[Draft]:
    reading = _Reading(document, head)
    for row in _body_rows(document, head, following):
        cells = _cells(document, head, row)
        numbers = _number_places(document, head, cells)
        if _ends(document, head, row, cells, len(numbers)):
            break
        previous = reading.previous
        if previous is not None and row.page != previous.page:
            if len(numbers) < 2:
                continue
        elif (  # text below a wide gap is no part of an item; the table itself may go on
            previous is not None and reading.drafts and len(numbers) < 2 and _is_far(document, previous, row)
        ):
            continue
        if any(hit.is_label("carried") for hit in document.labels.in_row(row)):
            continue
        if marks_no_item(document.labels.within(row.segments[0])):
            continue
        reading.previous = row
        _take(reading, row, cells, numbers)
    return reading.drafts


def _take(reading: _Reading, row: Row, cells: dict[int, list[Piece]], numbers: set[int]) -> None:
    """Begin an item with the row, or add the row to the item before it."""
    texts = [piece for place in reading.head.places("description") for piece in cells.get(place, [])]
    if _starts_item(reading, cells, numbers):
        reading.drafts.append(Draft(description=reading.waiting, page=row.page))
        reading.waiting = []
    elif not reading.drafts:
        reading.waiting += texts
        return
    draft = reading.drafts[-1]
    draft.rows.append((row.page, row.index))
    draft.description += texts
    for place, pieces in cells.items():
        draft.cells.setdefault(place, pieces)


def _cells(document: Document, head: Head, row: Row) -> dict[int, list[Piece]]:
    cells: dict[int, list[Piece]] = {}
    for segment in row.segments:
        for place, piece in pieces_of(document, head, segment):
            cells.setdefault(place, []).append(piece)
    return cells


def _number_places(document: Document, head: Head, cells: dict[int, list[Piece]]) -> set[int]:
    """Number columns in which the row has a number."""
    return {
        place
        for place, pieces in cells.items()
        if head.columns[place].concept in _NUMBERS and any(piece.is_number(document) for piece in pieces)
    }


def _ends(document: Document, head: Head, row: Row, cells: dict[int, list[Piece]], numbers: int) -> bool:
    """A row of totals or of payment details; a row that fills the table does not end it."""
    if numbers >= 3:
        return False
    rates = {id(p.segment) for place in head.places("taxRate", "taxAmount") for p in cells.get(place, [])}
    return any(
        hit.is_label(*_STOPS)
        and (hit.first == 0 or (hit.first == 1 and hit.is_label("total", "subtotal")))
        and hit.strength >= 0.7
        and id(hit.segment) not in rates
        for hit in document.labels.in_row(row)
    )


def _is_far(document: Document, previous: Row, row: Row) -> bool:
    distance = row.box.center_y - previous.box.center_y
    return distance > _MOST_LINES_APART * document.page(row.page).line_height


def _starts_item(reading: _Reading, cells: dict[int, list[Piece]], numbers: set[int]) -> bool:
    """A row begins an item when it has an amount of money, or at least two of the table's numbers."""
    head, drafts = reading.head, reading.drafts
    amounts = set(head.places("amount", "grossAmount"))
    if not amounts:
        amounts = {max(head.places("unitPrice", "other"), default=-1)}
    money = {
        place
        for place in numbers & amounts
        if any(amount.is_money for piece in cells[place] for amount in piece.amounts(reading.document))
    }
    if len(numbers) < 2 and not money:
        return False
    if not drafts or len(numbers) >= 2 or any(place in cells for place in head.places("position")):
        return True
    return any(place in drafts[-1].cells for place in money)
