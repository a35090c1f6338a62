"""Which pictures of lines are recognised together, and how wide the recogniser's input is for each.

PaddleOCR pads every line to 320 pixels at least and to the widest of its batch, and most lines of an invoice
are shorter. Here lines share a call only with lines of the same input width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from services.engine.ocr.recogniser import Image

LINE_HEIGHT = 48
"""Height in pixels at which the recogniser looks at a line."""

WIDTH_STEP = 32
"""Lines are padded to a multiple of this width: few input shapes, little padding."""

WIDEST_LINE = 3200
"""Width in pixels above which a line is squeezed, PaddleOCR's own bound."""

BATCH_WIDTH = 640
"""Summed width of the lines recognised in one call, so that memory does not depend on the page."""


def batches(lines: Sequence[Image]) -> Iterator[tuple[int, list[int]]]:
    """Input width and indexes of lines that share it, at most BATCH_WIDTH pixels together, or one line."""
    by_width: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        by_width.setdefault(_input_width(line), []).append(index)
    for width, members in sorted(by_width.items()):
        size = max(1, BATCH_WIDTH // width)
        for start in range(0, len(members), size):
            yield width, members[start : start + size]


def filled_share(line: Image, width: int) -> float:
    """How much of an input of this width the line takes, 0..1; the rest is padding to its right."""
    return min(1.0, _scaled_width(line) / width)


def _input_width(line: Image) -> int:
    return min(math.ceil(_scaled_width(line) / WIDTH_STEP) * WIDTH_STEP, WIDEST_LINE)


def _scaled_width(line: Image) -> int:
    height, width = line.shape[:2]
    return math.ceil(LINE_HEIGHT * int(width) / int(height))
