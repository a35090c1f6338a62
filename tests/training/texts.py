"""What stands on lines of invoices and receipts, drawn at random.

Amounts, numbers, dates and codes are made of random digits; words come from lists of many languages;
a part is plain random signs, so that the reader learns to see rather than to guess.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.training.amounts import amount, date, priced
from tests.training.codes import code, contact, digits, identifier, ruler, short
from tests.training.phrases import Phrases
from tests.training.words import Vocabulary

TWO_IN_ONE = 0.04
"""Share of the lines on which two texts stand, with a wide gap between them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of line: how often it comes, beside the others, and how it is drawn."""

    weight: int
    draw: Callable[[random.Random], str]


class TextMaker:
    """Draws texts of words of a vocabulary, and of `rare` signs that no word may hold."""

    def __init__(self, vocabulary: Vocabulary, rare: str) -> None:
        phrases = Phrases(vocabulary, rare)
        self.kinds = (
            Kind(26, phrases.phrase),
            Kind(16, phrases.sentence),
            Kind(14, phrases.till),
            Kind(14, amount),
            Kind(4, priced),
            Kind(6, date),
            Kind(8, code),
            Kind(4, identifier),
            Kind(3, contact),
            Kind(7, phrases.labelled),
            Kind(5, phrases.item),
            Kind(5, phrases.address),
            Kind(5, short),
            Kind(2, phrases.random_signs),
            Kind(2, digits),
            Kind(1, ruler),
            Kind(6, phrases.foreign),
        )
        self._weights = [kind.weight for kind in self.kinds]
        self._vocabulary = vocabulary

    def draw(self, rng: random.Random) -> str:
        """The text of one line."""
        text = self._one(rng)
        if rng.random() < TWO_IN_ONE:
            text += " " * rng.randrange(2, 8) + self._one(rng)
        return text

    def word(self, rng: random.Random) -> str:
        """One word of a Latin script, in any case."""
        return self._vocabulary.word(rng)

    def _one(self, rng: random.Random) -> str:
        (kind,) = rng.choices(self.kinds, self._weights)
        return kind.draw(rng)
