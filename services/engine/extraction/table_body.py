"""The body of an item table, row by row from under its heading to where it ends."""

from __future__ import annotations

from collections.abc import Iterator

from services.engine.extraction.adjustments import adjusts, settle_net
from services.engine.extraction.columns import Head
from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import Draft, TextRow
from services.engine.extraction.layout import Row
from services.engine.extraction.own_words import marks_no_item
from services.engine.extraction.row_parts import ends_table, is_passed_over, starts_item
from services.engine.extraction.table_reading import SumRow, TableReading, TableRow, read_row
from services.engine.extraction.table_sums import Extent, sum_row


def read_body(reading: TableReading, following: Head | None, furniture: frozenset[tuple[int, int]]) -> None:
    """Read rows into `reading` until the table ends, at the latest at the heading `following`.

    `furniture` are the rows (page, row) that every page repeats.
    """
    document, head = reading.document, reading.head
    carried_on: int | None = None
    for row in _body_rows(document, head, following, furniture):
        if row.page == carried_on:
            continue
        found = read_row(document, head, row)
        if any(hit.is_label("carried") for hit in document.labels.in_row(row)):
            carried_on = (
                row.page if reading.previous is not None and reading.previous.page == row.page else None
            )
            continue
        extent = _sum_extent(reading, found)
        if extent is not None:
            reading.sums.append(SumRow(len(reading.drafts), extent, (row.page, row.index)))
            reading.previous = row
            continue
        if ends_table(reading, found):
            break
        if marks_no_item(document.labels.within(row.segments[0])):
            continue
        if not is_passed_over(reading, found):
            reading.previous = row
            _take(reading, found)


def _body_rows(
    document: Document, head: Head, following: Head | None, furniture: frozenset[tuple[int, int]]
) -> Iterator[Row]:
    """Rows from under the heading to the next heading, over page ends, without what every page repeats."""
    for page in document.pages[head.page - 1 :]:
        for row in page.rows:
            if page.number == head.page and row.index <= head.last_row:
                continue
            if following is not None and (page.number, row.index) >= (following.page, following.first_row):
                return
            if (page.number, row.index) not in furniture:
                yield row


def _sum_extent(reading: TableReading, found: TableRow) -> Extent | None:
    above = [*reading.earlier, *reading.drafts]
    last = reading.sums[-1].count if reading.sums else 0
    section = len(reading.earlier) + last
    return sum_row(reading.document, reading.head, found.row, found.cells, drafts=above, section=section)


def _take(reading: TableReading, found: TableRow) -> None:
    """Begin an item with the row, add it to the item before, or keep it until it is clear whose it is."""
    document, head, row = reading.document, reading.head, found.row
    if reading.drafts and settle_net(document, head, reading.drafts, row, found.cells):
        reading.entries[:] = [e for e in reading.entries if isinstance(e, TextRow) or e in reading.drafts]
        return
    if starts_item(reading, found):
        rows = [(row.page, row.index)]
        draft = Draft(found.texts, row.page, dict(found.cells), rows, line=row, marker=found.marker)
        draft.adjusts = adjusts(document, head, row, draft, reading.drafts[-1] if reading.drafts else None)
        reading.drafts.append(draft)
        reading.entries.append(draft)
    elif found.numbers and found.marker != "position" and (last := reading.last_item()) is not None:
        last.rows.append((row.page, row.index))
        last.description += found.texts
        for place, pieces in found.cells.items():
            last.cells.setdefault(place, pieces)
    else:
        reading.entries.append(TextRow(row, found.texts, found.cells, found.marker))
