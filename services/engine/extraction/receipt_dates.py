"""The day of a sale: among the dates of a till receipt the one at its label, or beside a time of day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.dates import PrintedDate
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row
from services.engine.extraction.model import Found

TIME_OF_DAY = re.compile(r"(?:(?<![\d:.])|(?<=20\d\d))\d{1,2}:\d{2}(?::\d{2})?(?![\d.,])")
_OTHER_DATES = ("otherDate", "dueDate", "deliveryDate")


@dataclass(frozen=True, slots=True)
class _Candidate:
    date: PrintedDate
    reason: str
    score: float


def receipt_date(document: Document) -> Found[datetime.date] | None:
    """The day of the sale; dates of a card's expiry, of the next visit and the like are passed over."""
    candidates = list(_candidates(document))
    if not candidates:
        return _garbled_date(document)
    best = max(candidates, key=lambda candidate: candidate.score)
    date = best.date
    confidence = min(1.0, best.score) * date.confidence * (0.9 if date.ambiguous else 1.0)
    return Found(date.value, date.segment.page, date.box, date.text, best.reason, confidence)


def _candidates(document: Document) -> Iterator[_Candidate]:
    labelled = dict(_labelled(document))
    for row in document.rows():
        has_time = TIME_OF_DAY.search(row.text) is not None
        for segment in row.segments:
            for date in document.dates_in(segment):
                place = _place(date)
                if place not in labelled and _is_of_something_else(document, row, date):
                    continue
                label = labelled.get(place)
                if label is not None:
                    yield _Candidate(date, f'Stands at the label "{label}".', 1.0 + 0.1 * has_time)
                elif has_time:
                    yield _Candidate(date, "The first date beside a time of day.", 0.8)
                else:
                    yield _Candidate(date, "The first date on the pages; it has no label.", 0.7)


def _labelled(document: Document) -> Iterator[tuple[tuple[int, int, int, int], str]]:
    """The places of the dates that stand at a label of the sale's date, with the label."""
    for hit in document.labels.of("date", "weakDate"):
        if not hit.stands_as_label:
            continue
        for slot in document.labels.slots(hit):
            dates = [
                date
                for date in document.dates_in(slot.segment)
                if slot.start - 1 <= date.start < slot.end + 4
            ]
            if dates:
                yield _place(dates[0]), hit.text.strip(" :")
                break


def _is_of_something_else(document: Document, row: Row, date: PrintedDate) -> bool:
    """Whether the label of another date stands before it in its row."""
    return any(
        hit.is_label(*_OTHER_DATES) and (hit.segment.index, hit.start) < (date.segment.index, date.start)
        for hit in document.labels.in_row(row)
    )


def _garbled_date(document: Document) -> Found[datetime.date] | None:
    """A date one of whose marks was misread, where a time of day or the label of a date stands in the row."""
    for row in document.rows():
        tells = TIME_OF_DAY.search(row.text) or any(
            hit.is_label("date", "weakDate") for hit in document.labels.in_row(row)
        )
        for date in (d for segment in row.segments for d in document.date_reader.read_garbled(segment)):
            if tells:
                reason = "A date with a misread mark, beside a time of day or the label of a date."
                return Found(date.value, row.page, date.box, date.text, reason, 0.6 * date.confidence)
    return None


def _place(date: PrintedDate) -> tuple[int, int, int, int]:
    return date.segment.page, date.segment.row, date.segment.index, date.start
