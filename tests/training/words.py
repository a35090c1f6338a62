"""Words by language, the most frequent first, and how they are drawn.

The lists are those of the package wordfreq (R. Speer et al., Apache License 2.0 and CC BY-SA 4.0): nothing of
them is kept in the project.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

LATIN_LANGUAGES = (
    "en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "sl",
    "lt", "lv", "tr", "ca", "is", "ms",
)  # fmt: skip
COMMON_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
TILL_LANGUAGES = ("en", "en", "ms", "de", "fr")
FOREIGN_LANGUAGES = ("ru", "el", "zh", "ja", "ko", "uk", "bg", "ar", "he", "hi")
COUNT = 30_000
"""Words of a language."""

COMMON = 0.93
"""Share of words that are of the common languages."""


class Vocabulary:
    """Draws words of lists by language (ISO 639-1) that hold the most frequent first."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists

    def word(self, rng: random.Random) -> str:
        """One word of a Latin script, in any case, frequent ones more often."""
        language = rng.choice(COMMON_LANGUAGES if rng.random() < COMMON else LATIN_LANGUAGES)
        return _cased(rng, _frequent(rng, self._lists[language], 1.7))

    def till_words(self, rng: random.Random, count: int) -> list[str]:
        """Words of one language in capitals."""
        listed = self._lists[rng.choice(TILL_LANGUAGES)]
        return [_frequent(rng, listed, 2.0).upper() for _ in range(count)]

    def foreign_words(self, rng: random.Random, count: int) -> list[str]:
        """Words of one language that is not written in Latin letters."""
        listed = self._lists[rng.choice(FOREIGN_LANGUAGES)]
        return [rng.choice(listed) for _ in range(count)]


def word_lists() -> dict[str, list[str]]:
    """The most frequent words of each language, the most frequent first."""
    import wordfreq

    return {
        language: wordfreq.top_n_list(language, COUNT, "small")
        for language in (*LATIN_LANGUAGES, *FOREIGN_LANGUAGES)
    }


def _frequent(rng: random.Random, listed: Sequence[str], power: float) -> str:
    """A word of the list; the higher the power, the more often one of the first."""
    return listed[int(len(listed) * rng.random() ** power)]


def _cased(rng: random.Random, word: str) -> str:
    style = rng.random()
    if style < 0.3:
        return word.capitalize()
    return word.upper() if style < 0.42 else word
