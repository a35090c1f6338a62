"""Pictures of text lines as they are cut out of scans, faxes, photos, receipts and rendered pages.

Lines are printed at the size they have on a page, spoilt there, and only then brought to the reader's height.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tests.training.fonts import FontChoice, FontFile, opened
from tests.training.texts import TextMaker

Grey = npt.NDArray[np.float32]
"""Brightness 0..255, height × width."""

HEIGHT = 48
"""Height in pixels at which the recogniser looks at a line."""

WIDEST = 960
"""Lines that come out wider than this, in pixels at the reader's height, are drawn anew."""


HINTED_SIZES = (12, 14, 16, 18, 21, 24, 28, 34)
"""Sizes in pixels at which letters are drawn on the pixel grid, as screens and tills do."""

SMOOTH_SIZE = 52
"""Size in pixels at which letters are drawn before they are brought to theirs, as scanners see print."""


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line as the reader sees it (its height × width, 0..255), and what it says."""

    pixels: npt.NDArray[np.uint8]
    text: str


class LinePrinter:
    """Draws lines: a text, a font, a way of printing it, and what befell it since."""

    def __init__(
        self, texts: TextMaker, latin: FontChoice, foreign: FontChoice, known: frozenset[str]
    ) -> None:
        self._texts = texts
        self._latin = latin
        self._foreign = foreign
        self._known = known

    def draw(self, seed: int) -> LinePicture:
        """The line of this seed, always the same."""
        rng = random.Random(seed)
        noise = np.random.default_rng(seed)
        while True:
            text = self._texts.draw(rng)
            label = " ".join(text.split())
            if not self._known.issuperset(label):
                continue
            font = self._latin.draw(rng, text) or self._foreign.draw(rng, text)
            if font is None or not label:
                continue
            ink = _printed(rng, noise, text, font)
            if ink is None:
                continue
            grey = self._spoilt(rng, noise, ink, font)
            pixels = at_height(np.clip(grey, 0, 255).astype(np.uint8))
            if pixels.shape[1] <= WIDEST and readable(label, pixels.shape[1]):
                return LinePicture(pixels, label)

    def _spoilt(self, rng: random.Random, noise: np.random.Generator, ink: Grey, font: FontFile) -> Grey:
        """The crop around `ink` (0..1) after printing, scanning and cutting."""
        area = _framed(rng, ink)
        if rng.random() < 0.14:
            _add_neighbour(rng, noise, area, self._texts.word(rng), font, ink.shape[0])
        if rng.random() < 0.09:
            _add_rules(rng, area)
        if rng.random() < 0.3:
            area = _askew(rng, area)
        paper = _paper(rng, noise, area.shape)
        dark = rng.uniform(0, 110) if rng.random() < 0.88 else rng.uniform(80, 190)
        level = np.minimum(dark, paper - 40)
        if rng.random() < 0.04:
            paper, level = (
                np.full_like(paper, rng.uniform(0, 130)),
                np.full_like(paper, rng.uniform(200, 255)),
            )
        grey = np.asarray(paper + (level - paper) * area, dtype=np.float32)
        return _scanned(rng, noise, grey)


def at_height(line: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The line at the height of the recogniser, brought there as PaddleOCR does it."""
    height, width = line.shape[:2]
    return np.asarray(cv2.resize(line, (math.ceil(HEIGHT * width / height), HEIGHT)), dtype=np.uint8)


def readable(text: str, width: int) -> bool:
    """Whether a line of `width` pixels has steps enough for CTC: one for each sign, one between like ones."""
    pairs = sum(first == second for first, second in zip(text, text[1:], strict=False))
    return len(text) + pairs <= width // 8


def _printed(rng: random.Random, noise: np.random.Generator, text: str, font: FontFile) -> Grey | None:
    """The ink of `text`, 0..1, cut to what is printed; None if nothing is."""
    hinted = rng.random() < 0.4
    drawn = rng.choice(HINTED_SIZES) if hinted else SMOOTH_SIZE
    face = opened(font.path, drawn)
    spacing = rng.uniform(-0.04, 0.25) * drawn if rng.random() < 0.12 else 0.0
    mask = _spaced(text, face, spacing, drawn) if spacing else _mask(text, face)
    if mask is None:
        return None
    ink = mask.astype(np.float32) / 255
    size = drawn if hinted else rng.choice((rng.uniform(11, 22), rng.uniform(15, 32), rng.uniform(20, 44)))
    stretch = 1.0
    if rng.random() < 0.3:
        stretch = rng.choice((rng.uniform(0.7, 1.2), rng.uniform(0.85, 1.15), rng.uniform(1.2, 1.7)))
    if not hinted or stretch != 1.0:
        width = max(2, round(ink.shape[1] * stretch * size / drawn))
        height = max(4, round(ink.shape[0] * size / drawn))
        ink = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA), dtype=np.float32)
    style = rng.random()
    if style < 0.06:
        ink = np.asarray(cv2.dilate(ink, np.ones((2, 2), np.uint8)), dtype=np.float32)
    elif style < 0.1 and size > 18:
        ink = np.asarray(cv2.erode(ink, np.ones((2, 2), np.uint8)), dtype=np.float32)
    elif style < 0.17:
        ink = _dotted(rng, ink, size)
    if rng.random() < 0.2:
        ink = ink * _wear(rng, noise, ink.shape, size)
    return ink


