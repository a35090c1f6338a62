"""The supplier where no heading names it: letterhead, sender's line, footer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.addresses import (
    TextPart,
    column_below,
    is_contact,
    is_postal,
)
from services.engine.extraction.document import Document
from services.engine.extraction.heads import HEAD_ROWS, head_address
from services.engine.extraction.layout import Segment
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
_ADDRESS_ROWS = 5
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
    if name.page != 1 or name.row >= HEAD_ROWS or name.index > 0:
        return None
    rows = document.pages[0].rows[name.row + 1 : name.row + 7]
    middle = name.box.center_x
    below = [r.segments[0] for r in rows if abs(r.segments[0].box.center_x - middle) < 4 * name.box.height]
    lines = list(head_address(document, below))
    if not any(is_postal(line.text) for line in lines):
        return None
    return address_of(tuple(lines), "Stands under the supplier's name.", 0.75)
