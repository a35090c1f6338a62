"""Whoever stands at the very top of a page that names nobody else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from services.engine.extraction.addresses import TextPart, is_contact, is_postal, is_table_head
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Found
from services.engine.extraction.name_lines import up_to_town
from services.engine.extraction.party import (
    PartyFound,
    address_of,
    clean_name,
    found_at,
    is_desk,
    is_name,
    pieces_of,
)
from services.engine.extraction.text import digits_in, key_of, letters_in
from services.engine.extraction.two_line_names import headline_stack

_REGISTRATION_LINE = re.compile(r"[\W\d]*\(?\s*[A-Z]{0,2}\d{4,}[\d\s]*-?\s*[A-Z]?\s*\W*")
HEAD_ROWS = 14
_HEAD_PLACE = 0.15
_WEIGHT = 0.6
# Labels that an address line may begin with: "No. 2, Station Road".
_ADDRESS_WORDS = frozenset({"address", "name", "weakNumber"})


def page_head(document: Document, others: Sequence[Segment] = (), taken: Collection[str] = ()) -> PartyFound:
    """Whoever stands at the very top of the first page, above the addressee and the table.

    `others` are the lines of the addressee's block, `taken` the keys of names that are somebody else's.
    """
    head: list[Segment] = []
    for row in document.pages[0].rows[:HEAD_ROWS] if document.pages else ():
        first = row.segments[0]
        leading = [hit for hit in document.labels.within(first) if hit.first == 0]
        if row.box.y > 0.25 * document.pages[0].height or is_table_head(document, first):
            break
        if any(first is line for line in others):
            break
        if any(hit.is_label("customer", "shipTo", "address") for hit in leading):
            break
        if not document.labels.starts_with_label(first) and key_of(first.text) not in taken:
            head.append(first)
    return _head_party(document, head)


def address_in_head(document: Document, taken: Sequence[Segment]) -> Found[str] | None:
    """Street and town in one line at the top of the first page; `taken` lines are somebody else's."""
    for row in document.pages[0].rows if document.pages else ():
        if row.box.y > _HEAD_PLACE * document.pages[0].height:
            break
        for segment in row.segments:
            parts = list(pieces_of(segment))
            others = document.labels.starts_with_label(segment) or any(segment is line for line in taken)
            if len(parts) < 2 or others or not parts[0].text or is_postal(parts[0].text):
                continue
            if digits_in(parts[0].text) and (lines := up_to_town(document.lexicon, parts)):
                return address_of(lines, "Stands at the top of the first page.", _WEIGHT)
    return None


def _head_party(document: Document, head: list[Segment]) -> PartyFound:
    """The name among the lines of the head, and the address below it."""
    chosen = _name_lines(document, head)
    if not chosen:
        return PartyFound()
    parts = [TextPart(head[place], 0, len(head[place].text)) for place in chosen]
    value = " ".join(clean_name(part.text) for part in parts)
    name = found_at(parts[0], value, "Stands at the top of the first page.", _WEIGHT)
    lines = list(head_address(document, head[chosen[-1] + 1 :]))
    if not any(digits_in(line.text) for line in lines):
        return PartyFound(name)
    address = address_of(tuple(lines), "The lines under the company's name.", 0.9 * _WEIGHT)
    return PartyFound(name, address, None)


def head_address(document: Document, head: list[Segment]) -> Iterator[TextPart]:
    """Lines up to the first that is about something else; registration numbers are passed over."""
    started = after_postal = False
    previous: Segment | None = None
    for line in head:
        hits = [h for h in document.labels.within(line) if h.start <= 2 and h.stands_as_label]
        registration = _REGISTRATION_LINE.fullmatch(line.text) or any(
            h.is_label("otherNumber", "taxNumber", "vatId") for h in hits
        )
        if registration and not started:
            continue
        row = document.labels.row_of(line)
        step = 1.6 * document.page(line.page).line_height
        if after_postal and previous is not None and line.box.center_y - previous.box.center_y > step:
            return
        if registration or is_contact(line.text) or document.dates_in(line) or document.has_money(row):
            return
        if after_postal and not is_postal(line.text) and (digits_in(line.text) or len(row.segments) > 1):
            return
        if document.lexicon.salutation_pattern.match(line.text + " "):
            return
        if any(h.concepts("labels") - _ADDRESS_WORDS or h.concepts("kinds") for h in hits):
            return
        started = True
        previous = line
        after_postal = after_postal or is_postal(line.text)
        yield TextPart(line, 0, len(line.text))


def _name_lines(document: Document, head: list[Segment]) -> list[int]:
    """The lines of the name: the first with a legal form near the top, else the first that can be a name.

    A line that begins with the legal form continues the one before it, one that ends in "&" the next.
    """
    form = document.lexicon.legal_form_pattern
    plausible = [place for place, segment in enumerate(head) if _can_be_shop(document, segment)]
    # A line in small letters alone says what the one below it does: "editorial services".
    plausible = [p for p in plausible if not head[p].text.islower()] or plausible
    legal = [place for place in plausible if place <= 5 and form.search(head[place].text)]
    if not (legal or plausible):
        return []
    start = legal[0] if legal else plausible[0]
    match = form.search(head[start].text)
    begins = match is not None and match.start() <= 1
    if begins and start - 1 in plausible and _aligned(head[start - 1], head[start]):
        return [start - 1, start]
    if head[start].text.rstrip().endswith("&") and start + 1 in plausible:
        return [start, start + 1]
    stack = headline_stack(document, head[start])
    below = stack[next(place for place, line in enumerate(stack) if line is head[start]) + 1 :]
    if all(line is other for line, other in zip(below, head[start + 1 :], strict=False)):
        return list(range(start, start + 1 + len(below)))
    return [start]


def _aligned(above: Segment, below: Segment) -> bool:
    """Whether two lines begin, end or are centred alike."""
    one, other = above.box, below.box
    shift = min(abs(one.x - other.x), abs(one.right - other.right), abs(one.center_x - other.center_x))
    return shift < 2 * max(one.height, other.height)


def _can_be_shop(document: Document, segment: Segment) -> bool:
    text = clean_name(segment.text)
    if not is_name(text) or is_desk(document.lexicon, text):
        return False
    if letters_in(text) < 4 or letters_in(text) <= digits_in(text) or is_contact(text) or is_postal(text):
        return False
    hits = [h for h in document.labels.within(segment) if h.first == 0 and h.stands_as_label]
    return not any(h.concepts("labels") | h.concepts("kinds") for h in hits)
