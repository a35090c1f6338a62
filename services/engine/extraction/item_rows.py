"""The rows of an item table as they are read: items, rows of text, and which text belongs to which item."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Head, Piece
from services.engine.extraction.layout import Row
from services.engine.extraction.text import letters_in

# A gap this much wider than the others of the same stretch parts two items.
_DISTINCT = 1.3
_BULLET = re.compile(r"^(?:[-–•*·▪]\s|\d{1,3}[.)]\s)")
_POSITION = re.compile(r"^(?:\d{1,6}(?:\.\d{1,4})*|[A-Za-z]|\d{1,3}[a-z])[.)]?$")
_FEWEST_LETTERS = 3
_COUNTED = re.compile(
    r"\d[\d.,'’]*\s*(?:[^\W\d_]{1,16}\.?\s*)?(?:x|×|\*|à|á|@|je|per)(?:\s.*)?$|\d[\d.,'’/-]*", re.IGNORECASE
)


Marker = Literal["position", "bullet"]


@dataclass
class Draft:
    """An item while its rows are read: its text, and its pieces by the place of their column.

    `adjustments` are discounts and surcharges printed on rows of their own below it, `net` the amount that
    is left; `adjusts` tells that the row names such a discount or surcharge itself. `numbers` are those its
    values were taken from, by the name of the value in `LineItem`.
    """

    description: list[Piece] = field(default_factory=list)
    page: int = 1
    cells: dict[int, list[Piece]] = field(default_factory=dict)
    rows: list[tuple[int, int]] = field(default_factory=list)
    numbers: dict[str, Amount] = field(default_factory=dict)
    adjustments: list[Decimal] = field(default_factory=list)
    net: Decimal | None = None
    line: Row | None = None
    marker: Marker | None = None
    adjusts: bool = False


@dataclass
class TextRow:
    """A row that is no item by itself, though it may begin one if it has a `marker`."""

    row: Row
    texts: list[Piece]
    cells: dict[int, list[Piece]]
    marker: Marker | None = None


def marker_of(head: Head, cells: dict[int, list[Piece]], texts: Sequence[Piece]) -> Marker | None:
    """A position number in its column, or a bullet before the text."""
    if any(
        _POSITION.match(piece.text) for place in head.places("position") for piece in cells.get(place, [])
    ):
        return "position"
    return "bullet" if texts and _BULLET.match(texts[0].text) else None


def is_position(text: str) -> bool:
    """Whether the text is the number of an item: "3", "1.2", "000010", "b"."""
    return _POSITION.match(text) is not None


def is_named(texts: Sequence[Piece]) -> bool:
    """Whether the texts say what is sold, besides "12 Std. à 95,00" or a period."""
    return any(letters_in(_COUNTED.sub("", piece.text)) >= _FEWEST_LETTERS for piece in texts)


def without_bullet(text: str) -> str:
    """The text without the bullet or the number that stands before it."""
    return _BULLET.sub("", text)


def share_texts(entries: Sequence[Draft | TextRow]) -> None:
    """Give every row of text to the item above or below it."""
    drafts = [entry for entry in entries if isinstance(entry, Draft)]
    nameless = [draft for draft in drafts if not is_named(draft.description)]
    titled = 2 * len(nameless) > len(drafts) and isinstance(entries[0], TextRow)
    above: Draft | None = None
    stretch: list[TextRow] = []
    for entry in [*entries, None]:
        if isinstance(entry, TextRow):
            stretch.append(entry)
            continue
        cut = _cut(above, stretch, entry, titled)
        for text in stretch[:cut]:
            if above is not None:
                _append(above, text)
        if entry is not None:
            _prepend(entry, _of_item(stretch[cut:], entry))
            if titled and above is not None and not is_named(entry.description):
                entry.description[:0] = _title(above)
        above, stretch = entry, []


def _title(draft: Draft) -> list[Piece]:
    """The first row of an item's text, which also names items below it that have no text of their own."""
    named = [piece for piece in draft.description if is_named([piece])]
    return [piece for piece in named if piece.segment.row == named[0].segment.row]


def _cut(above: Draft | None, stretch: Sequence[TextRow], below: Draft | None, titled: bool) -> int:
    """How many of the rows between two items belong to the upper one."""
    if above is None:
        return 0
    if below is None or not stretch:
        return len(stretch)
    nameless = titled and not is_named(below.description)
    begins = [place for place, text in enumerate(stretch) if _begins(text, nameless)]
    if begins:
        return begins[0]
    if titled and not nameless:
        return len(stretch)
    widest = _widest_gap(_gaps(above, stretch, below))
    if widest is None:
        widest = len(stretch) - 1 if nameless else len(stretch)
    return min(widest, len(stretch) - 1) if nameless else widest


def _begins(text: TextRow, nameless: bool) -> bool:
    """Bullets often stand before the details of an item; they begin one where items have no other name."""
    return text.marker == "position" or (nameless and text.marker == "bullet")


def _of_item(stretch: Sequence[TextRow], draft: Draft) -> Sequence[TextRow]:
    """The rows that begin the item; of several numbered rows the upper ones are headings of sections."""
    begins = [place for place, text in enumerate(stretch) if text.marker == "position"]
    if not begins:
        return stretch
    return () if draft.marker == "position" else stretch[begins[-1] :]


def _widest_gap(gaps: Sequence[float]) -> int | None:
    """The place of a gap that is distinctly wider than all others."""
    for place, gap in enumerate(gaps):
        if all(gap > _DISTINCT * other for other in (*gaps[:place], *gaps[place + 1 :])):
            return place
    return None


def _gaps(above: Draft, stretch: Sequence[TextRow], below: Draft) -> list[float]:
    """The steps from row to row between two items, in pixels; none if a page ends between them."""
    if above.line is None or below.line is None:
        return []
    lines = [above.line, *(text.row for text in stretch), below.line]
    if any(line.page != above.line.page for line in lines):
        return []
    return [lower.box.center_y - upper.box.center_y for upper, lower in itertools.pairwise(lines)]


def _append(draft: Draft, text: TextRow) -> None:
    draft.rows.append((text.row.page, text.row.index))
    draft.description += text.texts
    for place, pieces in text.cells.items():
        draft.cells.setdefault(place, pieces)


def _prepend(draft: Draft, texts: Sequence[TextRow]) -> None:
    for text in reversed(texts):
        draft.rows.insert(0, (text.row.page, text.row.index))
        draft.description[:0] = text.texts
        for place, pieces in text.cells.items():
            draft.cells.setdefault(place, pieces)
