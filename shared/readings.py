"""What was read on a page: words, lines, blocks, cells, and how the image was prepared for reading.

Boxes are pixels of the page image that the page's `pageUrl` serves, origin top left, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

BlockType = Literal["text", "table", "image", "signature"]
Point = tuple[float, float]
TextSource = Literal["textLayer", "ocr", "none"]


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """An axis-aligned rectangle in pixels; `x`, `y` is its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center_x(self) -> float:
        return self.x + self.width / 2

    @property
    def center_y(self) -> float:
        return self.y + self.height / 2

    @classmethod
    def around(cls, boxes: Iterable[BoundingBox]) -> BoundingBox:
        """The smallest box that holds all `boxes`; raises ValueError when there is none."""
        left = top = math.inf
        right = bottom = -math.inf
        # Compared one by one: this runs thousands of times a page, where min() and max() take twice as long.
        for box in boxes:
            if box.x < left:  # noqa: PLR1730 - see above
                left = box.x
            if box.y < top:  # noqa: PLR1730 - see above
                top = box.y
            if box.x + box.width > right:  # noqa: PLR1730 - see above
                right = box.x + box.width
            if box.y + box.height > bottom:  # noqa: PLR1730 - see above
                bottom = box.y + box.height
        if left == math.inf:
            raise ValueError("A bounding box needs at least one box to enclose.")
        return cls(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as printed; `confidence` is 0..1 (1.0 for a text layer)."""

    text: str
    confidence: float
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one visual line, left to right; never empty."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        return mean_confidence(self.words)

    @property
    def box(self) -> BoundingBox:
        return BoundingBox.around(word.box for word in self.words)


@dataclass(frozen=True, slots=True)
class Block:
    """A region of the page that belongs together, such as an address or a table."""

    text: str
    confidence: float
    box: BoundingBox
    type: BlockType = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `table` numbers the page's tables from 0, rows and columns count from 0."""

    table: int
    row: int
    column: int
    text: str
    confidence: float
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What was done to the page image before it was read.

    `rotation_angle` is the rotation in degrees, counter-clockwise and about the image centre with the
    canvas grown to fit, that makes the served image upright (orientation and skew together). `sheet` holds
    the corners of the sheet of paper found on a photo, in pixels of the served image and clockwise from the
    top left; the sheet was made flat before it was read, and the rotation is that of the flat sheet.
    """

    enhanced: bool = False
    deskewed: bool = False
    denoised: bool = False
    binarized: bool = False
    rotation_angle: float = 0.0
    sheet: tuple[Point, Point, Point, Point] | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that was read on one page; lines in reading order, sizes in pixels of the served image."""

    width: int
    height: int
    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    cells: tuple[Cell, ...] = ()
    source: TextSource = "ocr"
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    quality_score: float = 0.0

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        return mean_confidence(self.words)


def mean_confidence(words: Sequence[Word]) -> float:
    """Mean confidence weighted by word length, 0..1; 0 for no words."""
    characters = sum(len(word.text) for word in words)
    if not characters:
        return 0.0
    return sum(word.confidence * len(word.text) for word in words) / characters
