"""Tables without lines: rows of amounts that follow each other, and the columns they line up in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.engine.ocr.rows import Row
from shared.readings import BoundingBox, Cell, Word, mean_confidence

MOST_BETWEEN = 2
"""Rows without amounts (a description that runs on) that may stand between two rows of a table."""

COLUMN_GAP = 0.4
"""Least width of the gap between two columns, in heights of a row."""


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows from `start` up to but not including `end`, and whether they form a table."""

    start: int
    end: int
    is_table: bool


def find_tables(rows: Sequence[Row]) -> list[RowRange]:
    """Part the rows of a page, top to bottom, into tables and what stands between them.

    A table has two rows at least that end in an amount, close to each other, and takes the header row that
    stands right above them.
    """
    ranges: list[RowRange] = []
    done = 0
    index = 0
    while index < len(rows):
        end = _table_end(rows, index)
        if end is None:
            index += 1
            continue
        start = _with_header(rows, index, done)
        if start > done:
            ranges.append(RowRange(done, start, is_table=False))
        ranges.append(RowRange(start, end, is_table=True))
        done = index = end
    if done < len(rows):
        ranges.append(RowRange(done, len(rows), is_table=False))
    return ranges


def table_cells(rows: Sequence[Row], table: int) -> list[Cell]:
    """The cells of the table that `rows` form; a row that only runs on in one column joins the one above."""
    edges = column_edges(rows)
    cells: list[Cell] = []
    number = -1
    previous: Row | None = None
    for row in rows:
        by_column = _by_column(row, edges)
        runs_on = (
            previous is not None and len(by_column) == 1 and _runs_on(cells, number, by_column, row, previous)
        )
        if runs_on:
            ((column, words),) = by_column.items()
            above = next(c for c in cells if c.row == number and c.column == column)
            cells[cells.index(above)] = _joined(above, words)
        else:
            number += 1
            cells += [_cell(table, number, column, words) for column, words in sorted(by_column.items())]
        previous = row
    return cells


def column_edges(rows: Sequence[Row]) -> list[float]:
    """Where one column ends and the next begins, in pixels from the left, between the outermost columns.

    A gap between columns is where hardly any row has print: single rows may run across, such as a
    description that is longer than its column.
    """
    right = max(segment.right for row in rows for segment in row.segments)
    covered = np.zeros(int(right) + 2, dtype=np.int32)
    for row in rows:
        for segment in row.segments:
            covered[max(0, int(segment.left)) : int(segment.right) + 1] += 1
    print_begins = int(np.flatnonzero(covered)[0])
    gap = COLUMN_GAP * float(np.median([row.height for row in rows]))
    free = np.flatnonzero(covered[print_begins:] <= len(rows) // 8) + print_begins
    runs = np.split(free, np.flatnonzero(np.diff(free) > 1) + 1)
    return [
        float(run[0] + run[-1] + 1) / 2
        for run in runs
        if run.size >= gap and run[0] > print_begins and run[-1] < int(right)
    ]


def _table_end(rows: Sequence[Row], start: int) -> int | None:
    """End of the table whose first row with an amount is `start`, or None when there is no second one."""
    if not _ends_in_amount(rows[start]):
        return None
    end = start + 1
    count = 1
    between = 0
    for index in range(start + 1, len(rows)):
        if rows[index].top - rows[index - 1].bottom > 3 * rows[start].height:
            break
        if _ends_in_amount(rows[index]):
            end, between = index + 1, 0
            count += 1
            continue
        between += 1
        if between > MOST_BETWEEN:
            break
    return end if count > 1 else None


def _ends_in_amount(row: Row) -> bool:
    return len(row.segments) > 1 and any(segment.is_amount for segment in row.segments[1:])


def _with_header(rows: Sequence[Row], start: int, not_before: int) -> int:
    """Index of the header row above a table's first row, or `start` where there is none."""
    for index in range(start - 1, max(not_before, start - 3) - 1, -1):
        row = rows[index]
        if rows[index + 1].top - row.bottom > 2.5 * row.height:
            break
        wide = len(row.segments) >= max(2, len(rows[start].segments) - 2)
        if wide and not any(segment.is_numeric for segment in row.segments):
            return index
    return start


def _by_column(row: Row, edges: Sequence[float]) -> dict[int, list[Word]]:
    columns: dict[int, list[Word]] = {}
    for word in row.words:
        column = bisect_left(edges, word.box.center_x)
        columns.setdefault(column, []).append(word)
    return columns


def _runs_on(
    cells: Sequence[Cell], number: int, by_column: dict[int, list[Word]], row: Row, previous: Row
) -> bool:
    close = row.top - previous.bottom < 0.6 * row.height
    (column,) = by_column
    return close and any(cell.row == number and cell.column == column for cell in cells)


def _cell(table: int, row: int, column: int, words: Sequence[Word]) -> Cell:
    return Cell(
        table,
        row,
        column,
        " ".join(word.text for word in words),
        mean_confidence(words),
        BoundingBox.around(word.box for word in words),
    )


def _joined(cell: Cell, words: Sequence[Word]) -> Cell:
    more = _cell(cell.table, cell.row, cell.column, words)
    letters, others = len(cell.text), len(more.text)
    confidence = (cell.confidence * letters + more.confidence * others) / (letters + others)
    box = BoundingBox.around((cell.box, more.box))
    return Cell(cell.table, cell.row, cell.column, f"{cell.text} {more.text}", confidence, box)
