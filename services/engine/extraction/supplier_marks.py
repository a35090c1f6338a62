"""What on a page may tell whose invoice it is: tax ids, account numbers, and texts that can be a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.engine.extraction.addresses import TextPart
from services.engine.extraction.identifiers import find_ibans, find_vat_ids
from services.engine.extraction.layout import PageLayout, Row, Segment, lay_out
from services.engine.extraction.party import clean_name, is_name, pieces_of
from services.engine.extraction.text import digits_in
from shared.identity import MOST_KEYS_OF_A_PAGE, iban_key, name_key, tax_id_key
from shared.readings import BoundingBox, PageReading

_FEWEST_DIGITS = 6
# A name on two lines stands in a letterhead.
_ROWS_OF_LETTERHEAD = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A key (`shared.identity`) that stands on a page, with the text and the place, in pixels."""

    key: str
    page: int
    text: str
    box: BoundingBox


def page_marks(reading: PageReading) -> tuple[str, ...]:
    """The distinct keys on an upright page, numbers first; at most `MOST_KEYS_OF_A_PAGE`."""
    keys = dict.fromkeys(mark.key for mark in marks_on(lay_out([reading])))
    return tuple(keys)[:MOST_KEYS_OF_A_PAGE]


def marks_on(pages: Sequence[PageLayout]) -> Iterator[Mark]:
    """Every mark on the pages, numbers before names."""
    for page in pages:
        for row in page.rows:
            for segment in row.segments:
                yield from _numbers(segment)
    for page in pages:
        yield from _names(page)


def _numbers(segment: Segment) -> Iterator[Mark]:
    for identifier in find_vat_ids(segment):
        yield from _mark(tax_id_key(identifier.value), TextPart(segment, identifier.start, identifier.end))
    for identifier in find_ibans(segment):
        yield from _mark(iban_key(identifier.value), TextPart(segment, identifier.start, identifier.end))
    for token in segment.tokens:
        if digits_in(token.text) >= _FEWEST_DIGITS:
            yield from _mark(tax_id_key(token.text), TextPart(segment, token.start, token.end))


def _names(page: PageLayout) -> Iterator[Mark]:
    for row in page.rows:
        for segment in row.segments:
            for part in (TextPart(segment, 0, len(segment.text)), *pieces_of(segment)):
                if is_name(part.text):
                    yield from _mark(name_key(clean_name(part.text)), part)
        if row.index + 1 < min(len(page.rows), _ROWS_OF_LETTERHEAD):
            yield from _names_on_two_lines(row, page.rows[row.index + 1])


def _names_on_two_lines(row: Row, below: Row) -> Iterator[Mark]:
    for segment in row.segments:
        for other in below.segments:
            reach = 1.5 * segment.box.height
            aligned = (
                abs(segment.box.x - other.box.x) < reach
                or abs(segment.box.center_x - other.box.center_x) < reach
            )
            text = f"{segment.text} {other.text}"
            if aligned and is_name(text):
                box = BoundingBox.around([segment.box, other.box])
                key = name_key(clean_name(text))
                if key is not None:
                    yield Mark(key, segment.page, text, box)


def _mark(key: str | None, part: TextPart) -> Iterator[Mark]:
    if key is not None:
        yield Mark(key, part.segment.page, part.text, part.segment.box_of(part.start, part.end))
