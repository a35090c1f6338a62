"""Printed dates: numeric in either order, ISO, with month names; out comes `datetime.date`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.engine.extraction.layout import Segment, TrimmedSpan
from services.engine.extraction.text import digits_in, has_digits, plain

DayOrder = Literal["dayFirst", "monthFirst"]

_YEAR = r"['’]?((?:19|20)\d{2}|\d{2})"
# A time of day may stand behind the year without a blank: 07/03/202317:04.
_TIME_FOLLOWS = r"(?=[.,]?\d{1,2}:\d{2})"
# A date may follow a number: "9001248837/14.02.2023".
_NUMERIC = re.compile(
    rf"(?:(?<!\d)(?<!\d[.,/])|(?<=\d{{5}}/))(\d{{1,2}})\s?([./-])\s?(\d{{1,2}})\s?\2\s?{_YEAR}"
    rf"(?:{_TIME_FOLLOWS}|(?!\d|[./-]\d))"
)
_BLANKS = re.compile(r"(?<![\d.,/-])(\d{2})( )(\d{2}) (\d{4})(?!\d)")
_ISO = re.compile(rf"(?<!\d)(\d{{4}})\s?([-./])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})(?:{_TIME_FOLLOWS}|(?!\d))")
_EAST_ASIAN = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日?")
_DAY_MONTH = re.compile(
    r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th|er|:e|\.|º|°)?[\s\-/.]{0,3}(?:de\s|of\s|d')?\s?([^\W\d_]{3,12})\.?[\s\-/.,']{0,3}"
    rf"(?:de\s|del\s|of\s)?\s?{_YEAR}(?:{_TIME_FOLLOWS}|(?!\d|[.,]\d))",
    re.IGNORECASE,
)
_YEAR_MONTH = re.compile(r"(?<!\d)(\d{4})[\s\-./]{1,2}([^\W\d_]{3,12})\.?[\s\-./]{1,2}(\d{1,2})(?!\d)")
_MONTH_DAY = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{3,12})\.?[\s\-]{0,2}(\d{1,2})(?:st|nd|rd|th)?[\s\-,.]{1,4}(\d{4})(?!\d)",
    re.IGNORECASE,
)
# Without its year only with the dot behind the month, or with the month's name.
_DAY_AND_MONTH = re.compile(
    r"(?<![\d.,/-])(\d{1,2})(?:\.\s?(\d{1,2})\.|(?:st|nd|rd|th|er|\.)?\s([^\W\d_]{3,12}))(?!\w|\.?,?\s?['’]?\d)"
)
_COMPACT = re.compile(r"(?<![\w.,-])(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?![\w.,-])")
_DASH = re.compile(r"(?<=\d)[~–—](?=\d)")
_LETTER_FOR_DIGIT = re.compile(r"(?<=[\d./-])[OoIl](?=[\d./-]|$)|(?<![^\W_])[OoIl](?=\d?[./-]\d)")
_ZERO_FOR_LETTER = re.compile(r"(?<![\w.,])0(?=[^\W\d_]{2})|(?<=[^\W\d_])0(?=[^\W\d_])")  # 0ct, N0v
# A mark misread or read into the day or the month: 05 02-18, 03/0:2/2018.
_GARBLED = re.compile(r"(?<![\d.,/:-])(\d:?\d)[ .,:/-]{1,2}(\d:?\d)[ .,:/-]{1,2}(\d{4}|\d{2})(?![\d.,/:-])")
# 1 May 26
_FEWEST_DIGITS = 3
_EARLIEST, _LATEST = 1990, 2079


@dataclass(frozen=True, slots=True)
class PrintedDate(TrimmedSpan):
    """A printed date; `ambiguous` if day and month could be exchanged."""

    value: datetime.date
    ambiguous: bool


@dataclass(frozen=True)
class DateReader:
    """Reads dates with the month names of the vocabulary and one document's order of day and month."""

    months: Mapping[str, int]
    order: DayOrder

    def read(self, segment: Segment, compact: bool = False) -> list[PrintedDate]:
        """All dates in the segment; eight bare digits count only when `compact` is asked for."""
        if not has_digits(segment.text):
            return []
        text = _mend(segment.text)
        if digits_in(text) < _FEWEST_DIGITS:
            return []
        found: list[PrintedDate] = []
        for start, end, value, ambiguous in self._parse(text, compact):
            if not any(start < other.end and end > other.start for other in found):
                found.append(PrintedDate(segment, start, end, value, ambiguous))
        return sorted(found, key=lambda date: date.start)

    def read_garbled(self, segment: Segment) -> list[PrintedDate]:
        """Dates of two numbers and a year whose marks are not a date's; ask only where a date must stand."""
        found = []
        for match in _GARBLED.finditer(segment.text):
            one, other = (int(match[place].replace(":", "")) for place in (1, 2))
            value = _date(*self._in_order(one, other, _year(match[3])))
            if value is not None:
                found.append(PrintedDate(segment, match.start(), match.end(), value, max(one, other) <= 12))
        return found

    def read_without_year(self, segment: Segment, after: datetime.date) -> list[PrintedDate]:
        """Days and months without a year, as those that come next `after` a day: "by 14 June"."""
        found = []
        for match in _DAY_AND_MONTH.finditer(segment.text):
            month = self._month(match[3]) if match[3] else int(match[2])
            years = (after.year, after.year + 1)
            days = [_date(year, month, int(match[1])) for year in years] if month else []
            value = next((day for day in days if day is not None and day > after), None)
            if value is not None:
                found.append(PrintedDate(segment, match.start(), match.end(), value, False))
        return found

    def _parse(self, text: str, compact: bool) -> Iterable[tuple[int, int, datetime.date, bool]]:
        for pattern in (
            _ISO,
            _EAST_ASIAN,
            _DAY_MONTH,
            _YEAR_MONTH,
            _MONTH_DAY,
            _NUMERIC,
            _BLANKS,
            *([_COMPACT] if compact else []),
        ):
            match = pattern.search(text)
            while match is not None:
                parts = None if _is_code(text, pattern, match) else self._parts(pattern, match)
                value = _date(*parts) if parts is not None else None
                if parts is not None and value is not None:
                    swap = pattern is _NUMERIC and parts[2] <= 12 and parts[1] <= 12 and parts[1] != parts[2]
                    yield match.start(), match.end(), value, swap
                # What is no date may hold the beginning of one: "30 days 31 March 2024".
                match = pattern.search(text, match.end(1) if value is None else match.end())

    def _parts(self, pattern: re.Pattern[str], match: re.Match[str]) -> tuple[int, int, int] | None:
        """Year, month, day."""
        if pattern is _ISO:
            return int(match[1]), int(match[3]), int(match[4])
        if pattern in (_EAST_ASIAN, _COMPACT):
            return int(match[1]), int(match[2]), int(match[3])
        if pattern is _DAY_MONTH:
            month = self._month(match[2])
            return (_year(match[3]), month, int(match[1])) if month else None
        if pattern is _YEAR_MONTH:
            month = self._month(match[2])
            return (int(match[1]), month, int(match[3])) if month else None
        if pattern is _MONTH_DAY:
            month = self._month(match[1])
            return (_year(match[3]), month, int(match[2])) if month else None
        # Nobody prints the month first with full stops.
        return self._in_order(int(match[1]), int(match[3]), _year(match[4]), day_first=match[2] == ".")

    def _in_order(self, one: int, other: int, year: int, *, day_first: bool = False) -> tuple[int, int, int]:
        """Year, month, day of two numbers in the document's order, or in the only order there can be."""
        if one > 12 or ((self.order == "dayFirst" or day_first) and other <= 12):
            return year, other, one
        return year, one, other

    def _month(self, name: str) -> int | None:
        key = plain(name)
        return self.months.get(key) or self.months.get(key.replace("0", "o").replace("1", "l"))


