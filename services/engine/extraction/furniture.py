"""What is printed on every page: letterhead and footer, which belong to no table."""

from __future__ import annotations

from collections import defaultdict

from services.engine.extraction.document import Document

_SAME_PLACE = 1.0


def repeated_rows(document: Document) -> frozenset[tuple[int, int]]:
    """Rows (page, index) whose text stands at the same place of another page, within a line's height."""
    if len(document.pages) < 2:
        return frozenset()
    places: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for row in document.rows():
        places[row.text].append((row.page, row.index, row.box.center_y))
    return frozenset(
        (page, index)
        for found in places.values()
        for page, index, y in found
        if any(
            other != page and abs(y - height) <= _SAME_PLACE * document.page(page).line_height
            for other, _, height in found
        )
    )
