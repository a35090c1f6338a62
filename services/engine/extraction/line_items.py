"""Line items: the rows of the item table, across pages, with wrapped descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.engine.extraction.adjustments import adjusts, merge_rates, settle_net, without_last_discount
from services.engine.extraction.columns import Head, Piece, pieces_of
from services.engine.extraction.document import Document
from services.engine.extraction.furniture import repeated_rows
from services.engine.extraction.headings import find_heads
from services.engine.extraction.item_rows import Draft, Marker, TextRow, is_named, marker_of, share_texts
from services.engine.extraction.item_values import finish_items
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row
from services.engine.extraction.model import LineItem
from services.engine.extraction.own_words import TABLE_END, marks_no_item
from services.engine.extraction.table_sums import (
    Extent,
    amount_places,
    amounts_at,
    draft_amount,
    is_rate_of,
    sum_row,
    without_sums,
)
from services.engine.extraction.template_table import template_heads
from services.engine.extraction.text import letters_in
from shared.readings import PageReading
from shared.template import LineItemRules

_STOPS = (
    *("subtotal", "itemsTotal", "total", "due", "tax", "notTotal"),
    *("paymentTerms", "iban", "dueDate", TABLE_END),
)
_PAYMENTS = ("paid", "cash", "change", "rounding")
_CHARGES = ("discount", "shipping", "surcharge")
_NUMBERS = frozenset(
    {"quantity", "unitPrice", "amount", "grossAmount", "taxRate", "taxAmount", "discount", "other"}
)
_NAMING_COLUMNS = ("description", "quantity", "unitPrice", "sku")
_MOST_LINES_APART = 4.5
_FEWEST_LETTERS = 3
# Longer text among the numbers of a row is more than a unit.
_LETTERS_OF_NAME = 10


@dataclass(frozen=True)
class ItemTable:
    """The items, where each stands (page, row of its first line), and all rows of the table.

    `has_sum` tells that the table ends with their sum.
    """

    items: tuple[LineItem, ...] = ()
    drafts: tuple[Draft, ...] = ()
    rows: frozenset[tuple[int, int]] = frozenset()
    has_sum: bool = False


@dataclass(frozen=True)
class _Sum:
    """A row of a sum: how many items stand above it, and whether it is the sum of all of them."""

    count: int
    extent: Extent
    row: tuple[int, int]


@dataclass
class _Reading:
    """What has been read of a table so far; `earlier` are the items under the same headings before."""

    document: Document
    head: Head
    earlier: tuple[Draft, ...] = ()
    entries: list[Draft | TextRow] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    sums: list[_Sum] = field(default_factory=list)
    previous: Row | None = None


@dataclass
class _Cells:
    """A row's pieces by the place of their column, and the number columns that have a number."""

    row: Row
    cells: dict[int, list[Piece]]
    numbers: set[int]
    texts: list[Piece]
    marker: Marker | None


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
        reading = _Reading(document, head, _continued(heads, place, [draft for _, draft in read]))
        _read_body(reading, following, furniture)
        found = _settled(reading)
        finished = finish_items(document, head, found)
        if finished:
            rows.update((head.page, index) for index in range(head.first_row, head.last_row + 1))
            rows.update(row for draft in found for row in draft.rows)
            rows.update(_inner_sums(reading, len(found)))
            has_sum = any(found_sum.extent == "all" for found_sum in _closing(reading))
        read += finished
    kept = list(without_sums(read))
    return ItemTable(
        tuple(item for item, _ in kept), tuple(draft for _, draft in kept), frozenset(rows), has_sum
    )


