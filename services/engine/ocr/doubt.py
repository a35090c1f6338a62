"""Which parts of a line its first reader was not sure of.

It says itself how sure it is of a character. Words are checked for blanks that the print leaves within them.
What is to be read again is cut in the blank between two words, so that no letter is halved. The bounds were
chosen on generated pages (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.engine.ocr.alphabet import is_western
from services.engine.ocr.recogniser import Character, Image, RecognisedLine
from services.engine.ocr.words import blank_columns, widest_blank

SURE = 0.6
"""Confidence of its least sure character from which a word counts as read."""

SURE_OF_NUMBER = 0.85
"""The same for what no neighbour helps to tell: words with digits, single signs alike others."""

ALIKE = frozenset("S5O0oIl1|Z2B8")

WIDE_GAP = 0.35
"""Width of a blank within a word, by height of the line, from which a space may have been missed."""

WIDER_THAN_USUAL = 2.0
"""How much wider than the usual one of the word such a blank must be."""

GAP_BETWEEN_KINDS = 0.3
"""The same between a letter, a digit and a sign: `3 x`, `€ 12`, `S = 6 %` are easily read as one word."""

MARGIN = 0.25
"""How far a part reaches into the blanks beside it, by height of the line, at most."""

FEWEST = 8
"""Characters that a part has at least, where the line has them: a dash or a dot alone reads as anything."""

MOSTLY = 0.8
"""Share of a line's characters in doubt from which all of it is read again."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line: its characters from `first` up to `last`, cut at these shares of the length."""

    first: int
    last: int
    start: float
    end: float


@dataclass(slots=True)
class _Word:
    """Characters from `first` up to `last`, without spaces."""

    first: int
    last: int
    doubtful: bool = False

    def __len__(self) -> int:
        return self.last - self.first


def whole(line: RecognisedLine) -> Part:
    """All of a line."""
    return Part(0, len(line.characters), 0.0, 1.0)


def doubtful_parts(line: RecognisedLine, picture: Image) -> list[Part]:
    """The parts of `line` to read again, from left to right; the whole of it where nothing was read."""
    words = _words(line.characters)
    if not words:
        return [whole(line)]
    blank = blank_columns(picture)
    gaps = [
        widest_blank(blank, line.characters[left.last - 1].position, line.characters[right.first].position)
        for left, right in pairwise(words)
    ]
    _doubt(words, line.characters, blank, picture.shape[0])
    doubtful = sum(len(word) for word in words if word.doubtful)
    if doubtful >= MOSTLY * sum(map(len, words)):
        return [whole(line)]
    margin = MARGIN * picture.shape[0] / picture.shape[1]
    return [
        Part(
            words[first].first if first else 0,
            words[last].last if last + 1 < len(words) else len(line.characters),
            max(sum(gaps[first - 1]) / 2, gaps[first - 1][1] - margin) if first else 0.0,
            min(sum(gaps[last]) / 2, gaps[last][0] + margin) if last + 1 < len(words) else 1.0,
        )
        for first, last in _runs(words)
    ]


def _words(characters: Sequence[Character]) -> list[_Word]:
    words: list[_Word] = []
    for place, character in enumerate(characters):
        if character.text.isspace():
            continue
        if words and words[-1].last == place:
            words[-1].last += 1
        else:
            words.append(_Word(place, place + 1))
    return words


def _doubt(
    words: Sequence[_Word],
    characters: Sequence[Character],
    blank: npt.NDArray[np.bool_],
    height: int,
) -> None:
    """Mark the words that are in doubt."""
    scale = len(blank) / height
    for word in words:
        own = characters[word.first : word.last]
        word.doubtful = not _is_sure(own) or _may_lack_space(own, blank, scale)
    for left, right in pairwise(words):
        # Between two spaces stands what could not be read.
        if right.first - left.last > 1:
            left.doubtful = right.doubtful = True


def _is_sure(word: Sequence[Character]) -> bool:
    text = "".join(character.text for character in word)
    if not all(map(is_western, text)):
        return False
    bound = SURE_OF_NUMBER if any(map(str.isdigit, text)) or text in ALIKE else SURE
    return min(character.confidence for character in word) >= bound


def _may_lack_space(word: Sequence[Character], blank: npt.NDArray[np.bool_], scale: float) -> bool:
    """Whether the print leaves a blank within the word that is wide for a word."""
    widths = []
    for left, right in pairwise(word):
        start, end = widest_blank(blank, left.position, right.position)
        widths.append((end - start) * scale)
        if widths[-1] >= GAP_BETWEEN_KINDS and _differ(left.text, right.text):
            return True
    if not widths:
        return False
    usual = sorted(widths)[len(widths) // 2]
    return max(widths) >= max(WIDE_GAP, WIDER_THAN_USUAL * usual)


def _differ(left: str, right: str) -> bool:
    """Whether one is a letter, a digit or a sign and the other is not; stops and commas go with all."""
    if left in ".," or right in ".,":
        return False
    return (left.isalpha(), left.isdigit()) != (right.isalpha(), right.isdigit())


def _runs(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """First and last word of every run of doubtful words, drawn out by sure ones to FEWEST characters."""
    runs: list[tuple[int, int]] = []
    first = free = 0
    while first < len(words):
        if not words[first].doubtful:
            first += 1
            continue
        last = first
        while last + 1 < len(words) and words[last + 1].doubtful:
            last += 1
        while words[last].last - words[first].first < FEWEST and (first > free or last + 1 < len(words)):
            first = max(free, first - 1)
            last = min(len(words) - 1, last + 1)
        while last + 1 < len(words) and words[last + 1].doubtful:
            last += 1
        runs.append((first, last))
        first = free = last + 1
    return runs
