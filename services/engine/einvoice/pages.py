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
from services.engine.extraction.text import key_of
from shared.readings import BoundingBox, PageReading


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
        return next(self._texts(value), None)

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

    def _texts(self, value: str) -> Iterator[Place]:
        for page in self._document.pages:
            fold = _fold_for(page)
            wanted = fold(value)
            for row in page.rows if wanted else ():
                tokens = _run_of(row, wanted, fold)
                if tokens:
                    box = BoundingBox.around(token.box for token in tokens)
                    yield Place(page.number, box, " ".join(token.text for token in tokens))


def same_text(one: str, other: str) -> bool:
    """Whether two texts are alike but for case, accents, blanks, punctuation and look-alike characters."""
    return key_of(one) == key_of(other)


def _fold_for(page: PageLayout) -> Callable[[str], str]:
    """What recognition confuses counts as the same; a text layer has every character as it is."""
    return key_of if page.source == "ocr" else _letters_and_digits


def _letters_and_digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _run_of(row: Row, wanted: str, fold: Callable[[str], str]) -> list[Token]:
    """Neighbouring whole words of the row that together read as `wanted`."""
    tokens = [token for segment in row.segments for token in segment.tokens]
    keys = [fold(token.text) for token in tokens]
    if wanted not in "".join(keys):
        return []
    for start in range(len(tokens)):
        joined = ""
        for end in range(start, len(tokens)):
            joined += keys[end]
            if joined == wanted:
                return [
                    token for token, key in zip(tokens[start : end + 1], keys[start:], strict=False) if key
                ]
            if not wanted.startswith(joined):
                break
    return []


def _exchanged(date: datetime.date) -> datetime.date:
    """The date with day and month exchanged; both are at most 12 where a date is ambiguous."""
    return date.replace(month=date.day, day=date.month)
