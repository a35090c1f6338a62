"""Numbers and references that stand at a label."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit, Slot
from services.engine.extraction.model import Found, InvoiceKind
from services.engine.extraction.text import digits_in, letters_in

_REFERENCE = re.compile(r"[^\W_](?:[\w./\\\-–+&]*[^\W_])?", re.UNICODE)
LEAD = re.compile(r"^(?:\s*\([^)]*\))?[\s:.#=\-–*)(\]\[]+")
_YEAR_FIRST = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")
_MONEY = re.compile(r"^\d{1,3}(?:[.,]\d{3})*[.,]\d{2}$")
_DATED = re.compile(r"(?<=\w{5})/\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$")  # 9001248837/14.02.2023
# A number that begins a line and is parted from a date by a sign or a short word.
_DATED_NUMBER = re.compile(r"^((?=\S*\d)[^\W_][\w./\-]*[^\W_])\s*(?:[|/·–-]|[^\W\d_]{2,4}\s)\s*$")
# A group of letters and digits, then two groups of digits or more: "K31 0442 1180 07".
_IN_GROUPS = re.compile(r"[A-Z]{1,4}\d{1,4}(?: \d{2,5}){2,4}(?![\w.,/])")
_GROUP_BEHIND_DASH = re.compile(r"\d[-–/]\d{3}$")
_FEW_DIGITS = 4
# What a label of another document's number counts against the document's own.
_OF_ANOTHER = 0.6
_MAX_REFERENCE = 40
_ROWS_BESIDE = 2
# The rows from a label to the next but one in a stack of labels, each over its value.
_ROWS_OF_STACK = 5
_SHORT = 2


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Found[str]
    score: float
    relation: str


def invoice_number(document: Document, kind: InvoiceKind | None) -> Found[str] | None:
    """The document's own number, by its label; a bare title or "No." counts less than a full label.

    Without one, it is what stands before a date at the beginning of a line: "AR-24/0815 | 14 August 2024".
    """
    order: list[tuple[str, float]] = [("number", 1.0), ("numberTitle", 0.72), ("weakNumber", 0.5)]
    candidates: list[_Candidate] = []
    for concept, usual in order:
        for hit in document.labels.of(concept):
            weight = usual
            if concept == "weakNumber":
                if _belongs_to_party(document, hit):
                    continue
                told = follows_title(document, hit, kind) or _heads_with_date(document, hit)
                weight = 0.95 if told and not _is_the_customers(hit, candidates) else usual
                if not told and _is_named(hit):
                    weight *= _OF_ANOTHER
            if _names_other(document, hit, kind) or _is_aside(document, hit):
                weight *= _OF_ANOTHER
            candidates += list(_references(document, hit, weight, only_near=concept != "number"))
    return _best(candidates) or _shaped_like_date(document) or _before_date(document)


def follows_title(document: Document, hit: Hit, kind: InvoiceKind | None) -> bool:
    """Whether a title such as "Invoice" stands left of the label in the same row, the document's own."""
    row = document.labels.row_of(hit.segment)
    place = (hit.segment.index, hit.first)
    return any(
        other.is_label("numberTitle", "number")
        and (other.segment.index, other.first) < place
        and not _names_other(document, other, kind)
        and not _is_aside(document, other)
        for other in document.labels.in_row(row)
    )


def _is_the_customers(hit: Hit, candidates: list[_Candidate]) -> bool:
    """Whether a bare "Reference" is not the document's, as a title beside its number gives that."""
    return hit.is_label("weakReference") and any(c.relation in ("after", "right of") for c in candidates)


def _names_other(document: Document, hit: Hit, kind: InvoiceKind | None) -> bool:
    """Whether the label is that of an invoice, on a credit note: the invoice that is corrected."""
    if kind != "creditNote":
        return False
    kinds = {
        meaning.concept
        for token in hit.segment.tokens[hit.first : hit.last]
        for meaning in document.lexicon.meanings(token.key, tolerant=False)
        if meaning.section == "kinds"
    }
    return "invoice" in kinds and "creditNote" not in kinds


def _is_aside(document: Document, hit: Hit) -> bool:
    """Whether an invoice is named in brackets, or in what a sum is for: "less 1st invoice 24-07  -100.00"."""
    before = hit.segment.text[: hit.start]
    if hit.first and (before.count("(") > before.count(")") or hit.text.startswith("(")):
        return True
    return hit.first > 0 and document.has_money(document.labels.row_of(hit.segment))


