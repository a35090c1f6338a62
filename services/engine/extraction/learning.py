"""What corrections of one document teach about the next one of the same supplier.

A corrected value is looked for among the words of the pages. Where it stands at a printed label, that label
is the rule; else its place apart from a text that is on the page once. A rule is kept only if, applied to the
document that it comes from, it finds the corrected value and nothing else.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from services.engine.extraction.dates import DayOrder
from services.engine.extraction.document import Document, read_document
from services.engine.extraction.layout import Segment, Token
from services.engine.extraction.learned import REFERENCES, Place, find_by_rule, shape_of
from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.rules import FIELD_TYPES
from services.engine.extraction.text import digits_in, key_of, letters_in
from shared.readings import BoundingBox, PageReading
from shared.supplier import (
    CONSTANT_FIELDS,
    DAY_ORDER,
    PLACED_FIELDS,
    Correction,
    LearnedConstant,
    LearnedRule,
    Relation,
    SupplierProfile,
)

_MOST_RULES_OF_A_FIELD = 3
_MOST_LABEL_WORDS = 6
_ROWS_ABOVE = 3
_FEWEST_LETTERS = 2
_FEWEST_LETTERS_OF_ANCHOR = 4
_NEAREST_ANCHORS = 12
_USUAL_LABELS = {
    "invoice.number": ("number", "numberTitle", "weakNumber"),
    "invoice.purchaseOrder": ("order",),
    "invoice.payment.reference": ("paymentReference",),
}
_TEXTS = frozenset({"invoice.paymentTerms", "invoice.customer.name"})
_LABEL_MARKS = " :;,.#=*)(]["


@dataclass(frozen=True, slots=True)
class Learned:
    """What a profile is to hold for `fields`, in place of what it holds for them."""

    fields: tuple[str, ...]
    rules: tuple[LearnedRule, ...]
    constants: tuple[LearnedConstant, ...]


def learn(
    pages: Sequence[PageReading],
    profile: SupplierProfile,
    corrections: Sequence[Correction],
    languages: tuple[str, ...] = (),
) -> Learned:
    """What the corrections teach; pages must be upright, as boxes of corrections must be.

    A rule of the profile that finds another value than the corrected one is given up. Those that find the
    right one stay, and so do a few that find nothing here: the supplier may have invoices of two kinds.
    """
    document = read_document(pages, load_lexicon(), languages, _known_order(profile))
    rules: list[LearnedRule] = []
    constants: list[LearnedConstant] = []
    corrections = [_with_iso_date(document, correction) for correction in corrections]
    for correction in corrections:
        if correction.field in PLACED_FIELDS:
            known = [rule for rule in profile.rules if rule.field == correction.field]
            right = [rule for rule in known if _finds(document, rule, correction)]
            silent = [rule for rule in known if find_by_rule(document, rule) is None]
            rules += [*(right or _rule(document, correction)), *silent][:_MOST_RULES_OF_A_FIELD]
        elif correction.field in CONSTANT_FIELDS:
            constants.append(LearnedConstant(correction.field, correction.value, correction.read))
    fields = [correction.field for correction in corrections]
    order = _day_order(pages, corrections, languages, document)
    if order is not None:
        fields.append(DAY_ORDER)
        constants.append(LearnedConstant(DAY_ORDER, order))
    return Learned(tuple(dict.fromkeys(fields)), tuple(rules), tuple(constants))


def _rule(document: Document, correction: Correction) -> list[LearnedRule]:
    """The first of the possible rules that finds the corrected value in the document; none if none does.

    A label beside the value tells more than one above it, wherever on the pages the value is repeated.
    """
    for places in _occurrences(document, correction):
        for possible in (_rules_beside, _rules_above, _rules_apart):
            for place in places:
                for rule in possible(document, correction.field, place):
                    if _finds(document, rule, correction):
                        return [rule]
    return []


def _finds(document: Document, rule: LearnedRule, correction: Correction) -> bool:
    found = find_by_rule(document, rule)
    return found is not None and _is_value(correction, found.value)


def _occurrences(document: Document, correction: Correction) -> tuple[list[Place], ...]:
    """Where the corrected value is printed, in reading order: where the person pointed; at a usual label of
    the field; elsewhere; and where it is more likely another field's, or an item's, of the same value.
    """
    groups: tuple[list[Place], ...] = ([], [], [], [])
    for place in _printed(document, correction):
        if _is_pointed_at(correction, place):
            groups[0].append(place)
        else:
            groups[2 - _likelihood(document, correction.field, place)].append(place)
    return groups


def _is_pointed_at(correction: Correction, place: Place) -> bool:
    if correction.box is None or correction.page != place.segment.page:
        return False
    one, other = correction.box, place.segment.box_of(place.start, place.end)
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across >= 0 and down >= 0


def _likelihood(document: Document, field: str, place: Place) -> int:
    """1 at a usual label of the field, -1 in an item's row or at another reference's label, else 0."""
    row = document.page(place.segment.page).rows[place.segment.row]
    if _is_sum(field):
        return -1 if len(document.row_amounts(row)) > 1 else 0
    own = _USUAL_LABELS.get(field, ())
    before = [hit for hit in document.labels.within(place.segment) if hit.end <= place.start]
    if not before and place.segment.index > 0:
        before = list(document.labels.within(row.segments[place.segment.index - 1]))
    meant = {concept for hit in before for concept in hit.concepts("labels")}
    if not own or not meant:
        return 0
    return -1 if meant.isdisjoint(own) else 1


def _printed(document: Document, correction: Correction) -> Iterator[Place]:
    kind = FIELD_TYPES[correction.field]
    for segment in document.segments():
        if kind is Decimal:
            for amount in document.amounts_in(segment):
                if _is_value(correction, amount.value):
                    yield Place(segment, amount.start, amount.end)
        elif kind is datetime.date:
            for date in document.date_reader.read(segment, compact=True):
                if _is_value(correction, date.value):
                    yield Place(segment, date.start, date.end)
        else:
            yield from _texts(segment, key_of(correction.value))


def _texts(segment: Segment, wanted: str) -> Iterator[Place]:
    """Runs of words that are the wanted text."""
    for first in segment.tokens:
        for last in segment.tokens:
            if last.end < first.end:
                continue
            key = key_of(segment.text[first.start : last.end])
            if key == wanted:
                yield Place(segment, first.start, last.end)
            if len(key) >= len(wanted):
                break


def _is_value(correction: Correction, value: Any) -> bool:
    """Whether `value`, read from a page, is what the person says."""
    if isinstance(value, Decimal):
        return value in _numbers(correction.value)
    if isinstance(value, datetime.date):
        return value.isoformat() == correction.value
    return key_of(str(value)) == key_of(correction.value)


def _with_iso_date(document: Document, correction: Correction) -> Correction:
    """The correction with a date that was written as it is printed in the form that values have."""
    if FIELD_TYPES.get(correction.field) is not datetime.date:
        return correction
    text = correction.value.strip()
    nowhere = BoundingBox(0, 0, 0, 0)
    written = Segment.of_tokens(1, 0, [Token(text, key_of(text), 1.0, nowhere, 0, len(text))])
    dates = document.date_reader.read(written, compact=True)
    return replace(correction, value=dates[0].value.isoformat()) if len(dates) == 1 else correction


def _numbers(text: str) -> Iterator[Decimal]:
    """The number that a person wrote, with either mark before its decimals."""
    bare = "".join(c for c in text if c.isdigit() or c in ".,-")
    for grouping, mark in ((",", "."), (".", ",")):
        try:
            yield Decimal(bare.replace(grouping, "").replace(mark, "."))
        except InvalidOperation:
            continue


def _rules_beside(document: Document, field: str, place: Place) -> Iterator[LearnedRule]:
    """By the words before the value, or by the text left of it."""
    before = _words_before(place)
    if before:
        yield _rule_of(field, place, before, "after")
    elif place.segment.index > 0 and not place.segment.text[: place.start].strip(_LABEL_MARKS):
        row = document.page(place.segment.page).rows[place.segment.row]
        left = row.segments[place.segment.index - 1]
        if _can_be_label(left.text):
            yield _rule_of(field, place, left.text, "right of")


def _rules_above(document: Document, field: str, place: Place) -> Iterator[LearnedRule]:
    """By the heading over the value, the nearest first; but the heading of the items' amounts is no sum's."""
    page = document.page(place.segment.page)
    box = place.segment.box_of(place.start, place.end)
    for row in reversed(page.rows[max(0, place.segment.row - _ROWS_ABOVE) : place.segment.row]):
        for segment in row.segments:
            reaches = min(segment.box.right, box.right) - max(segment.box.x, box.x) > 0
            is_column = any(hit.concepts("columns") for hit in document.labels.within(segment))
            if reaches and _can_be_label(segment.text) and not (is_column and _is_sum(field)):
                yield _rule_of(field, place, segment.text, "below")


def _rules_apart(document: Document, field: str, place: Place) -> Iterator[LearnedRule]:
    """By the nearest texts that are on the pages once.

    Not for sums, which move with the items above them, nor for texts, which have no form to be told by.
    """
    if _is_sum(field) or field in _TEXTS:
        return
    page = document.page(place.segment.page)
    box = place.segment.box_of(place.start, place.end)
    counts = Counter(key_of(segment.text) for segment in document.segments())
    anchors = [
        segment
        for row in page.rows
        for segment in row.segments
        if segment != place.segment
        and _can_be_label(segment.text)
        and letters_in(segment.text) >= _FEWEST_LETTERS_OF_ANCHOR
        and counts[key_of(segment.text)] == 1
    ]
    anchors.sort(key=lambda a: abs(a.box.x - box.x) + abs(a.box.center_y - box.center_y))
    for anchor in anchors[:_NEAREST_ANCHORS]:
        right = (box.x - anchor.box.x) / page.width
        down = (box.center_y - anchor.box.center_y) / page.width
        yield replace(
            _rule_of(field, place, anchor.text, "apart from"), right=round(right, 5), down=round(down, 5)
        )


def _rule_of(field: str, place: Place, label: str, relation: Relation) -> LearnedRule:
    shape = shape_of(place.text.strip(_LABEL_MARKS)) if field in REFERENCES else None
    label = label.strip(_LABEL_MARKS)
    return LearnedRule(field, label, relation, shape=shape, words=len(place.text.split()))


def _is_sum(field: str) -> bool:
    return FIELD_TYPES[field] is Decimal


def _words_before(place: Place) -> str:
    """The words from the last number, or the beginning, up to the value, if they can be a label."""
    words: list[str] = []
    for token in place.segment.tokens:
        if token.start >= place.start:
            break
        words = [] if digits_in(token.text) else [*words, token.text]
    text = " ".join(words)
    return text if _can_be_label(text) else ""


def _can_be_label(text: str) -> bool:
    return (
        letters_in(text) >= _FEWEST_LETTERS
        and not digits_in(text)
        and len(text.split()) <= _MOST_LABEL_WORDS
        and bool(key_of(text))
    )


def _day_order(
    pages: Sequence[PageReading],
    corrections: Sequence[Correction],
    languages: tuple[str, ...],
    document: Document,
) -> DayOrder | None:
    """The other order of day and month, if it gives all corrected dates that this order does not give."""
    dates = [one for one in corrections if FIELD_TYPES.get(one.field) is datetime.date]
    wrong = [one for one in dates if not any(_printed(document, one))]
    if not wrong:
        return None
    order: DayOrder = "monthFirst" if document.date_reader.order == "dayFirst" else "dayFirst"
    turned = read_document(pages, load_lexicon(), languages, order)
    if turned.date_reader.order != order:
        return None
    return order if all(any(_printed(turned, one)) for one in dates) else None


def _known_order(profile: SupplierProfile) -> DayOrder | None:
    for constant in profile.constants:
        if constant.field == DAY_ORDER:
            return "monthFirst" if constant.value == "monthFirst" else "dayFirst"
    return None
