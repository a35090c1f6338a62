"""The one item of a document that says what was done under a heading, and what it cost in the sums alone."""

from __future__ import annotations

from services.engine.extraction.columns import Piece
from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import Draft
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row
from services.engine.extraction.model import LineItem
from services.engine.extraction.money import Totals
from services.engine.extraction.text import letters_in

_FEWEST_LETTERS = 10
_MOST_ROWS = 3
# In heights of a line: how far below the heading its text may begin, and go on from line to line.
_REACH = 2.5


def described_item(document: Document, totals: Totals) -> tuple[LineItem, Draft] | None:
    """The text below the heading "Description", if nothing else stands in its row or in that of the text.

    It costs the subtotal. None without a subtotal, or where there are several such headings.
    """
    if totals.subtotal is None or totals.subtotal.value <= 0:
        return None
    found = [
        (hit, rows)
        for page in document.pages
        for row in page.rows
        if (hit := _heading(document, row)) is not None and (rows := _text_below(document, row, hit))
    ]
    if len(found) != 1:
        return None
    rows = found[0][1]
    pieces = [Piece(row.segments[0], 0, len(row.segments[0].text)) for row in rows]
    text = " ".join(piece.text.strip() for piece in pieces)
    draft = Draft(pieces, rows[0].page, rows=[(row.page, row.index) for row in rows])
    return LineItem(text, None, None, totals.subtotal.value), draft


def _heading(document: Document, row: Row) -> Hit | None:
    """The name of a column of descriptions that is alone in its row."""
    hits = document.labels.in_row(row)
    if len(row.segments) != 1 or len(hits) != 1 or "description" not in hits[0].concepts("columns"):
        return None
    return hits[0] if len(row.segments[0].tokens) == hits[0].last - hits[0].first else None


def _text_below(document: Document, heading: Row, hit: Hit) -> list[Row]:
    """The rows of one text without money and labels right below the heading, at its left edge."""
    page = document.page(heading.page)
    taken: list[Row] = []
    above = heading
    for row in page.rows[heading.index + 1 : heading.index + 1 + _MOST_ROWS]:
        if row.box.y - above.box.bottom > _REACH * page.line_height or document.has_money(row):
            break
        is_one_text = len(row.segments) == 1 and abs(row.box.x - hit.box.x) <= page.line_height
        if not is_one_text or document.labels.starts_with_label(row.segments[0]):
            break
        taken.append(row)
        above = row
    is_wordy = bool(taken) and letters_in(taken[0].text) >= _FEWEST_LETTERS
    return taken if is_wordy else []
