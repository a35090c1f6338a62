"""Printed labels found on the pages, and where their values may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.engine.extraction.layout import PageLayout, Row, Segment, Span
from services.engine.extraction.lexicon import Meaning
from services.engine.extraction.text import has_digits
from shared.readings import BoundingBox

# What ends the first line of a label that goes on in the next.
_JOINTS = ("/", "&", "+", "=", "und", "and", "et", "en", "e", "y", "i", "och", "og", "a")
_GOES_ON = ("/", "&", "+", "=", "(=")
# From so many labels on a page on that stand under a value, it is the page's way.
_FEWEST_UNDER = 2
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?\s?%")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the vocabulary on a page; `first`..`last` (exclusive) are its tokens in `segment`.

    `strength` is 0..1: how much the place looks like that of a label and not of running text.
    """

    meanings: tuple[Meaning, ...]
    segment: Segment
    first: int
    last: int
    strength: float

    @property
    def start(self) -> int:
        return self.segment.tokens[self.first].start

    @property
    def end(self) -> int:
        return self.segment.tokens[self.last - 1].end

    @property
    def text(self) -> str:
        return self.segment.text[self.start : self.end]

    @property
    def box(self) -> BoundingBox:
        return BoundingBox.around(token.box for token in self.segment.tokens[self.first : self.last])

    @property
    def stands_as_label(self) -> bool:
        """Printed the way labels are: alone, before a colon, of several words, or before a number."""
        tokens = self.segment.tokens
        words = sum(1 for token in tokens[self.first : self.last] if token.key)
        if self.last == len(tokens) or self.strength == 1.0 or words > 1:
            return True
        return any(c.isdigit() for c in tokens[self.last].text)

    def is_label(self, *concepts: str) -> bool:
        return any(m.section == "labels" and m.concept in concepts for m in self.meanings)

    def concepts(self, section: str) -> frozenset[str]:
        return frozenset(m.concept for m in self.meanings if m.section == section)


@dataclass(frozen=True, slots=True)
class Slot(Span):
    """A place where a label's value may stand.

    `weight` 0..1 says how usual the place is for a value; `relation` names it for the reason given.
    """

    relation: str
    weight: float


