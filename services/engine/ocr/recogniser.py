"""What page reading needs of an OCR engine: find text lines, and read pictures of single lines.

Nothing here knows PaddleOCR, so that another runtime or model can stand behind the same interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""Pixels of a page or a part of it, height × width × 3, blue-green-red, 0..255."""

Quad = npt.NDArray[np.float32]
"""Four corners (x, y) of a text line in pixels: top left, top right, bottom right, bottom left as read."""

SMALLEST_LETTER = 8.5
"""Height in pixels of a letter from which PP-OCRv6 small finds its line reliably."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character that was recognised in the picture of a line.

    `position` is its centre along the line, 0 at the left edge of the picture and 1 at the right;
    `confidence` is 0..1.
    """

    text: str
    position: float
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """The characters of one line in reading order; empty when nothing could be read."""

    characters: tuple[Character, ...] = ()

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @property
    def confidence(self) -> float:
        """Mean confidence of the characters, 0..1; 0 for an empty line."""
        if not self.characters:
            return 0.0
        return sum(character.confidence for character in self.characters) / len(self.characters)


class LineReader(Protocol):
    """Reads pictures of lines; always called from the thread that made it."""

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """What pictures of single, horizontal lines say, in the order of `lines`.

        `languages` (ISO 639-1) narrow down which characters may be read; none means any.
        """


class LineRecogniser(LineReader, Protocol):
    """Finds the text lines of a page, too.

    `smallest_letter` is the height in pixels of a letter from which its detection finds lines reliably.
    """

    smallest_letter: float

    def detect(self, page: Image, longest_side: int) -> list[Quad]:
        """Corners of the text lines, in pixels of `page`, seen no larger than `longest_side`."""
