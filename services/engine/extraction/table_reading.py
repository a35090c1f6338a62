"""What has been read of an item table so far: its items, the rows of text, and the rows of sums."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.engine.extraction.columns import Head, Piece, pieces_of
from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import Draft, Marker, TextRow, is_named, marker_of
from services.engine.extraction.layout import Row
from services.engine.extraction.table_sums import Extent

NUMBER_COLUMNS = frozenset(
    {"quantity", "unitPrice", "amount", "grossAmount", "taxRate", "taxAmount", "discount", "other"}
)


@dataclass
class TableRow:
    """A row's pieces by the place of their column, and the number columns that have a number.

    `texts` are the pieces of the description.
    """

    row: Row
    cells: dict[int, list[Piece]]
    numbers: set[int]
    texts: list[Piece]
    marker: Marker | None


@dataclass(frozen=True)
class SumRow:
    """A row of a sum: how many items stand above it, and whether it is the sum of all of them."""

    count: int
    extent: Extent
    row: tuple[int, int]


@dataclass
class TableReading:
    """A table while its rows are read; `earlier` are the items under the same headings before."""

    document: Document
    head: Head
    earlier: tuple[Draft, ...] = ()
    entries: list[Draft | TextRow] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    sums: list[SumRow] = field(default_factory=list)
    previous: Row | None = None

    def last_item(self) -> Draft | None:
        """The item that the row above belongs to."""
        last = self.entries[-1] if self.entries else None
        return last if isinstance(last, Draft) else None

    def closing_sums(self) -> list[SumRow]:
        """The sums below items of this table that are not carried over to its next page."""
        return [
            found
            for found in self.sums
            if found.count
            and not (found.count < len(self.drafts) and self.drafts[found.count].page > found.row[0])
        ]


def read_row(document: Document, head: Head, row: Row) -> TableRow:
    """What the row has in each column of the table."""
    cells: dict[int, list[Piece]] = {}
    for segment in row.segments:
        for place, piece in pieces_of(document, head, segment):
            cells.setdefault(place, []).append(piece)
    numbers = {
        place
        for place, pieces in cells.items()
        if head.columns[place].concept in NUMBER_COLUMNS
        and any(piece.is_number(document) for piece in pieces)
    }
    texts = _texts(head, cells, numbers)
    return TableRow(row, cells, numbers, texts, marker_of(head, cells, texts))


def _texts(head: Head, cells: dict[int, list[Piece]], numbers: set[int]) -> list[Piece]:
    """The pieces of the description; without such a column, the text that stands beside the numbers."""
    places = head.places("description")
    if places:
        return [piece for place in places for piece in cells.get(place, [])]
    texts = [piece for place in sorted(cells) if place not in numbers for piece in cells[place]]
    return [piece for piece in texts if is_named([piece])] if numbers else texts
