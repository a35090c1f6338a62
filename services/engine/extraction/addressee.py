"""The addressee's block: name and address in the upper part of the first page, as in a window envelope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.engine.extraction.addressee_blocks import (
    Block,
    blocks_with_post_code,
    is_sender_line,
    plain_blocks,
)
from services.engine.extraction.addressee_name import name_in_block
from services.engine.extraction.addresses import TextPart, column_below, contacts_follow
from services.engine.extraction.brands import domains_on, is_headline, logo_words
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_vat_ids
from services.engine.extraction.layout import Segment
from services.engine.extraction.model import Found
from services.engine.extraction.party import PartyFound, address_of, found_at
from services.engine.extraction.text import key_of

_REASON = "The addressee's block in the upper part of the first page."
_USUAL_PLACE = 0.2
_LETTERHEAD_PLACE = 0.1
_LEAST_SCORE = 0.5
_SURE_SCORE = 1.0
_DELIVERY = 0.5
_HEAD_ROWS = 3
# How much taller than the lines beside it a logo is.
_LOGO = 1.5
# Height by width of A4 and letter paper; tills print on a strip.
_SHEET = (1.2, 1.5)


@dataclass(frozen=True)
class AddresseeBlock:
    """Who it is, and the segments the block takes up."""

    party: PartyFound
    lines: tuple[Segment, ...]
    below_sender_line: bool


def addressee(document: Document, supplier: PartyFound, ship_to: PartyFound) -> AddresseeBlock | None:
    """The block that is most likely the addressee's and neither the supplier's own nor where goods go."""
    for blocks in (
        blocks_with_post_code(document),
        plain_blocks(document),
        blocks_with_post_code(document, low=True),
    ):
        best = _best(document, blocks, supplier, ship_to)
        if best is not None:
            return best
    return None


def _best(
    document: Document, blocks: Iterable[Block], supplier: PartyFound, ship_to: PartyFound
) -> AddresseeBlock | None:
    best: tuple[float, AddresseeBlock] | None = None
    for block in blocks:
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
    is_high = first.box.y < _LETTERHEAD_PLACE * document.page(first.page).height
    return is_high and _heads_page(document, first)


def _heads_page(document: Document, first: Segment) -> bool:
    """Whether the line is the page's first, with no logo beside it."""
    if first.row > 0:
        return False
    beside = document.labels.row_of(first).segments
    return not any(
        other.box.height > _LOGO * first.box.height
        and is_headline(document, other)
        and not document.labels.starts_with_label(other)
        for other in beside
    )


def is_letter(document: Document) -> bool:
    """Whether the first page is a letter: a sheet of paper with an addressee's block below a head."""
    page = document.pages[0] if document.pages else None
    if page is None or not _SHEET[0] < page.height / page.width < _SHEET[1]:
        return False
    return any(
        (block.sender_line or block.lines[0].segment.row >= _HEAD_ROWS)
        and (name := name_in_block(document, block.lines)) is not None
        and _score(document, block, name) >= _SURE_SCORE
        for block in blocks_with_post_code(document)
    )


def _is_of(supplier: PartyFound, block: Block) -> bool:
    own = key_of(supplier.name.value) if supplier.name else ""
    return bool(own) and any(own in key_of(line.text) for line in block.lines)


def _names_same_place(party: PartyFound, name: TextPart) -> bool:
    return (
        party.name is not None
        and party.name.page == name.segment.page
        and party.name.box == name.segment.box_of(name.start, name.end)
    )


def _score(document: Document, block: Block, name: TextPart) -> float:
    page = document.pages[0]
    score = 1.0 + 0.1 * min(len(block.lines), 4)
    score -= abs(block.postal.box.y / page.height - _USUAL_PLACE)
    score += 0.5 if block.sender_line else 0.0
    score += 0.2 if name.start > 0 or len(block.lines) > 2 else 0.0
    score -= 0.5 if _heads_page(document, block.lines[0].segment) else 0.0
    below = column_below(document, block.postal, block.postal.box.x, most=4)
    score -= 0.9 if contacts_follow(document, block.postal, below) else 0.0
    return score - 0.6 * _speaks_of_itself(document, name) - 0.6 * _is_like_logo(document, name)


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
        and (is_sender_line(segment.text) or (segment.page == 1 and segment.box.y > lowest))
    )


def _is_like_logo(document: Document, name: TextPart) -> bool:
    """Whether a word of the name stands in the logo, or in a web address, of whoever writes."""
    words = {key_of(word) for word in name.text.split()}
    if words & domains_on(document):
        return True
    logo = logo_words(document)
    return any(place is not name.segment for word in words for place in logo.get(word, ()))


def _read(document: Document, block: Block, name: TextPart) -> AddresseeBlock:
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
