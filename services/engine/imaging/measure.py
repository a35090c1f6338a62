"""What can be measured of a page image before anything is done to it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

LETTERS_SIDE = 2000
"""Longer side in pixels of the image on which letters are measured."""

SMALL = 256
"""Longer side in pixels of the thumbnail on which the light is judged."""


@dataclass(frozen=True, slots=True)
class ImageMeasures:
    """`contrast` is between paper and ink, `unevenness` how much the paper's brightness varies (both 0..1);
    `noise` is the standard deviation of the grain in grey levels of 255, `speckle` the share of pixels that
    are single black or white dots, `sharpness` how steep the steepest edges are (0..1 of the contrast)."""

    contrast: float
    unevenness: float
    noise: float
    speckle: float
    sharpness: float


def measure(image: Pixels) -> ImageMeasures:
    """Measure a page image (height × width × 3, blue-green-red)."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    paper = paper_brightness(gray)
    ink = quantile(gray, 0.01)
    contrast = max(0.0, float(np.median(paper)) - ink) / 255
    bright, dark = quantile(paper, 0.95), quantile(paper, 0.05)
    return ImageMeasures(
        contrast=contrast,
        unevenness=(bright - dark) / 255,
        noise=_grain(gray),
        speckle=_speckle(gray),
        sharpness=_sharpness(gray, contrast),
    )


def letter_height(image: Pixels) -> float:
    """Median height in pixels of what looks like letters on a page; 0 where hardly anything does."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, LETTERS_SIDE / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    _, _, shapes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    widths, heights = shapes[1:, cv2.CC_STAT_WIDTH], shapes[1:, cv2.CC_STAT_HEIGHT]
    print_sized = (heights >= 5) & (widths >= 2) & (heights <= 0.05 * max(small.shape))
    letters = heights[print_sized & (widths < 4 * heights) & (heights < 6 * widths)]
    return float(np.median(letters)) / scale if letters.size > 20 else 0.0


def paper_brightness(gray: Pixels) -> Pixels:
    """A small image of the paper's brightness with the print taken away, longer side at most SMALL pixels.

    A grey closing takes away whatever is darker than its surroundings and smaller than 1/16 of the page.
    """
    scale = min(1.0, SMALL / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size = max(3, max(small.shape) // 16) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return np.asarray(cv2.medianBlur(closed, 5), dtype=np.uint8)


def quantile(values: npt.NDArray[np.integer], share: float) -> float:
    """The smallest of the `values` (at least 0, below 2^16) that `share` (0..1) of them do not exceed.

    Counting them takes a fraction of the time of sorting a whole page; 0 where there are none.
    """
    counts = np.bincount(values.ravel())
    return float(np.searchsorted(np.cumsum(counts), share * values.size))


def _grain(gray: Pixels) -> float:
    """Standard deviation of the noise, from the median of second differences where there is no edge.

    The mask cancels what is constant or linear (J. Immerkær, Fast Noise Variance Estimation, 1996); the
    median in place of the mean keeps the print from counting as noise (Donoho's robust estimate). Flat
    areas that are clipped to pure white hide noise, so they are left out.
    """
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    answer = np.abs(cv2.filter2D(gray, cv2.CV_16S, mask))
    unclipped = (gray > 2) & (gray < 253)
    if unclipped.mean() < 0.05:
        return 0.0
    return quantile(answer[unclipped], 0.5) / 0.6745 / 6


def _speckle(gray: Pixels) -> float:
    """Share of pixels that differ strongly from all of their eight neighbours."""
    ring = np.ones((3, 3), np.uint8)
    ring[1, 1] = 0
    above = cv2.subtract(gray, cv2.dilate(gray, ring))
    below = cv2.subtract(cv2.erode(gray, ring), gray)
    return float(((above > 48) | (below > 48)).mean())


def _sharpness(gray: Pixels, contrast: float) -> float:
    """The steepest step between pixels that are two apart, as a share of the contrast, 0..1."""
    if contrast <= 0:
        return 0.0
    across = np.asarray(cv2.absdiff(gray[:, 2:], gray[:, :-2]), dtype=np.uint8)
    steepest = quantile(across, 0.995) / 255
    return min(1.0, steepest / contrast)
