"""Visual rows: words that stand level, and the segments that wide gaps part them into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from shared.readings import BoundingBox, Word

SEGMENT_GAP = 1.1
"""Gap between words, in heights of the row, from which they are apart rather than one phrase."""

_AMOUNT = re.compile(
    r"""(?<![\d.,/-])[-+(]?\s*
    (?: \d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,4})? | \d+[.,]\d{2,4} | \d+,- )
    (?![\d/]|[.,-]\d)""",
    re.VERBOSE,
)
_MONEY_SIGN = re.compile(r"[€$£¥₹%]\s*\d|\d\s*[€$£¥₹%]")


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one row that no wide gap parts; never empty, left to right. Edges are in pixels."""

    words: tuple[Word, ...]
    text: str
    left: float
    right: float

    @classmethod
    def of(cls, words: Sequence[Word]) -> Segment:
        """The segment of `words`, left to right."""
        text = " ".join([word.text for word in words])
        return cls(tuple(words), text, words[0].box.x, max([word.box.right for word in words]))

    @property
    def is_amount(self) -> bool:
        """Whether it reads as an amount or a percentage: decimals, thousands, or a currency sign."""
        digits = sum(map(str.isdigit, self.text))
        if not digits or sum(map(str.isalpha, self.text)) > digits + 1:
            return False
        return bool(_AMOUNT.search(self.text) or _MONEY_SIGN.search(self.text))

    @property
    def is_numeric(self) -> bool:
        """Whether digits make up at least half of its letters and digits (numbers, dates, codes)."""
        digits = sum(map(str.isdigit, self.text))
        return digits > 0 and 2 * digits >= sum(map(str.isalnum, self.text))


@dataclass(frozen=True, slots=True)
class Row:
    """Words that stand level, left to right; never empty."""

    words: tuple[Word, ...]
    segments: tuple[Segment, ...]
    height: float
    top: float
    bottom: float

    @classmethod
    def of(cls, words: Iterable[Word]) -> Row:
        """The row of `words`, which may come in any order; raises ValueError when there are none."""
        ordered = tuple(sorted(words, key=lambda word: word.box.x))
        box = BoundingBox.around(word.box for word in ordered)
        height = median(word.box.height for word in ordered)
        return cls(ordered, _segments(ordered, SEGMENT_GAP * height), height, box.y, box.bottom)


def visual_rows(words: Sequence[Word]) -> list[Row]:
    """Put words that stand level into rows, top to bottom.

    Boxes must be upright. A word joins the row that it shares most of its height with, unless it would
    stand on top of one of the row's words.
    """
    bands: list[_Band] = []
    for word in sorted(words, key=lambda word: word.box.center_y):
        # Words come by their centre, so that only bands near it can still take one.
        top, bottom = word.box.y, word.box.bottom
        near = [band for band in bands[-40:] if band.top < bottom and top < band.bottom and band.takes(word)]
        if len(near) == 1:
            near[0].add(word)
        elif near:
            max(near, key=lambda band: band.share(word)).add(word)
        else:
            bands.append(_Band(word))
    return sorted((Row.of(band.words) for band in bands), key=lambda row: row.top + row.bottom)


class _Band:
    """A row in the making: its words and the mean of their upper and lower edges."""

    def __init__(self, word: Word) -> None:
        self.words = [word]
        self._extents = [(word.box.x, word.box.right)]
        self.top = word.box.y
        self.bottom = word.box.bottom

    def add(self, word: Word) -> None:
        self.words.append(word)
        self._extents.append((word.box.x, word.box.right))
        count = len(self.words)
        self.top += (word.box.y - self.top) / count
        self.bottom += (word.box.bottom - self.bottom) / count

    def share(self, word: Word) -> float:
        """Common height as a share of the lower of the two."""
        common = min(self.bottom, word.box.bottom) - max(self.top, word.box.y)
        lower = min(self.bottom - self.top, word.box.height)
        return common / lower if lower > 0 else 0.0

    def takes(self, word: Word) -> bool:
        if self.share(word) < 0.5:
            return False
        tall, low = max(self.bottom - self.top, word.box.height), min(self.bottom - self.top, word.box.height)
        centred = abs((self.top + self.bottom) / 2 - word.box.center_y) <= 0.5 * low + 0.1 * tall
        return centred and not self._is_stacked(word.box)

    def _is_stacked(self, box: BoundingBox) -> bool:
        """Whether the box lies above or below one of the band's words."""
        start, end = box.x, box.right
        return any(
            left < end and start < right and _stacked(box, other.box)
            for (left, right), other in zip(self._extents, self.words, strict=True)
        )


def _stacked(one: BoundingBox, other: BoundingBox) -> bool:
    common = min(one.right, other.right) - max(one.x, other.x)
    return common > 0.5 * min(one.width, other.width)


def _segments(words: Sequence[Word], gap: float) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    current = [words[0]]
    right = words[0].box.right
    for word in words[1:]:
        if word.box.x - right > gap:
            segments.append(Segment.of(current))
            current = []
        current.append(word)
        right = max(right, word.box.right)
    segments.append(Segment.of(current))
    return tuple(segments)
