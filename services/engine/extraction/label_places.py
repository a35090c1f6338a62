"""Where the value of a learned rule stands: at its label, or at its place apart from a text."""

from __future__ import annotations

from collections.abc import Iterator

from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import PageLayout, Segment, Span
from services.engine.extraction.own_words import phrase_key
from services.engine.extraction.text import digits_in
from shared.supplier import LearnedRule

# How far, in page widths, a value may stand from the place that was learned.
_ACROSS, _DOWN = 0.02, 0.008
_ROWS_APART = 6
_LINES_APART = 6.0


def places_of(document: Document, rule: LearnedRule) -> Iterator[list[Span]]:
    """For each place where the rule's label stands, the places where its value may be, likeliest first."""
    for hit in label_hits(document, rule.label):
        if rule.relation == "apart from":
            yield list(_apart(document, rule, hit))
        elif rule.relation == "in the row of":
            yield list(_in_row(document, hit))
        elif rule.relation in ("below", "above"):
            near = list(_at_label(document, rule, hit)) if rule.relation == "below" else []
            yield near or list(_in_column(document, hit, down=rule.relation == "below"))
        else:
            yield list(_at_label(document, rule, hit))


def label_hits(document: Document, label: str) -> Iterator[Hit]:
    """Where the text `label` stands as it does as a label: first in its segment, or after a number."""
    wanted = phrase_key(label)
    for segment in document.segments():
        for first in range(len(segment.tokens)):
            if first and not digits_in(segment.tokens[first - 1].text):
                continue
            key = ""
            for last in range(first, len(segment.tokens)):
                key += segment.tokens[last].key
                if key == wanted:
                    yield Hit((), segment, first, last + 1, 1.0)
                if len(key) >= len(wanted):
                    break


def _at_label(document: Document, rule: LearnedRule, hit: Hit) -> Iterator[Span]:
    for slot in document.labels.slots(hit):
        if (slot.relation == "below") == (rule.relation == "below"):
            yield Span(slot.segment, slot.start, slot.end)
            return


def _in_row(document: Document, hit: Hit) -> Iterator[Span]:
    """What stands right of the label in its row, whatever lies between."""
    row = document.labels.row_of(hit.segment)
    yield Span(hit.segment, hit.end, len(hit.segment.text))
    for segment in row.segments[hit.segment.index + 1 :]:
        yield Span(segment, 0, len(segment.text))


def _in_column(document: Document, hit: Hit, *, down: bool) -> Iterator[Span]:
    """What stands nearest below, or above, the label in its column."""
    page = document.page(hit.segment.page)
    row = hit.segment.row
    if down:
        rows = page.rows[row + 1 : row + 1 + _ROWS_APART]
    else:
        rows = page.rows[max(0, row - _ROWS_APART) : row][::-1]
    for other in rows:
        if abs(other.box.center_y - hit.box.center_y) > _LINES_APART * page.line_height:
            return
        for segment in other.segments:
            if min(segment.box.right, hit.box.right) - max(segment.box.x, hit.box.x) > 0:
                yield Span(segment, 0, len(segment.text))
                return


def _apart(document: Document, rule: LearnedRule, hit: Hit) -> Iterator[Span]:
    if rule.right is None or rule.down is None:
        return
    page = document.page(hit.segment.page)
    x = hit.box.x + rule.right * page.width
    y = hit.box.center_y + rule.down * page.width
    found = _nearest_token(page, x, y)
    if found is not None:
        segment, number = found
        place = Span(segment, segment.tokens[number].start, len(segment.text))
        if not _is_announced(document, place):
            yield place


def _is_announced(document: Document, place: Span) -> bool:
    """Whether the place is that of another label: what stands before it ends in a colon, or is known."""
    before = place.segment.text[: place.start].strip()
    if before:
        return before.endswith(":")
    row = document.labels.row_of(place.segment)
    if place.segment.index == 0:
        return False
    left = row.segments[place.segment.index - 1]
    return left.text.endswith(":") or document.labels.starts_with_label(left)


def _nearest_token(page: PageLayout, x: float, y: float) -> tuple[Segment, int] | None:
    """The word, with its number in the segment, whose left edge and middle are at the point."""
    best: tuple[float, Segment, int] | None = None
    for row in page.rows:
        for segment in row.segments:
            for number, token in enumerate(segment.tokens):
                across = abs(token.box.x - x) / page.width
                down = abs(token.box.center_y - y) / page.width
                if across <= _ACROSS and down <= _DOWN and (best is None or across + down < best[0]):
                    best = (across + down, segment, number)
    return (best[1], best[2]) if best else None
