"""How printed text is compared: without case, accents, blanks and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "Ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"})
_NUMBER_SIGNS = str.maketrans({"#": " no ", "°": "o", "№": "no"})
_ASCII_SIGNS = dict.fromkeys(
    code for code in range(128) if not chr(code).isalnum() and chr(code) not in "|!%"
)
# Characters that recognition confuses inside words; both sides of a comparison are folded alike.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b"})

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")

# The words of invoices repeat; so many texts and keys are kept, some megabytes at most.
_KEPT_KEYS = 8192


@lru_cache(maxsize=_KEPT_KEYS)
def plain(text: str) -> str:
    """`text` in lower case, NFKC, with accents removed."""
    if text.isascii():
        return text.translate(_NUMBER_SIGNS).lower()
    folded = unicodedata.normalize("NFKC", text.translate(_NUMBER_SIGNS)).casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


@lru_cache(maxsize=_KEPT_KEYS)
def key_of(text: str) -> str:
    """The letters and digits of `text` in a form that survives accents, blanks and look-alike characters."""
    folded = plain(text)
    if folded.isascii():
        letters = folded.translate(_ASCII_SIGNS)
    else:
        letters = "".join(c for c in folded if c.isalnum() or c in "|!%")
    if any(map(str.isalpha, letters)):
        return letters.translate(_LOOK_ALIKES)
    return letters.strip("|!")


def words_of(text: str) -> list[str]:
    """The words of `text` in plain form, for vocabulary statistics."""
    return _WORD.findall(plain(text))


def has_digits(text: str) -> bool:
    """Whether there is a decimal digit, of any script; no number or date is without one."""
    return _DIGIT.search(text) is not None


def letters_in(text: str) -> int:
    return sum(map(str.isalpha, text))


def digits_in(text: str) -> int:
    return sum(map(str.isdigit, text))
