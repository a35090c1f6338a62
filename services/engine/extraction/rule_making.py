"""The rule by which a corrected value would have been found: the label it stands at, or its place.

A rule counts only if, applied to the document that it comes from, it finds the corrected value and nothing
else. A label beside the value tells more than one above it, and that more than a place.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment, Span
from services.engine.extraction.learned import REFERENCES, find_by_rule, shape_of
from services.engine.extraction.party_blocks import PARTY_FIELDS
from services.engine.extraction.printed import is_sum, is_value, occurrences
from services.engine.extraction.text import digits_in, key_of, letters_in
from shared.supplier import Correction, LearnedRule, Parts, Relation

_MOST_LABEL_WORDS = 6
_MOST_LABEL_DIGITS = 3
_ROWS_ABOVE = 6
_FEWEST_LETTERS = 2
_FEWEST_LETTERS_OF_ANCHOR = 4
_NEAREST_ANCHORS = 12
_MOST_PARTS_BEFORE = 3
_TEXTS = frozenset({"invoice.paymentTerms"})
LABEL_MARKS = " :;,.#=*)(]["


def make_rule(document: Document, correction: Correction) -> LearnedRule | None:
    """The first of the possible rules that finds the corrected value in the document; None if none does."""
    if correction.field in PARTY_FIELDS:
        possible = _party_rules(document, correction)
    else:
        possible = _value_rules(document, correction)
    return next((rule for rule in possible if finds(document, rule, correction)), None)


def finds(document: Document, rule: LearnedRule, correction: Correction) -> bool:
    """Whether the rule gives the corrected value on the document's pages."""
    found = find_by_rule(document, rule)
    return found is not None and is_value(correction, found.value)


def labels_of(document: Document, place: Span) -> Iterator[str]:
    """Texts that may be the label of what stands at `place`, the likeliest first; none has many digits."""
    for label, _ in (*_labels_beside(document, place), *_labels_above(document, place)):
        yield label


def _value_rules(document: Document, correction: Correction) -> Iterator[LearnedRule]:
    field = correction.field
    for places in occurrences(document, correction):
        # A text has no form to be told by: what stands under some heading may be anything the next time.
        for labels in (
            (_labels_beside,) if field in _TEXTS else (_labels_beside, _labels_above, _labels_around)
        ):
            for place in places:
                for label, relation in labels(document, place):
                    yield _rule_of(field, place, label, relation)
        for place in places:
            yield from _rules_apart(document, field, place)


def _party_rules(document: Document, correction: Correction) -> Iterator[LearnedRule]:
    """Rules for a line, or more, of the block of a party."""
    for start, parts, part in _block_starts(document, correction):
        for labels in (_labels_beside, _labels_above):
            for label, relation in labels(document, start):
                rule = _rule_of(correction.field, start, label, relation)
                yield replace(rule, parts=parts, part=part)
    for start, parts, part in _block_starts(document, correction):
        for rule in _rules_apart(document, correction.field, start):
            yield replace(rule, parts=parts, part=part)


def _block_starts(document: Document, correction: Correction) -> Iterator[tuple[Span, Parts, int]]:
    """Where a block may begin whose part, by its number, begins like the corrected text."""
    wanted = key_of(correction.value or "")
    for segment in document.segments():
        for token in segment.tokens:
            line = segment.text[token.start :]
            piece = key_of(line.split(",", maxsplit=1)[0])
            if not piece or not wanted.startswith(piece):
                continue
            yield Span(segment, token.start, len(segment.text)), "lines", 0
            if token.start == 0:
                yield from _lines_above(document, segment)
            before = segment.text[: token.start]
            commas = before.count(",")
            for start in _piece_starts(segment, token.start):
                yield (
                    Span(segment, start, len(segment.text)),
                    "commas",
                    commas - segment.text[:start].count(","),
                )


def _lines_above(document: Document, segment: Segment) -> Iterator[tuple[Span, Parts, int]]:
    """The beginnings of the lines above that the block may begin with."""
    height = segment.box.height
    lines = 0
    for row in reversed(document.page(segment.page).rows[: segment.row]):
        aligned = [s for s in row.segments if abs(s.box.x - segment.box.x) < 0.8 * height]
        if not aligned:
            continue
        lines += 1
        if lines > _MOST_PARTS_BEFORE or segment.box.center_y - row.box.center_y > 3.0 * lines * height:
            return
        yield Span(aligned[0], 0, len(aligned[0].text)), "lines", lines


