"""Whose tax ids stand on the pages: each id with how much its place speaks for the supplier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.engine.extraction.addresses import TextPart, column_below, lines_ending_below
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import (
    bare_tax_id,
    find_unchecked_vat_ids,
    find_vat_ids,
    is_vat_id_of,
    labelled_id,
)
from services.engine.extraction.labels import Hit, Slot
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Found
from services.engine.extraction.party import PartyFound, found_at
from services.engine.extraction.text import key_of, letters_in, plain

# The country of a number, which reads like "no" for number.
_NORWEGIAN = re.compile(r"[\s.:]*NO[\s-]?\d")
_WORD = re.compile(r"\w")
_FOOTER = 0.85
_UNDER_ADDRESSEE = 3
_CHECKED = 1.5
_LABELLED = 1.0
_UNCHECKED = 0.2
_BARE = 0.2
_AT_SUPPLIER = 1.0
_IN_FOOTER = 0.8
_AT_ADDRESSEE = -2.0
_LEAST = 0.9


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Found[str]
    segment: Segment
    evidence: float


def customer_tax_id(document: Document) -> Found[str] | None:
    """The id at a label that says it is the customer's."""
    for hit in document.labels.of("customerVatId"):
        for slot in document.labels.slots(hit):
            identified = labelled_id(slot.segment, slot.start, slot.end)
            if identified is not None:
                part = TextPart(slot.segment, identified.start, identified.end)
                return found_at(part, identified.value, f'Stands at the label "{plain(hit.text)}".', 0.9)
    return None


def supplier_tax_id(
    document: Document, supplier: PartyFound, customer: PartyFound, addressee: Sequence[Segment]
) -> Found[str] | None:
    """The id that is not the customer's: by its check digits, its label, and the company it keeps."""
    others = {key_of(found.value) for found in (customer.tax_id, customer_tax_id(document)) if found}
    own = _segments_of(document, supplier)
    below_addressee = _below(document, addressee)
    best: tuple[float, Found[str]] | None = None
    for candidate in _candidates(document):
        if key_of(candidate.found.value) in others:
            continue
        score = candidate.evidence
        score += _AT_SUPPLIER if _is_at(candidate.segment, supplier, own) else 0.0
        score += _IN_FOOTER if _in_footer(document, candidate.segment) else 0.0
        score += _AT_ADDRESSEE if candidate.segment in below_addressee else 0.0
        if score >= _LEAST and (best is None or score > best[0]):
            best = (score, candidate.found)
    return best[1] if best else None


def _candidates(document: Document) -> Iterator[_Candidate]:
    for segment in document.segments():
        for identifier in find_vat_ids(segment):
            part = TextPart(segment, identifier.start, identifier.end)
            found = found_at(part, identifier.value, "A tax id whose check digits hold.", 0.97)
            yield _Candidate(found, segment, _CHECKED)
        for identifier in find_unchecked_vat_ids(segment):
            part = TextPart(segment, identifier.start, identifier.end)
            found = found_at(part, identifier.value, "Printed like a tax id.", 0.7)
            evidence = _LABELLED if _follows_tax(document, part) else _UNCHECKED
            yield _Candidate(found, segment, evidence)
        bare = bare_tax_id(segment)
        if bare is not None:
            part = TextPart(segment, bare.start, bare.end)
            found = found_at(part, bare.value, "A tax id whose check digits hold.", 0.85)
            yield _Candidate(found, segment, _BARE)
    for hit in document.labels.of("vatId"):
        slot = _slot_of(document, hit)
        identified = labelled_id(slot.segment, slot.start, slot.end) if slot is not None else None
        if slot is not None and identified is not None:
            part = TextPart(slot.segment, identified.start, identified.end)
            reason = f'Stands at the label "{plain(hit.text)}".'
            found = found_at(part, identified.value, reason, 0.85)
            yield _Candidate(found, slot.segment, _LABELLED)


def _follows_tax(document: Document, part: TextPart) -> bool:
    """Whether the name of the tax stands right before the id: "TVA LU12345678"."""
    return any(
        hit.is_label("tax")
        and hit.end <= part.start
        and not _WORD.search(part.segment.text[hit.end : part.start])
        for hit in document.labels.within(part.segment)
    )


def _slot_of(document: Document, hit: Hit) -> Slot | None:
    """Where the id stands: behind its label, right of it, or under a label that stands alone."""
    beside = document.labels.after(hit) or document.labels.right(hit)
    rest = hit.segment.text[hit.end :]
    if beside is None and hit.last < len(hit.segment.tokens) and _NORWEGIAN.match(rest):
        return Slot(hit.segment, hit.end, len(hit.segment.text), "after", 1.0)
    holds_id = beside is not None and labelled_id(beside.segment, beside.start, beside.end) is not None
    if holds_id or len(hit.segment.tokens) > hit.last - hit.first:
        return beside
    below = next(iter(document.labels.below(hit, rows=1)), None)
    return below if below is not None and _is_id_alone(document, below) else beside


def _is_id_alone(document: Document, slot: Slot) -> bool:
    """Whether the slot begins with a country, or is a number with the check digits of the document's."""
    carries_country = letters_in(slot.text[:2]) == 2
    return carries_country or is_vat_id_of(document.country or "", slot.text.strip())


def _segments_of(document: Document, supplier: PartyFound) -> list[Segment]:
    """The lines of the blocks that the supplier's name heads."""
    if supplier.name is None:
        return []
    key = key_of(supplier.name.value)
    found: list[Segment] = []
    for segment in document.segments():
        if key and key in key_of(segment.text):
            found += [
                segment,
                *column_below(document, segment, segment.box.x),
                *lines_ending_below(document, segment),
            ]
    return found


def _is_at(segment: Segment, supplier: PartyFound, own: Sequence[Segment]) -> bool:
    return supplier.name is not None and (
        any(segment is line for line in own) or key_of(supplier.name.value) in key_of(segment.text)
    )


def _in_footer(document: Document, segment: Segment) -> bool:
    return segment.box.y > _FOOTER * document.page(segment.page).height


def _below(document: Document, addressee: Sequence[Segment]) -> list[Segment]:
    if not addressee:
        return []
    last = addressee[-1]
    return column_below(document, last, last.box.x, most=_UNDER_ADDRESSEE)
