"""The supplier where no heading names it: by letterhead, sender's line, footer and web addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.engine.extraction.addresses import (
    TextPart,
    column_below,
    contacts_follow,
    is_contact,
    is_postal,
    lines_ending_below,
)
from services.engine.extraction.brands import domains_on, logo_words
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Found
from services.engine.extraction.name_lines import (
    completes_name,
    form_below,
    is_street_of_town,
    name_in_sender_line,
    name_of_joined_parts,
    names_register,
    names_trade,
    up_to_town,
    without_particulars,
)
from services.engine.extraction.named_in_text import names_in_text
from services.engine.extraction.page_head import HEAD_ROWS, head_address
from services.engine.extraction.party import (
    SHORT_HEADING,
    PartyFound,
    address_of,
    clean_name,
    found_at,
    is_desk,
    is_name,
    is_street,
    pieces_of,
)
from services.engine.extraction.text import key_of, letters_in
from services.engine.extraction.two_line_names import headline_stack, line_of_name_above, line_of_name_below

_SENTENCES = re.compile(r"\w{4,}\. [A-ZÀ-Ý]|(?:\w+ ){4,}\w{4,}\.$")
_ADDRESS_ROWS = 5
_TRADE = 0.7
_LIKE_LOGO = 0.6
_SHORTEST_BRAND = 4


@dataclass(frozen=True, slots=True)
class Others:
    """What is known not to be the supplier: names, and the segments of the addressee's block.

    A block that is printed on every page is the same block there.
    """

    names: frozenset[str]
    segments: tuple[Segment, ...] = ()

    def take(self, part: TextPart) -> bool:
        if key_of(part.text) in self.names:
            return True
        return any(part.segment is other or _repeats(part.segment, other) for other in self.segments)


def _repeats(segment: Segment, other: Segment) -> bool:
    """Whether the segment stands on another page where `other` stands on its own."""
    if segment.page == other.page or segment.text != other.text:
        return False
    height = other.box.height
    return abs(segment.box.x - other.box.x) < height and abs(segment.box.y - other.box.y) < height


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that can be the name, with the lines above and below where the name is printed on several."""

    part: TextPart
    score: float
    above: tuple[TextPart, ...] = ()
    below: tuple[TextPart, ...] = ()

    @property
    def name(self) -> str:
        return clean_name(" ".join(line.text for line in (*self.above, self.part, *self.below)))

    @property
    def last(self) -> TextPart:
        return (self.part, *self.below)[-1]

    def plus(self, score: float) -> _Candidate:
        return replace(self, score=self.score + score)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the sender's name resembles: the domains of its addresses, the words of its logo."""

    domains: set[str]
    logo: dict[str, list[Segment]]


def supplier_by_marks(document: Document, others: Others) -> PartyFound:
    """The company that the letterhead, the sender's line, the footer and the web addresses speak of."""
    marks = _Marks(domains_on(document), logo_words(document))
    candidates = list(_company_candidates(document, others, marks))
    counts = Counter(key_of(c.part.text) for c in candidates)
    if not candidates:
        return PartyFound()
    best = max(
        candidates,
        key=lambda c: (c.score + 0.4 * min(counts[key_of(c.part.text)] - 1, 3), -c.part.segment.row),
    )
    if best.score < 1.0:
        return PartyFound()
    full = _in_full(document, best, candidates)
    confidence = min(0.95, 0.62 + 0.1 * full.score)
    reason = "Named in the letterhead, sender's line or footer."
    name = found_at(full.part, full.name, reason, confidence)
    address = _sender_address(document, full.last) or _sender_address(document, best.part)
    return PartyFound(name, address, None)


def _in_full(document: Document, best: _Candidate, candidates: Sequence[_Candidate]) -> _Candidate:
    """The company's legal name where the best is only its brand: "Nordvent" of "Nordvent Lüftung GmbH"."""
    form, brand = document.lexicon.legal_form_pattern, key_of(best.part.text)
    if form.search(best.name) or len(brand) < _SHORTEST_BRAND:
        return best
    full = [c for c in candidates if brand in key_of(c.name) and form.search(c.name)]
    return max(full, key=lambda c: c.score) if full else best


def _company_candidates(document: Document, others: Others, marks: _Marks) -> Iterator[_Candidate]:
    for segment in document.segments():
        parts = list(pieces_of(segment))
        sender = name_in_sender_line(document, parts)
        joined = name_of_joined_parts(document, parts)
        parts = [joined] if joined else parts
        found = False
        for place, printed in enumerate(parts):
            part = without_particulars(document, printed)
            if not _may_name_company(document, part) or others.take(part):
                continue
            if is_street_of_town(document, parts, place):
                continue
            candidate = _weighed(document, part, marks)
            if part.text[0].isdigit():
                candidate = candidate.plus(-1.0)  # more often a street than a name
            elif place == sender:
                candidate = candidate.plus(2.0)
            elif len(parts) == 1 and _heads_own_block(document, part.segment):
                candidate = candidate.plus(1.0)
            if candidate.score > 0.5:
                found = True
                yield candidate
        if not found:
            for part in names_in_text(document, segment):
                if not others.take(part):
                    yield _Candidate(part, _company_score(document, part, marks))


