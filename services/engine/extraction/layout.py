"""The page's words as rows of segments, rebuilt from geometry alone.

A segment is a run of words on one row without a wide gap, which is what a person sees as one piece of
text. Rows are made from neighbouring segments, so that slight skew does not mix them.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.engine.extraction.letter_spacing import closed_up
from services.engine.extraction.text import key_of
from shared.readings import BoundingBox, Line, PageReading, TextSource, Word

# A gap parts columns when it is wide for the height of the words and for the width of their letters:
# some readings box the ink alone, and some fonts have very wide blanks.
_WIDE_FOR_HEIGHT = 0.85
_WIDE_FOR_LETTERS = 1.75
_SAME_ROW = 0.5
_FEW_STEPS = 5
# A label and its value are often printed without a blank: "Date:05.03.2018", "No.123".
_JOINTS = re.compile(
    r"(?<=[^\d\s][:#])(?=[^\s/])"  # Date:05.03.2018
    r"|(?<=\w)(?=#)"
    r"|(?<=[^\W\d_]{2}\.)(?=\d)"  # No.123
    r"|(?<=[nN][°º])(?=[A-Z\d])"  # n°2023-0655
    r"|(?<=[^\W\d_]{3})(?=\(\d)"  # DISCOUNT(2.00%)
    r"|(?<=[^\W\d_]{3})(?=\d{1,2}(?:[.,]\d{1,2})?(?:%|$))"  # VAT20%
    r"|(?<=\d{4})(?=[a-zà-öø-ÿ]{2,5}$)"  # 471102vom
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a part of one; `start` and `end` are its place in the segment's text."""

    text: str
    key: str
    confidence: float
    box: BoundingBox
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that belong together on one row; `page` counts from 1, `row` and `index` from 0."""

    page: int
    row: int
    index: int
    text: str
    tokens: tuple[Token, ...]
    box: BoundingBox

    @classmethod
    def of_tokens(cls, page: int, row: int, tokens: Sequence[Token]) -> Segment:
        """A segment of these tokens alone, joined by blanks; it has no place in a row."""
        moved: list[Token] = []
        position = 0
        for token in tokens:
            end = position + len(token.text)
            moved.append(replace(token, start=position, end=end))
            position = end + 1
        text = " ".join(token.text for token in moved)
        return cls(page, row, -1, text, tuple(moved), BoundingBox.around(token.box for token in moved))

    def covered(self, start: int, end: int) -> tuple[Token, ...]:
        """The tokens that share a character with `text[start:end]`."""
        return tuple(token for token in self.tokens if token.start < end and token.end > start)

    def box_of(self, start: int, end: int) -> BoundingBox:
        return BoundingBox.around(token.box for token in self.covered(start, end) or self.tokens)

    def confidence_of(self, start: int, end: int) -> float:
        tokens = self.covered(start, end) or self.tokens
        return min(token.confidence for token in tokens)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a segment: `text` is `segment.text[start:end]`."""

    segment: Segment
    start: int
    end: int

    @property
    def place(self) -> tuple[int, int]:
        """The page, from 1, and the row on it, from 0."""
        return self.segment.page, self.segment.row

    @property
    def text(self) -> str:
        return self.segment.text[self.start : self.end]

    @property
    def box(self) -> BoundingBox:
        return self.segment.box_of(self.start, self.end)

    @property
    def confidence(self) -> float:
        return self.segment.confidence_of(self.start, self.end)


@dataclass(frozen=True, slots=True)
class TrimmedSpan(Span):
    """A part of a segment whose `text` has no blanks around it."""

    @property
    def text(self) -> str:
        return self.segment.text[self.start : self.end].strip()


@dataclass(frozen=True, slots=True)
class Row:
    """Segments on one visual row, left to right."""

    page: int
    index: int
    segments: tuple[Segment, ...]
    box: BoundingBox

    @property
    def text(self) -> str:
        return "  ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One page's rows, top to bottom; `line_height` is the usual height of a line in pixels."""

    number: int
    width: int
    height: int
    rows: tuple[Row, ...]
    line_height: float
    source: TextSource


def lay_out(pages: Sequence[PageReading]) -> tuple[PageLayout, ...]:
    """The rows of every page, numbered from 1 in the order given."""
    return tuple(_page(number, reading) for number, reading in enumerate(pages, 1))


def _page(number: int, reading: PageReading) -> PageLayout:
    runs = [run for line in reading.lines for run in _runs(line)]
    rows = _rows(runs)
    built = tuple(_row(number, index, row) for index, row in enumerate(rows))
    return PageLayout(number, reading.width, reading.height, built, _line_height(built), reading.source)


