"""Straightened pictures of text lines, cut out of a page."""

from __future__ import annotations

import cv2
import numpy as np

from services.engine.ocr.recogniser import Image, Quad

STANDING = 2.5
"""Height by width from which a line is taken for vertical text; a lone 1 or I is less."""


def is_standing(quad: Quad) -> bool:
    """Whether the line runs from top to bottom or from bottom to top."""
    length, height = _size(quad)
    return height >= STANDING * length


def lying(quad: Quad) -> Quad:
    """The corners of a standing line, named as they are when it is read from top to bottom."""
    return np.roll(quad, -1, axis=0)


def reversed_quad(quad: Quad) -> Quad:
    """The corners of a line, named as they are when it is read upside down."""
    return np.roll(quad, -2, axis=0)


def cut(page: Image, quad: Quad) -> Image:
    """The picture of a line, with its first corner at the top left; at least one pixel wide and high."""
    length, height = _size(quad)
    width, height = max(1, round(length)), max(1, round(height))
    left, top = quad.min(axis=0)
    level = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
    if np.abs(quad - level).max() <= 1.0:
        x, y = max(0, round(float(left))), max(0, round(float(top)))
        part = page[y : y + height, x : x + width]
        if part.size:
            return part
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    straighten = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    picture = cv2.warpPerspective(
        page, straighten, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(picture, dtype=np.uint8)


def _size(quad: Quad) -> tuple[float, float]:
    """Length along the line and height across it, in pixels."""
    top_left, top_right, bottom_right, bottom_left = quad
    length = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    return float(length), float(height)
