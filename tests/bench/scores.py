"""How well a text was read, whatever the order it was read in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Score:
    """Words in common, words read and words printed; characters to change, and characters printed."""

    common: int
    read: int
    printed: int
    edits: int
    characters: int

    @property
    def word_f1(self) -> float:
        """Harmonic mean of precision and recall of words, 0..1."""
        return 2 * self.common / max(1, self.read + self.printed)

    @property
    def error_rate(self) -> float:
        """Characters wrong, missed or made up, by characters printed."""
        return self.edits / max(1, self.characters)


def score(read: str, printed: str) -> Score:
    """Compare the words of two texts as multisets."""
    words, truth = Counter(read.split()), Counter(printed.split())
    common = words & truth
    edits = _edits(sorted((words - truth).elements()), sorted((truth - words).elements()))
    return Score(
        common=common.total(),
        read=words.total(),
        printed=truth.total(),
        edits=edits,
        characters=sum(len(word) * count for word, count in truth.items()),
    )


def total(scores: Iterable[Score]) -> Score:
    """All pages as if they were one."""
    every = list(scores)
    return Score(
        common=sum(one.common for one in every),
        read=sum(one.read for one in every),
        printed=sum(one.printed for one in every),
        edits=sum(one.edits for one in every),
        characters=sum(one.characters for one in every),
    )


def _edits(read: list[str], printed: list[str]) -> int:
    """Edits that make one list of words the other, pairing the most alike first."""
    pairs = sorted(
        (Levenshtein.distance(word, truth), row, column)
        for row, word in enumerate(read)
        for column, truth in enumerate(printed)
    )
    edits = 0
    rows, columns = set(range(len(read))), set(range(len(printed)))
    for distance, row, column in pairs:
        if row in rows and column in columns and distance < len(read[row]) + len(printed[column]):
            rows.remove(row)
            columns.remove(column)
            edits += distance
    return edits + sum(len(read[row]) for row in rows) + sum(len(printed[column]) for column in columns)
