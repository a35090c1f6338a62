"""Page readings laid out on a grid of characters, so that a test shows the page it is about."""

from __future__ import annotations

import re
from textwrap import dedent

from shared.readings import BoundingBox, Line, PageReading, TextSource, Word

CHARACTER = 10.0
ROW = 24.0
HEIGHT = 16.0


def page(drawing: str, *, confidence: float = 1.0, source: TextSource = "textLayer") -> PageReading:
    """A page whose words stand where `drawing` shows them: 10 pixels a character, 24 a row.

    One blank separates words of the same piece of text; two or more separate columns.
    """
    rows = dedent(drawing).strip("\n").split("\n")
    lines = [
        Line(
            tuple(
                Word(match[0], confidence, _box(match.start(), number, len(match[0])))
                for match in re.finditer(r"\S+", row)
            )
        )
        for number, row in enumerate(rows)
        if row.strip()
    ]
    width = int(CHARACTER * max((len(row) for row in rows), default=1)) + 50
    height = max(int(ROW * len(rows)) + 50, int(1.4 * width))
    return PageReading(width, height, tuple(lines), source=source)


def _box(column: int, row: int, length: int) -> BoundingBox:
    return BoundingBox(20 + column * CHARACTER, 20 + row * ROW, length * CHARACTER, HEIGHT)
