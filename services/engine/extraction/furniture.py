"""What is printed on every page: letterhead and footer, which belong to no table."""

from __future__ import annotations

import re
from collections import defaultdict

from services.engine.extraction.document import Document

_SAME_PLACE = 1.0
# The number of a page, and that of all: "Page 1 of 2", "2/3".
_PAGE_NUMBER = re.compile(r"(?<![\d.,/-])\d{1,3}\s*(?:/|[^\W\d_]{1,4})\s*\d{1,3}(?![\d.,/-])")


def repeated_rows(document: Document) -> frozenset[tuple[int, int]]:
    """Rows (page, index) whose text stands at the same place of another page, within a line's height.

    The number of the page may be another.
    """
    if len(document.pages) < 2:
        return frozenset()
    places: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for row in document.rows():
        places[_PAGE_NUMBER.sub("", row.text)].append((row.page, row.index, row.box.center_y))
    return frozenset(
        (page, index)
        for found in places.values()
        for page, index, y in found
        if any(
            other != page and abs(y - height) <= _SAME_PLACE * document.page(page).line_height
            for other, _, height in found
        )
    )
