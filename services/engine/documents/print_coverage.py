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
# Where this share of all ink lies in boxes, what the rest looks like no longer matters.
PLAINLY_EXPLAINED = 0.8
MOST_SHORT_LABELS = 65_000


@dataclass(frozen=True, slots=True)
class PrintCoverage:
    """`has_ink` says for each box whether something is printed in it; `explained` is 0..1, the share of
    the ink that looks like print which lies in boxes (1 where there is no such ink)."""

    has_ink: tuple[bool, ...]
    explained: float


def measure_print(gray: Gray, boxes: Floats) -> PrintCoverage:
    """Compare `boxes` (rows of left, top, right, bottom in pixels) with the page `gray`, at about 72 dpi."""
    height, width = gray.shape
    limits = np.array([width, height, width, height])
    corners = np.clip(np.hstack([np.floor(boxes[:, :2] - MARGIN), np.ceil(boxes[:, 2:] + MARGIN)]), 0, limits)
    has_ink = []
    inside = np.zeros(gray.shape, dtype=np.uint8)
    for left, top, right, bottom in corners.astype(np.int64).tolist():
        inside[top:bottom, left:right] = 1
        has_ink.append(contrast(gray[top:bottom, left:right]) >= LEAST_CONTRAST)
    return PrintCoverage(tuple(has_ink), _explained(_ink(gray), inside))


def contrast(patch: Gray) -> float:
    """The difference between the brightest and the darkest pixel; 0 where there is none."""
    darkest, brightest = cv2.minMaxLoc(patch)[:2] if patch.size else (0.0, 0.0)
    return brightest - darkest


def _explained(ink: Gray, inside: Gray) -> float:
    """The share, 0..1, of the ink that lies inside; of what looks like print where that is in question."""
    printed = cv2.countNonZero(ink)
    if not printed:
        return 1.0
    share = cv2.countNonZero(cv2.bitwise_and(ink, inside)) / printed
    if share >= PLAINLY_EXPLAINED:
        return share
    places = _print_like(ink)
    return float(inside.ravel()[places].mean()) if places.size else 1.0


def _ink(gray: Gray) -> Gray:
    """1 where a pixel stands out from its surroundings."""
    _, ink = cv2.threshold(cv2.absdiff(gray, _surroundings(gray)), INK_CONTRAST, 1, cv2.THRESH_BINARY)
    return np.asarray(ink, dtype=np.uint8)


def _print_like(ink: Gray) -> npt.NDArray[np.int64]:
    """The ink in bodies of the size of letters and words, as places in the flat image."""
    places = np.flatnonzero(ink.view(np.bool_))
    # Labels of 16 bits are faster, and there are never more bodies than pixels.
    labels_type = cv2.CV_16U if places.size < MOST_SHORT_LABELS else cv2.CV_32S
    _, labels, statistics, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        ink, 8, labels_type, cv2.CCL_DEFAULT
    )
    heights = statistics[:, cv2.CC_STAT_HEIGHT]
    widths = statistics[:, cv2.CC_STAT_WIDTH]
    is_print = (heights >= PRINT_HEIGHTS[0]) & (heights <= PRINT_HEIGHTS[1])
    is_print &= widths <= max(1, int(ink.shape[1] * LONGEST_PRINT))
    is_print &= (widths <= PRINT_HEIGHTS[1]) | (widths <= heights * 40)
    return np.asarray(places[is_print[labels.ravel()[places]]])


def _surroundings(gray: Gray) -> Gray:
    """The brightness of the paper around each pixel: a wide median, taken on a reduced image for speed."""
    height, width = gray.shape
    columns, rows = (max(1, side // PAPER_REDUCTION) for side in (width, height))
    whole = gray[: rows * PAPER_REDUCTION, : columns * PAPER_REDUCTION]
    reduced = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(reduced, 5), (width, height), interpolation=cv2.INTER_LINEAR)
    return paper.astype(np.uint8, copy=False)