def _mask(text: str, face: object) -> npt.NDArray[np.uint8] | None:
    mask = face.getmask(text, mode="L")  # type: ignore[attr-defined]
    width, height = mask.size
    if width < 1 or height < 4:
        return None
    return np.frombuffer(bytes(mask), dtype=np.uint8).reshape(height, width)


def _spaced(text: str, face: object, spacing: float, size: int) -> npt.NDArray[np.uint8] | None:
    """The letters one by one, each `spacing` pixels further than the font says."""
    area = np.zeros(
        (size * 3, int(size * 2 + sum(face.getlength(sign) + spacing for sign in text) + size)), np.uint8
    )  # type: ignore[attr-defined]
    left = float(size)
    for sign in text:
        mask, (x, y) = face.getmask2(sign, mode="L")  # type: ignore[attr-defined]
        width, height = mask.size
        if width and height:
            part = np.frombuffer(bytes(mask), dtype=np.uint8).reshape(height, width)
            column, row = max(0, round(left) + x), max(0, size // 2 + y)
            target = area[row : row + height, column : column + width]
            np.maximum(target, part[: target.shape[0], : target.shape[1]], out=target)
        left += face.getlength(sign) + spacing  # type: ignore[attr-defined]
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    if not len(rows) or rows[-1] - rows[0] < 3:
        return None
    return area[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _dotted(rng: random.Random, ink: Grey, size: float) -> Grey:
    """As needles print it: dots on a grid."""
    pitch = max(2.0, size / rng.uniform(7, 13))
    rows = np.cos(np.arange(ink.shape[0]) * 2 * np.pi / pitch)[:, None]
    columns = np.cos(np.arange(ink.shape[1]) * 2 * np.pi / pitch)[None, :]
    dots = np.clip(rng.uniform(0.6, 0.95) + 0.5 * (rows + columns), 0, 1)
    return np.asarray(cv2.GaussianBlur(ink * dots, (0, 0), 0.5), dtype=np.float32)


def _wear(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...], size: float) -> Grey:
    """Uneven ink: patches or bands where it is pale."""
    coarse = max(1.0, size * rng.uniform(0.04, 0.5))
    rows, columns = int(shape[0] / coarse) + 2, int(shape[1] / coarse) + 2
    if rng.random() < 0.3:
        rows = 1
    field = noise.random((rows, columns), dtype=np.float32)
    field = np.asarray(
        cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32
    )
    least = rng.uniform(0.2, 0.8)
    return np.clip(field * rng.uniform(1.0, 3.0) + least - rng.uniform(0, 0.4), 0.12, 1)


def _framed(rng: random.Random, ink: Grey) -> Grey:
    """The ink within the margins that a detector leaves: mostly a little, at times none or much."""
    height = ink.shape[0]
    if rng.random() < 0.9:
        top, bottom = rng.uniform(0.04, 0.32), rng.uniform(0.04, 0.32)
        left, right = rng.uniform(0.02, 0.4), rng.uniform(0.02, 0.4)
    else:
        top, bottom = rng.uniform(-0.06, 0.8), rng.uniform(-0.06, 0.8)
        left, right = rng.uniform(-0.02, 1.2), rng.uniform(-0.02, 1.2)
    above, below, before, after = (round(height * share) for share in (top, bottom, left, right))
    framed = np.pad(ink, ((max(0, above), max(0, below)), (max(0, before), max(0, after))))
    return framed[
        max(0, -above) : framed.shape[0] - max(0, -below), max(0, -before) : framed.shape[1] - max(0, -after)
    ]


def _add_neighbour(
    rng: random.Random, noise: np.random.Generator, area: Grey, text: str, font: FontFile, height: int
) -> None:
    """The edge of a line above or below that was cut along."""
    letters = set(text) - {" "}
    if not font.characters >= letters:
        return
    other = _printed(rng, noise, " ".join([text] * rng.randrange(1, 4)), font)
    if other is None:
        return
    seen = max(1, int(area.shape[0] * rng.uniform(0.03, 0.13)))
    left = rng.randrange(max(1, area.shape[1]))
    width = min(other.shape[1], area.shape[1] - left)
    seen = min(seen, other.shape[0])
    if rng.random() < 0.5:
        area[:seen, left : left + width] = np.maximum(area[:seen, left : left + width], other[-seen:, :width])
    else:
        area[-seen:, left : left + width] = np.maximum(
            area[-seen:, left : left + width], other[:seen, :width]
        )


def _add_rules(rng: random.Random, area: Grey) -> None:
    """Rules of a table or a box, or a line under the text."""
    height, width = area.shape
    strong = rng.uniform(0.3, 1)
    thick = max(1, round(height * rng.uniform(0.02, 0.07)))
    if rng.random() < 0.6:
        row = rng.choice(
            (0, height - thick, int(height * rng.uniform(0.9, 0.97)), int(height * rng.uniform(0, 0.05)))
        )
        area[row : row + thick] = np.maximum(area[row : row + thick], strong)
    if rng.random() < 0.5:
        column = rng.choice((0, width - thick))
        area[:, column : column + thick] = np.maximum(area[:, column : column + thick], strong)


def _askew(rng: random.Random, area: Grey) -> Grey:
    """Turned by a degree or two, leaning, or bent a little, as a crooked scan or a photo leaves it."""
    height, width = area.shape
    rise = min(rng.gauss(0, 0.012), 0.18 * height / max(width, 1)) * width
    rise = float(np.clip(rise, -0.16 * height, 0.16 * height))
    lean = rng.gauss(0, 0.06) * height
    source = np.array([[0, 0], [width, 0], [0, height]], dtype=np.float32)
    target = np.array([[lean, rise / 2], [width + lean, -rise / 2], [0, height + rise / 2]], dtype=np.float32)
    turned = cv2.warpAffine(
        area, cv2.getAffineTransform(source, target), (width, height), flags=cv2.INTER_LINEAR
    )
    return np.asarray(turned, dtype=np.float32)


def _paper(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Grey:
    level = rng.uniform(225, 255) if rng.random() < 0.8 else rng.uniform(130, 250)
    paper = np.full(shape, level, dtype=np.float32)
    if rng.random() < 0.2:
        ends = rng.uniform(-45, 10), rng.uniform(-45, 10)
        paper += np.linspace(*ends, shape[1], dtype=np.float32)[None, :]
    if rng.random() < 0.12:
        field = noise.normal(0, rng.uniform(4, 18), (shape[0] // 4 + 1, shape[1] // 4 + 1)).astype(np.float32)
        paper += cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.04:
        edge = rng.randrange(shape[1])
        paper[:, :edge] -= rng.uniform(10, 60)
    return paper


def _scanned(rng: random.Random, noise: np.random.Generator, grey: Grey) -> Grey:
    """Focus, grain, compression, or a fax's black and white."""
    height = grey.shape[0]
    kind = rng.random()
    if kind < 0.25:
        return grey
    if kind < 0.33:
        return _faxed(rng, noise, grey)
    if rng.random() < 0.6:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.25, 0.045 * min(height, 40)))
    if rng.random() < 0.25:
        shrunk = rng.uniform(max(0.45, 13 / height), 1.0) if height > 14 else 1.0
        small = (max(2, round(grey.shape[1] * shrunk)), max(2, round(height * shrunk)))
        grey = cv2.resize(grey, small, interpolation=rng.choice((cv2.INTER_AREA, cv2.INTER_LINEAR)))
    if rng.random() < 0.5:
        deviation = rng.uniform(1, 9) if rng.random() < 0.8 else rng.uniform(8, 26)
        grey = grey + noise.standard_normal(grey.shape, dtype=np.float32) * np.float32(deviation)
    if rng.random() < 0.08:
        specks = noise.random(grey.shape) < rng.uniform(0.0005, 0.01)
        grey = np.where(specks, rng.choice((20.0, 255.0)), grey)
    if rng.random() < 0.15:
        grey = 255 * np.clip(grey / 255, 0, 1) ** rng.uniform(0.6, 1.8)
    if rng.random() < 0.45:
        _, encoded = cv2.imencode(
            ".jpg", np.clip(grey, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, rng.randrange(18, 92)]
        )
        grey = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)
    if rng.random() < 0.05:
        amount = rng.uniform(0.3, 1.2)
        grey = grey + amount * (grey - cv2.GaussianBlur(np.asarray(grey, np.float32), (0, 0), 1.2))
    return np.asarray(grey, dtype=np.float32)


def _faxed(rng: random.Random, noise: np.random.Generator, grey: Grey) -> Grey:
    height, width = grey.shape
    rows = max(8, height // 2) if rng.random() < 0.5 and height >= 22 else height
    coarse = np.asarray(cv2.resize(grey, (width, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)
    low, high = float(coarse.min()), float(coarse.max())
    black = coarse < low + (high - low) * rng.uniform(0.4, 0.72)
    if rng.random() < 0.4:
        black ^= noise.random(black.shape) < 0.002
    ink = np.where(black, 0, 255).astype(np.float32)
    ink = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.float32)
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.5), dtype=np.float32) if rng.random() < 0.4 else ink