def day_order(segments: Iterable[Segment], month_first_country: bool) -> DayOrder:
    """The order of day and month in the document's numeric dates.

    Dates that allow only one order decide; otherwise the country's custom does.
    """
    day_first = month_first = 0
    for segment in segments:
        if not has_digits(segment.text):
            continue
        for match in _NUMERIC.finditer(_mend(segment.text)):
            one, other = int(match[1]), int(match[3])
            if match[2] != "." and _date(_year(match[4]), 1, 1):
                day_first += one > 12 >= other
                month_first += other > 12 >= one
    if day_first != month_first:
        return "dayFirst" if day_first > month_first else "monthFirst"
    return "monthFirst" if month_first_country else "dayFirst"


def _mend(text: str) -> str:
    """Separators and digits inside dates that recognition took for something else, put right."""
    text = _ZERO_FOR_LETTER.sub("O", _DASH.sub("-", text))
    return _LETTER_FOR_DIGIT.sub(lambda m: "0" if m[0] in "Oo" else "1", text)


def _is_code(text: str, pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Two-digit years behind a letter are article codes: HD03-04-06."""
    before = text[match.start() - 1 : match.start()]
    return pattern is _NUMERIC and len(match[4]) == 2 and before.isalpha()


def _year(digits: str) -> int:
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
