"""What a printed number may have been, if recognition got one character of it wrong.

Recognition takes a digit for one that looks like it, loses one of two equal digits or sees it twice (its
decoding joins repeated characters), loses a decimal mark, or takes it for a digit or for the other mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

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
_MARKS = ".,"
_RUN = re.compile(r"[.,]?\d(?:[\d.,'’ \u2060]*\d)?")
_FEWEST_DECIMALS, _USUAL_DECIMALS = 1, 2


@dataclass(frozen=True, slots=True)
class Slip:
    """`intended` is printed where `text[start:end]` was read, and then the number is `value`.

    `usual`: of a kind that recognition makes often; otherwise a digit was lost or added that is unlike its
    neighbours.
    """

    start: int
    end: int
    intended: str
    value: Decimal
    usual: bool


def slips_of(text: str, mark: DecimalMark) -> Iterator[Slip]:
    """Every number that one slip may have turned into `text`, which holds one number, without a sign.

    `mark` is the document's decimal mark.
    """
    run = _RUN.search(text)
    if run is None:
        return
    value, _ = parse_number(run[0], mark)
    seen = {value}
    for start, end, intended, usual in _edits(run[0], mark):
        changed = run[0][:start] + intended + run[0][end:]
        value, _ = parse_number(changed, mark)
        if value not in seen:
            seen.add(value)
            yield Slip(run.start() + start, run.start() + end, intended, value, usual)


def _edits(digits: str, mark: DecimalMark) -> Iterator[tuple[int, int, str, bool]]:
    """Start, end and replacement of each edit, and whether it is a usual one; the usual ones come first."""
    for place, character in enumerate(digits):
        for other in _LOOK_ALIKES.get(character, ""):
            yield place, place + 1, other, True
    yield from _marks(digits, mark)
    for place, character in enumerate(digits):
        if character.isdigit():
            doubled = character in digits[max(0, place - 1) : place] + digits[place + 1 : place + 2]
            if len(digits) > 1:
                yield place, place + 1, "", doubled
            yield place, place, character, True
    for place in range(len(digits) + 1):
        for other in "0123456789":
            yield place, place, other, False


def _marks(digits: str, mark: DecimalMark) -> Iterator[tuple[int, int, str, bool]]:
    """Marks that were lost, or read as a digit or as the other mark."""
    places = [place for place, character in enumerate(digits) if character in _MARKS]
    if not places:
        cut = len(digits) - _USUAL_DECIMALS
        if cut >= 1:
            yield cut, cut, mark, True
            if cut >= 2:
                yield cut - 1, cut, mark, True
        return
    last = places[-1]
    yield last, last + 1, "." if digits[last] == "," else ",", True
    if len(digits) - last - 1 > _USUAL_DECIMALS:
        yield last, last + 1, "", True
        cut = len(digits) - _USUAL_DECIMALS
        yield cut, cut, mark, True
