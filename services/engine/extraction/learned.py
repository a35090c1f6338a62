"""What was learned of a supplier's invoices, applied to another one of the same supplier.

A rule whose label is not on the page, stands there with several values, or has no value of the right form
beside it, gives nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.engine.extraction.amounts import Amount
from services.engine.extraction.dates import DayOrder, PrintedDate
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import Identifier, find_bic, find_ibans, find_vat_ids, labelled_id
from services.engine.extraction.invoice_fields import FIELD_TYPES
from services.engine.extraction.known_supplier import KnownSupplier
from services.engine.extraction.label_places import places_of
from services.engine.extraction.layout import Span
from services.engine.extraction.model import Found
from services.engine.extraction.party_blocks import part_at
from services.engine.extraction.text import digits_in, key_of
from shared.identity import tax_id_key
from shared.supplier import (
    CONDITIONAL_FIELDS,
    CURRENCY,
    DAY_ORDER,
    SUPPLIER_FIELDS,
    TOLD_FIELDS,
    LearnedAbsence,
    LearnedConstant,
    LearnedRule,
)

DEDUCTED = frozenset({"invoice.amounts.discount", "invoice.amounts.paid"})
"""Sums that are positive, and often printed with a minus."""
REFERENCES = frozenset({"invoice.number", "invoice.purchaseOrder", "invoice.payment.reference"})
_SURE = 0.95
# A supplier's name and tax id stay; these may be others one day.
_MAY_CHANGE = frozenset({"invoice.supplier.address", CURRENCY})
_LEAD = re.compile(r"[\s:.#=\-–*)(\]\[]*")
_TRAIL = " :;,.#=*)(]["
_TRAIL_OF_TEXT = " :;,=*"
_SHORTEST_TEXT, _LONGEST_TEXT = 3, 200
_SHORTEST_PART = 5


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value of a field's type, where it is printed."""

    value: Any
    place: Span


def learned_values(
    document: Document, known: KnownSupplier, read: Mapping[str, Found[Any]]
) -> dict[str, Found[Any]]:
    """What the profile of the recognised supplier gives, by field path, where it differs from `read`."""
    values: dict[str, Found[Any]] = {}
    for constant in known.profile.constants if known.certain else ():
        found = _constant(document, constant, known, read.get(constant.field))
        if found is not None:
            values[constant.field] = found
    decided: set[str] = set(values)
    for rule in known.profile.rules:
        placed = find_by_rule(document, rule) if rule.field not in decided else None
        if placed is None:
            continue
        decided.add(rule.field)
        general = read.get(rule.field)
        if general is None or general.value != placed.value:
            values[rule.field] = _found(placed, rule)
    return values


def learned_absences(fields: Mapping[str, Found[Any]], absences: Sequence[LearnedAbsence]) -> dict[str, str]:
    """Of the fields, those that were found in a way that misled on this supplier's pages, and why not."""
    misleading = {(one.field, one.reason) for one in absences}
    return {
        path: f'"{found.text}" on page {found.page} is not taken: {way_of(found.reason)}. '
        "A correction says that this is no value of the field."
        for path, found in fields.items()
        if (path, way_of(found.reason)) in misleading
    }


def way_of(reason: str) -> str:
    """A reason without what it says of the other amounts, which differs from invoice to invoice."""
    return reason.split(";", maxsplit=1)[0].rstrip(".")


def learned_day_order(known: KnownSupplier) -> DayOrder | None:
    """The order of day and month that the supplier's dates were found to have."""
    orders = [one.value for one in known.profile.constants if one.field == DAY_ORDER]
    if not known.certain or not orders:
        return None
    return "monthFirst" if orders[0] == "monthFirst" else "dayFirst"


def find_by_rule(document: Document, rule: LearnedRule) -> PlacedValue | None:
    """The one value that the rule finds on the pages; None when it finds none, or different ones."""
    found = [
        placed for places in places_of(document, rule) for placed in _first_value(document, rule, places)
    ]
    if not found or any(placed.value != found[0].value for placed in found):
        return None
    return found[0]


def _first_value(document: Document, rule: LearnedRule, places: list[Span]) -> Iterator[PlacedValue]:
    """The value at the first of the places that has one; of several sums in a row, the last is meant."""
    is_sum = FIELD_TYPES[rule.field] is Decimal and rule.relation == "in the row of"
    for place in reversed(places) if is_sum else places:
        placed = value_at(document, rule.field, place, rule)
        if placed is not None:
            yield placed
            return


def value_at(document: Document, field: str, place: Span, rule: LearnedRule) -> PlacedValue | None:
    """The value of the type of `field` with which the text at `place` begins."""
    kind = FIELD_TYPES[field]
    if kind is Decimal:
        amount = _first_in(place, document.amounts_in(place.segment))
        return _positive(amount) if amount is not None and field in DEDUCTED else amount
    if kind is datetime.date:
        return _first_in(place, document.date_reader.read(place.segment, compact=True))
    if rule.parts is not None:
        return _part(document, place, rule)
    if field in REFERENCES:
        return _reference(place, rule)
    if field in ("invoice.payment.iban", "invoice.payment.bic") or field.endswith(".taxId"):
        return _identifier(field, place)
    return _text(place)


