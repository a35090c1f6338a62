"""The checks of extracted data, done again on what a person says the data is."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.engine.extraction.extract import GeneralReading, read_generally
from services.engine.extraction.invoice_fields import FIELD_TYPES, PARTIES, invoice_of
from services.engine.extraction.model import (
    Finding,
    Found,
    LineItem,
)
from services.engine.extraction.money import Totals
from services.engine.extraction.patterns import UnsafePattern
from services.engine.extraction.rules import field_path, violations
from services.engine.extraction.stated import items_from_json, taxes_from_json
from services.engine.extraction.validation import check, check_accounts, in_order
from shared.readings import BoundingBox, PageReading
from shared.supplier import ITEMS, KIND, SUMS
from shared.template import ExtractionSettings

_NOWHERE = BoundingBox(0, 0, 0, 0)
_STATED = "A person says so."


def check_stated(
    pages: Sequence[PageReading],
    data: Mapping[str, Any],
    confidence: Mapping[str, float],
    settings: ExtractionSettings,
) -> tuple[Finding, ...]:
    """What is wrong with `data` (`ExtractedDataSchema`), errors first.

    `confidence` (0..1, by path) is that of values that were read and left as they were; all others are sure.
    The upright `pages` tell of charges and accounts that the data does not state.
    """
    reading = read_generally(pages, settings)
    invoice_data = data.get("invoice") or {}
    present = dict(_present(data, confidence, settings))
    totals = _totals(invoice_data, present, reading)
    invoice = invoice_of(
        present,
        totals.taxes,
        language=invoice_data.get("language"),
        country=invoice_data.get("country"),
        party_countries={role: (invoice_data.get(role) or {}).get("country") for role in PARTIES},
    )
    items = items_from_json(data.get(ITEMS) or ())
    findings = [
        *_rule_findings(settings, present),
        *check(invoice, tuple(_with_pages(items, data)), totals, present, settings),
        *check_accounts(reading.document, present),
    ]
    return in_order(findings)


def _present(
    data: Mapping[str, Any], confidence: Mapping[str, float], settings: ExtractionSettings
) -> Iterator[tuple[str, Found[Any]]]:
    """Every stated field by its path, as if it had been found where it was read."""
    own = [path for rule in settings.fields if (path := field_path(rule.name)) not in FIELD_TYPES]
    for path in (KIND, *FIELD_TYPES):
        value = _typed(path, _value_at(data, path))
        if value is not None:
            yield path, _found(data, confidence, path, value)
    for path in own:
        value = (data.get("custom") or {}).get(path.removeprefix("invoice."))
        if value is not None:
            yield path, _found(data, confidence, path, value)


def _found(data: Mapping[str, Any], confidence: Mapping[str, float], path: str, value: Any) -> Found[Any]:
    place = (data.get("provenance") or {}).get(path) or {}
    text = place.get("text") if path in confidence else None
    sure = confidence.get(path, 1.0)
    return Found(value, place.get("page") or 1, _NOWHERE, text or str(value), _STATED, sure)


def _value_at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _typed(path: str, value: Any) -> Any:
    """The value as readings have it; None for an empty text."""
    kind = FIELD_TYPES.get(path, str)
    if value is None or value == "":
        return None
    if kind is Decimal:
        return Decimal(str(value))
    return datetime.date.fromisoformat(value) if kind is datetime.date else value


def _totals(invoice: Mapping[str, Any], present: Mapping[str, Found[Any]], reading: GeneralReading) -> Totals:
    """The stated sums; surcharges and roundings, which no field has, are those that the pages show."""
    sums: dict[str, Any] = {name: present.get(f"invoice.amounts.{name}") for name in SUMS}
    own = [found.value for name in ("discount", "shipping") if (found := sums[name]) is not None]
    return Totals(
        **sums,
        taxes=taxes_from_json(invoice.get("taxes") or ()),
        adjustments=(*own, *reading.totals.adjustments),
    )


def _with_pages(items: Sequence[LineItem], data: Mapping[str, Any]) -> Iterator[tuple[LineItem, int]]:
    provenance = data.get("provenance") or {}
    for place, item in enumerate(items):
        yield item, (provenance.get(f"{ITEMS}.{place}") or {}).get("page") or 1


def _rule_findings(settings: ExtractionSettings, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    """Conditions of the template's fields that the stated values do not meet."""
    for rule in settings.fields:
        path = field_path(rule.name)
        try:
            yield from violations(rule, path, present.get(path))
        except UnsafePattern as error:
            yield Finding(path, str(error), "error")