def _weighed(document: Document, part: TextPart, marks: _Marks) -> _Candidate:
    """The candidate that the text is, with the lines that its name has besides."""
    score = _company_score(document, part, marks)
    segment = part.segment
    form = form_below(document, part)
    score += 1.6 if form else 0.0
    below = (form,) if form else ()
    if part.start > 0:
        return _Candidate(part, score, (), below)
    above = line_of_name_above(document, segment)
    after = line_of_name_below(document, segment) if form is None else None
    if form is None and above is None and after is None and part.end == len(segment.text):
        stack = headline_stack(document, segment)
        place = next(place for place, line in enumerate(stack) if line is segment)
        return _Candidate(part, score, _whole(*stack[:place]), _whole(*stack[place + 1 :]))
    return _Candidate(part, score, _whole(above), below or _whole(after))


def _whole(*segments: Segment | None) -> tuple[TextPart, ...]:
    return tuple(TextPart(segment, 0, len(segment.text)) for segment in segments if segment is not None)


def _heads_own_block(document: Document, name: Segment) -> bool:
    """Whether a post code and then telephone, mail or account follow in the lines under the name."""
    for below in (column_below(document, name, name.box.x), lines_ending_below(document, name)):
        postal = next((place for place, line in enumerate(below) if is_postal(line.text)), _ADDRESS_ROWS)
        if postal < _ADDRESS_ROWS and contacts_follow(document, below[postal], below[postal + 1 :]):
            return True
    return False


def _may_name_company(document: Document, part: TextPart) -> bool:
    text = part.text
    if not 3 <= len(text) <= 70 or letters_in(text) < 3 or not is_name(text) or is_contact(text):
        return False
    if len(text.split()) > 9 or is_postal(text) or is_street(document.lexicon, text.split(",")[0]):
        return False
    if is_desk(document.lexicon, text):
        return False
    if _SENTENCES.search(text) or completes_name(document.lexicon, text) or names_register(text):
        return False
    # "Van der Kolk B.V." and "De Linde" do not begin with the headings "Van" and "De", "Reinders & Holt" not
    # with a misread "Reminders".
    labels = [
        h
        for h in document.labels.within(part.segment)
        if part.start <= h.start < part.end
        and (len(key_of(h.text)) > SHORT_HEADING or h.stands_as_label)
        and (h.end >= part.end or key_of(h.text) in document.lexicon.entries or h.stands_as_label)
    ]
    return not any(
        h.start <= part.start + 1 and (h.concepts("labels") or h.concepts("kinds")) for h in labels
    )


def _company_score(document: Document, part: TextPart, marks: _Marks) -> float:
    page = document.page(part.segment.page)
    box = part.segment.box
    score = 1.6 if document.lexicon.legal_form_pattern.search(part.text) else 0.0
    if page.number == 1 and box.y < 0.2 * page.height:
        score += _TRADE if score == 0 and names_trade(document.lexicon, part.text) else 0.0
        score += 0.8 - 2.0 * box.y / page.height
        score += min(max(box.height / page.line_height - 1.2, 0.0), 1.0)
    elif box.y > 0.85 * page.height:
        score += 0.5
    words = [key_of(word) for word in part.text.split()]
    joined = "".join(words)
    if document.lexicon.bank_pattern.search(part.text):
        score -= 1.5
    if any((len(d) >= 4 and (d in joined or joined in d)) or d in words for d in marks.domains):
        score += 1.5
    if any(place is not part.segment for word in words for place in marks.logo.get(word, ())):
        score += _LIKE_LOGO
    return score - 0.3 * (page.number - 1)


def _sender_address(document: Document, name: TextPart) -> Found[str] | None:
    """The rest of a sender's line, or the lines under the name up to the post code."""
    parts = list(pieces_of(name.segment))
    rest = up_to_town(document.lexicon, [p for p in parts if p.start > name.start])
    if rest:
        is_piece = any(part.start <= name.start and name.end <= part.end + 1 for part in parts)
        in_text = any(_SENTENCES.search(part.text) for part in parts)
        return address_of(rest, "Stands in the sender's line.", 0.85) if is_piece and not in_text else None
    below = [
        _address_in(document, column_below(document, name.segment, name.segment.box.x)),
        _address_in(document, lines_ending_below(document, name.segment, _ADDRESS_ROWS)),
    ]
    lines = max(below, key=len)
    if lines:
        return address_of(lines, "Stands under the supplier's name.", 0.8)
    return _centred_address(document, name.segment)


def _address_in(document: Document, column: list[Segment]) -> tuple[TextPart, ...]:
    """The lines of a column down to the post code; none without one."""
    lines: list[TextPart] = []
    for segment in column:
        if document.labels.starts_with_label(segment) or is_contact(segment.text):
            break
        if is_postal(segment.text):
            return (*lines, *up_to_town(document.lexicon, list(pieces_of(segment))))
        lines.append(TextPart(segment, 0, len(segment.text)))
    return ()


def _centred_address(document: Document, name: Segment) -> Found[str] | None:
    """Lines centred under a name at the head of the first page, if a post code is among them."""
    if name.page != 1 or name.row >= HEAD_ROWS or name.index > 0:
        return None
    rows = document.pages[0].rows[name.row + 1 : name.row + 7]
    middle = name.box.center_x
    below = [r.segments[0] for r in rows if abs(r.segments[0].box.center_x - middle) < 4 * name.box.height]
    lines = list(head_address(document, below))
    town = next((place for place, line in enumerate(lines) if is_postal(line.text)), None)
    if town is None:
        return None
    ending = up_to_town(document.lexicon, list(pieces_of(lines[town].segment)))
    return address_of((*lines[:town], *ending, *lines[town + 1 :]), "Stands under the supplier's name.", 0.75)
