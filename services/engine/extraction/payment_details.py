"""How to pay: the terms, the account and its bank."""

from __future__ import annotations

import re

from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_bic, find_ibans
from services.engine.extraction.labels import Hit, Slot
from services.engine.extraction.model import Found
from services.engine.extraction.references import LEAD, found_in

_PERIOD = re.compile(r"(?<![\d.,/-])\d{1,3} [^\W\d_]{3,}")  # 30 days


def payment_terms(document: Document) -> Found[str] | None:
    """The text at a payment terms label, one line; or a number of days at the label of the due date."""
    for hit in sorted(document.labels.of("paymentTerms"), key=_place):
        # "Payment within 30 days" is a sentence, not a label and its value.
        goes_on = hit.segment.text[hit.end : hit.end + 2].strip()[:1].islower()
        own = Slot(hit.segment, hit.start if goes_on else hit.end, len(hit.segment.text), "after", 1.0)
        for slot in (own, *document.labels.slots(hit)):
            text = LEAD.sub("", slot.text).strip()
            if len(text) >= 3 and any(c.isalpha() for c in text):
                return found_in(slot, text, hit, 0.9)
    for hit in sorted(document.labels.of("dueDate"), key=_place):
        own = Slot(hit.segment, hit.end, len(hit.segment.text), "after", 1.0)
        text = LEAD.sub("", own.text).strip()
        if _PERIOD.search(text) and not document.dates_in(hit.segment):
            return found_in(own, text, hit, 0.85)
    return None


def _place(hit: Hit) -> tuple[int, int, int, int]:
    """Reading order."""
    return hit.segment.page, hit.segment.row, hit.segment.index, hit.first


def iban(document: Document) -> Found[str] | None:
    """The first account number on the pages whose check digits hold."""
    for segment in document.segments():
        for identifier in find_ibans(segment):
            return Found(
                identifier.value,
                segment.page,
                segment.box_of(identifier.start, identifier.end),
                segment.text[identifier.start : identifier.end],
                "An account number whose check digits hold.",
                segment.confidence_of(identifier.start, identifier.end),
            )
    return None


def bank_code(document: Document) -> Found[str] | None:
    """The bank identifier code at its label."""
    for hit in document.labels.of("bic"):
        for slot in document.labels.slots(hit):
            identifier = find_bic(slot.segment, slot.start)
            if identifier is not None and identifier.start < slot.end + 3:
                return found_in(slot, identifier.value, hit, 1.0)
    return None
