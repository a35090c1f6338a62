"""Whether extracted text is language or the debris of a broken font encoding.

PDF fonts may lack a right mapping to Unicode (ISO 32000-1, 9.10): text then comes out as private-use
characters, as control characters, or with every letter exchanged for another.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

LEAST_LETTERS_AND_DIGITS = 8
MOST_MEANINGLESS = 0.03
MOST_UNMAPPED = 0.05
LEAST_ORDINARY = 0.85
# A text of this many Latin letters has vowels, in every European language and among codes and names too:
# measured shares lie between 0.3 and 0.45.
LETTERS_TO_JUDGE = 60
LEAST_VOWELS = 0.2
MOST_VOWELS = 0.7
VOWELS = frozenset("aeiouyæøœ")
ORDINARY_SIGNS = frozenset(
    ".,:;!?'\"()[]{}<>/\\|-+*=_%&@#~^`´§€$£¥¢¤°²³½¼¾×№®©™†‡–—−‐‑‒„“”‚‘’«»¿¡…·•▪■□●○→☐☒✓✔"
)
MEANINGLESS_CATEGORIES = frozenset({"Co", "Cn", "Cs"})


def implausibility(raw: str, words: Sequence[str], unmapped: int) -> str | None:
    """The reason why text can't be what is printed, as a sentence, or None if it may well be.

    `raw` are all characters as the document gives them, `words` the readable words of it, `unmapped` the
    number of characters for which the document's fonts have no meaning.
    """
    text = "".join(words)
    if sum(character.isalnum() for character in text) < LEAST_LETTERS_AND_DIGITS:
        return "The page has next to no text of its own."
    printed = [character for character in raw if not character.isspace()]
    if unmapped > MOST_UNMAPPED * len(printed):
        return f"The fonts give no meaning to {unmapped} of {len(printed)} characters."
    meaningless = sum(map(_is_meaningless, printed))
    if meaningless > MOST_MEANINGLESS * len(printed):
        return f"Of {len(printed)} characters {meaningless} are not text: the font encoding is broken."
    ordinary = sum(character.isalnum() or character in ORDINARY_SIGNS for character in _base_letters(text))
    if ordinary < LEAST_ORDINARY * len(_base_letters(text)):
        return "The text is mostly signs instead of letters and digits: the font encoding is broken."
    share = _vowel_share(text)
    if share is not None and not LEAST_VOWELS <= share <= MOST_VOWELS:
        return "The letters do not form words: the font encoding is broken."
    return None


def _is_meaningless(character: str) -> bool:
    """Replacement, private-use, unassigned and control characters (line ends are blanks)."""
    category = unicodedata.category(character)
    return character == "\ufffd" or category in MEANINGLESS_CATEGORIES or category == "Cc"


def _base_letters(text: Iterable[str]) -> list[str]:
    """Characters without combining marks, which several scripts write their vowels with."""
    return [character for character in text if not unicodedata.category(character).startswith("M")]


def _vowel_share(text: str) -> float | None:
    """Share of vowels among the Latin letters of `text`, or None where there are too few to judge."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    letters = [character for character in decomposed if "a" <= character <= "z" or character in VOWELS]
    if len(letters) < LETTERS_TO_JUDGE:
        return None
    return sum(letter in VOWELS for letter in letters) / len(letters)
