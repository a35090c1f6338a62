"""The supplier where no heading names it: letterhead, sender's line, footer, or the head of a receipt."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.addresses import (
    TextPart,
    column_below,
    is_contact,
    is_postal,
    is_table_head,
)
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.model import Found
from services.engine.extraction.party import (
    SHORT_HEADING,
    PartyFound,
    address_of,
    clean_name,
    found_at,
    pieces_of,
)
from services.engine.extraction.text import digits_in, key_of, letters_in

_WEB = re.compile(r"(?:@|www\.|https?://)([\w\-]+(?:\.[\w\-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_REGISTRATION_LINE = re.compile(r"[\W\d]*\(?\s*[A-Z]{0,2}\d{4,}[\d\s]*-?\s*[A-Z]?\s*\W*")
_HEAD_ROWS = 14
_WIDEST_BLANK = 3.0
_ADDRESS_ROWS = 5
# Labels that an address line may begin with: "No. 2, Station Road".
_ADDRESS_WORDS = frozenset({"address", "name", "weakNumber"})
_FREE_MAIL = frozenset(
    {"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "tonline", "icloud", "aol", "live"}
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    part: TextPart
    score: float


def supplier_by_marks(document: Document, taken: frozenset[str]) -> PartyFound:
    """The company that the letterhead, the sender's line, the footer and the web addresses speak of."""
    domains = _domains(document)
    candidates = list(_company_candidates(document, taken, domains))
    counts = Counter(key_of(c.part.text) for c in candidates)
    if not candidates:
        return PartyFound()
    best = max(
        candidates,
        key=lambda c: (c.score + 0.4 * min(counts[key_of(c.part.text)] - 1, 3), -c.part.segment.row),
    )
    if best.score < 1.0:
        return PartyFound()
    confidence = min(0.95, 0.62 + 0.1 * best.score)
    reason = "Named in the letterhead, sender's line or footer."
    name = found_at(best.part, clean_name(best.part.text), reason, confidence)
    return PartyFound(name, _sender_address(document, best.part), None)


def _company_candidates(document: Document, taken: frozenset[str], domains: set[str]) -> Iterator[_Candidate]:
    for segment in document.segments():
        parts = list(pieces_of(segment))
        sender_line = len(parts) >= 3 and is_postal(segment.text)
        for place, part in enumerate(parts):
            text = part.text
            if not _may_name_company(document, part) or key_of(text) in taken:
                continue
            score = _company_score(document, part, domains)
            if text[0].isdigit():
                score -= 1.0  # more often a street than a name
            elif sender_line and place == 0:
                score += 2.0
            if score > 0.5:
                yield _Candidate(part, score)


def _may_name_company(document: Document, part: TextPart) -> bool:
    text = part.text
    if (
        not 3 <= len(text) <= 70
        or letters_in(text) < 3
        or digits_in(text) > letters_in(text)
        or is_contact(text)
    ):
        return False
    if len(text.split()) > 9 or is_postal(text):
        return False
    # "Van der Kolk B.V." and "De Linde" do not begin with the headings "Van" and "De".
    labels = [
        h
        for h in document.labels.within(part.segment)
        if part.start <= h.start < part.end and (len(key_of(h.text)) > SHORT_HEADING or h.stands_as_label)
    ]
    return not any(
        h.start <= part.start + 1 and (h.concepts("labels") or h.concepts("kinds")) for h in labels
    )


def _company_score(document: Document, part: TextPart, domains: set[str]) -> float:
    page = document.page(part.segment.page)
    box = part.segment.box
    score = 1.6 if document.lexicon.legal_form_pattern.search(part.text) else 0.0
    if page.number == 1 and box.y < 0.2 * page.height:
        score += 0.8 - 2.0 * box.y / page.height
        score += min(max(box.height / page.line_height - 1.2, 0.0), 1.0)
    elif box.y > 0.85 * page.height:
        score += 0.5
    words = [key_of(word) for word in part.text.split()]
    joined = "".join(words)
    if any((len(d) >= 4 and (d in joined or joined in d)) or d in words for d in domains):
        score += 1.5
    return score - 0.3 * (page.number - 1)


def _domains(document: Document) -> set[str]:
    found = set()
    for segment in document.segments():
        for match in _WEB.finditer(segment.text):
            name = key_of(match[1].split(".")[-1])
            if name and name not in _FREE_MAIL:
                found.add(name)
    return found