def _piece_starts(segment: Segment, end: int) -> Iterator[int]:
    """Where, at or before `end`, a list between commas may begin: first, or after a colon."""
    yield 0
    for before, token in zip(segment.tokens, segment.tokens[1:], strict=False):
        if token.start <= end and before.text.endswith(":"):
            yield token.start


def _labels_beside(document: Document, place: Span) -> Iterator[tuple[str, Relation]]:
    """The words before the value, and the text left of it; those with digits last."""
    for label in _words_before(place):
        yield label, "after"
    if place.segment.index > 0 and not place.segment.text[: place.start].strip(LABEL_MARKS):
        row = document.page(place.segment.page).rows[place.segment.row]
        left = row.segments[place.segment.index - 1]
        if can_be_label(left.text):
            yield left.text, "right of"


def _labels_above(document: Document, place: Span) -> Iterator[tuple[str, Relation]]:
    """The heading over the value, the nearest first."""
    yield from ((text, "below") for text in _in_column(document, place, up=True))


def _labels_around(document: Document, place: Span) -> Iterator[tuple[str, Relation]]:
    """What stands under the value, and what stands in its row further left."""
    yield from ((text, "above") for text in _in_column(document, place, up=False))
    row = document.page(place.segment.page).rows[place.segment.row]
    for segment in row.segments[: place.segment.index + 1]:
        label = beginning_of(segment)
        if label is not None and not label.startswith(place.text):
            yield label, "in the row of"


def _in_column(document: Document, place: Span, *, up: bool) -> Iterator[str]:
    """Texts over or under the value; the heading of the items' amounts is nobody's label."""
    rows = document.page(place.segment.page).rows
    box = place.segment.box_of(place.start, place.end)
    at = place.segment.row
    near = rows[max(0, at - _ROWS_ABOVE) : at][::-1] if up else rows[at + 1 : at + 1 + _ROWS_ABOVE]
    for row in near:
        for segment in row.segments:
            reaches = min(segment.box.right, box.right) - max(segment.box.x, box.x) > 0
            is_column = any(hit.concepts("columns") for hit in document.labels.within(segment))
            is_amount = bool(document.amounts_in(place.segment))
            if reaches and can_be_label(segment.text) and not (is_column and is_amount):
                yield segment.text


def _rules_apart(document: Document, field: str, place: Span) -> Iterator[LearnedRule]:
    """By the nearest texts that are on the pages once.

    Not for sums, which move with the items above them, nor for texts, which have no form to be told by.
    """
    if is_sum(field) or field in _TEXTS:
        return
    page = document.page(place.segment.page)
    box = place.segment.box_of(place.start, place.end)
    counts = Counter(key_of(segment.text) for segment in document.segments())
    anchors = [
        segment
        for row in page.rows
        for segment in row.segments
        if segment != place.segment
        and can_be_label(segment.text)
        and not digits_in(segment.text)
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


def _rule_of(field: str, place: Span, label: str, relation: Relation) -> LearnedRule:
    shape = shape_of(place.text.strip(LABEL_MARKS)) if field in REFERENCES else None
    words = 1 if field in PARTY_FIELDS else len(place.text.split())
    return LearnedRule(field, label.strip(LABEL_MARKS), relation, shape=shape, words=words)


def _words_before(place: Span) -> Iterator[str]:
    """The words from the last number up to the value, and all words before it, if they can be a label."""
    words: list[str] = []
    since_number: list[str] = []
    for token in place.segment.tokens:
        if token.start >= place.start:
            break
        words.append(token.text)
        since_number = [] if digits_in(token.text) else [*since_number, token.text]
    for label in dict.fromkeys((" ".join(since_number), " ".join(words))):
        if can_be_label(label):
            yield label


def beginning_of(segment: Segment) -> str | None:
    """The words of a segment before its first number, if they can be a label."""
    words = [token.text for token in itertools.takewhile(lambda one: not digits_in(one.text), segment.tokens)]
    text = " ".join(words).strip(LABEL_MARKS)
    return text if can_be_label(text) else None


def can_be_label(text: str) -> bool:
    """Whether a text is short and of letters; a label such as "Field 12" has a short number, but no rate."""
    return (
        letters_in(text) >= _FEWEST_LETTERS
        and not ("%" in text and digits_in(text))
        and digits_in(text) <= _MOST_LABEL_DIGITS
        and len(text.split()) <= _MOST_LABEL_WORDS
        and bool(key_of(text))
    )
