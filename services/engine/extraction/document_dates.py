"""The dates of the document: issued, due, delivered."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.engine.extraction.dates import PrintedDate
from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit, Slot
from services.engine.extraction.model import Found, InvoiceKind
from services.engine.extraction.payment_sentences import (
    Meaning,
    PaymentDate,
    payment_dates,
    payment_dates_without_year,
)
from services.engine.extraction.references import follows_title

# "Köln, den 4. März 2024", "Lyon, le 04/03/2024": a town, a comma, a short word.
_AFTER_TOWN = re.compile(r"[^\W\d_][^\d,:]{2,30},\s*(?:[^\W\d_]{1,4}\s+)?$")
# What parts the pieces of a line; a piece stands before it.
_PARTED = re.compile(r"\w\s*(?:[·•|]|\s[–—-]\s)")
_LIST = 2
_ITEM_COLUMNS = {"description", "quantity", "unitPrice"}
_PROSE_WORDS = 8
_SHORT = 3
_YEAR = 4
# In heights of a line: from one line of a text to the next.
_LINE_APART = 2.2
# What has dates of its own.
_OTHERS = ("order", "otherNumber", "otherDate", "customerReference", "deliveryDate")
_REASONS: dict[Meaning, str] = {
    "net": "A sentence gives it as the last day to pay in full.",
    "collected": "A sentence says that the amount is due or collected on this day.",
    "until": "A sentence says to pay until this day.",
}
_Place = tuple[int, float, float]


@dataclass(frozen=True, slots=True)
class Dates:
    """The document's dates."""

    issued: Found[datetime.date] | None
    due: Found[datetime.date] | None
    delivered: Found[datetime.date] | None


def document_dates(document: Document, kind: InvoiceKind | None) -> Dates:
    """Dates at their labels, or where sentences speak of paying; else the likeliest date is the document's.

    The number and date in a title of a reminder are those of the invoice it reminds of.
    """
    payment = payment_dates(document)
    early = frozenset(_place(found.date) for found in payment if found.meaning == "discount")
    due = _labelled_date(document, ("dueDate",), lambda _: True, early)
    issued = _labelled_date(document, ("date",), lambda _: True)
    others = _labelled_places(document, _OTHERS)
    if issued is None and kind != "reminder":
        issued = _labelled_date(
            document,
            ("weakDate",),
            lambda hit: (
                (follows_title(document, hit, kind) or _is_below_title(document, hit))
                and not _is_of_another(document, hit)
            ),
            others,
        )
    if issued is None:
        issued = _labelled_date(
            document,
            ("weakDate",),
            lambda hit: hit.stands_as_label and len(hit.text) > _SHORT and not _is_of_another(document, hit),
            others,
        )
    if issued is None:
        issued = _unlabelled_date(document, due, frozenset(_place(found.date) for found in payment))
    delivered = _labelled_date(document, ("deliveryDate",), lambda _: True)
    if due is not None and issued is not None and due.value < issued.value:
        due = None  # that of an invoice the document reminds of, or misread
    if due is None:
        due = _spoken_date(payment, issued)
    if due is None and issued is not None:
        due = _spoken_date(payment_dates_without_year(document, issued.value), issued)
    return Dates(issued, due, delivered)


def _is_below_title(document: Document, hit: Hit) -> bool:
    """Whether the label begins the line right below the title and its number: "Invoice 7" / "of 4 May"."""
    if hit.first or document.labels.after(hit) is None:
        return False
    page = document.page(hit.segment.page)
    for row in page.rows[max(hit.segment.row - 2, 0) : hit.segment.row]:
        for other in document.labels.in_row(row):
            box, own = other.segment.box, hit.segment.box
            is_over = min(box.right, own.right) > max(box.x, own.x)
            is_near = own.center_y - box.center_y < _LINE_APART * page.line_height
            if other.first == 0 and other.is_label("number", "numberTitle") and is_over and is_near:
                return document.labels.after(other) is not None
    return False


def _is_of_another(document: Document, hit: Hit) -> bool:
    """Whether a bare "Date" is that of what is named before it in its segment: "Your order of"."""
    before = [other for other in document.labels.within(hit.segment) if other.last <= hit.first]
    return bool(before) and before[-1].is_label(*_OTHERS)


def _place(date: PrintedDate) -> _Place:
    return date.segment.page, date.box.x, date.box.y


def _labelled_date(
    document: Document,
    concepts: tuple[str, ...],
    accept: Callable[[Hit], bool],
    excluded: frozenset[_Place] = frozenset(),
) -> Found[datetime.date] | None:
    best: tuple[float, Found[datetime.date]] | None = None
    for hit in document.labels.of(*concepts):
        if not accept(hit):
            continue
        for slot in document.labels.slots(hit):
            date = _date_in(document, slot)
            if date is None or _place(date) in excluded:
                continue
            if hit.is_label("date", "weakDate") and slot.relation == "below" and _heads_a_list(document, hit):
                continue
            score = slot.weight * hit.strength - 0.02 * (hit.segment.page - 1) - 0.0005 * hit.segment.row
            confidence = (
                slot.weight**0.5 * hit.strength**0.5 * date.confidence * (0.9 if date.ambiguous else 1.0)
            )
            reason = f'Stands {slot.relation} the label "{hit.text.strip(" :")}".'
            found = Found(date.value, date.segment.page, date.box, date.text, reason, confidence)
            if best is None or score > best[0]:
                best = (score, found)
            break
    return best[1] if best else None