@dataclass(frozen=True)
class LabelIndex:
    """All hits of a document, by segment and by concept."""

    pages: tuple[PageLayout, ...]
    languages: tuple[str, ...]
    by_segment: dict[tuple[int, int, int], tuple[Hit, ...]] = field(default_factory=dict)
    by_concept: dict[str, tuple[Hit, ...]] = field(default_factory=dict)

    def of(self, *concepts: str) -> list[Hit]:
        """Hits of these label concepts in reading order."""
        found = {id(hit): hit for concept in concepts for hit in self.by_concept.get(concept, ())}
        return sorted(found.values(), key=lambda h: (h.segment.page, h.segment.row, h.segment.index, h.first))

    def within(self, segment: Segment) -> tuple[Hit, ...]:
        return self.by_segment.get((segment.page, segment.row, segment.index), ())

    def in_row(self, row: Row) -> list[Hit]:
        return [hit for segment in row.segments for hit in self.within(segment)]

    def starts_with_label(self, segment: Segment) -> bool:
        return any(
            hit.first == 0 and hit.concepts("labels") and hit.stands_as_label for hit in self.within(segment)
        )

    def page(self, number: int) -> PageLayout:
        return self.pages[number - 1]

    def row_of(self, segment: Segment) -> Row:
        return self.page(segment.page).rows[segment.row]

    def after(self, hit: Hit) -> Slot | None:
        """The rest of the label's own segment, up to the next label.

        Labels that are joined share what stands behind the last: "Number / date: 4711 / 1.3.2024".
        """
        end = self._next_label(hit.segment, hit.last)
        partner = next((other for other in self.within(hit.segment) if other.start == end), None)
        if partner is not None and _are_joined(hit, partner):
            return self.after(partner)
        behind = hit.segment.text[hit.end : end].strip(" :.#-*)(=")
        if not behind or (behind.startswith("/") and not has_digits(behind)):
            return None  # "Invoice date / dispatched" is a label to its end
        return Slot(hit.segment, hit.end, end, "after", 1.0)

    def right(self, hit: Hit, reach: float = 0.6) -> Slot | None:
        """The next segment in the row, unless it is a label or further away than `reach` page widths."""
        row = self.row_of(hit.segment)
        if hit.last < len(hit.segment.tokens) and self.after(hit) is not None:
            return None
        for segment in row.segments[hit.segment.index + 1 :]:
            if not segment.text.strip(" :.-"):
                continue
            gap = segment.box.x - hit.segment.box.right
            if self.starts_with_label(segment) or gap > reach * self.page(hit.segment.page).width:
                return None
            return Slot(
                segment, 0, self._end(segment), "right of", 0.95 - 0.2 * gap / self.page(row.page).width
            )
        return None

    def below(self, hit: Hit, rows: int = 2) -> list[Slot]:
        """Segments under the label, in its column, at most `rows` rows further down."""
        page = self.page(hit.segment.page)
        found: list[Slot] = []
        top = self._heading_box(hit)
        goes_on = hit.segment.text.endswith(_GOES_ON)
        for row in page.rows[hit.segment.row + 1 : hit.segment.row + 1 + rows + 2]:
            if row.box.y - top.bottom > 3.0 * max(top.height, page.line_height):
                break
            for segment in row.segments:
                if not _same_column(top, segment.box):
                    continue
                if self.starts_with_label(segment):
                    if not goes_on:
                        return found
                    goes_on = False  # "Invoice date/" over "Delivery date": two labels of one value
                    continue
                start, end = self._column(hit, segment)
                found.append(Slot(segment, start, end, "below", 0.8 - 0.1 * len(found)))
            if len(found) >= rows:
                break
        return found

    def _heading_box(self, hit: Hit) -> BoundingBox:
        """The box of the label with its rate or a word behind it: "VAT 19 %", "Net sum" over an amount."""
        behind = hit.segment.text[hit.end :].strip()
        is_short = len(hit.segment.tokens) - hit.last <= 1 and not has_digits(behind)
        is_alone = hit.first == 0 and all(other is hit for other in self.within(hit.segment))
        return hit.segment.box if is_alone and (is_short or _RATE.fullmatch(behind)) else hit.box

    def _column(self, hit: Hit, segment: Segment) -> tuple[int, int]:
        """The part of a segment that stands under the label, if it goes on under other labels of its row."""
        end = self._end(segment)
        others = [
            other
            for other in self.in_row(self.row_of(hit.segment))
            if other.concepts("labels")
            and (other.segment is not hit.segment or other.first >= hit.last or other.last <= hit.first)
            and _overlap(other.box, segment.box) > 0
        ]
        if not others:
            return 0, end
        heads = [hit, *others]
        own = [t for t in segment.tokens if max(heads, key=lambda h: _overlap(h.box, t.box)) is hit]
        own = [t for t in own if t.start < end]
        return (own[0].start, own[-1].end) if own else (0, end)

    def slots(self, hit: Hit) -> Iterator[Slot]:
        """Places for the value, the most usual first."""
        own = self.after(hit)
        if own is not None:
            yield own
            return
        above = self._above(hit)
        if above is not None:
            yield above
            return
        right = self.right(hit)
        if right is not None:
            yield right
        yield from self.below(hit)
        wrapped = self._wrapped(hit)
        if wrapped is not None:
            yield wrapped

    def _above(self, hit: Hit) -> Slot | None:
        """The segment over the label, on a page whose labels stand under their values."""
        value = self._value_over(hit)
        if value is None:
            return None
        labels = {
            (other.segment.row, other.segment.index)
            for hits in self.by_concept.values()
            for other in hits
            if other.segment.page == hit.segment.page and self._value_over(other) is not None
        }
        return Slot(value, 0, len(value.text), "above", 0.8) if len(labels) >= _FEWEST_UNDER else None

    def _value_over(self, hit: Hit) -> Segment | None:
        """What stands close over a label of its own segment, if that is much nearer than what is below it."""
        if hit.last - hit.first < len(hit.segment.tokens) or self.right(hit) is not None:
            return None
        page = self.page(hit.segment.page)
        rows = page.rows[max(hit.segment.row - 2, 0) : hit.segment.row + 4]
        column = [
            segment
            for row in rows
            for segment in row.segments
            if segment is not hit.segment and _same_column(hit.box, segment.box)
        ]
        over = [s for s in column if s.box.center_y < hit.box.y]
        under = [s.box.y - hit.box.bottom for s in column if s.box.center_y > hit.box.bottom]
        if not over:
            return None
        value = max(over, key=lambda segment: segment.box.bottom)
        gap = max(hit.box.y - value.box.bottom, 0.0)
        is_near = gap < page.line_height and gap < 0.5 * min(under, default=page.height)
        return value if is_near and not self.starts_with_label(value) else None

    def _wrapped(self, hit: Hit) -> Slot | None:
        """For a label at the end of running text, the beginning of the next line of that text."""
        if hit.last < len(hit.segment.tokens) or len(hit.segment.tokens) < 4:
            return None
        for row in self.page(hit.segment.page).rows[hit.segment.row + 1 : hit.segment.row + 3]:
            for segment in row.segments:
                if abs(segment.box.x - hit.segment.box.x) < 1.5 * hit.box.height:
                    return Slot(segment, 0, self._end(segment), "in the line after", 0.75)
        return None

    def _end(self, segment: Segment) -> int:
        return self._next_label(segment, 1)

    def _next_label(self, segment: Segment, first: int) -> int:
        """Where the next label begins from the token `first` on; a label's word in running text is none."""
        later = [
            hit.start
            for hit in self.within(segment)
            if hit.first >= first and hit.concepts("labels") and hit.stands_as_label
        ]
        return min(later, default=len(segment.text))


def _are_joined(hit: Hit, partner: Hit) -> bool:
    """Whether one label follows the other and both lead to values: "Number / date", "No. and date"."""
    between = hit.segment.text[hit.end : partner.start].strip(" (")
    return between in _JOINTS or (not between and partner.text.startswith(_GOES_ON))


def _overlap(one: BoundingBox, other: BoundingBox) -> float:
    """How far two boxes stand over each other, in pixels; negative is how far they stand apart."""
    return min(one.right, other.right) - max(one.x, other.x)


def _same_column(label: BoundingBox, value: BoundingBox) -> bool:
    overlap = _overlap(label, value)
    return overlap > 0.3 * min(label.width, value.width) or abs(label.x - value.x) < 0.8 * label.height
