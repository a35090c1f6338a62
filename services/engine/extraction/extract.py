"""From page readings to the invoice: the one entry point of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from services.engine.extraction.absence import missing_fields
from services.engine.extraction.calibration import Calibration, load_calibration
from services.engine.extraction.confidence import overall_confidence
from services.engine.extraction.dates import DayOrder
from services.engine.extraction.document import Document, read_document
from services.engine.extraction.document_dates import Dates, document_dates
from services.engine.extraction.invoice_fields import FIELD_TYPES, PARTIES, invoice_of, value_of
from services.engine.extraction.item_values import item_agrees
from services.engine.extraction.kinds import currency, document_kind, looks_like_receipt
from services.engine.extraction.known_supplier import recognise_supplier
from services.engine.extraction.learned import learned_absences, learned_day_order, learned_values
from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.line_items import ItemTable, read_items
from services.engine.extraction.mending import Mending, read_and_repair
from services.engine.extraction.model import (
    Found,
    Invoice,
    InvoiceKind,
    Provenance,
)
from services.engine.extraction.money import Totals, read_totals
from services.engine.extraction.parties import Parties, read_parties
from services.engine.extraction.party import PartyFound, party_country
from services.engine.extraction.payment_details import bank_code, iban, payment_terms
from services.engine.extraction.plain_items import read_plain_items
from services.engine.extraction.receipt_dates import receipt_date
from services.engine.extraction.references import invoice_number, payment_reference, purchase_order
from services.engine.extraction.repaired_fields import repair_findings, tax_findings, with_repairs
from services.engine.extraction.result import Extraction
from services.engine.extraction.rules import apply_rules
from services.engine.extraction.sums import TOLERANCE
from services.engine.extraction.validation import check, check_accounts, in_order
from shared.readings import BoundingBox, PageReading
from shared.supplier import SUMS, LearnedWord, SupplierProfile
from shared.template import ExtractionSettings


@dataclass(frozen=True, slots=True)
class GeneralReading:
    """What the general reading makes of a document."""

    document: Document
    table: ItemTable
    totals: Totals
    fields: dict[str, Found[Any]]


def extract(
    pages: Sequence[PageReading],
    settings: ExtractionSettings,
    profiles: Sequence[SupplierProfile] = (),
    calibration: Calibration | None = None,
) -> Extraction:
    """Understand a document from the readings of its pages, which must be upright and in page order.

    If it is of one of the suppliers of `profiles`, what was learned of that one goes before the general
    reading, and the template's own rules go before both. `calibration` takes the place of the measured one
    that comes with this package.
    """
    general, mending, learned, absences = _with_profiles(pages, settings, profiles)
    document, table, totals = general.document, general.table, general.totals
    read = {**_calibrated(general.fields, calibration), **learned}
    outcome = apply_rules(document, settings.fields, read)
    present = with_repairs({**read, **outcome.values}, mending.repairs)
    invoice = _invoice(document, present, totals)
    items = tuple((item, draft.page) for item, draft in zip(table.items, table.drafts, strict=True))
    item_fields = with_repairs(_calibrated(dict(_item_fields(table)), calibration), mending.repairs)
    findings = [
        *check(invoice, items, totals, present, settings),
        *check_accounts(document, present),
        *repair_findings({**present, **item_fields}, mending.repairs),
        *tax_findings(mending.equations),
    ]
    return Extraction(
        invoice=invoice,
        line_items=table.items,
        provenance={
            p: Provenance(f.page, f.box, f.text, f.reason) for p, f in {**present, **item_fields}.items()
        },
        confidence=overall_confidence(present, item_fields, totals),
        field_confidence={path: found.confidence for path, found in {**present, **item_fields}.items()},
        findings=in_order([*outcome.findings, *findings]),
        custom={
            path: found.value
            for path, found in present.items()
            if path not in FIELD_TYPES and path not in read
        },
        missing={
            **missing_fields(document, {*present, *item_fields}, reads_items=settings.line_items.enabled),
            **{path: reason for path, reason in absences.items() if path not in present},
        },
    )


def _calibrated(fields: Mapping[str, Found[Any]], calibration: Calibration | None) -> dict[str, Found[Any]]:
    """The fields with confidence in place of evidence."""
    measured = calibration or load_calibration()
    return {
        path: replace(found, confidence=measured.confidence(path, found.reason, found.confidence))
        for path, found in fields.items()
    }


def _with_profiles(
    pages: Sequence[PageReading], settings: ExtractionSettings, profiles: Sequence[SupplierProfile]
) -> tuple[GeneralReading, Mending, dict[str, Found[Any]], dict[str, str]]:
    """The general reading, and what was repaired in it; what the profile of the supplier, if it is a known
    one, gives beside it; and why it says of fields that they are not there."""
    general, mending = read_and_repair(pages, lambda mended: read_generally(mended, settings))
    known = recognise_supplier(general.document, profiles, general.fields) if profiles else None
    if known is None:
        return general, mending, {}, {}
    order = learned_day_order(known)
    words = known.profile.words if known.certain else ()
    if words or (order is not None and order != general.document.date_reader.order):
        general, mending = read_and_repair(
            pages, lambda mended: read_generally(mended, settings, order, words)
        )
    absences = learned_absences(general.fields, known.profile.absences)
    fields = {path: found for path, found in general.fields.items() if path not in absences}
    general = replace(general, fields=fields)
    return general, mending, learned_values(general.document, known, fields), absences


def read_generally(
    pages: Sequence[PageReading],
    settings: ExtractionSettings,
    usual_order: DayOrder | None = None,
    words: Sequence[LearnedWord] = (),
) -> GeneralReading:
    """Read a document with the vocabulary and, for a supplier's `words`, with what they mean on its pages."""
    document = read_document(pages, load_lexicon(), settings.languages, usual_order, words)
    table = read_items(document, pages, settings.line_items)
    totals = read_totals(document, _sum_of(table), table.rows)
    rules = settings.line_items
    is_described = bool(rules.columns) or rules.header_row is not None
    if rules.enabled and not table.items:
        table = read_plain_items(document, totals)
    elif rules.enabled and not (is_described or table.has_sum or _adds_up(table, totals)):
        table, totals = _plainly(document, table, totals)
    return GeneralReading(document, table, totals, _general_fields(document, totals, settings))