def _sender_address(document: Document, name: TextPart) -> Found[str] | None:
    """The rest of a sender's line, or the lines under the name up to the post code."""
    parts = list(pieces_of(name.segment))
    rest = tuple(p for p in parts if p.start > name.start)
    if any(is_postal(part.text) for part in rest):
        return address_of(rest, "Stands in the sender's line.", 0.85)
    lines: list[TextPart] = []
    for segment in column_below(document, name.segment, name.segment.box.x):
        if document.labels.starts_with_label(segment) or is_contact(segment.text):
            break
        lines.append(TextPart(segment, 0, len(segment.text)))
        if is_postal(segment.text):
            return address_of(tuple(lines), "Stands under the supplier's name.", 0.8)
    return _right_aligned_address(document, name.segment) or _centred_address(document, name.segment)


def _right_aligned_address(document: Document, name: Segment) -> Found[str] | None:
    """Lines under a name that end where it ends, if a post code is among them."""
    height = max(name.box.height, document.page(name.page).line_height)
    lines: list[TextPart] = []
    bottom = name.box.center_y
    for row in document.page(name.page).rows[name.row + 1 :][:_ADDRESS_ROWS]:
        line = row.segments[-1]
        ends_there = abs(line.box.right - name.box.right) < 0.6 * height
        if not ends_there or row.box.center_y - bottom > 2.4 * height:
            return None
        if document.labels.starts_with_label(line) or is_contact(line.text):
            return None
        lines.append(TextPart(line, 0, len(line.text)))
        bottom = row.box.center_y
        if is_postal(line.text):
            return address_of(tuple(lines), "Stands under the supplier's name.", 0.8)
    return None


def _centred_address(document: Document, name: Segment) -> Found[str] | None:
    """Lines centred under a name at the head of the first page, if a post code is among them."""
    if name.page != 1 or name.row >= _HEAD_ROWS or name.index > 0:
        return None
    rows = document.pages[0].rows[name.row + 1 : name.row + 7]
    middle = name.box.center_x
    below = [r.segments[0] for r in rows if abs(r.segments[0].box.center_x - middle) < 4 * name.box.height]
    lines = list(_head_address(document, below))
    if not any(is_postal(line.text) for line in lines):
        return None
    return address_of(tuple(lines), "Stands under the supplier's name.", 0.75)


def receipt_head(document: Document) -> PartyFound:
    """The shop at the top of a receipt: its name, and the address under it."""
    if not document.pages:
        return PartyFound()
    head = [_whole_line(document, row) for row in document.pages[0].rows[:_HEAD_ROWS] if row.segments]
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
    for row in document.pages[0].rows[:_HEAD_ROWS] if document.pages else ():
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
    value = " ".join(clean_name(part.text) for part in parts)
    name = found_at(parts[0], value, reason, weight)
    lines = list(_address_under(document, head[chosen[-1] + 1 :]))
    return PartyFound(
        name, address_of(tuple(lines), "The lines under the company's name.", 0.9 * weight), None
    )


def _address_under(document: Document, head: list[Segment]) -> Iterator[TextPart]:
    """The address in the lines under a name; a date may stand between the two, if a post code follows."""
    lines = list(_head_address(document, head))
    if not lines:
        undated = [line for line in head if not document.dates_in(line)]
        lines = list(_head_address(document, undated))
        if not any(is_postal(line.text) for line in lines):
            return
    yield from lines


def _head_address(document: Document, head: list[Segment]) -> Iterator[TextPart]:
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
    """The lines of the name: the first with a legal form near the top, else the first that can be a name.

    A line that begins with the legal form continues the one before it, one that ends in "&" the next.
    """
    form = document.lexicon.legal_form_pattern
    plausible = [place for place, segment in enumerate(head) if _can_be_shop(document, segment)]
    legal = [place for place in plausible if place <= 5 and form.search(head[place].text)]
    if not (legal or plausible):
        return []
    start = legal[0] if legal else plausible[0]
    match = form.search(head[start].text)
    if match is not None and match.start() <= 1 and start - 1 in plausible:
        return [start - 1, start]
    if head[start].text.rstrip().endswith("&") and start + 1 in plausible:
        return [start, start + 1]
    return [start]


def _can_be_shop(document: Document, segment: Segment) -> bool:
    text = clean_name(segment.text)
    if letters_in(text) < 4 or letters_in(text) <= digits_in(text) or is_contact(text):
        return False
    hits = [h for h in document.labels.within(segment) if h.first == 0 and h.stands_as_label]
    return not any(h.concepts("labels") | h.concepts("kinds") for h in hits)