def _positive(amount: PlacedValue) -> PlacedValue:
    return PlacedValue(abs(amount.value), amount.place)


def shape_of(text: str) -> str:
    """The form of a reference: 9 for digits, A for letters, X for both, and what stands between them."""

    def kind(match: re.Match[str]) -> str:
        letters, digits = any(c.isalpha() for c in match[0]), any(c.isdigit() for c in match[0])
        return "X" if letters and digits else "9" if digits else "A"

    return re.sub(r"[^\W_]+", kind, text)


def _reference(place: Span, rule: LearnedRule) -> PlacedValue | None:
    """As many words as were learned, if they have the form that was learned."""
    lead = _LEAD.match(place.text)
    start = place.start + (lead.end() if lead else 0)
    tokens = re.findall(r"\S+", place.segment.text[start : place.end])[: rule.words]
    text = " ".join(tokens).rstrip(_TRAIL)
    if not text or not _has_form(text, rule):
        return None
    return PlacedValue(text, Span(place.segment, start, start + len(text)))


def _has_form(text: str, rule: LearnedRule) -> bool:
    """Whether a reference has the form that was learned; that of an order is the customer's own affair."""
    if rule.field == "invoice.purchaseOrder" and rule.relation != "apart from":
        return digits_in(text) > 0
    return shape_of(text) == rule.shape


def _part(document: Document, place: Span, rule: LearnedRule) -> PlacedValue | None:
    """A line or more of the block that begins at the place."""
    if rule.parts is None or rule.part is None:
        return None
    lead = _LEAD.match(place.segment.text, place.start)
    whole = Span(place.segment, lead.end() if lead else place.start, len(place.segment.text))
    value = part_at(document, rule.field, whole, rule.parts, rule.part)
    return PlacedValue(value, whole) if value is not None else None


def _text(place: Span) -> PlacedValue | None:
    """The rest of the segment, whatever labels its words may be elsewhere."""
    lead = _LEAD.match(place.segment.text, place.start)
    whole = Span(place.segment, lead.end() if lead else place.start, len(place.segment.text))
    text = whole.text.rstrip(_TRAIL_OF_TEXT)
    return PlacedValue(text, whole) if _SHORTEST_TEXT <= len(text) <= _LONGEST_TEXT else None


def _identifier(field: str, place: Span) -> PlacedValue | None:
    if field == "invoice.payment.bic":
        code = find_bic(place.segment, place.start)
        candidates = [code] if code is not None else []
    elif field == "invoice.payment.iban":
        candidates = find_ibans(place.segment)
    else:
        labelled = labelled_id(place.segment, place.start, place.end)
        candidates = [*find_vat_ids(place.segment), *([labelled] if labelled is not None else [])]
    return _first_in(place, candidates)


def _first_in(place: Span, printed: Sequence[Amount | PrintedDate | Identifier]) -> PlacedValue | None:
    """The first of the values printed in a segment that begins within `place`."""
    for one in printed:
        if place.start <= one.start < place.end:
            return PlacedValue(one.value, Span(place.segment, one.start, one.end))
    return None


def _found(placed: PlacedValue, rule: LearnedRule) -> Found[Any]:
    place = placed.place
    reason = (
        f'Learned from a correction: it stands {rule.relation} "{rule.label}" on this supplier\'s invoices.'
    )
    confidence = _SURE * place.segment.confidence_of(place.start, place.end)
    box = place.segment.box_of(place.start, place.end)
    return Found(placed.value, place.segment.page, box, place.text.strip(), reason, confidence)


def _constant(
    document: Document, constant: LearnedConstant, known: KnownSupplier, general: Found[Any] | None
) -> Found[Any] | None:
    """The constant in place of what was read; it is found at the mark by which the supplier is known."""
    if general is not None and _same(constant, str(general.value)):
        return None
    if constant.field not in (*SUPPLIER_FIELDS, CURRENCY, *TOLD_FIELDS, *CONDITIONAL_FIELDS):
        return None
    if constant.beside is not None and not _names(document, constant.beside):
        return None
    if (
        constant.field in _MAY_CHANGE
        and general is not None
        and general.text  # what no page shows was told from something else
        and general.value != constant.instead_of
        and not _is_printed(document, constant.value)
    ):
        return None  # the supplier has moved, or invoices in another currency this time
    mark = known.mark
    reason = (
        f'Learned from a correction; the supplier is known by the {known.by} "{mark.text}" '
        f"on page {mark.page}."
    )
    return Found(constant.value, mark.page, mark.box, mark.text, reason, _SURE)


def _is_printed(document: Document, value: str) -> bool:
    """Whether the first part of an address, such as its street, stands on a page."""
    first = key_of(value.split(",", maxsplit=1)[0])
    return len(first) > _SHORTEST_PART and any(first in key_of(s.text) for s in document.segments())


def _names(document: Document, name: str) -> bool:
    """Whether a line, or a part of one between commas, is the name."""
    wanted = key_of(name)
    return any(
        wanted in (key_of(segment.text), *map(key_of, segment.text.split(",")))
        for segment in document.segments()
    )


def _same(constant: LearnedConstant, text: str) -> bool:
    if constant.field.endswith(".taxId"):
        return tax_id_key(constant.value) == tax_id_key(text)
    return constant.value == text
