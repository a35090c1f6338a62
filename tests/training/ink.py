"""Ink of a text: letters as laser printers, screens, needle printers and worn tills put them on paper."""

from __future__ import annotations

import random

import cv2
import numpy as np
import numpy.typing as npt
from PIL.ImageFont import FreeTypeFont

from tests.training.fonts import FontFile, opened

Grey = npt.NDArray[np.float32]
"""Height × width: ink is 0..1, brightness 0..255."""

HINTED = 0.4
"""Share of texts whose letters are drawn on the pixel grid, as screens and tills do."""

HINTED_SIZES = (12, 14, 16, 18, 21, 24, 28, 34)
"""Their sizes in pixels."""

SMOOTH_SIZE = 52
"""Size in pixels at which other letters are drawn before being brought to theirs, as scanners see print."""

LEAST_HEIGHT = 4
"""Pixels of height below which nothing can be read."""


def printed(rng: random.Random, noise: np.random.Generator, text: str, font: FontFile) -> Grey | None:
    """The ink of `text`, cut to what is printed; None if hardly anything is."""
    hinted = rng.random() < HINTED
    drawn = rng.choice(HINTED_SIZES) if hinted else SMOOTH_SIZE
    face = opened(font.path, drawn)
    spacing = rng.uniform(-0.04, 0.25) * drawn if rng.random() < 0.12 else 0.0
    mask = _spaced(text, face, spacing, drawn) if spacing else _mask(text, face)
    if mask is None:
        return None
    ink: Grey = mask.astype(np.float32) / np.float32(255)
    size = drawn if hinted else rng.choice((rng.uniform(11, 22), rng.uniform(15, 32), rng.uniform(20, 44)))
    stretch = _stretch(rng)
    if not hinted or stretch != 1.0:
        width = max(2, round(ink.shape[1] * stretch * size / drawn))
        height = max(LEAST_HEIGHT, round(ink.shape[0] * size / drawn))
        ink = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA), dtype=np.float32)
    ink = _styled(rng, ink, size)
    return _worn(rng, noise, ink, size) if rng.random() < 0.2 else ink


def _stretch(rng: random.Random) -> float:
    """Width by height, beside what the font says."""
    if rng.random() >= 0.3:
        return 1.0
    return rng.choice((rng.uniform(0.7, 1.2), rng.uniform(0.85, 1.15), rng.uniform(1.2, 1.7)))


def _mask(text: str, face: FreeTypeFont) -> npt.NDArray[np.uint8] | None:
    mask = _pixels(text, face)[0]
    return mask if mask.shape[0] >= LEAST_HEIGHT and mask.shape[1] else None


def _spaced(text: str, face: FreeTypeFont, spacing: float, size: int) -> npt.NDArray[np.uint8] | None:
    """The letters one by one, each `spacing` pixels further than the font says."""
    length = sum(face.getlength(sign) + spacing for sign in text)
    area = np.zeros((size * 3, int(length) + size * 3), np.uint8)
    left = float(size)
    for sign in text:
        mask, x, y = _pixels(sign, face)
        column, row = max(0, round(left) + x), max(0, size // 2 + y)
        target = area[row : row + mask.shape[0], column : column + mask.shape[1]]
        np.maximum(target, mask[: target.shape[0], : target.shape[1]], out=target)
        left += face.getlength(sign) + spacing
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    if not len(rows) or rows[-1] - rows[0] + 1 < LEAST_HEIGHT:
        return None
    return area[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _pixels(text: str, face: FreeTypeFont) -> tuple[npt.NDArray[np.uint8], int, int]:
    """What the font draws, 0..255, and how far right and down of its origin."""
    mask, (x, y) = face.getmask2(text, mode="L")
    width, height = mask.size
    return np.frombuffer(bytes(mask), dtype=np.uint8).reshape(height, width), round(x), round(y)


def _styled(rng: random.Random, ink: Grey, size: float) -> Grey:
    """A little fatter, thinner, in dots, or mostly as it is."""
    style = rng.random()
    square = np.ones((2, 2), np.uint8)
    if style < 0.06:
        return np.asarray(cv2.dilate(ink, square), dtype=np.float32)
    if style < 0.1 and size > 18:
        return np.asarray(cv2.erode(ink, square), dtype=np.float32)
    return _dotted(rng, ink, size) if style < 0.17 else ink


def _dotted(rng: random.Random, ink: Grey, size: float) -> Grey:
    """As needles print it: dots on a grid."""
    pitch = max(2.0, size / rng.uniform(7, 13))
    rows = np.cos(np.arange(ink.shape[0]) * 2 * np.pi / pitch)[:, None]
    columns = np.cos(np.arange(ink.shape[1]) * 2 * np.pi / pitch)[None, :]
    dots = np.clip(rng.uniform(0.6, 0.95) + 0.5 * (rows + columns), 0, 1)
    return np.asarray(cv2.GaussianBlur(ink * dots, (0, 0), 0.5), dtype=np.float32)


def _worn(rng: random.Random, noise: np.random.Generator, ink: Grey, size: float) -> Grey:
    """Uneven: with patches or bands where it is pale."""
    height, width = ink.shape
    coarse = max(1.0, size * rng.uniform(0.04, 0.5))
    rows, columns = int(height / coarse) + 2, int(width / coarse) + 2
    if rng.random() < 0.3:
        rows = 1
    field = cv2.resize(noise.random((rows, columns), dtype=np.float32), (width, height))
    least = rng.uniform(0.2, 0.8)
    strength = np.clip(field * rng.uniform(1.0, 3.0) + least - rng.uniform(0, 0.4), 0.12, 1)
    return np.asarray(ink * strength, dtype=np.float32)
