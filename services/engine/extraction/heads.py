"""Who stands at the head of a receipt, or at the top of a page: the name, and the address under it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from services.engine.extraction.addresses import TextPart, is_contact, is_postal, is_table_head
from services.engine.extraction.document import Document
from services.engine.extraction.joined_words import part_joined_words
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.party import PartyFound, address_of, clean_name, found_at
from services.engine.extraction.text import digits_in, letters_in

HEAD_ROWS = 14
_REGISTRATION_LINE = re.compile(r"[\W\d]*\(?\s*[A-Z]{0,2}\d{4,}[\d\s]*-?\s*[A-Z]?\s*\W*")
# A company's number behind its name, as printed in Malaysia: "SUNRISE BAKERY S/B (123456-X)".
_REGISTERED = re.compile(r"[^\W\d_]{2}.*\(\s?\d{5,7}\s?[-·]\s?[A-Z]\s?\)")
_LAST_LEGAL_ROW = 5
_NO_LEGAL_FORM, _NO_POST_CODE = "It has no legal form.", "No post code is among them."
_ADDRESS_REASON = "The lines under the company's name."
# Names without a legal form and addresses without a post code are wrong more often.
_DOUBT = 0.6
_WIDEST_BLANK = 3.0
# Labels that an address line may begin with: "No. 2, Station Road".
_ADDRESS_WORDS = frozenset({"address", "name", "weakNumber"})


def receipt_head(document: Document) -> PartyFound:
    """The shop at the top of a receipt: its name, and the address under it."""
    if not document.pages:
        return PartyFound()
    head = [_whole_line(document, row) for row in document.pages[0].rows[:HEAD_ROWS] if row.segments]
    return _head_party(document, head, "The company at the top of the receipt.", 0.85)


def _whole_line(document: Document, row: Row) -> Segment:
    """The row as one piece of text where it holds nothing but words: "SUNRISE BAKERY  SDN  BHD"."""
    widest = _WIDEST_BLANK * row.box.height
    is_parted = any(b.box.x - a.box.right > widest for a, b in itertools.pairwise(row.segments))
    if len(row.segments) == 1 or is_parted or not all(_is_text(document, s) for s in row.segments):
        return row.segments[0]
    return Segment.of_tokens(row.page, row.index, [token for s in row.segments for token in s.tokens])


def _is_text(document: Document, segment: Segment) -> bool:
    """Whether it is about nothing in particular: no date, no money, no label but that of an address."""
    labels = {
        concept
        for hit in document.labels.within(segment)
        if hit.stands_as_label
        for concept in hit.concepts("labels") | hit.concepts("kinds")
    }
    money = any(amount.is_money for amount in document.amounts_in(segment))
    return not (labels - _ADDRESS_WORDS or money or document.dates_in(segment))


def page_head(document: Document) -> PartyFound:
    """Whoever stands at the very top of the first page, above the addressee and the table."""
    head: list[Segment] = []
    for row in document.pages[0].rows[:HEAD_ROWS] if document.pages else ():
        first = row.segments[0]
        leading = [hit for hit in document.labels.within(first) if hit.first == 0]
        if row.box.y > 0.25 * document.pages[0].height or is_table_head(document, first):
            break
        if any(hit.is_label("customer", "shipTo", "address") for hit in leading):
            break
        if not document.labels.starts_with_label(first):
            head.append(first)
    return _head_party(document, head, "Stands at the top of the first page.", 0.6)


def _head_party(document: Document, head: list[Segment], reason: str, weight: float) -> PartyFound:
    """The name among the lines of the head, and the address below it."""
    chosen = _name_lines(document, head)
    if not chosen:
        return PartyFound()
    parts = [TextPart(head[place], 0, len(head[place].text)) for place in chosen]
    printed = " ".join(clean_name(part.text) for part in parts)
    value = part_joined_words(printed, document.lexicon.trade_words)
    if not any(_names_company(document, part.segment) for part in parts):
        reason, weight = f"{reason} {_NO_LEGAL_FORM}", _DOUBT * weight
    name = found_at(parts[0], value, reason, weight)
    lines = tuple(_address_under(document, head[chosen[-1] + 1 :]))
    if any(is_postal(line.text) for line in lines):
        return PartyFound(name, address_of(lines, _ADDRESS_REASON, 0.9 * weight))
    return PartyFound(name, address_of(lines, f"{_ADDRESS_REASON} {_NO_POST_CODE}", _DOUBT * weight))


def _address_under(document: Document, head: list[Segment]) -> Iterator[TextPart]:
    """The address in the lines under a name; a date may stand between the two, if a post code follows."""
    lines = list(head_address(document, head))
    if not lines:
        undated = [line for line in head if not document.dates_in(line)]
        lines = list(head_address(document, undated))
        if not any(is_postal(line.text) for line in lines):
            return
    yield from lines


def head_address(document: Document, head: list[Segment]) -> Iterator[TextPart]:
    """Lines up to the first that is about something else; registration numbers are passed over."""
    started = after_postal = False
    previous: Segment | None = None
    for place, line in enumerate(head):
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
        if registration or is_contact(line.text) or document.dates_in(line) or _has_money(document, row):
            return
        goes_on = any(is_postal(next_line.text) for next_line in head[place : place + 2])
        if after_postal and not goes_on and (digits_in(line.text) or len(row.segments) > 1):
            return
        if document.lexicon.salutation_pattern.match(line.text + " "):
            return
        if any(h.concepts("labels") - _ADDRESS_WORDS or h.concepts("kinds") for h in hits):
            return
        started = True
        previous = line
        after_postal = after_postal or is_postal(line.text)
        yield TextPart(line, 0, len(line.text))


def _has_money(document: Document, row: Row) -> bool:
    return any(amount.is_money for amount in document.row_amounts(row))


def _name_lines(document: Document, head: list[Segment]) -> list[int]:
    """The lines of the name: the first with a legal form or a registration number, else the first possible.

    A line that begins with the legal form continues the one before it, one that ends in "&" the next.
    """
    form = document.lexicon.legal_form_pattern
    plausible = [place for place, segment in enumerate(head) if _can_be_shop(document, segment)]
    upper = [place for place in plausible if place <= _LAST_LEGAL_ROW]
    legal = [place for place in upper if _names_company(document, head[place])]
    if not (legal or plausible):
        return []
    start = legal[0] if legal else plausible[0]
    match = form.search(head[start].text)
    if match is not None and match.start() <= 1 and start - 1 in plausible:
        return [start - 1, start]
    if head[start].text.rstrip().endswith("&") and start + 1 in plausible:
        return [start, start + 1]
    return [start]


def _names_company(document: Document, line: Segment) -> bool:
    """Whether the line has a legal form, or a company's registration number behind a name."""
    form = document.lexicon.legal_form_pattern
    return bool(form.search(line.text) or _REGISTERED.search(line.text))


def _can_be_shop(document: Document, segment: Segment) -> bool:
    text = clean_name(segment.text)
    if letters_in(text) < 4 or letters_in(text) <= digits_in(text) or is_contact(text):
        return False
    hits = [h for h in document.labels.within(segment) if h.first == 0 and h.stands_as_label]
    return not any(h.concepts("labels") | h.concepts("kinds") for h in hits)