def _line_height(rows: Sequence[Row]) -> float:
    """The usual height of a line: of its box, or of its step to the next where boxes hold ink only."""
    heights = [segment.box.height for row in rows for segment in row.segments]
    if not heights:
        return 1.0
    height = statistics.median(heights)
    steps = sorted(below.box.center_y - row.box.center_y for row, below in itertools.pairwise(rows))
    near = [step for step in steps if height < step < 2 * height]
    step = near[len(near) // 4] if len(near) >= _FEW_STEPS else height
    return max(height, step, 1.0)


def _runs(line: Line) -> list[list[Word]]:
    """The line's words, cut at wide gaps."""
    runs: list[list[Word]] = []
    words = closed_up(sorted((w for w in line.words if w.text.strip()), key=lambda w: w.box.x))
    letter = sum(word.box.width for word in words) / max(sum(len(word.text) for word in words), 1)
    for word in words:
        if runs and not _is_wide(runs[-1][-1], word, letter):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _is_wide(left: Word, right: Word, usual_letter: float = 0.0) -> bool:
    """Whether a gap parts two words; `usual_letter` is the width of a letter in their line, in pixels.

    A full stop or an "i" fills little of its place, so that short words alone tell too little of a font.
    """
    height = max(min(left.box.height, right.box.height), 1.0)
    letter = max((left.box.width + right.box.width) / (len(left.text) + len(right.text)), usual_letter)
    return right.box.x - left.box.right > max(_WIDE_FOR_HEIGHT * height, _WIDE_FOR_LETTERS * letter)


def _rows(runs: list[list[Word]]) -> list[list[list[Word]]]:
    """Runs gathered into rows: a run joins a row when it is level with the nearest run of that row."""
    boxes = {id(run): BoundingBox.around(word.box for word in run) for run in runs}
    rows: list[list[list[Word]]] = []
    for run in sorted(runs, key=lambda r: (boxes[id(r)].center_y, boxes[id(r)].x)):
        home = _home_of(boxes[id(run)], rows[-8:], boxes)
        if home is None:
            rows.append([run])
        else:
            home.append(run)
    for row in rows:
        row.sort(key=lambda r: boxes[id(r)].x)
    rows.sort(key=lambda row: min(boxes[id(run)].center_y for run in row))
    return rows


def _home_of(
    box: BoundingBox, rows: list[list[list[Word]]], boxes: dict[int, BoundingBox]
) -> list[list[Word]] | None:
    best: tuple[float, list[list[Word]]] | None = None
    reach = _SAME_ROW * max(box.height, 1.0)
    center = box.center_y
    for row in rows:
        if center - boxes[id(row[-1])].center_y >= reach:
            continue  # runs come by their height on the page: all of this row lie further up
        near = min((boxes[id(run)] for run in row), key=lambda other: _apart(box, other))
        shift = abs(near.center_y - box.center_y) / max(min(near.height, box.height), 1.0)
        overlaps = min(near.right, box.right) - max(near.x, box.x) > 0.3 * min(near.width, box.width)
        if shift < _SAME_ROW and not overlaps and (best is None or shift < best[0]):
            best = (shift, row)
    return best[1] if best else None


def _apart(one: BoundingBox, other: BoundingBox) -> float:
    return max(other.x - one.right, one.x - other.right, 0.0)


def _row(page: int, index: int, runs: list[list[Word]]) -> Row:
    joined: list[list[Word]] = []
    for run in runs:
        if joined and not _is_wide(joined[-1][-1], run[0]):
            joined[-1].extend(run)
        else:
            joined.append(list(run))
    segments = tuple(_segment(page, index, place, words) for place, words in enumerate(joined))
    return Row(page, index, segments, BoundingBox.around(segment.box for segment in segments))


def _segment(page: int, row: int, index: int, words: Iterable[Word]) -> Segment:
    tokens: list[Token] = []
    position = 0
    parts = []
    for word in words:
        text = word.text.strip()
        parts.append(text)
        # At every joint stands a sign or a digit.
        joints = () if text.isalpha() else (match.start() for match in _JOINTS.finditer(text))
        for start, end in itertools.pairwise((0, *joints, len(text))):
            if start < end:
                tokens.append(_token(word, text, start, end, position))
        position += len(text) + 1
    box = BoundingBox.around(token.box for token in tokens)
    return Segment(page, row, index, " ".join(parts), tuple(tokens), box)


def _token(word: Word, text: str, start: int, end: int, offset: int) -> Token:
    """A part of a word; its box is estimated from its share of the characters."""
    width = word.box.width / len(text)
    box = BoundingBox(word.box.x + start * width, word.box.y, (end - start) * width, word.box.height)
    piece = text[start:end]
    return Token(piece, key_of(piece), word.confidence, box, offset + start, offset + end)
