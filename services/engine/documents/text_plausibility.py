"""Whether extracted text is language or the debris of a broken font encoding.

PDF fonts may lack a right mapping to Unicode (ISO 32000-1, 9.10): text then comes out as private-use
characters, as control characters, or with every letter exchanged for another.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

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
    text = Counter("".join(words))
    if _count(text, str.isalnum) < LEAST_LETTERS_AND_DIGITS:
        return "The page has next to no text of its own."
    printed = Counter({sign: count for sign, count in Counter(raw).items() if not sign.isspace()})
    if unmapped > MOST_UNMAPPED * printed.total():
        return f"The fonts give no meaning to {unmapped} of {printed.total()} characters."
    meaningless = _count(printed, _is_meaningless)
    if meaningless > MOST_MEANINGLESS * printed.total():
        return f"Of {printed.total()} characters {meaningless} are not text: the font encoding is broken."
    if _count(text, _is_ordinary) < LEAST_ORDINARY * _count(text, _is_base_letter):
        return "The text is mostly signs instead of letters and digits: the font encoding is broken."
    share = _vowel_share(text)
    if share is not None and not LEAST_VOWELS <= share <= MOST_VOWELS:
        return "The letters do not form words: the font encoding is broken."
    return None


def _is_meaningless(character: str) -> bool:
    """Replacement, private-use, unassigned and control characters (line ends are blanks)."""
    category = unicodedata.category(character)
    return character == "\ufffd" or category in MEANINGLESS_CATEGORIES or category == "Cc"


def _is_base_letter(character: str) -> bool:
    """Whether it is no combining mark, which several scripts write their vowels with."""
    return not unicodedata.category(character).startswith("M")


def _is_ordinary(character: str) -> bool:
    return _is_base_letter(character) and (character.isalnum() or character in ORDINARY_SIGNS)


def _count(text: Counter[str], belongs: Callable[[str], bool]) -> int:
    """How many characters belong; each different one is asked about once."""
    return sum(count for character, count in text.items() if belongs(character))


def _vowel_share(text: Counter[str]) -> float | None:
    """Share of vowels among the Latin letters of `text`, or None where there are too few to judge."""
    letters: Counter[str] = Counter()
    for character, count in text.items():
        for letter in unicodedata.normalize("NFD", character.casefold()):
            if "a" <= letter <= "z" or letter in VOWELS:
                letters[letter] += count
    if letters.total() < LETTERS_TO_JUDGE:
        return None
    return _count(letters, VOWELS.__contains__) / letters.total()
