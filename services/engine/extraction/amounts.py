"""Printed amounts and percentages: decimal style, currency, sign, and what recognition garbles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from services.engine.extraction.layout import Segment, TrimmedSpan
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.text import has_digits

DecimalMark = Literal[",", "."]

_DIGITS = (
    r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,4})?(?!\d)"  # grouped: 1.234,56  1'234.50  1 234,56
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,4})?(?!\d)"  # Indian groups: 1,23,456.00
    r"|\d+(?:[.,]\d{1,6})?"
    r"|(?<![^\W\d_])[.,]\d{2}(?!\d)"  # .50
)
_MINUS = r"[-−–]"
_GARBLED = re.compile(r"(?<![^\W\d_])[\dOoQlI|SB]*\d[\dOoQlI|SB]*[.,][\dOoQlI|SB]{2}(?![\w])")
_LONE_ZERO = re.compile(r"(?:(?<=\bRM)|(?<=[€$£]))[OoDQ](?=[.,]\d{2}(?!\d))")
_REPAIR = str.maketrans({"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_BLANKS = dict.fromkeys(map(ord, "'’ \u2060"))
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}([.,' ])\d{3}(?:\1\d{3})*([.,])\d{2}(?![\d.,]*\d)")
_PLAIN = re.compile(r"(?<![\d.,/-])\d+([.,])\d{2}(?![\d.,/-]*\d)")
_THOUSANDS = re.compile(r"(?<![\d.,/-])[1-9]\d{0,2}([.,])\d{3}(?![\d.,/-]*\d)")
_BLANK_IN_DECIMALS = re.compile(r"(?<=\d)(?:\s([.,])|([.,])\s)(?=\d{2}\s*(?:$|[€$£%]|[A-Z]{1,3}\b))")


_CENTS = 2

# Several readers mend the same segment's text: so many are kept.
_KEPT_TEXTS = 2048


@dataclass(frozen=True, slots=True)
class Amount(TrimmedSpan):
    """A printed number.

    `decimals` counts the printed decimal places, `currency` is an ISO code if one stands beside it, and
    `percent` tells that a percent sign follows.
    """

    value: Decimal
    decimals: int
    currency: str | None
    percent: bool

    @property
    def is_money(self) -> bool:
        """Printed the way money is: two decimals or a currency, and no percent sign."""
        return not self.percent and (self.decimals == 2 or self.currency is not None)


@dataclass(frozen=True)
class AmountReader:
    """Reads amounts in one document's decimal style."""

    pattern: re.Pattern[str]
    currencies: dict[str, str]
    mark: DecimalMark

    def read(self, segment: Segment) -> list[Amount]:
        """All numbers in the segment, left to right."""
        if not has_digits(segment.text):
            return []
        text = mend(segment.text)
        found = []
        for match in self.pattern.finditer(text):
            value, decimals = parse_number(match["digits"], self.mark)
            if match["lead"] or match["sign"] or match["trail"] or (match["open"] and match["close"]):
                value = -value
            printed = match["before"] or match["after"]
            found.append(
                Amount(
                    value=value,
                    decimals=2 if match["dash"] else decimals,
                    currency=self.currencies.get(printed) if printed else None,
                    percent=bool(match["percent"]),
                    segment=segment,
                    start=match.start(),
                    end=match.end(),
                )
            )
        return found


def make_reader(segments: Iterable[Segment], lexicon: Lexicon) -> AmountReader:
    """A reader for the document's own decimal style, inferred from all its numbers."""
    return AmountReader(
        pattern=_pattern(lexicon),
        currencies=dict(lexicon.currencies),
        mark=decimal_mark(mend(segment.text) for segment in segments if has_digits(segment.text)),
    )


def decimal_mark(texts: Iterable[str]) -> DecimalMark:
    """The decimal mark most numbers of the document are printed with; a point where nothing tells."""
    votes = {",": 0, ".": 0}
    grouped_by = {",": 0, ".": 0}
    for text in texts:
        for grouped in _GROUPED.finditer(text):
            if grouped[1] != grouped[2]:
                votes[grouped[2]] += 3
        for plain in _PLAIN.finditer(text):
            votes[plain[1]] += 1
        for thousands in _THOUSANDS.finditer(text):
            grouped_by[thousands[1]] += 1
    if votes[","] == votes["."]:
        # Only whole numbers with separators: what groups them is not the decimal mark.
        return "," if grouped_by["."] > grouped_by[","] else "."
    return "," if votes[","] > votes["."] else "."


def parse_number(digits: str, mark: DecimalMark) -> tuple[Decimal, int]:
    """The value and the number of decimals of digits with separators.

    A lone separator before exactly three digits groups thousands unless it is the document's decimal
    mark or the number starts with 0; before any other number of digits it is the decimal mark, and so is
    the last of several before two: "1.290.00" was printed "1.290,00".
    """
    compact = digits.translate(_BLANKS)
    separators = [character for character in compact if character in ".,"]
    if not separators:
        return Decimal(compact), 0
    last = separators[-1]
    whole, _, tail = compact.rpartition(last)
    if len(separators) > 1 and separators.count(last) == len(separators) and len(tail) != _CENTS:
        return Decimal(compact.replace(last, "")), 0
    if len(set(separators)) == 1 and len(tail) == 3 and last != mark and not whole.startswith("0"):
        return Decimal(whole + tail), 0
    return Decimal(whole.replace(".", "").replace(",", "") + "." + tail), len(tail)


@lru_cache(maxsize=_KEPT_TEXTS)
def mend(text: str) -> str:
    """Letters that stand for digits inside amounts replaced, without changing the text's length.

    A blank beside the decimal mark ("12. 50") moves behind the amount's digits.
    """
    fixed = _LONE_ZERO.sub("0", _GARBLED.sub(lambda m: m[0].translate(_REPAIR), text))
    return _BLANK_IN_DECIMALS.sub(lambda m: (m[1] or m[2]) + "\u2060", fixed)


def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    currency = lexicon.currency_pattern.pattern
    return re.compile(
        rf"(?<![\d.,/:_\-])(?<![^\W\d_](?=\d))(?P<open>\()?(?P<lead>{_MINUS}\s?)?"
        rf"(?:(?P<before>{currency})[\s:]?|(?<![^\W\d_])[A-Z]{{1,3}}(?=\d+[.,]\d\d(?!\d)))?"
        rf"(?P<sign>{_MINUS}\s?)?(?P<digits>{_joinable()})"
        rf"(?P<dash>[.,]\s?[-–—]{{1,2}}(?!\w))?"
        rf"(?P<trail>{_MINUS}(?![\w.]))?\s?(?:(?P<percent>%)|(?P<after>{currency}))?(?P<close>\))?"
        rf"(?![\d/:]|[.,]\d|-\d|(?<=\d)[a-z]{{2}}|(?<!\d[.,]\d\d)(?<=\d)(?!x(?!\w))[a-z])"
    )


def _joinable() -> str:
    """The digits' expression, tolerant of the invisible joiner `mend` leaves behind a decimal mark."""
    return _DIGITS.replace("[.,]", "[.,]\u2060?")
