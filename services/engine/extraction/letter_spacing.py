"""Words set with blanks between their letters: "N O R D W A L D"."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import replace

from shared.readings import BoundingBox, Word

_FEWEST_LETTERS = 4
# The widest gap between letters of a word in their heights, and the gap of two words in that of two letters.
_WIDEST_GAP, _GAP_OF_WORDS = 1.0, 1.7


def closed_up(words: Sequence[Word]) -> list[Word]:
    """The words of a line, left to right, in which runs of single capital letters are words again."""
    closed: list[Word] = []
    for spaced, run in itertools.groupby(words, key=_is_letter):
        letters = list(run)
        if spaced and len(letters) >= _FEWEST_LETTERS:
            closed += _joined(letters)
        else:
            closed += letters
    return closed


def _is_letter(word: Word) -> bool:
    text = word.text.strip()
    return (len(text) == 1 and text.isalpha() and text.isupper()) or text == "&"


def _joined(letters: Sequence[Word]) -> list[Word]:
    """The letters as words, cut where a gap is wider than those between letters."""
    gaps = [right.box.x - left.box.right for left, right in itertools.pairwise(letters)]
    usual = max(statistics.median(gaps), 0.0)
    if usual > _WIDEST_GAP * letters[0].box.height:
        return list(letters)  # cells of a table and not letters of a word
    words = [[letters[0]]]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        if gap > _GAP_OF_WORDS * max(usual, 1.0):
            words.append([letter])
        else:
            words[-1].append(letter)
    return [_word(each) for each in words]


def _word(letters: Sequence[Word]) -> Word:
    return replace(
        letters[0],
        text="".join(letter.text.strip() for letter in letters),
        confidence=min(letter.confidence for letter in letters),
        box=BoundingBox.around(letter.box for letter in letters),
    )
