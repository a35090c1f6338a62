"""What the document is, and the currency it is in."""

from __future__ import annotations

import re
from collections import Counter

from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit
from services.engine.extraction.model import Found, InvoiceKind
from services.engine.extraction.text import key_of

_DOLLARS = frozenset({"US", "CA", "AU", "NZ", "SG", "HK"})
# When headings are equally strong, the rarer kind is the more telling one.
_RANK: tuple[InvoiceKind, ...] = ("creditNote", "reminder", "receipt", "invoice", "other")
_TIME = re.compile(r"(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?![\d.,])")


def document_kind(document: Document) -> Found[InvoiceKind] | None:
    """The kind by its heading: large, alone on its line, high on the first page."""
    best: tuple[float, Found[InvoiceKind]] | None = None
    receipt_signs = 0.15 * min(len(document.labels.of("cash", "change", "rounding")), 4)
    for segment in document.segments():
        for hit in document.labels.within(segment):
            for kind in _RANK:
                if kind not in hit.concepts("kinds"):
                    continue
                score = _heading_score(document, hit) + (receipt_signs if kind == "receipt" else 0)
                score -= 0.01 * _RANK.index(kind)
                score -= (
                    0.6 if kind == "other" and hit.is_label("order", "otherNumber") and _is_named(hit) else 0
                )
                if best is None or score > best[0]:
                    reason = f'The heading "{hit.text.strip(" :")}".'
                    confidence = min(1.0, 0.4 + 0.4 * score)
                    best = (score, Found(kind, segment.page, hit.box, hit.text, reason, confidence))
    return best[1] if best else _kind_of_number(document)


def _is_named(hit: Hit) -> bool:
    """Whether a number or a colon follows: "Order: 4711" refers to another document."""
    tokens = hit.segment.tokens
    goes_on = hit.last < len(tokens) and any(c.isdigit() for c in tokens[hit.last].text)
    return goes_on or hit.text.endswith(":")


def _kind_of_number(document: Document) -> Found[InvoiceKind] | None:
    """Without a heading, the label of the number tells: "Invoice No", "Credit note number"."""
    for hit in document.labels.of("number"):
        key = key_of(hit.text)
        for kind in _RANK:
            if any(
                key.startswith(entry) and any(m.section == "kinds" and m.concept == kind for m in meanings)
                for entry, meanings in document.lexicon.entries.items()
            ):
                reason = f'The label "{hit.text.strip(" :")}".'
                return Found(kind, hit.segment.page, hit.box, hit.text, reason, 0.85)
    return None


def looks_like_receipt(document: Document) -> bool:
    """Whether the pages have the marks of a till receipt: money handed over, a time of day, no addressee."""
    labels = document.labels
    marks = sum(bool(labels.of(concept)) for concept in ("cash", "change", "rounding"))
    marks += any(_TIME.search(segment.text) for segment in document.segments())
    marks += 2 * any(
        hit.first == 0 and hit.concepts("kinds") & {"receipt"}
        for segment in document.segments()
        for hit in labels.within(segment)
    )
    page = document.pages[0] if document.pages else None
    marks += page is not None and len(document.pages) == 1 and page.height > 1.7 * page.width
    against = sum(
        bool([h for h in labels.of(c) if h.strength == 1.0])
        for c in ("customer", "dueDate", "iban", "shipTo")
    )
    return marks - 2 * against >= 2


def _heading_score(document: Document, hit: Hit) -> float:
    page = document.page(hit.segment.page)
    score = 1.0 if page.number == 1 else 0.3
    score += min(hit.box.height / page.line_height - 1.0, 1.0)
    score += 0.4 if hit.first == 0 else 0.0
    score += 0.3 if hit.last - hit.first == len(hit.segment.tokens) else 0.0
    score += 0.3 * hit.strength
    return score - 0.6 * hit.box.y / page.height


def currency(document: Document) -> Found[str] | None:
    """The currency at its label, else the one most amounts are printed with, else the one named most."""
    return _labelled(document) or _by_amounts(document) or _named(document)


def _labelled(document: Document) -> Found[str] | None:
    for hit in document.labels.of("currency"):
        for slot in document.labels.slots(hit):
            match = document.lexicon.currency_pattern.search(slot.segment.text, slot.start, slot.end)
            if match:
                code = _settle(document, document.lexicon.currencies[match[0]], match[0])
                box = slot.segment.box_of(match.start(), match.end())
                reason = f'Stands {slot.relation} the label "{hit.text.strip(" :")}".'
                return Found(code, slot.segment.page, box, match[0], reason, 0.98)
    return None


def _by_amounts(document: Document) -> Found[str] | None:
    amounts = [a for segment in document.segments() for a in document.amounts_in(segment) if a.currency]
    votes = Counter(amount.currency for amount in amounts)
    if not votes:
        return None
    code = max(votes, key=lambda c: (votes[c], str(c)))
    first = next(amount for amount in amounts if amount.currency == code)
    settled = _settle(document, code or "", "$" if "$" in first.text and code == "USD" else first.text)
    share = votes[code] / sum(votes.values())
    reason = f"Printed beside {votes[code]} amounts."
    return Found(settled, first.segment.page, first.box, first.text, reason, 0.6 + 0.38 * share)


def _named(document: Document) -> Found[str] | None:
    votes: Counter[str] = Counter()
    first: dict[str, Found[str]] = {}
    for segment in document.segments():
        for match in document.lexicon.currency_pattern.finditer(segment.text):
            code = _settle(document, document.lexicon.currencies[match[0]], match[0])
            votes[code] += 1
            box = segment.box_of(match.start(), match.end())
            first.setdefault(code, Found(code, segment.page, box, match[0], "Named on the page.", 0.8))
    return first[max(votes, key=lambda c: (votes[c], c))] if votes else None


def _settle(document: Document, code: str, printed: str) -> str:
    """A bare dollar sign is the dollar of the document's country."""
    if printed == "$" and document.country in _DOLLARS:
        return document.lexicon.home_currency[document.country or "US"]
    return code
