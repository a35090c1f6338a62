"""Who sells and who buys: by headings, by address blocks, and by marks such as tax ids and web addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.addresses import (
    Section,
    TextPart,
    column_below,
    is_contact,
    is_postal,
    section_at,
)
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_vat_ids, labelled_id
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Found
from services.engine.extraction.text import digits_in, key_of, letters_in, plain

_SEPARATORS = re.compile(r"\s+[-–—|●•·*]\s+|\s*[|●•·]\s*|,\s+(?=\d|[A-ZÀ-Ý][^,]*\d)")
_WEB = re.compile(r"(?:@|www\.|https?://)([\w\-]+(?:\.[\w\-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_REGISTRATION = re.compile(
    r"\s*[(\[]?\s*(?:co\.?\s*(?:reg)?\.?|company|reg|roc)?[\s.:no]*\(?\d{4,}\s*-\s*[A-Z]\)?.*$", re.IGNORECASE
)
_REGISTRATION_LINE = re.compile(r"[\W\d]*\(?\s*[A-Z]{0,2}\d{4,}[\d\s]*-?\s*[A-Z]?\s*\W*")
_FREE_MAIL = frozenset(
    {"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "tonline", "icloud", "aol", "live"}
)


@dataclass(frozen=True)
class PartyFound:
    name: Found[str] | None = None
    address: Found[str] | None = None
    tax_id: Found[str] | None = None


@dataclass(frozen=True)
class Parties:
    supplier: PartyFound
    customer: PartyFound
    ship_to: PartyFound


def read_parties(document: Document, is_receipt: bool) -> Parties:
    customer_section = _labelled(document, "customer", 0.9)
    ship_to = _labelled(document, "shipTo", 0.9)
    supplier = PartyFound() if is_receipt else _labelled(document, "supplier", 0.92)
    taken = _rows_of([customer_section, ship_to])
    if supplier.name is None:
        supplier = _receipt_head(document) if is_receipt else _by_marks(document, taken)
    if supplier.name is None:
        supplier = _receipt_head(document)
    customer = customer_section
    if customer.name is None and not is_receipt:
        customer = _window_block(document, supplier)
    ids = _tax_ids(document, customer)
    if supplier.tax_id is None and ids:
        supplier = PartyFound(supplier.name, supplier.address, ids[0])
    return Parties(supplier, customer, ship_to)


def _labelled(document: Document, concept: str, weight: float) -> PartyFound:
    """The party under the best of its headings."""
    best: tuple[float, PartyFound] | None = None
    for hit in document.labels.of(concept):
        if hit.strength < 0.9 and len(hit.segment.tokens) > 5:
            continue
        section = section_at(document, hit)
        if not section.name or not _is_name(section.name_text):
            continue
        reason = f'Stands at the heading "{hit.text.strip(" :")}".'
        score = hit.strength + 0.1 * min(len(section.address), 3) - 0.2 * (hit.segment.page - 1)
        score += 0.3 if any(is_postal(part.text) for part in section.address) else 0.0
        score += 0.2 if document.lexicon.legal_form_pattern.search(section.name_text) else 0.0
        score -= 0.2 if len(key_of(hit.text)) <= 3 else 0.0
        if best is None or score > best[0]:
            best = (score, _party(document, section, reason, weight))
    return best[1] if best else PartyFound()


def _is_name(text: str) -> bool:
    return letters_in(text) >= 2 and letters_in(text) >= digits_in(text) and len(text) <= 90


def _party(document: Document, section: Section, reason: str, weight: float) -> PartyFound:
    tax_id = None
    if section.tax_id is not None:
        part = section.tax_id
        identifier = labelled_id(part.segment, part.start, part.end)
        if identifier is not None:
            tax_id = _found(part, identifier.value, "Stands in the party's block.", 0.9)
    name = _found(section.name[0], _clean_name(section.name_text), reason, weight) if section.name else None
    return PartyFound(name, _address(section.address, reason, weight), tax_id)


def _address(parts: tuple[TextPart, ...], reason: str, weight: float) -> Found[str] | None:
    texts = [part.text for part in parts if not is_contact(part.text)]
    if not texts:
        return None
    return _found(parts[0], ", ".join(texts), reason, weight)


def _found(part: TextPart, value: str, reason: str, weight: float) -> Found[str]:
    box = part.segment.box_of(part.start, part.end)
    confidence = weight * part.segment.confidence_of(part.start, part.end)
    return Found(value, part.segment.page, box, part.text, reason, confidence)


def _clean_name(text: str) -> str:
    name = _REGISTRATION.sub("", text).strip(" -–|,:;*=_") if re.search(r"\d{4,}\s*-\s*[A-Z]", text) else text
    return name.strip(" -–|,:;*=_") or text


def _rows_of(parties: list[PartyFound]) -> frozenset[str]:
    """The names other parties are known by."""
    return frozenset(key_of(party.name.value) for party in parties if party.name)


# --- supplier without a heading


@dataclass(frozen=True, slots=True)
class _Candidate:
    part: TextPart
    score: float


def _by_marks(document: Document, taken: frozenset[str]) -> PartyFound:
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
    confidence = min(0.95, 0.5 + 0.1 * best.score)
    reason = "Named in the letterhead, sender's line or footer."
    name = _found(best.part, _clean_name(best.part.text), reason, confidence)
    return PartyFound(name, _sender_address(document, best.part), None)


def _company_candidates(document: Document, taken: frozenset[str], domains: set[str]) -> Iterator[_Candidate]:
    for segment in document.segments():
        parts = list(_pieces(segment))
        sender_line = len(parts) >= 3 and is_postal(segment.text)
        for place, part in enumerate(parts):
            text = part.text
            if not _may_name_company(document, part) or key_of(text) in taken:
                continue
            score = _company_score(document, part, domains)
            score += 2.0 if sender_line and place == 0 else 0.0
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
    labels = [h for h in document.labels.within(part.segment) if part.start <= h.start < part.end]
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


def _pieces(segment: Segment) -> Iterator[TextPart]:
    """The segment cut at the marks that sender's lines and footers use between their parts."""
    start = 0
    for match in _SEPARATORS.finditer(segment.text):
        yield TextPart(segment, start, match.start())
        start = match.end()
    yield TextPart(segment, start, len(segment.text))


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
    parts = list(_pieces(name.segment))
    rest = tuple(p for p in parts if p.start > name.start)
    if any(is_postal(part.text) for part in rest):
        return _address(rest, "Stands in the sender's line.", 0.85)
    lines: list[TextPart] = []
    for segment in column_below(document, name.segment, name.segment.box.x):
        if document.labels.starts_with_label(segment) or is_contact(segment.text):
            break
        lines.append(TextPart(segment, 0, len(segment.text)))
        if is_postal(segment.text):
            return _address(tuple(lines), "Stands under the supplier's name.", 0.8)
    return None


