"""Blocks of lines on the first page that can be an addressee's: name, street and town."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.addresses import TextPart, column_below, is_contact, is_postal, is_table_head
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment
from services.engine.extraction.name_lines import ends_in_house_number
from services.engine.extraction.party import SEPARATORS, is_street, pieces_of
from services.engine.extraction.text import digits_in, letters_in

_STRONG_MARKS = re.compile(r"\s[-–—]\s|[|●•·]")
_LOWEST_PLACE = 0.5
_FEWEST_LINES, _MOST_LINES = 3, 5
_LONGEST_LINE = 45
# Labels that are words of an address as well: "14 Quay Street".
_ADDRESS_WORDS = frozenset({"address", "name", "attention"})
# The lines of a block without a post code are so many heights apart at most.
_WIDEST_PITCH = 2.4


@dataclass(frozen=True)
class Block:
    """The lines above the one with the post code, top to bottom; the first can be a sender's line."""

    lines: tuple[TextPart, ...]
    postal: Segment
    sender_line: bool


def blocks_with_post_code(document: Document, *, low: bool = False) -> Iterator[Block]:
    """Those in the upper half of the first page; or, if `low`, those in the lower, as on a slip to return."""
    page = document.pages[0] if document.pages else None
    for row in page.rows if page is not None else ():
        if page is None or (row.box.y > _LOWEST_PLACE * page.height) is not low:
            continue
        for segment in row.segments:
            if (
                is_postal(segment.text)
                and len(list(pieces_of(segment))) < 3
                and not document.labels.starts_with_label(segment)
            ):
                lines, sender_line = _lines_above(document, segment)
                if lines and not _is_in_table(document, (*(line.segment for line in lines), segment)):
                    yield Block(tuple(lines), segment, sender_line)


def plain_blocks(document: Document) -> Iterator[Block]:
    """Blocks of even lines apart from others, with a street among them, where no post code is printed."""
    page = document.pages[0] if document.pages else None
    for row in page.rows if page is not None else ():
        if page is None or row.box.y > _LOWEST_PLACE * page.height:
            return
        for segment in row.segments if row.index else ():
            lines = _even_lines(document, segment)
            if len(lines) < _FEWEST_LINES or not _stands_apart(document, lines):
                continue
            if any(_has_street(document, line) for line in lines[1:]):
                parts = tuple(TextPart(line, 0, len(line.text)) for line in lines[:-1])
                yield Block(parts, lines[-1], sender_line=False)


def _even_lines(document: Document, first: Segment) -> list[Segment]:
    """The segment and those under it that can be lines of an address, evenly apart."""
    lines: list[Segment] = []
    pitch: float | None = None
    for line in (first, *column_below(document, first, first.box.x, _MOST_LINES)):
        gap = line.box.center_y - lines[-1].box.center_y if lines else 0.0
        if lines and gap > (1.3 * pitch if pitch else _WIDEST_PITCH * first.box.height):
            break
        if not _may_be_line(document, line):
            break
        pitch = pitch or gap or None
        lines.append(line)
    return lines


def _may_be_line(document: Document, line: Segment) -> bool:
    letters = letters_in(line.text)
    if len(line.text) > _LONGEST_LINE or letters < max(3, digits_in(line.text)) or is_contact(line.text):
        return False
    if document.has_money(document.labels.row_of(line)) or is_table_head(document, line):
        return False
    if document.dates_in(line):
        return False
    return not any(
        hit.stands_as_label and (hit.concepts("labels") - _ADDRESS_WORDS or hit.concepts("kinds"))
        for hit in document.labels.within(line)
    )


def _stands_apart(document: Document, lines: list[Segment]) -> bool:
    """Whether nothing stands close over the block."""
    pitch = lines[1].box.center_y - lines[0].box.center_y
    first = lines[0]
    above = document.page(first.page).rows[max(0, first.row - 4) : first.row]
    return not any(
        first.box.center_y - other.box.center_y < 1.3 * pitch
        and min(first.box.right, other.box.right) > max(first.box.x, other.box.x)
        for row in above
        for other in row.segments
    )


def _has_street(document: Document, line: Segment) -> bool:
    lexicon = document.lexicon
    return is_street(lexicon, line.text) or (
        digits_in(line.text) > 0 and (ends_in_house_number(line.text) or line.text[0].isdigit())
    )


def _is_in_table(document: Document, lines: tuple[Segment, ...]) -> bool:
    """Whether an amount stands beside every line, with no word between: "Ticket 88124    -12,50"."""
    for line in lines:
        beside = document.labels.row_of(line).segments[line.index + 1 :]
        if not beside or not any(amount.is_money for amount in document.amounts_in(beside[0])):
            return False
        if letters_in(beside[0].text) > digits_in(beside[0].text):
            return False
    return True


def _lines_above(document: Document, postal: Segment) -> tuple[list[TextPart], bool]:
    """The lines of the block that ends in `postal`, and whether a sender's line stands above them."""
    lines, sender_line = _lines_aligned_above(document, postal, to_the_right=False)
    if not lines and not sender_line:
        return _lines_aligned_above(document, postal, to_the_right=True)
    return lines, sender_line


def _lines_aligned_above(
    document: Document, postal: Segment, *, to_the_right: bool
) -> tuple[list[TextPart], bool]:
    """The lines above that begin where `postal` begins, or end where it ends."""
    rows = document.page(postal.page).rows
    lines: list[TextPart] = []
    below = postal
    pitch: float | None = None
    height = max(postal.box.height, document.page(postal.page).line_height)
    for row in reversed(rows[max(0, postal.row - 10) : postal.row]):
        aligned = [s for s in row.segments if _apart(s, postal, to_the_right) < height]
        gap = below.box.center_y - row.box.center_y
        if gap > 2.4 * height or (pitch is not None and gap > 1.6 * pitch):
            break
        if not aligned:
            continue
        segment = aligned[0]
        if is_sender_line(segment.text) or (segment.index == 0 and is_sender_line(row.text)):
            return lines[::-1], True
        if is_postal(segment.text) or is_contact(segment.text) or _starts_something_else(document, segment):
            break
        lines.append(TextPart(segment, 0, len(segment.text)))
        pitch = pitch or gap
        below = segment
        if len(lines) >= _MOST_LINES:
            break
    return lines[::-1], False


def _apart(one: Segment, other: Segment, to_the_right: bool) -> float:
    """How far the edges of two lines are apart; ragged left edges differ less than right ones agree."""
    return 1.5 * abs(one.box.right - other.box.right) if to_the_right else abs(one.box.x - other.box.x) / 1.2


def is_sender_line(text: str) -> bool:
    """Whether name, street and town stand beside each other."""
    marks = len(_STRONG_MARKS.findall(text))
    return marks >= 2 or (is_postal(text) and marks + len(SEPARATORS.findall(text)) >= 1)


def _starts_something_else(document: Document, segment: Segment) -> bool:
    return any(
        hit.first == 0
        and hit.concepts("labels")
        and hit.stands_as_label
        and not hit.is_label("attention", "name", "address")
        for hit in document.labels.within(segment)
    )
