"""The column of descriptions in an item table whose heading leaves it without a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.engine.extraction.columns import Column, Head
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.text import digits_in, letters_in
from shared.readings import BoundingBox

_FEWEST_LETTERS = 3
# So many rows below the heading are looked at, and so many of those with numbers must have a text.
_LOOKED_AT, _MOSTLY = 6, 0.6


def with_descriptions(document: Document, head: Head) -> Head:
    """The heading with a column over the texts that stand under none of its names, if its rows have such."""
    if head.places("description", "other"):
        return head
    rows = document.page(head.page).rows[head.last_row + 1 : head.last_row + 1 + _LOOKED_AT]
    priced = [row for row in rows if document.has_money(row)]
    texts = [text for row in priced if (text := _text_apart(row, head.columns)) is not None]
    if not texts or len(texts) < _MOSTLY * len(priced):
        return head
    level = head.columns[0].box
    left, right = min(text.box.x for text in texts), max(text.box.right for text in texts)
    column = Column("description", BoundingBox(left, level.y, right - left, level.height), "")
    columns = sorted([*head.columns, column], key=lambda one: one.box.x)
    return replace(head, columns=tuple(columns))


def _text_apart(row: Row, columns: Sequence[Column]) -> Segment | None:
    """The first text of the row that stands under no name of a column."""
    for segment in row.segments:
        letters = letters_in(segment.text)
        is_text = letters >= _FEWEST_LETTERS and letters > digits_in(segment.text)
        if is_text and not any(_share_width(segment.box, column.box) for column in columns):
            return segment
    return None


def _share_width(one: BoundingBox, other: BoundingBox) -> bool:
    return min(one.right, other.right) > max(one.x, other.x)
