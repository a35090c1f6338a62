"""An e-invoice and what its pages gave, as one extraction: the e-invoice's values win, the pages fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.engine.einvoice.checks import (
    agree,
    arithmetic,
    differences,
    plausibility,
    template_conditions,
)
from services.engine.einvoice.model import EInvoice, Stated, Value
from services.engine.einvoice.pages import Pages, Place
from services.engine.extraction.confidence import weighted_mean
from services.engine.extraction.model import Invoice, LineItem, Provenance
from services.engine.extraction.result import Extraction
from services.engine.extraction.text import key_of
from services.engine.extraction.validation import in_order
from shared.readings import PageReading
from shared.template import ExtractionSettings

CERTAIN = 1.0
RULED_OUT = "The e-invoice's totals leave no room for it."
_LONGEST_TEXT = 200
_ITEMS = "lineItems"
_TAXES = "invoice.taxes"
# Codes that stand on pages, if at all, for other reasons.
_CODES = frozenset(
    {"invoice.kind", "invoice.country", "invoice.supplier.country", "invoice.customer.country"}
)


def merge(
    extraction: Extraction,
    einvoice: EInvoice,
    readings: Sequence[PageReading],
    settings: ExtractionSettings,
) -> Extraction:
    """`extraction` (of the pages `readings`) with every value that `einvoice` states put in its place.

    Stated values have confidence 1, and a provenance that names the business term and, where a page shows
    the same value, the place there. Findings about values that were replaced give way to the e-invoice's.
    """
    pages = Pages(readings, settings.languages)
    origin = "embedded e-invoice" if readings else "e-invoice"
    page_values = _page_values(extraction, einvoice)
    items = einvoice.line_items if settings.line_items.enabled else ()
    absent = set(_ruled_out(einvoice))
    replaced = {
        *einvoice.fields,
        *([_ITEMS] if items else ()),
        *([_TAXES] if einvoice.taxes else ()),
        *absent,
    }
    provenance = {
        **_kept(extraction.provenance, replaced),
        **_provenance(einvoice, extraction, pages, page_values, origin),
        **dict(_item_provenance(items, extraction, pages, origin)),
    }
    stated_paths = [*einvoice.fields, *(f"{_ITEMS}.{place}" for place in range(len(items)))]
    confidence = {
        **_kept(extraction.field_confidence, replaced),
        **dict.fromkeys([*stated_paths, *([_TAXES] if einvoice.taxes else ())], CERTAIN),
    }
    findings = [
        *(one for one in extraction.findings if not _is_about(one.field, replaced)),
        *differences(einvoice, pages, page_values, extraction.field_confidence),
        *arithmetic(einvoice),
        *plausibility(einvoice),
        *template_conditions(einvoice, settings),
    ]
    return replace(
        extraction,
        invoice=_invoice(extraction.invoice, einvoice, absent),
        line_items=items or extraction.line_items,
        provenance=provenance,
        confidence=_overall(confidence),
        field_confidence=confidence,
        findings=in_order(findings),
        missing={
            **{path: why for path, why in extraction.missing.items() if path not in replaced},
            **dict.fromkeys(sorted(absent), RULED_OUT),
        },
    )


def _ruled_out(einvoice: EInvoice) -> Iterator[str]:
    """Fields that the e-invoice's totals leave no room for, although a page seemed to show them."""
    if "BT-106" in einvoice.sums:
        if not einvoice.sums.get("BT-107"):
            yield "invoice.amounts.discount"
        if not einvoice.sums.get("BT-108"):
            yield "invoice.amounts.shipping"
    if "invoice.amounts.due" in einvoice.fields and "invoice.amounts.paid" not in einvoice.fields:
        yield "invoice.amounts.paid"


def _invoice(invoice: Invoice, einvoice: EInvoice, absent: set[str]) -> Invoice:
    for path in absent:
        invoice = _with_value(invoice, _attributes(path), None)
    for path, stated in einvoice.fields.items():
        invoice = _with_value(invoice, _attributes(path), stated.value)
    return replace(invoice, taxes=einvoice.taxes) if einvoice.taxes else invoice