# --- customer without a heading


def _window_block(document: Document, supplier: PartyFound) -> PartyFound:
    """The addressee's block in the upper part of the first page that is not the supplier's own."""
    if not document.pages:
        return PartyFound()
    page = document.pages[0]
    own = key_of(supplier.name.value) if supplier.name else ""
    best: tuple[float, PartyFound] | None = None
    for row in page.rows:
        if row.box.y > 0.5 * page.height:
            break
        for segment in row.segments:
            part = TextPart(segment, 0, len(segment.text))
            if (
                not is_postal(segment.text)
                or len(list(_pieces(segment))) >= 3
                or document.labels.starts_with_label(segment)
            ):
                continue
            lines = _block_above(document, segment)
            if not lines or (own and any(own in key_of(line.text) for line in lines)):
                continue
            name = _without_salutation(document, lines)
            if name is None:
                continue
            rest = (*[line for line in lines if line.segment.row > name.segment.row], part)
            reason = "The addressee's block in the upper part of the first page."
            score = 1.0 + 0.1 * min(len(lines), 4) - abs(segment.box.y / page.height - 0.2)
            if best is None or score > best[0]:
                found = PartyFound(_found(name, name.text, reason, 0.8), _address(rest, reason, 0.8), None)
                best = (score, found)
    return best[1] if best else PartyFound()


