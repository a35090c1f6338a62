"""How a page lies, judged from its text lines: turned by quarters, or skewed by a few degrees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LARGEST_SKEW = 18.0
"""Degrees up to which a page is deskewed; what leans more is not a page laid askew on a scanner."""

SMALLEST_SKEW = 0.3
"""Degrees below which turning the page would change nothing about its reading."""

LONG = 2.5
"""Length by height from which a text line tells its direction."""

Quads = Sequence[npt.NDArray[np.float32]]


def lines_stand_upright(quads: Quads) -> bool:
    """Whether most of the text, by length, runs vertically: the page is turned by 90 or 270 degrees."""
    boxes = [quad.max(axis=0) - quad.min(axis=0) for quad in quads]
    level = sum(float(width) for width, height in boxes if width >= LONG * height)
    standing = sum(float(height) for width, height in boxes if height >= LONG * width)
    return standing > 2 * level


def skew_angle(quads: Quads) -> float:
    """Degrees, counter-clockwise, by which to turn the page so that its text lines lie level.

    The median of the directions of the long lines, weighted by their length, so that single slanted lines
    (a stamp, a signature) do not count. 0 where the lines do not agree or no line is long enough, and for
    angles that are not worth a turn or too large to be skew.
    """
    angles, weights = _directions(quads)
    if not angles.size:
        return 0.0
    middle = _weighted_median(angles, weights)
    spread = _weighted_median(np.abs(angles - middle), weights)
    meaningful = SMALLEST_SKEW <= abs(middle) <= LARGEST_SKEW
    return middle if meaningful and spread <= max(0.5, abs(middle) / 3) else 0.0


def _directions(quads: Quads) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Angle in degrees (positive when the right end is lower) and length in pixels of the long lines."""
    angles, lengths = [], []
    for quad in quads:
        top_left, top_right, bottom_right, bottom_left = quad.astype(np.float64)
        along = (top_right - top_left + bottom_right - bottom_left) / 2
        across = (bottom_left - top_left + bottom_right - top_right) / 2
        length, height = float(np.hypot(*along)), float(np.hypot(*across))
        if length >= 2 * LONG * height and height > 0:
            angles.append(np.degrees(np.arctan2(along[1], along[0])))
            lengths.append(length)
    return np.asarray(angles, dtype=np.float64), np.asarray(lengths, dtype=np.float64)


def _weighted_median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
