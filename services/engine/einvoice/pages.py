"""Where a value of the e-invoice stands on the pages, if any page shows it."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.engine.einvoice.model import Value
from services.engine.extraction.document import Document, read_document
from services.engine.extraction.layout import PageLayout, Row, Token
from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.text import key_of, plain
from shared.readings import BoundingBox, PageReading

_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b"})


@dataclass(frozen=True, slots=True)
class Place:
    """A text on a page, from 1, with its box in pixels."""

    page: int
    box: BoundingBox
    text: str


class Pages:
    """The pages of one document, searchable for values."""

    def __init__(self, readings: Sequence[PageReading], languages: tuple[str, ...]) -> None:
        self._document: Document = read_document(readings, load_lexicon(), languages)
        self._texts = [_PageText(page) for page in self._document.pages]

    @property
    def have_text(self) -> bool:
        """Whether anything was read on any page."""
        return any(page.rows for page in self._document.pages)

    def find(self, value: Value) -> Place | None:
        """The first place that shows `value`; amounts count with either sign, dates in any notation."""
        if isinstance(value, Decimal):
            return next(self._amounts(value), None)
        if isinstance(value, datetime.date):
            return next(self._dates(value), None)
        places = (place for text in self._texts if (place := text.find(value)))
        return next(places, None)

    def _amounts(self, value: Decimal) -> Iterator[Place]:
        for segment in self._document.segments():
            for amount in self._document.amounts_in(segment):
                if abs(amount.value) == abs(value) and not amount.percent:
                    yield Place(segment.page, amount.box, amount.text)

    def _dates(self, value: datetime.date) -> Iterator[Place]:
        for segment in self._document.segments():
            for date in self._document.date_reader.read(segment, compact=True):
                if date.value == value or (date.ambiguous and _exchanged(date.value) == value):
                    yield Place(segment.page, date.box, date.text)


class _PageText:
    """A page's words in the form in which they are compared, folded once for all searches."""

    def __init__(self, page: PageLayout) -> None:
        self._number = page.number
        self._fold: Callable[[str], str] = (
            _without_look_alikes if page.source == "ocr" else _letters_and_digits
        )
        self._rows = [self._folded(row) for row in page.rows]
        self._everything = "\n".join("".join(key for _, key in row) for row in self._rows)

    def find(self, text: str) -> Place | None:
        """Neighbouring whole words of one row that together read as `text`."""
        wanted = self._fold(text)
        if not wanted or wanted not in self._everything:
            return None
        for row in self._rows:
            tokens = _run_of(row, wanted)
            if tokens:
                box = BoundingBox.around(token.box for token in tokens)
                return Place(self._number, box, " ".join(token.text for token in tokens))
        return None

    def _folded(self, row: Row) -> list[tuple[Token, str]]:
        tokens = (token for segment in row.segments for token in segment.tokens)
        return [(token, key) for token in tokens if (key := self._fold(token.text))]


def same_text(one: str, other: str) -> bool:
    """Whether two texts are alike but for case, accents, blanks, punctuation and look-alike characters."""
    return key_of(one) == key_of(other)


def _letters_and_digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _without_look_alikes(text: str) -> str:
    """What recognition confuses made the same; a text layer has every character as it is."""
    return _letters_and_digits(plain(text)).translate(_LOOK_ALIKES)


def _run_of(row: list[tuple[Token, str]], wanted: str) -> list[Token]:
    for start in range(len(row)):
        joined = ""
        for end in range(start, len(row)):
            joined += row[end][1]
            if joined == wanted:
                return [token for token, _ in row[start : end + 1]]
            if not wanted.startswith(joined):
                break
    return []


def _exchanged(date: datetime.date) -> datetime.date:
    """The date with day and month exchanged; both are at most 12 where a date is ambiguous."""
    return date.replace(month=date.day, day=date.month)