def _block_above(document: Document, postal: Segment) -> list[TextPart]:
    """The lines of the block that ends in `postal`, top to bottom."""
    rows = document.page(postal.page).rows
    lines: list[TextPart] = []
    below = postal
    for row in reversed(rows[max(0, postal.row - 8) : postal.row]):
        aligned = [s for s in row.segments if abs(s.box.x - postal.box.x) < 1.2 * postal.box.height]
        if below.box.center_y - row.box.center_y > 2.4 * postal.box.height:
            break
        if not aligned:
            continue
        segment = aligned[0]
        if len(_SEPARATORS.findall(row.text)) >= 2 and is_postal(row.text):
            break
        if (
            document.labels.starts_with_label(segment)
            or len(list(_pieces(segment))) >= 3
            or is_contact(segment.text)
        ):
            break
        lines.append(TextPart(segment, 0, len(segment.text)))
        below = segment
        if len(lines) >= 5:
            break
    return lines[::-1]


def _without_salutation(document: Document, lines: list[TextPart]) -> TextPart | None:
    for line in lines:
        match = document.lexicon.salutation_pattern.match(line.text + " ")
        rest = TextPart(line.segment, line.start + (match.end() if match else 0), line.end)
        if rest.start < rest.end and letters_in(rest.text) >= 3 and _is_name(rest.text):
            return rest
    return None


# --- receipts


def _receipt_head(document: Document) -> PartyFound:
    """The shop at the top of a receipt: its name, and the address under it."""
    if not document.pages:
        return PartyFound()
    head = [row.segments[0] for row in document.pages[0].rows[:14] if row.segments]
    chosen = _name_lines(document, head)
    if not chosen:
        return PartyFound()
    parts = [TextPart(head[place], 0, len(head[place].text)) for place in chosen]
    value = " ".join(_clean_name(part.text) for part in parts)
    name = _found(parts[0], value, "The company at the top of the receipt.", 0.85)
    lines = list(_head_address(document, head[chosen[-1] + 1 :]))
    return PartyFound(name, _address(tuple(lines), "The lines under the company's name.", 0.75), None)


def _head_address(document: Document, head: list[Segment]) -> Iterator[TextPart]:
    """Lines up to the first that is about something else; registration numbers are passed over."""
    started = False
    for line in head:
        hits = [h for h in document.labels.within(line) if h.start <= 2 and h.stands_as_label]
        registration = _REGISTRATION_LINE.fullmatch(line.text) or any(
            h.is_label("otherNumber", "taxNumber", "vatId") for h in hits
        )
        if registration and not started:
            continue
        if registration or is_contact(line.text) or document.dates_in(line):
            return
        if any(h.concepts("labels") - {"address", "name"} or h.concepts("kinds") for h in hits):
            return
        started = True
        yield TextPart(line, 0, len(line.text))


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
    text = _clean_name(segment.text)
    if letters_in(text) < 4 or letters_in(text) <= digits_in(text) or is_contact(text):
        return False
    hits = [h for h in document.labels.within(segment) if h.first == 0 and h.stands_as_label]
    return not any(h.concepts("labels") | h.concepts("kinds") for h in hits)


def _tax_ids(document: Document, customer: PartyFound) -> list[Found[str]]:
    """Tax ids that are not the customer's, those with valid check digits first."""
    own = key_of(customer.tax_id.value) if customer.tax_id else None
    checked: list[Found[str]] = []
    labelled: list[Found[str]] = []
    for segment in document.segments():
        for identifier in find_vat_ids(segment):
            part = TextPart(segment, identifier.start, identifier.end)
            reason = "A tax id whose check digits hold."
            checked.append(_found(part, identifier.value, reason, 0.97))
    for hit in document.labels.of("vatId"):
        slot = document.labels.after(hit) or document.labels.right(hit)
        if slot is None:
            continue
        found = labelled_id(slot.segment, slot.start, slot.end)
        if found is not None:
            part = TextPart(slot.segment, found.start, found.end)
            labelled.append(_found(part, found.value, f'Stands at the label "{plain(hit.text)}".', 0.85))
    return [found for found in [*checked, *labelled] if key_of(found.value) != own]
