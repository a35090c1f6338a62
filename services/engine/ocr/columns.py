"""Blocks that stand side by side, such as the supplier on the left and the invoice's data on the right.

A page is cut along the white gutters between blocks (after the recursive X-Y cut of Nagy and Seth, 1984),
except where the two sides of a gutter belong together row by row, as labels and their values do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.engine.ocr.rows import Row, visual_rows
from shared.readings import Word

GUTTER = 2.0
"""Least width of the white between two blocks, in heights of a row."""

PARAGRAPH_GAP = 0.8
"""White between two rows, in heights of a row, from which they belong to different blocks."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Rows from the first up to but not including `end` share white around `x`."""

    end: int
    x: float


def reading_order(rows: Sequence[Row]) -> list[list[Row]]:
    """Blocks of rows in reading order: block by block where blocks stand side by side."""
    blocks: list[list[Row]] = []
    level: list[Row] = []
    index = 0
    while index < len(rows):
        cut = _cut(rows[index:])
        if cut is None:
            level.append(rows[index])
            index += 1
            continue
        blocks += paragraphs(level)
        level = []
        words = [word for row in rows[index : index + cut.end] for word in row.words]
        for side in _sides(words, cut.x):
            blocks += reading_order(visual_rows(side))
        index += cut.end
    return blocks + paragraphs(level)


def paragraphs(rows: Sequence[Row]) -> list[list[Row]]:
    """Part rows where the white between two of them is wider than between lines of one block."""
    blocks: list[list[Row]] = []
    for row in rows:
        above = blocks[-1][-1] if blocks else None
        if above is None or row.top - above.bottom > PARAGRAPH_GAP * max(row.height, above.height):
            blocks.append([])
        blocks[-1].append(row)
    return blocks


def _cut(rows: Sequence[Row]) -> _Cut | None:
    """The longest run of rows, from the first on, with blocks on both sides of a common gutter."""
    if len(rows[0].segments) < 2 and (len(rows) < 2 or not _beside(rows[0], rows[1])):
        return None
    best: _Cut | None = None
    covered: list[tuple[float, float]] = []
    for index, row in enumerate(rows):
        covered = _merged(covered + [(segment.left, segment.right) for segment in row.segments])
        gutters = [
            (right - left, (left + right) / 2)
            for (_, left), (right, _) in pairwise(covered)
            if right - left >= GUTTER * row.height
        ]
        if not gutters and index > 0:
            break
        run = rows[: index + 1]
        parted = [(width, x) for width, x in gutters if _parts_blocks(run, x, width)]
        if parted:
            best = _Cut(index + 1, max(parted)[1])
    return _without_rest(rows, best) if best else None


def _beside(row: Row, below: Row) -> bool:
    """Whether two rows are parts of blocks that stand side by side but not level."""
    return below.top < row.bottom and (
        below.words[0].box.x > row.segments[-1].right or below.segments[-1].right < row.words[0].box.x
    )


def _merged(intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(intervals):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _parts_blocks(rows: Sequence[Row], x: float, width: float) -> bool:
    """Whether what stands left and right of `x` are two blocks rather than labels and values."""
    lefts = [[segment for segment in row.segments if segment.right < x] for row in rows]
    rights = [[segment for segment in row.segments if segment.left > x] for row in rows]
    left_count, right_count = sum(map(bool, lefts)), sum(map(bool, rights))
    if min(left_count, right_count) < 2:
        return False
    both = [(left[-1], right[0]) for left, right in zip(lefts, rights, strict=True) if left and right]
    paired = sum(label.text.rstrip().endswith(":") or value.is_numeric for label, value in both)
    if len(both) >= 0.6 * min(left_count, right_count) and paired >= 0.5 * len(both):
        return False
    narrow = width < 1.5 * GUTTER * rows[0].height
    return not (narrow and len(both) >= 0.8 * max(left_count, right_count))


def _without_rest(rows: Sequence[Row], cut: _Cut) -> _Cut:
    """Leave out the last rows when they stand on one side only and apart from the block above them."""
    end = cut.end
    two_sided = (
        max(
            index
            for index in range(end)
            if len({segment.left > cut.x for segment in rows[index].segments}) == 2
        )
        if any(len({segment.left > cut.x for segment in row.segments}) == 2 for row in rows[:end])
        else end - 1
    )
    for index in range(two_sided + 1, end):
        if rows[index].top - rows[index - 1].bottom > PARAGRAPH_GAP * rows[index].height:
            return _Cut(index, cut.x)
    return cut


def _sides(words: Sequence[Word], x: float) -> tuple[list[Word], list[Word]]:
    left = [word for word in words if word.box.center_x < x]
    right = [word for word in words if word.box.center_x >= x]
    return left, right
