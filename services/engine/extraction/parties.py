"""Who sells and who buys: by headings, by the addressee's block, and otherwise by the letterhead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.engine.extraction.addressee import AddresseeBlock, addressee, is_letterhead
from services.engine.extraction.addresses import is_postal
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_ibans, labelled_id
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Segment
from services.engine.extraction.letterhead import Others, supplier_by_marks
from services.engine.extraction.page_head import address_in_head, page_head
from services.engine.extraction.party import (
    SHORT_HEADING,
    PartyFound,
    address_of,
    clean_name,
    found_at,
    is_name,
)
from services.engine.extraction.party_section import Section, section_at
from services.engine.extraction.receipt_head import receipt_head
from services.engine.extraction.tax_ids import customer_tax_id, supplier_tax_id
from services.engine.extraction.text import key_of


@dataclass(frozen=True)
class Parties:
    """Everyone the document names; a party that is not on the pages is empty."""

    supplier: PartyFound
    customer: PartyFound
    ship_to: PartyFound


def read_parties(document: Document, is_receipt: bool) -> Parties:
    """Find supplier, customer and delivery address; a receipt has its shop at the head and no customer."""
    customer = _labelled(document, "customer", 0.9)
    ship_to = _labelled(document, "shipTo", 0.9)
    if ship_to.name is None:
        ship_to = _recipient_beside(document, customer)
    supplier = receipt_head(document) if is_receipt else _labelled_supplier(document, customer, ship_to)
    block = addressee(document, supplier, ship_to) if customer.name is None and not is_receipt else None
    if block is None and not is_receipt:
        block = _addressee_beside_recipient(document, customer)
        ship_to = customer if block is not None else ship_to
    if customer.name is None and block is None and not is_receipt:
        customer = _labelled(document, "guest", 0.6)
    lines = block.lines if block is not None else ()
    customer = block.party if block is not None else customer
    if supplier.name is None and not is_receipt:
        others = (*lines, *customer.lines, *ship_to.lines)
        supplier = supplier_by_marks(document, Others(_names_of([customer, ship_to]), others))
    if supplier.name is None and not is_receipt:
        if block is not None and is_letterhead(document, block):
            customer, lines = PartyFound(), ()  # nobody else is named: whoever is at the top writes
        supplier = page_head(document, lines, _names_of([customer, ship_to]))
    if supplier.name is not None and supplier.address is None and not is_receipt:
        supplier = _with_address_at_top(document, supplier, (customer, ship_to), lines)
    if customer.name is not None and customer.tax_id is None:
        customer = replace(customer, tax_id=customer_tax_id(document))
    if supplier.tax_id is None:
        supplier = replace(supplier, tax_id=supplier_tax_id(document, supplier, customer, lines))
    return Parties(supplier, customer, ship_to)


def _labelled_supplier(document: Document, customer: PartyFound, ship_to: PartyFound) -> PartyFound:
    """The supplier at its heading; the holder of a contract or of an account may be the addressee."""
    supplier = _labelled(document, "supplier", 0.92)
    if supplier.name is None or customer.name is not None:
        return supplier
    block = addressee(document, PartyFound(), ship_to)
    if block is None or is_letterhead(document, block) or not _same_name(block.party, supplier):
        return supplier
    printed_again = block.party.name is not None and block.party.name.box != supplier.name.box
    return PartyFound() if printed_again else supplier


def _with_address_at_top(
    document: Document, supplier: PartyFound, others: tuple[PartyFound, ...], lines: tuple[Segment, ...]
) -> PartyFound:
    """The supplier with the address at the top: under its name in the middle, or in one line.

    It is nobody else's: neither that of `others` nor in the `lines` of the addressee's block.
    """
    head = receipt_head(document)
    address = head.address if _same_name(head, supplier) else None
    address = address or address_in_head(document, lines)
    taken = [key_of(other.address.value) for other in others if other.address is not None]
    if address is None or any(key_of(address.value) in other for other in taken):
        return supplier
    return PartyFound(supplier.name, address, supplier.tax_id)


def _same_name(one: PartyFound, other: PartyFound) -> bool:
    names = [key_of(party.name.value) for party in (one, other) if party.name is not None]
    return len(names) > 1 and names[0] == names[1]


def _recipient_beside(document: Document, customer: PartyFound) -> PartyFound:
    """The recipient that is named beside a customer gets the goods, not the invoice."""
    recipient = _labelled(document, "recipient", 0.85)
    if recipient.name is None or customer.name is None or recipient.name.box == customer.name.box:
        return PartyFound()
    return PartyFound(recipient.name, recipient.address, None)


def _addressee_beside_recipient(document: Document, customer: PartyFound) -> AddresseeBlock | None:
    """The addressee under a sender's line, where the customer's only heading is the recipient's."""
    recipient = _labelled(document, "recipient", 0.85)
    if recipient.name is None or customer.name is None or recipient.name.box != customer.name.box:
        return None
    block = addressee(document, PartyFound(), customer)
    return block if block is not None and block.below_sender_line else None


