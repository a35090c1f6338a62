"""The addressee's block: name and address in the upper part of the first page, as in a window envelope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.addressee_name import name_in_block
from services.engine.extraction.addresses import (
    TextPart,
    column_below,
    contacts_follow,
    is_contact,
    is_postal,
)
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_vat_ids
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Found
from services.engine.extraction.party import (
    SEPARATORS,
    PartyFound,
    address_of,
    found_at,
    pieces_of,
)
from services.engine.extraction.text import digits_in, key_of, letters_in

_REASON = "The addressee's block in the upper part of the first page."
_STRONG_MARKS = re.compile(r"\s[-–—]\s|[|●•·]")
_USUAL_PLACE = 0.2
_LOWEST_PLACE = 0.5
_LETTERHEAD_PLACE = 0.1
_LEAST_SCORE = 0.5
_SURE_SCORE = 1.0
_DELIVERY = 0.5
_HEAD_ROWS = 3
# Height by width of A4 and letter paper; tills print on a strip.
_SHEET = (1.2, 1.5)
_MOST_LINES = 5


@dataclass(frozen=True)
class AddresseeBlock:
    """Who it is, and the segments the block takes up."""

    party: PartyFound
    lines: tuple[Segment, ...]
    below_sender_line: bool


@dataclass(frozen=True)
class _Block:
    """The lines above the one with the post code, top to bottom; the first can be a sender's line."""

    lines: tuple[TextPart, ...]
    postal: Segment
    sender_line: bool


def addressee(document: Document, supplier: PartyFound, ship_to: PartyFound) -> AddresseeBlock | None:
    """The block that is most likely the addressee's and neither the supplier's own nor where goods go."""
    best: tuple[float, AddresseeBlock] | None = None
    for block in _blocks(document):
        name = name_in_block(document, block.lines)
        if name is None or _is_of(supplier, block):
            continue
        score = _score(document, block, name) - (_DELIVERY if _names_same_place(ship_to, name) else 0.0)
        if score >= _LEAST_SCORE and (best is None or score > best[0]):
            best = (score, _read(document, block, name))
    return best[1] if best else None


def is_letterhead(document: Document, block: AddresseeBlock) -> bool:
    """Whether the block stands where letterheads do: at the page's top, with nothing above it."""
    first = block.lines[0]
    return first.row == 0 and first.box.y < _LETTERHEAD_PLACE * document.page(first.page).height


def is_letter(document: Document) -> bool:
    """Whether the first page is a letter: a sheet of paper with an addressee's block below a head."""
    page = document.pages[0] if document.pages else None
    if page is None or not _SHEET[0] < page.height / page.width < _SHEET[1]:
        return False
    return any(
        (block.sender_line or block.lines[0].segment.row >= _HEAD_ROWS)
        and (name := name_in_block(document, block.lines)) is not None
        and _score(document, block, name) >= _SURE_SCORE
        for block in _blocks(document)
    )


def _blocks(document: Document) -> Iterator[_Block]:
    page = document.pages[0] if document.pages else None
    for row in page.rows if page is not None else ():
        if page is None or row.box.y > _LOWEST_PLACE * page.height:
            return
        for segment in row.segments:
            if (
                is_postal(segment.text)
                and len(list(pieces_of(segment))) < 3
                and not document.labels.starts_with_label(segment)
            ):
                lines, sender_line = _lines_above(document, segment)
                if lines and not _is_in_table(document, (*(line.segment for line in lines), segment)):
                    yield _Block(tuple(lines), segment, sender_line)


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
        if _is_sender_line(segment.text) or (segment.index == 0 and _is_sender_line(row.text)):
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


def _is_sender_line(text: str) -> bool:
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


def _is_of(supplier: PartyFound, block: _Block) -> bool:
    own = key_of(supplier.name.value) if supplier.name else ""
    return bool(own) and any(own in key_of(line.text) for line in block.lines)


def _names_same_place(party: PartyFound, name: TextPart) -> bool:
    return (
        party.name is not None
        and party.name.page == name.segment.page
        and party.name.box == name.segment.box_of(name.start, name.end)
    )


def _score(document: Document, block: _Block, name: TextPart) -> float:
    page = document.pages[0]
    score = 1.0 + 0.1 * min(len(block.lines), 4)
    score -= abs(block.postal.box.y / page.height - _USUAL_PLACE)
    score += 0.5 if block.sender_line else 0.0
    score += 0.2 if name.start > 0 or len(block.lines) > 2 else 0.0
    score -= 0.5 if block.lines[0].segment.row == 0 else 0.0  # a letterhead's place
    below = column_below(document, block.postal, block.postal.box.x, most=4)
    score -= 0.9 if contacts_follow(document, block.postal, below) else 0.0
    return score - 0.6 * _speaks_of_itself(document, name)


def _speaks_of_itself(document: Document, name: TextPart) -> bool:
    """Whether the name stands in a sender's line or a footer as well."""
    key = key_of(name.text)
    if len(key) < 5:
        return False
    lowest = 0.85 * document.pages[0].height
    return any(
        key in key_of(segment.text)
        for segment in document.segments()
        if segment is not name.segment
        and (_is_sender_line(segment.text) or (segment.page == 1 and segment.box.y > lowest))
    )


def _read(document: Document, block: _Block, name: TextPart) -> AddresseeBlock:
    postal = TextPart(block.postal, 0, len(block.postal.text))
    rest = (*[line for line in block.lines if line.segment.row > name.segment.row], postal)
    party = PartyFound(
        found_at(name, name.text, _REASON, 0.8),
        address_of(rest, _REASON, 0.8),
        _tax_id_under(document, block.postal),
    )
    segments = (*(line.segment for line in block.lines), block.postal)
    return AddresseeBlock(party, segments, block.sender_line)


def _tax_id_under(document: Document, postal: Segment) -> Found[str] | None:
    """The tax id in the next line of a block that ends in `postal`."""
    for segment in column_below(document, postal, postal.box.x, most=1):
        for identifier in find_vat_ids(segment):
            part = TextPart(segment, identifier.start, identifier.end)
            return found_at(part, identifier.value, "Stands in the party's block.", 0.9)
    return None
