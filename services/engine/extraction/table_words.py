"""Which headings of an item table mean what, and which of its rows are no items, told by corrected items."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row, Segment, Token
from services.engine.extraction.line_items import ItemTable
from services.engine.extraction.model import LineItem
from services.engine.extraction.own_words import MEANINGLESS, NO_ITEM, TABLE_END, phrase_key
from services.engine.extraction.rule_making import LABEL_MARKS, beginning_of, can_be_label
from services.engine.extraction.text import key_of
from shared.readings import BoundingBox
from shared.supplier import ITEMS, LearnedWord

NUMBERS = (
    ("amount", "amount"),
    ("unit_price", "unitPrice"),
    ("quantity", "quantity"),
    ("tax_amount", "taxAmount"),
    ("discount", "discount"),
    ("tax_rate", "taxRate"),
)
"""The numbers of an item with the columns that they stand in; sums first, as they are told apart best."""
TEXTS = (("sku", "sku"), ("unit", "unit"), ("description", "description"))
_FEWEST_MATCHES = 2
_ROWS_OF_HEADING = 4
# So many heights of a word a heading may stand off its column.
_FARTHEST = 3.0


@dataclass
class _Columns:
    """Where the values of each column stand, and the first row that has any."""

    boxes: defaultdict[str, list[BoundingBox]] = field(default_factory=lambda: defaultdict(list))
    rows: list[Row] = field(default_factory=list)


def column_words(document: Document, items: Sequence[LineItem]) -> tuple[LearnedWord, ...]:
    """What the headings over the corrected values mean."""
    columns = _find_columns(document, items)
    if len(columns.boxes) < _FEWEST_MATCHES:
        return ()
    first = columns.rows[0]
    rows = document.page(first.page).rows
    for row in reversed(rows[max(0, first.index - _ROWS_OF_HEADING) : first.index]):
        words = list(_headings_in(document, row, columns))
        if len(words) >= _FEWEST_MATCHES:
            return tuple(word for word in words if not _is_known(document, row, word))
    return ()


def _is_known(document: Document, row: Row, word: LearnedWord) -> bool:
    """Whether the vocabulary says just the same of the heading."""
    return any(
        phrase_key(hit.text) == phrase_key(word.text) and hit.concepts("columns") == {word.concept}
        for hit in document.labels.in_row(row)
    )


def idle_columns(document: Document, table: ItemTable, items: Sequence[LineItem]) -> tuple[LearnedWord, ...]:
    """Headings of columns from which values were read that no corrected item has: they mean nothing here."""
    idle = {
        concept
        for name, concept in (*NUMBERS, *TEXTS)
        if any(getattr(item, name) is not None for item in table.items)
        and all(getattr(item, name) is None for item in items)
    }
    return tuple(
        LearnedWord(ITEMS, hit.text.strip(LABEL_MARKS), "columns", "other")
        for row in document.rows()
        if (row.page, row.index) in table.rows
        for hit in document.labels.in_row(row)
        if hit.concepts("columns") & idle
    )


def row_words(
    document: Document, table: ItemTable, items: Sequence[LineItem], sums: Mapping[str, Decimal]
) -> Iterator[tuple[LearnedWord, ...]]:
    """What the beginnings of rows mean that were taken for items, or ended the table too early.

    `sums` are the document's, by the vocabulary's name of each: a row that shows one is its row.
    """
    located = [row for _, row in _locate(document, items) if row is not None]
    if not located:
        return
    places = {(row.page, row.index) for row in located}
    last = max(places)
    for draft in table.drafts:
        if places.isdisjoint(draft.rows):
            page, index = draft.rows[0]
            row = document.page(page).rows[index]
            label = beginning_of(row.segments[0])
            if label is not None:
                concept = _concept_below(document, row, sums) if (page, index) > last else NO_ITEM
                yield (LearnedWord(ITEMS, label, "labels", concept),)
    for row in located:
        hits = [hit for hit in document.labels.in_row(row) if hit.first == 0 and hit.concepts("labels")]
        if (row.page, row.index) not in table.rows and hits:
            yield tuple(LearnedWord(ITEMS, hit.text, "labels", MEANINGLESS) for hit in hits)


def sum_words(
    document: Document, items: Sequence[LineItem], sums: Mapping[str, Decimal]
) -> tuple[LearnedWord, ...]:
    """What the row of the items' sum begins with, where it is the first below them and has no known label.

    Arithmetic tells it below several items, but not below a single one. `sums` are those of `row_words`.
    """
    places = [(row.page, row.index) for _, row in _locate(document, items) if row is not None]
    total = sum((item.amount or Decimal(0) for item in items), Decimal(0))
    for row in document.rows():
        shown = [amount.value for amount in document.row_amounts(row) if amount.is_money]
        if not places or (row.page, row.index) <= max(places) or not shown:
            continue
        label = beginning_of(row.segments[0])
        is_known = any(hit.concepts("labels") for hit in document.labels.in_row(row))
        if shown != [total] or label is None or is_known:
            return ()
        return (LearnedWord(ITEMS, label, "labels", _concept_below(document, row, sums)),)
    return ()


def _concept_below(document: Document, row: Row, sums: Mapping[str, Decimal]) -> str:
    """What a row below the items is: that of one of the document's sums, or just no item."""
    shown = [amount.value for amount in document.row_amounts(row)]
    return next((name for name, value in sums.items() if value in shown), TABLE_END)