def _labelled(document: Document, concept: str, weight: float) -> PartyFound:
    """The party under the best of its headings."""
    best: tuple[float, PartyFound] | None = None
    for hit in document.labels.of(concept):
        alone = hit.last - hit.first == len(hit.segment.tokens)
        if hit.strength < 0.9 and len(hit.segment.tokens) > 5 and not alone:
            continue
        if concept == "customer" and hit.is_label("recipient") and _is_payee(document, hit):
            continue
        if len(key_of(hit.text)) <= SHORT_HEADING and (hit.first > 0 or _is_low(document, hit)):
            continue
        if hit.first > 0 and ":" not in hit.text and document.has_money(document.labels.row_of(hit.segment)):
            continue  # "Fibra Empresa 1 Gb   38,90" is an item
        section = section_at(document, hit)
        if not section.name or not is_name(section.name_text) or document.dates_in(section.name[0].segment):
            continue
        if section.name_text.islower() and section.name[0].segment is hit.segment:
            continue  # "Je factuur van maart" goes on as a sentence
        reason = f'Stands at the heading "{hit.text.strip(" :")}".'
        score = hit.strength + 0.1 * min(len(section.address), 3) - 0.2 * (hit.segment.page - 1)
        score += 0.3 if any(is_postal(part.text) for part in section.address) else 0.0
        score += 0.2 if document.lexicon.legal_form_pattern.search(section.name_text) else 0.0
        score -= 0.2 if len(key_of(hit.text)) <= 3 else 0.0
        score -= 0.5 if concept == "customer" and hit.is_label("recipient") else 0.0
        if best is None or score > best[0]:
            best = (score, _party(section, reason, weight))
    return best[1] if best else PartyFound()


def _is_payee(document: Document, hit: Hit) -> bool:
    """Whether the recipient is that of a payment: on a slip, or beside the account, below the items."""
    if not _is_low(document, hit):
        return False
    near = document.page(hit.segment.page).rows[max(0, hit.segment.row - 3) : hit.segment.row + 4]
    return any(
        find_ibans(segment)
        or any(other.is_label("iban", "bic", "paymentReference") for other in document.labels.within(segment))
        for row in near
        for segment in row.segments
    )


def _is_low(document: Document, hit: Hit) -> bool:
    return hit.box.y > 0.5 * document.page(hit.segment.page).height


def _party(section: Section, reason: str, weight: float) -> PartyFound:
    tax_id = None
    if section.tax_id is not None:
        part = section.tax_id
        identifier = labelled_id(part.segment, part.start, part.end)
        if identifier is not None:
            tax_id = found_at(part, identifier.value, "Stands in the party's block.", 0.9)
    name = found_at(section.name[0], clean_name(section.name_text), reason, weight) if section.name else None
    lines = tuple(part.segment for part in (*section.name, *section.up_to_town))
    return PartyFound(name, address_of(section.address, reason, weight), tax_id, lines)


def _names_of(parties: list[PartyFound]) -> frozenset[str]:
    """The names other parties are known by."""
    return frozenset(key_of(party.name.value) for party in parties if party.name)
