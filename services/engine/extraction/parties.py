"""Who sells and who buys: by headings, by the addressee's block, and otherwise by the letterhead."""

from __future__ import annotations

from dataclasses import dataclass

from services.engine.extraction.addresses import (
    Section,
    TextPart,
    column_below,
    is_contact,
    is_postal,
    section_at,
)
from services.engine.extraction.document import Document
from services.engine.extraction.heads import page_head, receipt_head
from services.engine.extraction.identifiers import find_vat_ids, labelled_id
from services.engine.extraction.layout import Segment
from services.engine.extraction.letterhead import supplier_by_marks
from services.engine.extraction.model import Found
from services.engine.extraction.party import (
    SEPARATORS,
    SHORT_HEADING,
    PartyFound,
    address_of,
    clean_name,
    found_at,
    is_name,
    pieces_of,
)
from services.engine.extraction.text import key_of, letters_in, plain


@dataclass(frozen=True)
class Parties:
    """Everyone the document names; a party that is not on the pages is empty."""

    supplier: PartyFound
    customer: PartyFound
    ship_to: PartyFound


def read_parties(document: Document, is_receipt: bool) -> Parties:
    """Find supplier, customer and delivery address; a receipt has its shop at the head and no customer."""
    customer_section = _labelled(document, "customer", 0.9)
    ship_to = _labelled(document, "shipTo", 0.9)
    if ship_to.name is None:
        ship_to = _recipient_beside(document, customer_section)
    supplier = PartyFound() if is_receipt else _labelled(document, "supplier", 0.92)
    taken = _names_of([customer_section, ship_to])
    if supplier.name is None:
        supplier = receipt_head(document) if is_receipt else supplier_by_marks(document, taken)
    if supplier.name is None and not is_receipt:
        supplier = page_head(document)
    customer = customer_section
    if customer.name is None and not is_receipt:
        customer = _window_block(document, supplier)
    ids = _tax_ids(document, supplier, customer)
    if supplier.tax_id is None and ids:
        supplier = PartyFound(supplier.name, supplier.address, ids[0])
    return Parties(supplier, customer, ship_to)


def _recipient_beside(document: Document, customer: PartyFound) -> PartyFound:
    """The recipient that is named beside a customer gets the goods, not the invoice."""
    recipient = _labelled(document, "recipient", 0.85)
    if recipient.name is None or customer.name is None or recipient.name.box == customer.name.box:
        return PartyFound()
    return PartyFound(recipient.name, recipient.address, None)


def _labelled(document: Document, concept: str, weight: float) -> PartyFound:
    """The party under the best of its headings."""
    best: tuple[float, PartyFound] | None = None
    for hit in document.labels.of(concept):
        if hit.strength < 0.9 and len(hit.segment.tokens) > 5:
            continue
        if hit.first > 0 and len(key_of(hit.text)) <= SHORT_HEADING:
            continue
        section = section_at(document, hit)
        if not section.name or not is_name(section.name_text) or document.dates_in(section.name[0].segment):
            continue
        reason = f'Stands at the heading "{hit.text.strip(" :")}".'
        score = hit.strength + 0.1 * min(len(section.address), 3) - 0.2 * (hit.segment.page - 1)
        score += 0.3 if any(is_postal(part.text) for part in section.address) else 0.0
        score += 0.2 if document.lexicon.legal_form_pattern.search(section.name_text) else 0.0
        score -= 0.2 if len(key_of(hit.text)) <= 3 else 0.0
        score -= 0.5 if concept == "customer" and hit.is_label("recipient") else 0.0
        if best is None or score > best[0]:
            best = (score, _party(document, section, reason, weight))
    return best[1] if best else PartyFound()


def _party(document: Document, section: Section, reason: str, weight: float) -> PartyFound:
    tax_id = None
    if section.tax_id is not None:
        part = section.tax_id
        identifier = labelled_id(part.segment, part.start, part.end)
        if identifier is not None:
            tax_id = found_at(part, identifier.value, "Stands in the party's block.", 0.9)
    name = found_at(section.name[0], clean_name(section.name_text), reason, weight) if section.name else None
    return PartyFound(name, address_of(section.address, reason, weight), tax_id)


def _names_of(parties: list[PartyFound]) -> frozenset[str]:
    """The names other parties are known by."""
    return frozenset(key_of(party.name.value) for party in parties if party.name)


