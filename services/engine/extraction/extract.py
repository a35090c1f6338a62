"""From page readings to the invoice: the one entry point of this package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.engine.extraction.document import Document, read_document
from services.engine.extraction.kinds import currency, document_kind, looks_like_receipt
from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.line_items import ItemTable, read_items
from services.engine.extraction.model import (
    Amounts,
    Found,
    Invoice,
    Party,
    Payment,
    Provenance,
)
from services.engine.extraction.money import Totals, read_totals
from services.engine.extraction.parties import Parties, PartyFound, read_parties
from services.engine.extraction.references import (
    Dates,
    bank_code,
    document_dates,
    iban,
    invoice_number,
    payment_reference,
    payment_terms,
    purchase_order,
)
from services.engine.extraction.result import Extraction
from services.engine.extraction.validation import check
from shared.readings import PageReading
from shared.template import ExtractionSettings


def extract(pages: Sequence[PageReading], settings: ExtractionSettings) -> Extraction:
    """Understand a document from the readings of its pages, which must be upright and in page order."""
    document = read_document(pages, load_lexicon(), settings.languages)
    table = read_items(document) if settings.line_items.enabled else ItemTable((), frozenset())
    amounts = [item.amount for item in table.items]
    items_total = (
        sum((a for a in amounts if a is not None), Decimal(0)) if amounts and None not in amounts else None
    )
    totals = read_totals(document, items_total, table.rows)
    kind = document_kind(document)
    parties = read_parties(document, looks_like_receipt(document))
    fields: dict[str, Found[Any] | None] = {
        "invoice.kind": kind,
        "invoice.number": invoice_number(document),
        **_date_fields(document_dates(document)),
        "invoice.purchaseOrder": purchase_order(document),
        "invoice.paymentTerms": payment_terms(document),
        **_party_fields(parties),
        **_money_fields(totals),
        "invoice.amounts.currency": currency(document),
        "invoice.payment.iban": iban(document),
        "invoice.payment.bic": bank_code(document),
        "invoice.payment.reference": payment_reference(document),
    }
    present = {path: found for path, found in fields.items() if found is not None}
    invoice = _invoice(document, present, totals)
    return Extraction(
        invoice=invoice,
        line_items=table.items,
        provenance={p: Provenance(f.page, f.box, f.text, f.reason) for p, f in present.items()},
        confidence=_overall(present),
        field_confidence={path: found.confidence for path, found in present.items()},
        findings=check(invoice, table.items, totals, present, settings),
    )


def _date_fields(dates: Dates) -> dict[str, Found[Any] | None]:
    return {
        "invoice.date": dates.issued,
        "invoice.dueDate": dates.due,
        "invoice.deliveryDate": dates.delivered,
    }


def _party_fields(parties: Parties) -> dict[str, Found[Any] | None]:
    fields: dict[str, Found[Any] | None] = {}
    every: tuple[tuple[str, PartyFound], ...] = (
        ("supplier", parties.supplier),
        ("customer", parties.customer),
        ("shipTo", parties.ship_to),
    )
    for role, party in every:
        fields[f"invoice.{role}.name"] = party.name
        fields[f"invoice.{role}.address"] = party.address
        fields[f"invoice.{role}.taxId"] = party.tax_id if role != "shipTo" else None
    return fields


def _money_fields(totals: Totals) -> dict[str, Found[Any] | None]:
    names = ("subtotal", "tax", "total", "discount", "shipping", "paid", "due")
    return {f"invoice.amounts.{name}": getattr(totals, name) for name in names}


def _invoice(document: Document, present: Mapping[str, Found[Any]], totals: Totals) -> Invoice:
    def value(path: str) -> Any:
        found = present.get(f"invoice.{path}")
        return found.value if found else None

    def party(role: str) -> Party:
        return Party(value(f"{role}.name"), value(f"{role}.address"), value(f"{role}.taxId"))

    names = ("subtotal", "tax", "total", "currency", "discount", "shipping", "paid", "due")
    return Invoice(
        kind=value("kind"),
        language=document.language,
        country=document.country,
        number=value("number"),
        date=value("date"),
        due_date=value("dueDate"),
        delivery_date=value("deliveryDate"),
        purchase_order=value("purchaseOrder"),
        payment_terms=value("paymentTerms"),
        supplier=party("supplier"),
        customer=party("customer"),
        ship_to=party("shipTo"),
        amounts=Amounts(**{name: value(f"amounts.{name}") for name in names}),
        taxes=totals.taxes,
        payment=Payment(value("payment.iban"), value("payment.bic"), value("payment.reference")),
    )


def _overall(present: Mapping[str, Found[Any]]) -> float:
    """The mean over the fields every invoice has; one that is missing counts as nothing."""
    core = ("invoice.number", "invoice.date", "invoice.supplier.name", "invoice.amounts.total")
    extra = [p for p in present if p not in core and not p.endswith("kind")]
    values = [present[path].confidence if path in present else 0.0 for path in core]
    values += [present[path].confidence for path in extra]
    return sum(values) / len(values)
