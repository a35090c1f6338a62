"""From ink to the picture that a scanner, a fax, a telephone or a screen makes of it."""

from __future__ import annotations

import random

import cv2
import numpy as np
import numpy.typing as npt

from tests.training.ink import Grey


def on_paper(rng: random.Random, noise: np.random.Generator, ink: Grey) -> Grey:
    """The brightness of `ink` on some paper; now and then white on dark."""
    paper = _paper(rng, noise, ink.shape)
    dark = rng.uniform(0, 110) if rng.random() < 0.88 else rng.uniform(80, 190)
    if rng.random() < 0.04:
        return np.asarray(rng.uniform(0, 130) * (1 - ink) + rng.uniform(200, 255) * ink, dtype=np.float32)
    return np.asarray(paper + (np.minimum(dark, paper - 40) - paper) * ink, dtype=np.float32)


def scanned(rng: random.Random, noise: np.random.Generator, grey: Grey) -> Grey:
    """As it is, as a fax leaves it, or with the focus, grain and compression of a scan; may leave 0..255."""
    way = rng.random()
    if way < 0.25:
        return grey
    if way < 0.33:
        return _faxed(rng, noise, grey)
    return _developed(rng, _grained(rng, noise, _focused(rng, grey)))


def coloured(line: npt.NDArray[np.uint8], noise: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A grey line (height × width) in coloured ink or on coloured paper (height × width × 3)."""
    grey = line.astype(np.float32)[..., None] / 255
    if noise.random() < 0.5:
        colours = noise.uniform(0, 60, 3) * (1 - grey) + 255 * grey
    else:
        colours = noise.uniform(190, 255, 3) * grey
    return np.asarray(np.clip(colours, 0, 255), dtype=np.uint8)


def _paper(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Grey:
    """White or grey, at times darker to one side, stained, or with an edge in it."""
    height, width = shape
    level = rng.uniform(225, 255) if rng.random() < 0.8 else rng.uniform(130, 250)
    paper = np.full(shape, level, dtype=np.float32)
    if rng.random() < 0.2:
        ends = rng.uniform(-45, 10), rng.uniform(-45, 10)
        paper += np.linspace(*ends, width, dtype=np.float32)[None, :]
    if rng.random() < 0.12:
        field = noise.normal(0, rng.uniform(4, 18), (height // 4 + 1, width // 4 + 1)).astype(np.float32)
        paper += np.asarray(cv2.resize(field, (width, height)), dtype=np.float32)
    if rng.random() < 0.04:
        paper[:, : rng.randrange(width)] -= rng.uniform(10, 60)
    return paper


def _focused(rng: random.Random, grey: Grey) -> Grey:
    """Blurred, or seen with fewer pixels, or both."""
    height, width = grey.shape
    if rng.random() < 0.6:
        grey = _blurred(grey, rng.uniform(0.25, 0.045 * min(height, 40)))
    if rng.random() < 0.25:
        shrunk = rng.uniform(max(0.45, 13 / height), 1.0) if height > 14 else 1.0
        small = max(2, round(width * shrunk)), max(2, round(height * shrunk))
        way = rng.choice((cv2.INTER_AREA, cv2.INTER_LINEAR))
        grey = np.asarray(cv2.resize(grey, small, interpolation=way), dtype=np.float32)
    return grey


def _grained(rng: random.Random, noise: np.random.Generator, grey: Grey) -> Grey:
    """With the noise of a sensor, and dust."""
    if rng.random() < 0.5:
        deviation = rng.uniform(1, 9) if rng.random() < 0.8 else rng.uniform(8, 26)
        grey = grey + noise.standard_normal(grey.shape, dtype=np.float32) * np.float32(deviation)
    if rng.random() < 0.08:
        specks = noise.random(grey.shape) < rng.uniform(0.0005, 0.01)
        grey = np.where(specks, np.float32(rng.choice((20.0, 255.0))), grey)
    return grey


def _developed(rng: random.Random, grey: Grey) -> Grey:
    """Of another gamma, compressed, or sharpened."""
    if rng.random() < 0.15:
        grey = np.asarray(255 * np.clip(grey / 255, 0, 1) ** rng.uniform(0.6, 1.8), dtype=np.float32)
    if rng.random() < 0.45:
        quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randrange(18, 92)]
        _, encoded = cv2.imencode(".jpg", np.clip(grey, 0, 255).astype(np.uint8), quality)
        grey = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.float32)
    if rng.random() < 0.05:
        grey = grey + np.float32(rng.uniform(0.3, 1.2)) * (grey - _blurred(grey, 1.2))
    return grey


def _faxed(rng: random.Random, noise: np.random.Generator, grey: Grey) -> Grey:
    """In black and white, half of the time with half of the rows."""
    height, width = grey.shape
    rows = max(8, height // 2) if rng.random() < 0.5 and height >= 22 else height
    coarse = np.asarray(cv2.resize(grey, (width, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)
    low, high = float(coarse.min()), float(coarse.max())
    black = coarse < low + (high - low) * rng.uniform(0.4, 0.72)
    if rng.random() < 0.4:
        black ^= noise.random(black.shape) < 0.002
    ink = np.where(black, 0, 255).astype(np.float32)
    fine = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.float32)
    return _blurred(fine, 0.5) if rng.random() < 0.4 else fine


def _blurred(grey: Grey, deviation: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), deviation), dtype=np.float32)