def _shaped_like_date(document: Document) -> Found[str] | None:
    """The number where it is made of day, month and year, and the date has a label of its own elsewhere.

    Below a bare title it is one only if no other date of the document is written like it.
    """
    dated = {hit.segment.row for hit in document.labels.of("date")}
    every = [date.text for segment in document.segments() for date in document.dates_in(segment)]
    serial = {text for text in every if _YEAR_FIRST.fullmatch(text)}
    for hit in document.labels.of("numberTitle") if len(serial) == 1 and dated else ():
        is_alone = hit.last - hit.first == len(hit.segment.tokens)
        for slot in document.labels.slots(hit) if is_alone else ():
            if slot.text.strip() in serial and slot.segment.row not in dated:
                return found_in(slot, slot.text.strip(), hit, 0.6)
    for hit in document.labels.of("number"):
        beside = document.labels.after(hit) or document.labels.right(hit)
        if beside is None or not dated - {hit.segment.row}:
            continue
        for date in document.dates_in(beside.segment):
            if "/" in date.text and not beside.segment.text[beside.start : date.start].strip(" :.#"):
                place = Slot(beside.segment, date.start, date.end, beside.relation, beside.weight)
                return found_in(place, date.text, hit, 0.6)
    return None


def _before_date(document: Document) -> Found[str] | None:
    for segment in document.segments():
        for date in document.dates_in(segment)[:1]:
            match = _DATED_NUMBER.match(segment.text[: date.start])
            labels = [hit for hit in document.labels.within(segment) if hit.concepts("labels")]
            if match is None or digits_in(match[1]) < _FEW_DIGITS:
                continue
            if any(not hit.is_label("weakDate") for hit in labels):
                continue
            box = segment.box_of(match.start(1), match.end(1))
            confidence = 0.6 * segment.confidence_of(match.start(1), match.end(1))
            return Found(match[1], segment.page, box, match[1], "Stands before a date.", confidence)
    return None


def _heads_with_date(document: Document, hit: Hit) -> bool:
    """Whether the label stands beside that of a date, both over their values: "Number | Date | Customer".

    That of the date may also stand below, under the number.
    """

    def alone(label: Hit) -> bool:
        return label.last - label.first == len(label.segment.tokens)

    page = document.page(hit.segment.page)
    stacked = [
        other
        for row in page.rows[hit.segment.row + 2 : hit.segment.row + _ROWS_OF_STACK]
        for other in document.labels.in_row(row)
        if abs(other.box.x - hit.box.x) < page.line_height / 2
    ]
    beside = document.labels.in_row(document.labels.row_of(hit.segment))
    return alone(hit) and any(
        other.is_label("date", "weakDate") and alone(other) for other in (*beside, *stacked)
    )


def _is_named(hit: Hit) -> bool:
    """Whether a word before a bare "No." says what it numbers: "Herd no."."""
    words = [token.text for token in hit.segment.tokens[: hit.first]]
    return bool(words) and letters_in(words[-1]) > _SHORT and words[-1][-1].isalpha()


def purchase_order(document: Document) -> Found[str] | None:
    """The buyer's order number at its label, else what the buyer wants to be quoted as its reference."""
    for concept, weight in (("order", 0.9), ("customerReference", 0.6)):
        candidates = []
        for hit in document.labels.of(concept):
            candidates += list(_references(document, hit, weight, only_near=False))
        if candidates:
            return _best(candidates)
    return None


def payment_reference(document: Document) -> Found[str] | None:
    """What to quote when paying, at its label; beside the account, a bare "Reference" is one."""
    candidates = []
    for hit in document.labels.of("paymentReference"):
        candidates += list(_references(document, hit, 0.9, only_near=True))
    for hit in document.labels.of("weakReference") if not candidates else ():
        if _is_beside_account(document, hit):
            candidates += list(_references(document, hit, 0.8, only_near=True))
    return _best(candidates)


def _is_beside_account(document: Document, hit: Hit) -> bool:
    """Whether the account or its bank stands in one of the rows next to the label."""
    page, row = hit.segment.page, hit.segment.row
    accounts = document.labels.of("iban", "bic")
    return any(h.segment.page == page and abs(h.segment.row - row) <= _ROWS_BESIDE for h in accounts)


def _belongs_to_party(document: Document, hit: Hit) -> bool:
    """A bare "Number:" right under a party's heading is the party's, not the document's."""
    rows = document.page(hit.segment.page).rows
    above = rows[max(hit.segment.row - 3, 0) : hit.segment.row]
    return any(
        h.is_label("supplier", "customer", "shipTo") for row in above for h in document.labels.in_row(row)
    )


