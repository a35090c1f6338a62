"""Whether words given for a page are really printed on it, and how much of its print they explain.

A text layer may be hidden under a scan, or stamped on one, or drawn in white, or be a page number on a page
whose letters are all outlines. The ink tells: it is there or not, inside the words' boxes or outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Gray = npt.NDArray[np.uint8]

# Differences in brightness (0..255): faint print still shows this much at 72 dpi, paper does not.
LEAST_CONTRAST = 10
INK_CONTRAST = 60
# A box reaches this far (in pixels) around its word, as a small rendering blurs the edges.
MARGIN = 1.5
# Print at 72 dpi: bodies between these heights, not much longer than a line of text.
PRINT_HEIGHTS = (2, 24)
LONGEST_PRINT = 0.6
PAPER_REDUCTION = 5


@dataclass(frozen=True, slots=True)
class PrintCoverage:
    """`has_ink` says for each box whether something is printed in it; `explained` is 0..1, the share of
    the ink that looks like print which lies in boxes (1 where there is no such ink)."""

    has_ink: tuple[bool, ...]
    explained: float


def measure_print(gray: Gray, boxes: Floats) -> PrintCoverage:
    """Compare `boxes` (rows of left, top, right, bottom in pixels) with the page image `gray` (72 dpi)."""
    height, width = gray.shape
    limits = np.array([width, height, width, height])
    corners = np.clip(np.hstack([np.floor(boxes[:, :2] - MARGIN), np.ceil(boxes[:, 2:] + MARGIN)]), 0, limits)
    rectangles = [tuple(map(int, row)) for row in corners]
    has_ink = []
    inside = np.zeros(gray.shape, dtype=bool)
    for left, top, right, bottom in rectangles:
        inside[top:bottom, left:right] = True
        patch = gray[top:bottom, left:right]
        has_ink.append(patch.size > 0 and int(patch.max()) - int(patch.min()) >= LEAST_CONTRAST)
    ink = _print_like_ink(gray)
    total = int(ink.sum())
    explained = float((ink & inside).sum() / total) if total else 1.0
    return PrintCoverage(tuple(has_ink), explained)


def _print_like_ink(gray: Gray) -> npt.NDArray[np.bool_]:
    """The pixels that stand out from their surroundings in bodies of the size of letters and words."""
    surroundings = _surroundings(gray)
    ink = (cv2.absdiff(gray, surroundings) > INK_CONTRAST).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = statistics[:, cv2.CC_STAT_HEIGHT]
    widths = statistics[:, cv2.CC_STAT_WIDTH]
    is_print = (heights >= PRINT_HEIGHTS[0]) & (heights <= PRINT_HEIGHTS[1])
    is_print &= widths <= max(1, int(gray.shape[1] * LONGEST_PRINT))
    is_print &= (widths <= PRINT_HEIGHTS[1]) | (widths <= heights * 40)
    is_print[0] = False
    return np.asarray(is_print[labels] if count > 1 else np.zeros(gray.shape, dtype=bool))


def _surroundings(gray: Gray) -> Gray:
    """The brightness of the paper around each pixel: a wide median, taken on a reduced image for speed."""
    height, width = gray.shape
    reduced_size = (max(1, width // PAPER_REDUCTION), max(1, height // PAPER_REDUCTION))
    reduced = cv2.resize(gray, reduced_size, interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(reduced, 5), (width, height), interpolation=cv2.INTER_LINEAR)
    return paper.astype(np.uint8, copy=False)
