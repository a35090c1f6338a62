"""The columns of an item table, and which of them a piece of a row belongs to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment, TrimmedSpan
from services.engine.extraction.text import letters_in
from shared.readings import BoundingBox

TEXT_COLUMNS = frozenset({"description", "sku", "unit", "date", "position", "other"})
_PROSE_COLUMNS = TEXT_COLUMNS - {"other", "position", "sku"}
# Longer runs of tokens are text; trying all their cuts would only cost time.
_MOST_TOKENS, _MOST_CROSSED = 14, 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading; `concept` is one of the vocabulary's columns, or "other"."""

    concept: str
    box: BoundingBox
    heading: str


@dataclass(frozen=True, slots=True)
class Piece(TrimmedSpan):
    """A part of a table row."""

    def amounts(self, document: Document) -> list[Amount]:
        return [a for a in document.amounts_in(self.segment) if self.start - 1 <= a.start < self.end]

    def is_number(self, document: Document) -> bool:
        return bool(self.amounts(document)) and letters_in(self.text) <= 8 and len(self.text.split()) <= 4


@dataclass(frozen=True)
class Head:
    """A table heading: its columns left to right, and the rows (index on `page`) it takes up."""

    page: int
    first_row: int
    last_row: int
    columns: tuple[Column, ...]

    def places(self, *concepts: str) -> list[int]:
        """Where the columns of these concepts are among `columns`."""
        return [place for place, column in enumerate(self.columns) if column.concept in concepts]


def pieces_of(document: Document, head: Head, segment: Segment) -> Iterator[tuple[int, Piece]]:
    """The segment's pieces with the place of their column in `head`.

    A segment that runs across several columns is cut between tokens, if every cut piece suits its column.
    """
    whole = Piece(segment, 0, len(segment.text))
    crossed = [
        place
        for place, column in enumerate(head.columns)
        if (_covers(segment.box, column.box) or _has_token_in(segment, column.box))
        and (column.concept != "position" or place)
    ]
    if 2 <= len(crossed) <= _MOST_CROSSED and len(crossed) <= len(segment.tokens) <= _MOST_TOKENS:
        parts = _cut(document, head, segment, crossed)
        if parts:
            yield from parts
            return
    yield _column_of(document, head, whole), whole


def _covers(box: BoundingBox, heading: BoundingBox) -> bool:
    return min(box.right, heading.right) - max(box.x, heading.x) > 0.35 * heading.width


def _has_token_in(segment: Segment, heading: BoundingBox) -> bool:
    """Whether a word of the segment stands below a wide heading, as a short amount at its edge does."""
    return any(heading.x <= token.box.center_x <= heading.right for token in segment.tokens)


def _cut(document: Document, head: Head, segment: Segment, crossed: list[int]) -> list[tuple[int, Piece]]:
    """The cuts between tokens that give each crossed column a fitting piece near it, if any do."""
    tokens = segment.tokens
    best: tuple[float, list[tuple[int, Piece]]] | None = None
    for cuts in itertools.combinations(range(1, len(tokens)), len(crossed) - 1):
        edges = [0, *cuts, len(tokens)]
        parts = [
            (place, Piece(segment, tokens[first].start, tokens[last - 1].end))
            for place, first, last in zip(crossed, edges, edges[1:], strict=False)
        ]
        if not all(_suits(document, head.columns[place], piece) for place, piece in parts):
            continue
        blanks = sum(tokens[cut].box.x - tokens[cut - 1].box.right for cut in cuts)
        cost = sum(_gap(piece.box, head.columns[place].box) for place, piece in parts) - 2 * blanks
        if best is None or cost < best[0]:
            best = (cost, parts)
    return best[1] if best else []


def _gap(one: BoundingBox, other: BoundingBox) -> float:
    apart = max(other.x - one.right, one.x - other.right, 0.0)
    return apart + 0.2 * min(
        abs(one.center_x - other.center_x), abs(one.right - other.right), abs(one.x - other.x)
    )


def _suits(document: Document, column: Column, piece: Piece) -> bool:
    if column.concept in TEXT_COLUMNS:
        return True
    return bool(piece.amounts(document)) and letters_in(piece.text) <= 8


def _column_of(document: Document, head: Head, piece: Piece) -> int:
    """The column by overlap with the heading, else by the nearest edge; text keeps out of number columns."""
    box = piece.segment.box
    numeric = piece.is_number(document)

    def distance(place: int) -> float:
        column = head.columns[place]
        other = column.box
        shared = min(box.right, other.right) - max(box.x, other.x)
        wrong = numeric == (column.concept in _PROSE_COLUMNS)
        if shared > 0:
            return -shared / max(min(box.width, other.width), 1.0) + (0.5 if wrong else 0.0)
        edges = (abs(box.x - other.x), abs(box.right - other.right), abs(box.center_x - other.center_x))
        return min(edges) + (3.0 * box.height if wrong else 0.0)

    best = min(range(len(head.columns)), key=distance)
    concept = head.columns[best].concept
    if not numeric and concept not in TEXT_COLUMNS and letters_in(piece.text) > 3:
        described = next((p for p, c in enumerate(head.columns) if c.concept == "description"), None)
        if (
            described is not None
            and head.columns[described].box.x - 2 * box.height <= box.x < head.columns[best].box.x
        ):
            return described
    return best