def _references(document: Document, hit: Hit, weight: float, only_near: bool) -> Iterable[_Candidate]:
    for slot in document.labels.slots(hit):
        if only_near and slot.relation == "below" and weight < 0.6:
            continue
        value = _reference(document, slot)
        if value is None:
            continue
        quality = 1.0 if digits_in(value) >= 3 else 0.8
        found = found_in(slot, value, hit, weight)
        place = 0.01 * (hit.segment.page - 1) + 0.002 * hit.segment.row / 10
        yield _Candidate(found, weight * slot.weight * hit.strength * quality - place, slot.relation)
        return


def _reference(document: Document, slot: Slot) -> str | None:
    """The leading piece of the slot that looks like a reference: has a digit, is no date and no money."""
    text = slot.text
    lead = LEAD.match(text)
    first = slot.start + (lead.end() if lead else 0)
    dates = [date.start for date in document.dates_in(slot.segment) if date.start >= slot.start]
    if any(start <= first + 1 for start in dates):
        return None
    behind = [start for start in dates if slot.segment.text[start - 1].isspace()]
    text = text[: min(behind, default=slot.end) - slot.start]
    grouped = _IN_GROUPS.match(LEAD.sub("", text))
    if grouped is not None:
        return grouped[0]
    words = LEAD.sub("", text).split()
    taken: list[str] = []
    for place, word in enumerate(words):
        match = _REFERENCE.match(word.strip("()[]:;,"))
        if match is not None and _MONEY.match(word.strip("()[]:;,")):
            break
        if match is None:
            if word in ("-", "/", "–") and taken:
                taken.append(word)
                continue
            break
        piece = _DATED.sub("", match[0])
        is_last = place == len(words) - 1 and piece not in document.lexicon.currencies
        if not _extends(taken, piece) and not (is_last and _ends_lettered(taken, piece)):
            break
        taken.append(piece)
    while taken and taken[-1] in ("-", "/", "–"):
        taken.pop()
    value = " ".join(taken)
    if not any(c.isdigit() for c in value) or len(value) > _MAX_REFERENCE or _MONEY.match(value):
        return None
    if document.date_reader.read(slot.segment) and any(
        d.text == value for d in document.dates_in(slot.segment)
    ):
        return None
    return value


def _extends(taken: list[str], piece: str) -> bool:
    """Whether `piece` continues the reference: a short prefix, a dash, or groups of digits."""
    has_digit = any(c.isdigit() for c in piece)
    if not taken:
        return has_digit or (len(piece) <= 5 and piece.isupper())
    if taken[-1] in ("-", "/", "–"):
        return has_digit
    if not any(c.isdigit() for c in "".join(taken)):
        return has_digit
    return piece.isdigit() and _ends_in_group(taken[-1]) and len(taken) < 5


def _ends_lettered(taken: list[str], piece: str) -> bool:
    """Whether capitals end a single group of letters and digits: "Q014 BX"."""
    is_lettered = len(taken) == 1 and taken[0][:1].isalpha() and taken[0][-1:].isdigit()
    return is_lettered and 2 <= len(piece) <= 3 and piece.isalpha() and piece.isupper()


def _ends_in_group(piece: str) -> bool:
    """Whether the piece is a group of digits, or ends in one behind a dash: "2025-330" of "2025-330 918"."""
    return piece.isdigit() or _GROUP_BEHIND_DASH.search(piece) is not None


def found_in(slot: Slot, value: str, hit: Hit, weight: float) -> Found[str]:
    """A text that begins with the first word of `value` in the slot of a label, and how sure its place is."""
    start = slot.segment.text.find(value.split(" ", maxsplit=1)[0], slot.start)
    start = slot.start if start < 0 else start
    end = min(start + len(value), len(slot.segment.text))
    confidence = weight**0.3 * slot.weight**0.5 * hit.strength**0.5 * slot.segment.confidence_of(start, end)
    reason = f'Stands {slot.relation} the label "{hit.text.strip(" :")}".'
    return Found(value, slot.segment.page, slot.segment.box_of(start, end), value, reason, confidence)


def _best(candidates: list[_Candidate]) -> Found[str] | None:
    """The best candidate; one that is repeated on the pages gains a little."""
    if not candidates:
        return None
    counts: dict[str, int] = {}
    for candidate in candidates:
        counts[candidate.found.value] = counts.get(candidate.found.value, 0) + 1
    return max(candidates, key=lambda c: c.score + 0.02 * min(counts[c.found.value] - 1, 3)).found