def _find_columns(document: Document, items: Sequence[LineItem]) -> _Columns:
    columns = _Columns()
    located = [(item, row) for item, row in _locate(document, items) if row is not None]
    columns.boxes.update(_positions([row for _, row in located]))
    for item, row in located:
        columns.rows.append(row)
        taken = [box for box in columns.boxes.get("position", []) if _is_in(row, box)]
        for name, concept in NUMBERS:
            boxes = [box for box in _number_boxes(document, row, getattr(item, name)) if box not in taken]
            # Of equal numbers the amount is the last one; the others keep their order.
            box = boxes[-1] if concept == "amount" and boxes else boxes[0] if len(boxes) == 1 else None
            if box is not None:
                taken.append(box)
                columns.boxes[concept].append(box)
        for name, concept in TEXTS:
            box = _text_box(row, getattr(item, name))
            if box is not None and box not in taken:
                columns.boxes[concept].append(box)
    return columns


def _is_in(row: Row, box: BoundingBox) -> bool:
    return row.segments[0].tokens[0].box == box


def _positions(rows: Sequence[Row]) -> dict[str, list[BoundingBox]]:
    """The column of running numbers, if the rows begin with them."""
    first = [row.segments[0].tokens[0] for row in rows]
    if [token.text.strip(".") for token in first] != [str(number) for number in range(1, len(rows) + 1)]:
        return {}
    return {"position": [token.box for token in first]}


def _locate(document: Document, items: Sequence[LineItem]) -> list[tuple[LineItem, Row | None]]:
    """The row of each item, in the order of the items: the first that shows the most of its values."""
    found: list[tuple[LineItem, Row | None]] = []
    rows = list(document.rows())
    start = 0
    for item in items:
        best, most = None, _FEWEST_MATCHES - 1
        for place in range(start, len(rows)):
            shown = _values_shown(document, rows[place], item)
            if shown > most:
                best, most = place, shown
        found.append((item, rows[best] if best is not None else None))
        start = best + 1 if best is not None else start
    return found


def _values_shown(document: Document, row: Row, item: LineItem) -> int:
    numbers = sum(bool(_number_boxes(document, row, getattr(item, name))) for name, _ in NUMBERS)
    return numbers + sum(_text_box(row, getattr(item, name)) is not None for name, _ in TEXTS)


def _number_boxes(document: Document, row: Row, value: Decimal | None) -> list[BoundingBox]:
    return [amount.box for amount in document.row_amounts(row) if value is not None and amount.value == value]


def _text_box(row: Row, text: str | None) -> BoundingBox | None:
    """Where the text, or the first line of it, stands in the row."""
    wanted = key_of(text or "")
    if not wanted:
        return None
    for segment in row.segments:
        for first in segment.tokens:
            tokens = _run(segment, first, wanted)
            if tokens:
                return BoundingBox.around(token.box for token in tokens)
    return None


def _run(segment: Segment, first: Token, wanted: str) -> list[Token]:
    """The tokens from `first` on that together are the text, or its beginning up to the segment's end."""
    tokens: list[Token] = []
    for token in segment.tokens:
        if token.start < first.start:
            continue
        tokens.append(token)
        key = key_of(segment.text[first.start : token.end])
        if key == wanted:
            return tokens
        if not wanted.startswith(key):
            return []
    return tokens if len(tokens) > 1 else []


def _headings_in(document: Document, row: Row, columns: _Columns) -> Iterator[LearnedWord]:
    """The row's words over each column, those of one column together."""
    if document.has_money(row):
        return
    named: dict[str, str] = {}
    for segment in row.segments:
        for tokens in _heading_units(document, segment, columns):
            concept = _column_under(tokens, columns)
            text = " ".join(token.text for token in tokens).strip(LABEL_MARKS)
            if concept is not None and concept not in named and can_be_label(text):
                named[concept] = text
    for concept, text in named.items():
        yield LearnedWord(ITEMS, text, "columns", concept)


def _heading_units(document: Document, segment: Segment, columns: _Columns) -> Iterator[Sequence[Token]]:
    """The segment as a whole if it stands over one column, else its known phrases and single words."""
    if len(_columns_below(segment.tokens, columns)) < 2:
        yield segment.tokens
        return
    place = 0
    for hit in document.labels.within(segment):
        yield from _joined(segment.tokens[place : hit.first], columns)
        yield segment.tokens[hit.first : hit.last]
        place = hit.last
    yield from _joined(segment.tokens[place:], columns)


def _joined(tokens: Sequence[Token], columns: _Columns) -> Iterator[Sequence[Token]]:
    """Neighbouring words over the same column, together."""
    for _, run in itertools.groupby(tokens, key=lambda token: _column_under((token,), columns)):
        yield tuple(run)


def _columns_below(tokens: Sequence[Token], columns: _Columns) -> set[str]:
    box = BoundingBox.around(token.box for token in tokens)
    return {
        concept
        for concept, boxes in columns.boxes.items()
        if min(box.right, max(one.right for one in boxes)) > max(box.x, min(one.x for one in boxes))
    }


def _column_under(tokens: Sequence[Token], columns: _Columns) -> str | None:
    """The column that the words stand over, or the nearest one; of several, that of the same edges."""
    around = BoundingBox.around(token.box for token in tokens)
    best: tuple[float, str] | None = None
    for concept, boxes in columns.boxes.items():
        left, right = min(box.x for box in boxes), max(box.right for box in boxes)
        overlap = min(around.right, right) - max(around.x, left)
        edges = min(abs(around.x - left), abs(around.right - right))
        distance = -1.0 / (1.0 + edges) if overlap > 0 else -overlap
        if best is None or distance < best[0]:
            best = (distance, concept)
    return best[1] if best is not None and best[0] <= _FARTHEST * around.height else None