def _continued(heads: Sequence[Head], place: int, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The items above, if the heading is the one before over again."""
    if place == 0:
        return ()
    names = [
        [(column.concept, column.heading) for column in head.columns] for head in heads[place - 1 : place + 1]
    ]
    return tuple(drafts) if names[0] == names[1] else ()


def _body_rows(
    document: Document, head: Head, following: Head | None, furniture: frozenset[tuple[int, int]]
) -> Iterator[Row]:
    """Rows from under the heading to the next heading, over page ends, without what every page repeats."""
    for page in document.pages[head.page - 1 :]:
        for row in page.rows:
            if page.number == head.page and row.index <= head.last_row:
                continue
            if following is not None and (page.number, row.index) >= (following.page, following.first_row):
                return
            if (page.number, row.index) not in furniture:
                yield row


def _read_body(reading: _Reading, following: Head | None, furniture: frozenset[tuple[int, int]]) -> None:
    document, head = reading.document, reading.head
    carried_on: int | None = None
    for row in _body_rows(document, head, following, furniture):
        if row.page == carried_on:
            continue
        found = _cells(document, head, row)
        if any(hit.is_label("carried") for hit in document.labels.in_row(row)):
            carried_on = (
                row.page if reading.previous is not None and reading.previous.page == row.page else None
            )
            continue
        extent = _sum_extent(reading, found)
        if extent is not None:
            reading.sums.append(_Sum(len(reading.drafts), extent, (row.page, row.index)))
            reading.previous = row
            continue
        if _ends(reading, found):
            break
        if marks_no_item(document.labels.within(row.segments[0])):
            continue
        if not _is_passed_over(reading, found):
            reading.previous = row
            _take(reading, found)


def _sum_extent(reading: _Reading, found: _Cells) -> Extent | None:
    above = [*reading.earlier, *reading.drafts]
    last = reading.sums[-1].count if reading.sums else 0
    return sum_row(reading.document, found.row, found.cells, above, len(reading.earlier) + last)


def _is_passed_over(reading: _Reading, found: _Cells) -> bool:
    """Text on a new page before the table goes on, or below a wide gap; the table itself may go on."""
    previous, row = reading.previous, found.row
    if previous is None:
        return False
    if row.page != previous.page:
        return len(found.numbers) < 2
    if not reading.drafts or not _is_far(reading.document, previous, row):
        return False
    if len(found.numbers) < 2:
        return True
    amounts = reading.document.row_amounts(row)
    return not any(a.decimals or a.percent for a in amounts) and found.marker != "position"


def _take(reading: _Reading, found: _Cells) -> None:
    """Begin an item with the row, add it to the item before, or keep it until it is clear whose it is."""
    document, head, row = reading.document, reading.head, found.row
    if reading.drafts and settle_net(document, head, reading.drafts, row, found.cells):
        reading.entries[:] = [e for e in reading.entries if isinstance(e, TextRow) or e in reading.drafts]
        return
    if _starts_item(reading, found):
        rows = [(row.page, row.index)]
        draft = Draft(found.texts, row.page, dict(found.cells), rows, line=row, marker=found.marker)
        draft.adjusts = adjusts(document, head, row, draft, reading.drafts[-1] if reading.drafts else None)
        reading.drafts.append(draft)
        reading.entries.append(draft)
    elif found.numbers and found.marker != "position" and (last := _last_draft(reading)) is not None:
        last.rows.append((row.page, row.index))
        last.description += found.texts
        for place, pieces in found.cells.items():
            last.cells.setdefault(place, pieces)
    else:
        reading.entries.append(TextRow(row, found.texts, found.cells, found.marker))


def _last_draft(reading: _Reading) -> Draft | None:
    """The item that the row above belongs to."""
    last = reading.entries[-1] if reading.entries else None
    return last if isinstance(last, Draft) else None


def _settled(reading: _Reading) -> list[Draft]:
    """The items with their texts, as far as the table's own sums confirm that it goes on."""
    drafts = reading.drafts[: _kept(reading)]
    share_texts(reading.document, [e for e in reading.entries if isinstance(e, TextRow) or e in drafts])
    drafts = without_last_discount(reading.document, reading.head, drafts)
    merge_rates(reading.document, reading.head, drafts)
    return drafts


def _kept(reading: _Reading) -> int:
    """How many items count: below a sum the table goes on only if what follows is a section of its own.

    Its items have quantity and price, or it has a sum and then there is one of everything.
    """
    sums = _closing(reading)
    if not sums:
        return len(reading.drafts)
    kept = closed = sums[0].count
    for found in sums[1:]:
        is_full = all(_is_full(reading, draft) for draft in reading.drafts[kept : found.count])
        if is_full or (found.extent == "all" and found.count == closed):
            kept = found.count
        closed = found.count
    return kept


def _closing(reading: _Reading) -> list[_Sum]:
    """The sums below items of this table that are not carried over to its next page."""
    drafts = reading.drafts
    return [
        found
        for found in reading.sums
        if found.count and not (found.count < len(drafts) and drafts[found.count].page > found.row[0])
    ]


def _is_full(reading: _Reading, draft: Draft) -> bool:
    """Whether the item has a name and three numbers, such as quantity, price and amount."""
    counted = [place for place in draft.cells if amounts_at(reading.document, draft.cells, place)]
    return len(counted) >= 3 and is_named(draft.description)


def _inner_sums(reading: _Reading, count: int) -> Iterator[tuple[int, int]]:
    """The rows of sums that are not the last: they belong to sections, not to the document."""
    for found in reading.sums:
        if found.count < count or (found.extent == "section" and len(reading.sums) > 1):
            yield found.row


def _cells(document: Document, head: Head, row: Row) -> _Cells:
    cells: dict[int, list[Piece]] = {}
    for segment in row.segments:
        for place, piece in pieces_of(document, head, segment):
            cells.setdefault(place, []).append(piece)
    numbers = {
        place
        for place, pieces in cells.items()
        if head.columns[place].concept in _NUMBERS and any(piece.is_number(document) for piece in pieces)
    }
    texts = _texts(document, head, cells, numbers)
    return _Cells(row, cells, numbers, texts, marker_of(head, cells, texts))


def _texts(document: Document, head: Head, cells: dict[int, list[Piece]], numbers: set[int]) -> list[Piece]:
    """The pieces of the description; without such a column, the text that stands beside the numbers."""
    places = head.places("description")
    if places:
        return [piece for place in places for piece in cells.get(place, [])]
    texts = [piece for place in sorted(cells) if place not in numbers for piece in cells[place]]
    return [piece for piece in texts if is_named([piece])] if numbers else texts


def _ends(reading: _Reading, found: _Cells) -> bool:
    """A row of totals or of payment details; a row that fills the table does not end it."""
    document, head = reading.document, reading.head
    hits = document.labels.in_row(found.row)
    if _closing(reading) and _is_below_sum(reading, found, hits):
        return True
    if len(found.numbers) >= 3:
        return False
    rates = {
        id(p.segment) for place in head.places("taxRate", "taxAmount") for p in found.cells.get(place, [])
    }
    if found.marker != "position" and _is_tax(reading, found):
        return True
    stops = (*_STOPS, *_PAYMENTS) if any(a.is_money for a in document.row_amounts(found.row)) else _STOPS
    return any(
        hit.is_label(*stops)
        and (_leads(hit) or (hit.first == 1 and hit.is_label("total", "subtotal")))
        and hit.strength >= 0.7
        and id(hit.segment) not in rates
        for hit in hits
    )


def _leads(hit: Hit) -> bool:
    """Whether nothing but numbers and signs stands before the label: "+ 19 % MwSt."."""
    return letters_in(hit.segment.text[: hit.start]) == 0


def _is_tax(reading: _Reading, found: _Cells) -> bool:
    """Whether the row is a printed percentage of all items, in whatever words."""
    document, head = reading.document, reading.head
    amounts = [draft_amount(document, head, draft) for draft in (*reading.earlier, *reading.drafts)]
    base = sum((amount for amount in amounts if amount is not None), Decimal(0))
    printed = document.row_amounts(found.row)
    positive = any(amount.is_money and amount.value > 0 for amount in printed)
    return positive and bool(base) and is_rate_of(printed, base)


def _is_below_sum(reading: _Reading, found: _Cells, hits: Sequence[Hit]) -> bool:
    """Whether a row below a sum is a tax, a charge or a payment, and not an item of a further section."""
    amounts = reading.document.row_amounts(found.row)
    if not any(amount.is_money for amount in amounts):
        return False
    if any(hit.is_label("tax") for hit in hits):
        return True
    if found.marker == "position":
        return False
    if any(hit.is_label(*_CHARGES, *_STOPS, *_PAYMENTS) for hit in hits):
        return True
    return any(amount.percent for amount in amounts) or any(a.is_money and a.value < 0 for a in amounts)


def _is_far(document: Document, previous: Row, row: Row) -> bool:
    distance = row.box.center_y - previous.box.center_y
    return distance > _MOST_LINES_APART * document.page(row.page).line_height


def _money_places(reading: _Reading, found: _Cells) -> set[int]:
    """The columns of amounts in which the row has money."""
    return {
        place
        for place in found.numbers & set(amount_places(reading.head))
        if any(amount.is_money for piece in found.cells[place] for amount in piece.amounts(reading.document))
    }


def _starts_item(reading: _Reading, found: _Cells) -> bool:
    """A row begins an item when it has an amount of money, or at least two of the table's numbers."""
    head, drafts = reading.head, reading.drafts
    money = _money_places(reading, found)
    if len(found.numbers) < 2 and not (money and _may_be_named(reading, found)):
        return False
    if (
        not drafts
        or len(found.numbers) >= 2
        or any(place in found.cells for place in head.places("position"))
    ):
        return True
    waits = bool(reading.entries) and isinstance(reading.entries[-1], TextRow) and reading.entries[-1].marker
    return bool(waits) or any(place in drafts[-1].cells for place in money)


def _may_be_named(reading: _Reading, found: _Cells) -> bool:
    """Whether a lone amount has its text left of the table's numbers; names of sums stand among these."""
    last = reading.drafts[-1] if reading.drafts else None
    lettered = [s for s in found.row.segments if letters_in(s.text) >= _FEWEST_LETTERS]
    if last is None or not last.description or not lettered or found.marker == "position":
        return True
    numbers = [column.box.x for column in reading.head.columns if column.concept in _NUMBERS - {"other"}]
    if letters_in(lettered[-1].text) < _LETTERS_OF_NAME and found.texts:
        return True
    return lettered[-1].box.x < min(numbers, default=0.0)
