"""What a printed number may have been, if recognition got one character of it wrong.

Recognition takes a digit for one that looks like it, loses one of two equal digits or sees it twice (its
decoding joins repeated characters), loses a decimal mark, or takes it for a digit or for the other mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.engine.extraction.amounts import DecimalMark, parse_number

_LOOK_ALIKES = {
    "0": "689571",
    "1": "7402",
    "2": "7301",
    "3": "8952",
    "4": "91",
    "5": "638902",
    "6": "8503",
    "7": "1294",
    "8": "036954",
    "9": "834057",
}
_PADDED = re.compile(r"0[0-9]")
_MARKS, _DIGITS = ".,", "0123456789"
_RUN = re.compile(r"[.,]?[0-9](?:[0-9.,'’ \u2060]*[0-9])?")
_DECIMALS = 2


SlipKind = Literal["usual", "lost", "unlike"]


@dataclass(frozen=True, slots=True)
class Slip:
    """`intended` is printed where `text[start:end]` was read, and then the number is `value`.

    A slip is "usual" if it is of a kind that recognition makes often. In a "lost" one a digit unlike its
    neighbours was lost or added, in an "unlike" one a digit was taken for one that it does not look like.
    """

    start: int
    end: int
    intended: str
    value: Decimal
    kind: SlipKind


def slips_of(text: str, mark: DecimalMark) -> Iterator[Slip]:
    """Every number that one slip may have turned into `text`, which holds one number, without a sign.

    It has as many decimals as were read, two, or none. `mark` is the document's decimal mark.
    """
    run = _RUN.search(text)
    if run is None or any(c.isdigit() and not c.isascii() for c in text):
        return
    value, read = parse_number(run[0], mark)
    seen = {value}
    for start, end, intended, kind in _edits(run[0], mark):
        changed = run[0][:start] + intended + run[0][end:]
        value, decimals = parse_number(changed, mark)
        if value not in seen and decimals in (read, _DECIMALS, 0) and not _PADDED.match(changed):
            seen.add(value)
            yield Slip(run.start() + start, run.start() + end, intended, value, kind)


def _edits(digits: str, mark: DecimalMark) -> Iterator[tuple[int, int, str, SlipKind]]:
    """Start, end and replacement of each edit; the usual ones come first."""
    places = [place for place, character in enumerate(digits) if character.isdigit()]
    for place in places:
        for other in _LOOK_ALIKES[digits[place]]:
            yield place, place + 1, other, "usual"
        yield place, place, digits[place], "usual"
        if digits[place] in (digits[place - 1 : place], digits[place + 1 : place + 2]):
            yield place, place + 1, "", "usual"
    for start, end, other in _marks(digits, mark):
        yield start, end, other, "usual"
    for place in places:
        if len(places) > 1:
            yield place, place + 1, "", "lost"
        yield from ((place, place, other, "lost") for other in _DIGITS)
        yield from ((place, place + 1, other, "unlike") for other in _DIGITS)
    yield from ((len(digits), len(digits), other, "lost") for other in _DIGITS)


def _marks(digits: str, mark: DecimalMark) -> Iterator[tuple[int, int, str]]:
    """Marks that were lost, or read as a digit or as the other mark."""
    places = [place for place, character in enumerate(digits) if character in _MARKS]
    cut = len(digits) - _DECIMALS
    if not places:
        if cut >= 1:
            yield cut, cut, mark
        if cut >= 2:
            yield cut - 1, cut, mark
        return
    last = places[-1]
    yield last, last + 1, "." if digits[last] == "," else ","
    if cut > last + 1:
        yield last, last + 1, ""
        if digits[last] != mark:
            yield cut, cut, mark
