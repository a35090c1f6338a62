"""Blocks that stand side by side, such as the supplier on the left and the invoice's data on the right.

A page is cut along the white gutters between blocks (after the recursive X-Y cut of Nagy and Seth, 1984),
except where the two sides of a gutter belong together row by row, as labels and their values do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.engine.ocr.rows import Row, Segment, visual_rows
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
    """Whether what stands left and right of `x` are two blocks rather than labels and their values."""
    lefts = [_left_of(row, x) for row in rows]
    rights = [_right_of(row, x) for row in rows]
    left_count, right_count = sum(map(bool, lefts)), sum(map(bool, rights))
    if min(left_count, right_count) < 2:
        return False
    level = [(left[-1], right[0]) for left, right in zip(lefts, rights, strict=True) if left and right]
    narrow = width < 1.5 * GUTTER * rows[0].height
    if narrow and len(level) >= 0.8 * max(left_count, right_count):
        return False
    mostly_level = len(level) >= 0.6 * min(left_count, right_count)
    marked = sum(label.text.endswith(":") or value.is_numeric for label, value in level)
    if mostly_level and marked >= 0.5 * len(level):
        return False
    labels = sum(_is_label(label) for label, _ in level)
    answers = sum(any(character.isdigit() for character in value.text) for _, value in level)
    every_left = len(level) >= 0.8 * left_count
    return not (every_left and labels >= 0.7 * len(level) and answers >= 0.5 * len(level))


def _left_of(row: Row, x: float) -> list[Segment]:
    return [segment for segment in row.segments if segment.right < x]


def _right_of(row: Row, x: float) -> list[Segment]:
    return [segment for segment in row.segments if segment.left > x]


def _is_label(segment: Segment) -> bool:
    """Whether it could name a value: a few words and no number."""
    few = len(segment.words) <= 4
    return few and not any(character.isdigit() for character in segment.text)


def _without_rest(rows: Sequence[Row], cut: _Cut) -> _Cut:
    """Leave out the last rows when they stand on one side only and apart from the block above them."""
    level = [
        index for index in range(cut.end) if _left_of(rows[index], cut.x) and _right_of(rows[index], cut.x)
    ]
    first = level[-1] + 1 if level else cut.end
    for index in range(first, cut.end):
        if rows[index].top - rows[index - 1].bottom > PARAGRAPH_GAP * rows[index].height:
            return _Cut(index, cut.x)
    return cut


def _sides(words: Sequence[Word], x: float) -> tuple[list[Word], list[Word]]:
    left = [word for word in words if word.box.center_x < x]
    right = [word for word in words if word.box.center_x >= x]
    return left, right