def _labelled_places(document: Document, concepts: tuple[str, ...]) -> frozenset[_Place]:
    """Where dates stand at labels of these concepts."""
    places = set()
    for hit in document.labels.of(*concepts):
        for slot in document.labels.slots(hit):
            date = _date_in(document, _with_joined_date(document, slot))
            if date is not None and not _is_parted(document, hit, date):
                places.add(_place(date))
                break
    return frozenset(places)


def _is_parted(document: Document, hit: Hit, date: PrintedDate) -> bool:
    """Whether the date is a part of its own in the title's line: "Invoice 4711 · Order 88 · 3 May 2026"."""
    if hit.segment is not date.segment or not _PARTED.search(hit.segment.text[: date.start], hit.end):
        return False
    return any(
        other.first == 0 and other.is_label("numberTitle", "number")
        for other in document.labels.within(hit.segment)
    )


def _with_joined_date(document: Document, slot: Slot) -> Slot:
    """The slot with the date that only a short word parts from it: "882 of 24 March"."""
    for other in document.labels.within(slot.segment):
        after = document.labels.after(other) if other.start == slot.end else None
        if after is not None and other.is_label("weakDate") and len(other.text) <= _SHORT:
            return replace(slot, end=after.end)
    return slot


def _heads_a_list(document: Document, hit: Hit) -> bool:
    """Whether the dates under the label are those of a table's rows, none of them the document's."""
    beside = document.labels.in_row(document.labels.row_of(hit.segment))
    if any(other.concepts("columns") & _ITEM_COLUMNS for other in beside if other is not hit):
        return True
    slots = document.labels.below(hit, rows=_LIST)
    return sum(bool(document.dates_in(slot.segment)) for slot in slots) >= _LIST


def _date_in(document: Document, slot: Slot) -> PrintedDate | None:
    dates = [
        d for d in document.dates_in(slot.segment) if d.start >= slot.start - 1 and d.start < slot.end + 4
    ]
    if not dates and slot.relation != "below":
        dates = [
            d
            for d in document.date_reader.read(slot.segment, compact=True)
            if slot.start <= d.start < slot.end
        ]
    if not dates and slot.relation != "below" and document.page(slot.segment.page).source == "ocr":
        # A mark misread: 03.06,2026.
        dates = [
            d
            for d in document.date_reader.read_garbled(slot.segment)
            if slot.start <= d.start < slot.end and d.text[-_YEAR:].isdigit()
        ]
    return dates[0] if dates else None


def _spoken_date(
    payment: list[PaymentDate], issued: Found[datetime.date] | None
) -> Found[datetime.date] | None:
    """The day a sentence says to pay in full, else that of collecting, else the last one to pay until."""
    later = [found for found in payment if issued is None or found.date.value > issued.value]
    for meaning, reason in _REASONS.items():
        dates = [found.date for found in later if found.meaning == meaning]
        if dates:
            date = max(dates, key=lambda one: one.value) if meaning == "until" else dates[0]
            confidence = 0.85 * date.confidence * (0.9 if date.ambiguous else 1.0)
            return Found(date.value, date.segment.page, date.box, date.text, reason, confidence)
    return None


def _unlabelled_date(
    document: Document, due: Found[datetime.date] | None, payment: frozenset[_Place]
) -> Found[datetime.date] | None:
    """The first of the dates that look most like the document's own."""
    dates = [
        date
        for segment in document.segments()
        for date in document.dates_in(segment)
        if not _is_labelled_otherwise(document, date) and _place(date) not in payment
    ]
    others = _labelled_places(document, _OTHERS)
    dates = [d for d in dates if _place(d) not in others] or dates
    dates = [d for d in dates if due is None or d.value != due.value] or dates
    if not dates:
        return None
    date = max(dates, key=lambda one: _likeness(document, one))
    reason = "The first date on the pages; it has no label."
    return Found(date.value, date.segment.page, date.box, date.text, reason, 0.7 * date.confidence)


def _is_labelled_otherwise(document: Document, date: PrintedDate) -> bool:
    """Whether the line that the date stands in names another date."""
    return any(
        hit.is_label("dueDate", *_OTHERS) and not _is_parted(document, hit, date)
        for hit in document.labels.within(date.segment)
    )


def _likeness(document: Document, date: PrintedDate) -> int:
    """How much a date stands as the document's own: behind its place; not in a sentence, not in an item."""
    text = date.segment.text
    score = 2 if _AFTER_TOWN.match(text[: date.start]) and not text[date.end :].strip(" .") else 0
    score -= len(date.segment.tokens) > _PROSE_WORDS
    score -= len(document.dates_in(date.segment)) > 1  # from one day to another: a period
    row = document.labels.row_of(date.segment)
    return score - document.has_money(row)
