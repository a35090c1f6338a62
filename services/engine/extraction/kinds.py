"""What the document is, and the currency it is in."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from decimal import Decimal

from services.engine.extraction.addressee import is_letter
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_ibans, find_unchecked_vat_ids
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import PageLayout, Segment
from services.engine.extraction.model import Found, InvoiceKind
from services.engine.extraction.text import digits_in, key_of

_DOLLARS = frozenset({"US", "CA", "AU", "NZ", "SG", "HK"})
# When headings are equally strong, the rarer kind is the more telling one.
_RANK: tuple[InvoiceKind, ...] = ("creditNote", "reminder", "receipt", "invoice", "other")
# How much a text must look like a label to count as one.
_HEADING = 0.9
# "No refund" on a receipt is no heading.
_RARE = ("creditNote", "reminder", "other")
_TIME = re.compile(r"(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?![\d.,])")

# Tills print 24 to 48 characters on a line; a page of A4 takes 80 and more.
_TILL_COLUMNS = 56
_FEWEST_ROWS = 10
_MEASURED_LETTERS = 3


def document_kind(document: Document, is_receipt: bool = False) -> Found[InvoiceKind] | None:
    """The kind by its heading: large, alone on its line, high on the first page.

    With `is_receipt`, one that has no heading is a receipt, and other kinds are read from titles alone.
    """
    best: tuple[float, Found[InvoiceKind]] | None = None
    receipt_signs = 0.15 * min(len(document.labels.of("cash", "change", "rounding")), 4)
    for segment in document.segments():
        for hit in document.labels.within(segment):
            for kind in _RANK:
                if kind not in hit.concepts("kinds") or (is_receipt and hit.first > 0 and kind in _RARE):
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
    found = best[1] if best else _kind_of_number(document)
    return found or (_kind_of_till(document) if is_receipt else None)


def _kind_of_till(document: Document) -> Found[InvoiceKind] | None:
    """A receipt without a heading, known by the money that was handed over."""
    for hit in document.labels.of("cash", "change", "rounding", "total", "due"):
        if _has_money(document, hit):
            reason = "Laid out like a till receipt."
            return Found("receipt", hit.segment.page, hit.box, hit.text.strip(" :"), reason, 0.85)
    return None


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
    """Whether the pages have the marks of a till receipt: narrow paper, money handed over, a time of day.

    What asks a customer for money later speaks against it.
    """
    labels = document.labels
    marks = sum(
        any(_has_money(document, hit) for hit in labels.of(concept))
        for concept in ("cash", "change", "rounding")
    )
    marks += any(_TIME.search(segment.text) for segment in document.segments())
    marks += any(_is_for_cash(document, hit) for hit in labels.of("customer"))
    marks += 2 * any(_is_receipt_title(document, segment) for segment in document.segments())
    narrow = len(document.pages) == 1 and _is_narrow(document.pages[0])
    marks += narrow
    marks += len(document.pages) == 1 and document.pages[0].height > 1.7 * document.pages[0].width
    against = sum(
        any(hit.strength >= least and not _is_for_cash(document, hit) for hit in labels.of(concept))
        for concept, least in (("customer", 1.0), ("dueDate", _HEADING), ("iban", 1.0), ("shipTo", 1.0))
    )
    # Nobody is asked to transfer money at a till.
    against += any(True for segment in document.segments() for _ in find_ibans(segment))
    against += not narrow and is_letter(document)
    return marks - 2 * against >= 2


def _has_money(document: Document, hit: Hit) -> bool:
    """Whether an amount of money stands in the row of the label."""
    return document.has_money(document.labels.row_of(hit.segment))


def _is_receipt_title(document: Document, segment: Segment) -> bool:
    """Whether the text is a receipt's title and at most its number: "Invoice / Cash sale", "Receipt 2283".

    In "Receipt within 30 days" it is a word.
    """
    titles = [hit for hit in document.labels.within(segment) if hit.concepts("kinds")]
    if not any("receipt" in hit.concepts("kinds") for hit in titles):
        return False
    inside = {place for hit in titles for place in range(hit.first, hit.last)}
    others = [token.text for place, token in enumerate(segment.tokens) if place not in inside]
    return not any(c.isalpha() for text in others if not digits_in(text) for c in text)


def _is_for_cash(document: Document, hit: Hit) -> bool:
    """Whether the label of a customer says that it was a cash sale: "Sold to: Cash"."""
    return any(
        other.first == hit.last and other.is_label("cash") for other in document.labels.within(hit.segment)
    )


def _is_narrow(page: PageLayout) -> bool:
    """Whether the printed area is as narrow as a till's paper, in characters of the usual width."""
    segments = [s for row in page.rows for s in row.segments if len(s.text) >= _MEASURED_LETTERS]
    if not segments or len(page.rows) < _FEWEST_ROWS:
        return False
    letter = statistics.median(s.box.width / len(s.text) for s in segments)
    left, right = min(s.box.x for s in segments), max(s.box.right for s in segments)
    return right - left <= _TILL_COLUMNS * letter


def _heading_score(document: Document, hit: Hit) -> float:
    page = document.page(hit.segment.page)
    score = 1.0 if page.number == 1 else 0.3
    score += min(hit.box.height / page.line_height - 1.0, 1.0)
    score += 0.4 if hit.first == 0 else 0.0
    score += 0.3 if hit.last - hit.first == len(hit.segment.tokens) else 0.0
    score += 0.3 * hit.strength
    return score - 0.6 * hit.box.y / page.height


def currency(document: Document, total: Found[Decimal] | None) -> Found[str] | None:
    """The currency at its label, else the total's, else that of most amounts, else the one named most.

    Where none is printed it is that of the country.
    """
    printed = _labelled(document) or _of_total(document, total) or _by_amounts(document) or _named(document)
    return printed or _of_country(document, total)


def _of_country(document: Document, total: Found[Decimal] | None) -> Found[str] | None:
    """The currency of the country that the pages, or else the tax ids on them, speak for."""
    prefixes = {
        identifier.value[:2]
        for segment in document.segments()
        for identifier in find_unchecked_vat_ids(segment)
    }
    country = document.country or (prefixes.pop() if len(prefixes) == 1 else None)
    code = document.lexicon.home_currency.get(country or "")
    if code is None or total is None:
        return None
    reason = "The currency of the document's country; none is printed."
    return Found(code, total.page, total.box, "", reason, 0.8)


def _of_total(document: Document, total: Found[Decimal] | None) -> Found[str] | None:
    """The one currency in the row of the total: other amounts may be in a carrier's or a list's currency."""
    if total is None:
        return None
    for row in document.page(total.page).rows:
        if not row.box.y <= total.box.center_y <= row.box.bottom:
            continue
        found = [
            (segment, match)
            for segment in row.segments
            for match in document.lexicon.currency_pattern.finditer(segment.text)
        ]
        codes = {_settle(document, document.lexicon.currencies[match[0]], match[0]) for _, match in found}
        if len(codes) == 1:
            segment, match = found[0]
            box = segment.box_of(match.start(), match.end())
            return Found(codes.pop(), total.page, box, match[0], "Printed with the total.", 0.97)
    return None


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
