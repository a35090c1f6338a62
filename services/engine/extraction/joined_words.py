"""Words of a company's name that recognition ran together: narrow print leaves no blank to see."""

from __future__ import annotations

from collections.abc import Collection

_FEWEST_LETTERS = 12
# One known word at the end may belong to a longer one ("steakhouse"), two do not.
_FEWEST_FOR_ONE_WORD = 15
_SHORTEST_REST = 3


def part_joined_words(name: str, trade_words: Collection[str]) -> str:
    """The name with blanks before the trade words that long words end in: "ALMABAKERYSHOP" is three words.

    `trade_words` are in lower case.
    """
    return " ".join(_parted(word, trade_words) for word in name.split())


def _parted(word: str, trade_words: Collection[str]) -> str:
    if len(word) < _FEWEST_LETTERS or not word.isalpha() or word.lower() in trade_words:
        return word
    rest, ends = word, list[str]()
    while (end := _trade_word_at_end(rest, trade_words)) is not None:
        rest = rest[: -len(end)]
        ends.insert(0, end)
    if not ends or (len(ends) == 1 and len(word) < _FEWEST_FOR_ONE_WORD):
        return word
    return " ".join([rest, *ends])


def _trade_word_at_end(word: str, trade_words: Collection[str]) -> str | None:
    """The longest trade word that the word ends in, as it is printed."""
    lengths = [
        len(t) for t in trade_words if word.lower().endswith(t) and len(word) - len(t) >= _SHORTEST_REST
    ]
    return word[-max(lengths) :] if lengths else None