def _plainly(document: Document, table: ItemTable, totals: Totals) -> tuple[ItemTable, Totals]:
    """The items read without regard to the heading, if there are more and they add up."""
    afresh = read_totals(document, None, frozenset())
    plain = read_plain_items(document, afresh)
    if len(plain.items) <= len(table.items) or not _adds_up(plain, afresh):
        return table, totals
    return plain, read_totals(document, _sum_of(plain), plain.rows)


def _adds_up(table: ItemTable, totals: Totals) -> bool:
    """Whether the items give the subtotal or the total, to the cent for each."""
    value = _sum_of(table)
    sums = [found.value for found in (totals.subtotal, totals.total) if found is not None]
    near = max(TOLERANCE, len(table.items) * TOLERANCE / 2)
    return value is not None and any(abs(value - printed) <= near for printed in sums)


def _general_fields(
    document: Document, totals: Totals, settings: ExtractionSettings
) -> dict[str, Found[Any]]:
    """Every field the general reading finds, by its path."""
    is_receipt = looks_like_receipt(document)
    if settings.document_type is not None and settings.document_type != "other":
        is_receipt = settings.document_type == "receipt"
    kind = document_kind(document, is_receipt)
    kind_value = kind.value if kind is not None else None
    fields: dict[str, Found[Any] | None] = {
        "invoice.kind": kind,
        "invoice.number": invoice_number(document, kind_value),
        **_date_fields(_dates(document, kind_value, is_receipt)),
        "invoice.purchaseOrder": purchase_order(document),
        "invoice.paymentTerms": payment_terms(document),
        **_party_fields(read_parties(document, is_receipt)),
        **_money_fields(totals),
        "invoice.amounts.currency": currency(document, totals.total),
        "invoice.payment.iban": iban(document),
        "invoice.payment.bic": bank_code(document),
        "invoice.payment.reference": payment_reference(document),
    }
    return {path: found for path, found in fields.items() if found is not None}


def _dates(document: Document, kind: InvoiceKind | None, is_receipt: bool) -> Dates:
    """The document's dates; a receipt's day of sale is told from the other dates in its own way."""
    dates = document_dates(document, kind)
    sold = receipt_date(document) if is_receipt else None
    return replace(dates, issued=sold) if sold is not None else dates


def _sum_of(table: ItemTable) -> Decimal | None:
    amounts = [item.amount for item in table.items if item.amount is not None]
    return sum(amounts, Decimal(0)) if amounts and len(amounts) == len(table.items) else None


def _item_fields(table: ItemTable) -> Iterator[tuple[str, Found[Any]]]:
    """Where each item stands; an item whose arithmetic holds is surer than one that can't be checked."""
    for place, (item, draft) in enumerate(zip(table.items, table.drafts, strict=True)):
        pieces = [piece for cell in draft.cells.values() for piece in cell] + draft.description
        pieces = [piece for piece in pieces if piece.segment.page == draft.page]
        if not pieces:
            continue
        agrees = None not in (item.quantity, item.unit_price, item.amount) and item_agrees(item)
        worst = min(piece.segment.confidence_of(piece.start, piece.end) for piece in pieces)
        box = BoundingBox.around(piece.box for piece in pieces)
        text = " ".join(piece.text for piece in pieces)
        reason = (
            "A row of the item table; quantity times unit price is the amount."
            if agrees
            else "A row of the item table."
        )
        yield (
            f"lineItems.{place}",
            Found(item, draft.page, box, text, reason, worst * (0.98 if agrees else 0.8)),
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
    return {f"invoice.amounts.{name}": getattr(totals, name) for name in SUMS}


def _invoice(document: Document, present: Mapping[str, Found[Any]], totals: Totals) -> Invoice:
    """The invoice; what is nowhere said of languages and countries is told from the document."""
    return invoice_of(
        present,
        totals.taxes,
        language=value_of(present, "invoice.language") or document.language,
        country=value_of(present, "invoice.country") or document.country,
        party_countries={role: _party_country(document, present, role) for role in PARTIES},
    )


def _party_country(document: Document, present: Mapping[str, Found[Any]], role: str) -> str | None:
    country, address, tax_id = (
        value_of(present, f"invoice.{role}.{member}") for member in ("country", "address", "taxId")
    )
    return country or party_country(document.lexicon, address, tax_id)
