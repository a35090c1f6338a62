"""Where a value that a person states is printed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from services.engine.extraction.document import Document
from services.engine.extraction.invoice_fields import FIELD_TYPES
from services.engine.extraction.layout import Segment, Span, Token
from services.engine.extraction.learned import DEDUCTED
from services.engine.extraction.text import key_of
from shared.readings import BoundingBox
from shared.supplier import Correction

_USUAL_LABELS = {
    "invoice.number": ("number", "numberTitle", "weakNumber"),
    "invoice.purchaseOrder": ("order",),
    "invoice.payment.reference": ("paymentReference",),
}


def occurrences(document: Document, correction: Correction) -> tuple[list[Span], ...]:
    """Where the corrected value is printed, in reading order: where the person pointed; at a usual label of
    the field; elsewhere; and where it is more likely another field's, or an item's, of the same value.
    """
    groups: tuple[list[Span], ...] = ([], [], [], [])
    for place in printed(document, correction):
        if _is_pointed_at(correction, place):
            groups[0].append(place)
        else:
            groups[2 - _likelihood(document, correction.field, place)].append(place)
    return groups


def printed(document: Document, correction: Correction) -> Iterator[Span]:
    """Everywhere the corrected value is printed."""
    if correction.value is None:
        return
    kind = FIELD_TYPES[correction.field]
    for segment in document.segments():
        if kind is Decimal:
            for amount in document.amounts_in(segment):
                if is_value(correction, amount.value):
                    yield Span(segment, amount.start, amount.end)
        elif kind is datetime.date:
            for date in document.date_reader.read(segment, compact=True):
                if is_value(correction, date.value):
                    yield Span(segment, date.start, date.end)
        else:
            yield from texts(segment, key_of(correction.value))


def texts(segment: Segment, wanted: str) -> Iterator[Span]:
    """Runs of words whose key is `wanted`."""
    for first in segment.tokens:
        for last in segment.tokens:
            if last.end < first.end:
                continue
            key = key_of(segment.text[first.start : last.end])
            if key == wanted:
                yield Span(segment, first.start, last.end)
            if len(key) >= len(wanted):
                break


def is_value(correction: Correction, value: Any) -> bool:
    """Whether `value`, read from a page, is what the person says."""
    if correction.value is None or value is None:
        return correction.value is value
    if isinstance(value, Decimal):
        stated = list(_numbers(correction.value))
        return value in stated or (correction.field in DEDUCTED and -value in stated)
    if isinstance(value, datetime.date):
        return value.isoformat() == correction.value
    return key_of(str(value)) == key_of(correction.value)


def with_iso_date(document: Document, correction: Correction) -> Correction:
    """The correction with a date that was written as it is printed in the form that values have."""
    if correction.value is None or FIELD_TYPES.get(correction.field) is not datetime.date:
        return correction
    text = correction.value.strip()
    nowhere = BoundingBox(0, 0, 0, 0)
    written = Segment.of_tokens(1, 0, [Token(text, key_of(text), 1.0, nowhere, 0, len(text))])
    dates = document.date_reader.read(written, compact=True)
    return replace(correction, value=dates[0].value.isoformat()) if len(dates) == 1 else correction


def is_sum(field: str) -> bool:
    """Whether the field is an amount of money."""
    return FIELD_TYPES.get(field) is Decimal


def _is_pointed_at(correction: Correction, place: Span) -> bool:
    if correction.box is None or correction.page != place.segment.page:
        return False
    one, other = correction.box, place.segment.box_of(place.start, place.end)
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across >= 0 and down >= 0


def _likelihood(document: Document, field: str, place: Span) -> int:
    """1 at a usual label of the field, -1 in an item's row or at another reference's label, else 0."""
    row = document.page(place.segment.page).rows[place.segment.row]
    if is_sum(field):
        return -1 if len(document.row_amounts(row)) > 1 else 0
    own = _USUAL_LABELS.get(field, ())
    before = [hit for hit in document.labels.within(place.segment) if hit.end <= place.start]
    if not before and place.segment.index > 0:
        before = list(document.labels.within(row.segments[place.segment.index - 1]))
    meant = {concept for hit in before for concept in hit.concepts("labels")}
    if not own or not meant:
        return 0
    return -1 if meant.isdisjoint(own) else 1


def _numbers(text: str) -> Iterator[Decimal]:
    """The number that a person wrote, with either mark before its decimals."""
    bare = "".join(c for c in text if c.isdigit() or c in ".,-")
    for grouping, mark in ((",", "."), (".", ",")):
        try:
            yield Decimal(bare.replace(grouping, "").replace(mark, "."))
        except InvalidOperation:
            continue