def _with_value(record: Any, attributes: list[str], value: Value | None) -> Any:
    """A frozen record with the member at the end of `attributes` replaced."""
    first, *rest = attributes
    return replace(record, **{first: _with_value(getattr(record, first), rest, value) if rest else value})


def _attributes(path: str) -> list[str]:
    """`invoice.supplier.taxId` -> `supplier`, `tax_id`."""
    names = path.removeprefix("invoice.").split(".")
    return ["".join(f"_{c.lower()}" if c.isupper() else c for c in name) for name in names]


def _page_values(extraction: Extraction, einvoice: EInvoice) -> dict[str, tuple[Value, int]]:
    """What the pages gave for the fields that the e-invoice states, with the page of each."""
    found: dict[str, tuple[Value, int]] = {}
    for path in einvoice.fields:
        value: Any = extraction.invoice
        for attribute in _attributes(path):
            value = getattr(value, attribute)
        where = extraction.provenance.get(path)
        if value is not None and where is not None and where.page is not None:
            found[path] = (value, where.page)
    return found


def _provenance(
    einvoice: EInvoice,
    extraction: Extraction,
    pages: Pages,
    page_values: Mapping[str, tuple[Value, int]],
    origin: str,
) -> dict[str, Provenance]:
    found: dict[str, Provenance] = {}
    for path, stated in einvoice.fields.items():
        shown = page_values.get(path)
        on_page = None
        if shown is not None and _is_same(path, stated.value, shown[0]):
            on_page = extraction.provenance[path]
        elif path not in _CODES:
            on_page = _as_provenance(pages.find(stated.value))
        found[path] = _stated(stated, on_page, origin)
    if einvoice.taxes:
        text = "; ".join(f"{tax.rate}%: {tax.amount}" for tax in einvoice.taxes)
        found[_TAXES] = _stated(Stated(text, "BG-23", text), None, origin)
    return found


def _is_same(path: str, stated: Value, shown: Value) -> bool:
    """Whether the page's value is the stated one; of an address it is enough that it has the street."""
    if path.endswith(".address"):
        return key_of(str(stated).split(", ", maxsplit=1)[0]) in key_of(str(shown))
    return agree(stated, shown)


def _item_provenance(
    items: tuple[LineItem, ...], extraction: Extraction, pages: Pages, origin: str
) -> Iterator[tuple[str, Provenance]]:
    """Where each line stands: at the row the pages gave for it, else at its description."""
    rows = dict(enumerate(extraction.line_items))
    for place, item in enumerate(items):
        row = next((number for number, other in rows.items() if _same_item(item, other)), None)
        on_page = extraction.provenance.get(f"{_ITEMS}.{row}") if row is not None else None
        if row is not None:
            del rows[row]
        elif item.description:
            on_page = _as_provenance(pages.find(item.description))
        text = item.description or ""
        yield f"{_ITEMS}.{place}", _stated(Stated(text, "BG-25", text), on_page, origin)


def _same_item(stated: LineItem, row: LineItem) -> bool:
    return stated.amount is not None and stated.amount == row.amount and stated.quantity == row.quantity


def _stated(stated: Stated, on_page: Provenance | None, origin: str) -> Provenance:
    reason = f"Read from the {origin} ({stated.term})."
    if on_page is None:
        return Provenance(None, None, stated.text[:_LONGEST_TEXT], reason)
    return Provenance(on_page.page, on_page.box, on_page.text, reason)


def _as_provenance(place: Place | None) -> Provenance | None:
    return Provenance(place.page, place.box, place.text, "") if place else None


def _kept(entries: Mapping[str, Any], replaced: set[str]) -> dict[str, Any]:
    return {path: entry for path, entry in entries.items() if not _is_about(path, replaced)}


def _is_about(path: str, replaced: set[str]) -> bool:
    """Whether `path` is one of the replaced fields, or lies in one."""
    return path in replaced or (_ITEMS in replaced and path.split(".", maxsplit=1)[0] == _ITEMS)


def _overall(confidence: Mapping[str, float]) -> float:
    items = [value for path, value in confidence.items() if path.startswith(f"{_ITEMS}.")]
    fields = {path: value for path, value in confidence.items() if not path.startswith(f"{_ITEMS}.")}
    return weighted_mean(fields, items)
