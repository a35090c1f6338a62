"""The block of lines of a customer, or of a delivery address, read from a place that was learned."""

from __future__ import annotations

from services.engine.extraction.addresses import is_contact, is_table_head
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_vat_ids
from services.engine.extraction.layout import Segment, Span
from services.engine.extraction.text import digits_in, letters_in
from shared.supplier import Parts

PARTY_FIELDS = frozenset(
    {
        "invoice.customer.name",
        "invoice.customer.address",
        "invoice.shipTo.name",
        "invoice.shipTo.address",
    }
)
_MOST_LINES = 8
# The lines of a block are so many heights apart at most, and evenly.
_WIDEST_GAP, _UNEVEN = 2.6, 1.4


def part_at(document: Document, field: str, place: Span, parts: Parts, part: int) -> str | None:
    """The name, or the address, in the block that begins at `place`; None if the block is too short."""
    texts = lines_from(document, place) if parts == "lines" else place.text.split(",")
    texts = [text.strip(" ,;:") for text in texts]
    if len(texts) <= part:
        return None
    value = texts[part] if field.endswith(".name") else ", ".join(texts[part:])
    return value if letters_in(value) >= 2 else None


def lines_from(document: Document, place: Span) -> list[str]:
    """The line at `place` and those under it that belong to it, without ids, contacts and labelled lines."""
    first = place.segment
    left = first.box_of(place.start, place.end).x
    lines = [place.text]
    above, pitch = first, 0.0
    for row in document.page(first.page).rows[first.row + 1 :]:
        aligned = [s for s in row.segments if abs(s.box.x - left) < 0.8 * first.box.height]
        gap = row.box.center_y - above.box.center_y
        if gap > _WIDEST_GAP * first.box.height or (pitch and gap > _UNEVEN * pitch):
            break
        if not aligned:
            continue
        if len(lines) >= _MOST_LINES or _ends_block(document, aligned[0]):
            break
        lines.append(aligned[0].text)
        above, pitch = aligned[0], pitch or gap
    return lines


def _ends_block(document: Document, segment: Segment) -> bool:
    """A line that is no part of an address: a tax id, a telephone, a labelled value, a table."""
    labelled = any(token.text.endswith(":") for token in segment.tokens) and digits_in(segment.text) > 0
    return (
        labelled
        or is_contact(segment.text)
        or bool(list(find_vat_ids(segment)))
        or bool(document.dates_in(segment))
        or document.labels.starts_with_label(segment)
        or is_table_head(document, segment)
    )
