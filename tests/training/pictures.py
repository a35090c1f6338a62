"""Pictures of single text lines as they are cut out of scans, faxes, photos, receipts and rendered pages.

Lines are printed at the size they have on a page, spoilt there, and only then brought to the reader's height.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from tests.training.fonts import FontChoice, FontFile
from tests.training.ink import Grey, printed
from tests.training.scanning import on_paper, scanned
from tests.training.surroundings import add_neighbour, add_rules, askew, framed
from tests.training.texts import TextMaker

HEIGHT = 48
"""Height in pixels at which the recogniser looks at a line."""

STEP = 8
"""Pixels of width for which the recogniser gives one sign, or none."""

WIDEST = 960
"""Lines that come out wider than this, in pixels at the reader's height, are drawn anew."""


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line as the reader sees it, and what it says.

    `pixels` are the reader's height × width, grey, or × 3, blue-green-red; 0..255.
    """

    pixels: npt.NDArray[np.uint8]
    text: str


class LinePrinter:
    """Draws lines: a text, a font, a way of printing it, and what befell it since.

    `foreign` fonts are tried where no `latin` one holds a text; texts with other characters than `known` are
    not drawn.
    """

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
            line = self._try(rng, noise)
            if line is not None:
                return line

    def _try(self, rng: random.Random, noise: np.random.Generator) -> LinePicture | None:
        """A line, unless what was drawn can't be printed or read."""
        text = self._texts.draw(rng)
        label = " ".join(text.split())
        if not label or not self._known.issuperset(label):
            return None
        font = self._latin.draw(rng, text) or self._foreign.draw(rng, text)
        ink = None if font is None else printed(rng, noise, text, font)
        if font is None or ink is None:
            return None
        grey = self._spoilt(rng, noise, ink, font)
        pixels = at_height(np.clip(grey, 0, 255).astype(np.uint8))
        if pixels.shape[1] > WIDEST or not readable(label, pixels.shape[1]):
            return None
        return LinePicture(pixels, label)

    def _spoilt(self, rng: random.Random, noise: np.random.Generator, ink: Grey, font: FontFile) -> Grey:
        """The crop around `ink` after printing, scanning and cutting."""
        area = framed(rng, ink)
        if rng.random() < 0.14:
            word = self._texts.word(rng)
            neighbour = None
            if font.characters.issuperset(word):
                neighbour = printed(rng, noise, " ".join([word] * rng.randrange(1, 4)), font)
            if neighbour is not None:
                add_neighbour(rng, area, neighbour)
        if rng.random() < 0.09:
            add_rules(rng, area)
        if rng.random() < 0.3:
            area = askew(rng, area)
        return scanned(rng, noise, on_paper(rng, noise, area))


def at_height(line: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The line at the height of the recogniser, brought there as PaddleOCR does it."""
    height, width = line.shape[:2]
    return np.asarray(cv2.resize(line, (math.ceil(HEIGHT * width / height), HEIGHT)), dtype=np.uint8)


def readable(text: str, width: int) -> bool:
    """Whether a line of `width` pixels has steps enough for CTC: one for each sign, one between like ones."""
    pairs = sum(first == second for first, second in pairwise(text))
    return len(text) + pairs <= width // STEP
