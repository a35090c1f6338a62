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
MOST_SHORT_LABELS = 65_000


@dataclass(frozen=True, slots=True)
class PrintCoverage:
    """`has_ink` says for each box whether something is printed in it; `explained` is 0..1, the share of
    the ink that looks like print which lies in boxes (1 where there is no such ink)."""

    has_ink: tuple[bool, ...]
    explained: float


def measure_print(gray: Gray, boxes: Floats) -> PrintCoverage:
    """Compare `boxes` (left, top, right, bottom in pixels, a row each) with the page `gray` at about 72 dpi."""
    height, width = gray.shape
    limits = np.array([width, height, width, height])
    corners = np.clip(np.hstack([np.floor(boxes[:, :2] - MARGIN), np.ceil(boxes[:, 2:] + MARGIN)]), 0, limits)
    has_ink = []
    inside = np.zeros(gray.shape, dtype=np.uint8)
    for left, top, right, bottom in corners.astype(np.int64).tolist():
        patch = gray[top:bottom, left:right]
        inside[top:bottom, left:right] = 1
        darkest, brightest = cv2.minMaxLoc(patch)[:2] if patch.size else (0, 0)
        has_ink.append(brightest - darkest >= LEAST_CONTRAST)
    ink = _print_like_ink(gray)
    explained = float(inside.ravel()[ink].mean()) if ink.size else 1.0
    return PrintCoverage(tuple(has_ink), explained)


def _print_like_ink(gray: Gray) -> npt.NDArray[np.int64]:
    """The pixels that stand out from their surroundings in bodies of the size of letters and words.

    They are given as places in the flat image.
    """
    _, ink = cv2.threshold(cv2.absdiff(gray, _surroundings(gray)), INK_CONTRAST, 1, cv2.THRESH_BINARY)
    places = np.flatnonzero(ink)
    # Labels of 16 bits are faster, and there are never more bodies than pixels.
    labels_type = cv2.CV_16U if places.size < MOST_SHORT_LABELS else cv2.CV_32S
    _, labels, statistics, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        ink, 8, labels_type, cv2.CCL_DEFAULT
    )
    heights = statistics[:, cv2.CC_STAT_HEIGHT]
    widths = statistics[:, cv2.CC_STAT_WIDTH]
    is_print = (heights >= PRINT_HEIGHTS[0]) & (heights <= PRINT_HEIGHTS[1])
    is_print &= widths <= max(1, int(gray.shape[1] * LONGEST_PRINT))
    is_print &= (widths <= PRINT_HEIGHTS[1]) | (widths <= heights * 40)
    return np.asarray(places[is_print[labels.ravel()[places]]])


def _surroundings(gray: Gray) -> Gray:
    """The brightness of the paper around each pixel: a wide median, taken on a reduced image for speed."""
    height, width = gray.shape
    reduced_size = (max(1, width // PAPER_REDUCTION), max(1, height // PAPER_REDUCTION))
    reduced = cv2.resize(gray, reduced_size, interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(reduced, 5), (width, height), interpolation=cv2.INTER_LINEAR)
    return paper.astype(np.uint8, copy=False)
