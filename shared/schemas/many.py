"""Lists of hundreds of records on one page, checked in a fraction of the time that marshmallow takes.

Each `is_plain_…` function knows the usual form of one record: exactly the declared names, and values of
exactly the JSON types, well within their ranges. Where every record of a list has it, there is nothing
left to check or to convert. Otherwise marshmallow checks the list as declared, and names the faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

LARGEST_COORDINATE = 1e9
LARGEST_COUNT = 10**9
BLOCK_TYPES = frozenset({"text", "table", "image", "signature"})
_NUMBERS = (float, int)


class ManyRecords(fields.List[Any]):
    """A list of nested records; `is_plain` is true only for a record that their schema passes unchanged."""

    def __init__(self, records: fields.Nested, is_plain: Callable[[Any], bool], **options: Any) -> None:
        super().__init__(records, **options)
        self.is_plain = is_plain

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        if type(value) is list and all(map(self.is_plain, value)):
            return value
        return super()._deserialize(value, attr, data, **kwargs)


def is_plain_word(word: Any) -> bool:
    """Whether `word` has the usual form of `WordSchema`."""
    try:
        return len(word) == 3 and _is_plain_text(word, "text") and _is_plain_box(word["boundingBox"])
    except (KeyError, TypeError):
        return False


def is_plain_line(line: Any) -> bool:
    """Whether `line` has the usual form of `LineSchema`."""
    try:
        return (
            len(line) == 5
            and _is_plain_text(line, "text")
            and _is_plain_box(line["boundingBox"])
            and _is_plain_count(line["firstWord"])
            and _is_plain_count(line["wordCount"])
            and line["wordCount"] > 0
        )
    except (KeyError, TypeError):
        return False


def is_plain_block(block: Any) -> bool:
    """Whether `block` has the usual form of `BlockSchema`."""
    try:
        return (
            len(block) == 4
            and _is_plain_text(block, "text")
            and _is_plain_box(block["boundingBox"])
            and block["blockType"] in BLOCK_TYPES
        )
    except (KeyError, TypeError):
        return False


def is_plain_cell(cell: Any) -> bool:
    """Whether `cell` has the usual form of `CellSchema`."""
    try:
        return (
            len(cell) == 6
            and _is_plain_text(cell, "cellText")
            and _is_plain_box(cell["boundingBox"])
            and _is_plain_count(cell["tableIndex"])
            and _is_plain_count(cell["rowIndex"])
            and _is_plain_count(cell["columnIndex"])
        )
    except (KeyError, TypeError):
        return False


def _is_plain_text(record: Any, name: str) -> bool:
    return (
        type(record[name]) is str and type(record["confidence"]) is float and 0 <= record["confidence"] <= 1
    )


def _is_plain_box(box: Any) -> bool:
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    return (
        len(box) == 4
        and type(x) in _NUMBERS
        and type(y) in _NUMBERS
        and type(width) in _NUMBERS
        and type(height) in _NUMBERS
        and -LARGEST_COORDINATE < x < LARGEST_COORDINATE
        and -LARGEST_COORDINATE < y < LARGEST_COORDINATE
        and 0 <= width < LARGEST_COORDINATE
        and 0 <= height < LARGEST_COORDINATE
    )


def _is_plain_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < LARGEST_COUNT