def _window_block(document: Document, supplier: PartyFound) -> PartyFound:
    """The addressee's block in the upper part of the first page that is not the supplier's own."""
    if not document.pages:
        return PartyFound()
    page = document.pages[0]
    own = key_of(supplier.name.value) if supplier.name else ""
    best: tuple[float, PartyFound] | None = None
    for row in page.rows:
        if row.box.y > 0.5 * page.height:
            break
        for segment in row.segments:
            part = TextPart(segment, 0, len(segment.text))
            if (
                not is_postal(segment.text)
                or len(list(pieces_of(segment))) >= 3
                or document.labels.starts_with_label(segment)
            ):
                continue
            lines = _block_above(document, segment)
            if not lines or (own and any(own in key_of(line.text) for line in lines)):
                continue
            name = _without_salutation(document, lines)
            if name is None:
                continue
            rest = (*[line for line in lines if line.segment.row > name.segment.row], part)
            reason = "The addressee's block in the upper part of the first page."
            score = 1.0 + 0.1 * min(len(lines), 4) - abs(segment.box.y / page.height - 0.2)
            if best is None or score > best[0]:
                found = PartyFound(
                    found_at(name, name.text, reason, 0.8),
                    address_of(rest, reason, 0.8),
                    _tax_id_under(document, segment),
                )
                best = (score, found)
    return best[1] if best else PartyFound()


def _tax_id_under(document: Document, postal: Segment) -> Found[str] | None:
    """The tax id in the next line of a block that ends in `postal`."""
    for segment in column_below(document, postal, postal.box.x, most=1):
        for identifier in find_vat_ids(segment):
            part = TextPart(segment, identifier.start, identifier.end)
            return found_at(part, identifier.value, "Stands in the party's block.", 0.9)
    return None


def _block_above(document: Document, postal: Segment) -> list[TextPart]:
    """The lines of the block that ends in `postal`, top to bottom."""
    rows = document.page(postal.page).rows
    lines: list[TextPart] = []
    below = postal
    pitch: float | None = None
    height = max(postal.box.height, document.page(postal.page).line_height)
    for row in reversed(rows[max(0, postal.row - 8) : postal.row]):
        aligned = [s for s in row.segments if abs(s.box.x - postal.box.x) < 1.2 * height]
        gap = below.box.center_y - row.box.center_y
        if gap > 2.4 * height or (pitch is not None and gap > 1.6 * pitch):
            break
        if not aligned:
            continue
        segment = aligned[0]
        if is_postal(segment.text) or (len(SEPARATORS.findall(row.text)) >= 2 and is_postal(row.text)):
            break
        if (
            document.labels.starts_with_label(segment)
            or len(list(pieces_of(segment))) >= 3
            or is_contact(segment.text)
        ):
            break
        lines.append(TextPart(segment, 0, len(segment.text)))
        pitch = pitch or gap
        below = segment
        if len(lines) >= 5:
            break
    return lines[::-1]


def _without_salutation(document: Document, lines: list[TextPart]) -> TextPart | None:
    for line in lines:
        match = document.lexicon.salutation_pattern.match(line.text + " ")
        rest = TextPart(line.segment, line.start + (match.end() if match else 0), line.end)
        if rest.start < rest.end and letters_in(rest.text) >= 3 and is_name(rest.text):
            return rest
    return None


def _tax_ids(document: Document, supplier: PartyFound, customer: PartyFound) -> list[Found[str]]:
    """Tax ids that are not the customer's: beside the supplier's name first, then with valid check digits."""
    own = key_of(customer.tax_id.value) if customer.tax_id else None
    name = key_of(supplier.name.value) if supplier.name else None
    beside: list[Found[str]] = []
    checked: list[Found[str]] = []
    labelled: list[Found[str]] = []
    for segment in document.segments():
        for identifier in find_vat_ids(segment):
            part = TextPart(segment, identifier.start, identifier.end)
            reason = "A tax id whose check digits hold."
            found = found_at(part, identifier.value, reason, 0.97)
            (beside if name and name in key_of(segment.text) else checked).append(found)
    for hit in document.labels.of("vatId"):
        slot = document.labels.after(hit) or document.labels.right(hit)
        identified = labelled_id(slot.segment, slot.start, slot.end) if slot is not None else None
        if slot is not None and identified is not None:
            part = TextPart(slot.segment, identified.start, identified.end)
            reason = f'Stands at the label "{plain(hit.text)}".'
            labelled.append(found_at(part, identified.value, reason, 0.85))
    return [found for found in [*beside, *checked, *labelled] if key_of(found.value) != own]
