"""Which of a recogniser's characters the languages of a template can use.

A recogniser of 18,000 characters takes a row of asterisks for Chinese and a Latin A for a Cyrillic one.
Knowing the languages rules that out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""What a reader that knows Latin letters alone takes every other character for."""

_HAN = ("CJK",)
_SCRIPTS = {
    "ar": ("ARABIC",),
    "be": ("CYRILLIC",),
    "bg": ("CYRILLIC",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "hy": ("ARMENIAN",),
    "ja": (*_HAN, "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"),
    "ka": ("GEORGIAN",),
    "kk": ("CYRILLIC",),
    "ko": (*_HAN, "HANGUL"),
    "mk": ("CYRILLIC",),
    "mr": ("DEVANAGARI",),
    "ru": ("CYRILLIC",),
    "sr": ("CYRILLIC",),
    "ta": ("TAMIL",),
    "te": ("TELUGU",),
    "th": ("THAI",),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
    "zh": (*_HAN, "IDEOGRAPHIC"),
}
"""Scripts by ISO 639-1 code as Unicode names begin with them; languages not listed are written in Latin."""

_WESTERN_SIGNS_END = 0x2200
"""Signs below this code point (punctuation, currencies, fractions) belong to every language."""

_EASTERN_SIGNS_END = 0x10000
"""Chinese, Japanese and Korean have signs of their own, up to here; what follows is emoji."""


def usable_classes(characters: Sequence[str], languages: Sequence[str]) -> npt.NDArray[np.intp]:
    """Indexes of the `characters` that texts in `languages` (ISO 639-1) may hold; all for no languages.

    Latin letters, digits and western signs always may: invoices in any script carry them. Entries longer
    than one character, such as a recogniser's blank, are kept.
    """
    if not languages:
        return np.arange(len(characters))
    scripts = {"LATIN"}
    for language in languages:
        scripts.update(_SCRIPTS.get(language.lower()[:2], ()))
    signs_end = _EASTERN_SIGNS_END if "CJK" in scripts else _WESTERN_SIGNS_END
    return np.flatnonzero([_usable(character, scripts, signs_end) for character in characters])


def written_in_latin(languages: Sequence[str]) -> bool:
    """Whether texts in all of `languages` (ISO 639-1) are written in Latin letters, as far as is known."""
    return not any(language.lower()[:2] in _SCRIPTS for language in languages)


def is_western(character: str) -> bool:
    """Whether it is a Latin letter, a digit, or a sign that belongs to every language."""
    return _usable(character, {"LATIN"}, _WESTERN_SIGNS_END)


def _usable(character: str, scripts: set[str], signs_end: int) -> bool:
    if len(character) != 1:
        return True
    if unicodedata.category(character)[0] in "LM":
        return unicodedata.name(character, "").split(" ")[0] in scripts
    return ord(character) < signs_end
