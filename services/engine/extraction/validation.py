"""Checks of the extracted data: arithmetic, what is required, and form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from services.engine.extraction.model import Finding, Found, Invoice, LineItem
from services.engine.extraction.money import TOLERANCE, Totals
from shared.template import ExtractionSettings

_REQUIRED = {
    "invoice.number": "invoice number",
    "invoice.date": "invoice date",
    "invoice.supplier.name": "supplier's name",
    "invoice.amounts.total": "total amount",
}


def check(
    invoice: Invoice,
    items: tuple[LineItem, ...],
    totals: Totals,
    present: Mapping[str, Found[Any]],
    settings: ExtractionSettings,
) -> tuple[Finding, ...]:
    """All findings, errors first."""
    findings = [
        *_missing(invoice, present),
        *_arithmetic(invoice, totals, present),
        *_item_arithmetic(items),
        *_below_threshold(present, settings.confidence_threshold),
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))


def _missing(invoice: Invoice, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    for path, name in _REQUIRED.items():
        if path in present or (path == "invoice.number" and invoice.kind == "receipt"):
            continue
        yield Finding(path, f"The {name} was not found on the pages.", "warning")


def _arithmetic(invoice: Invoice, totals: Totals, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    money = invoice.amounts
    if money.subtotal is None or money.total is None or totals.balanced:
        return
    page = present["invoice.amounts.total"].page
    tax = money.tax if money.tax is not None else Decimal(0)
    if abs(money.subtotal + tax - money.total) > TOLERANCE:
        message = f"The subtotal {money.subtotal} and the tax {tax} do not add up to the total {money.total} on page {page}."
        yield Finding("invoice.amounts.total", message, "error")


def _item_arithmetic(items: tuple[LineItem, ...]) -> Iterator[Finding]:
    for place, item in enumerate(items):
        if (
            item.quantity is None
            or item.unit_price is None
            or item.amount is None
            or item.discount is not None
        ):
            continue
        product = item.quantity * item.unit_price
        if abs(product - item.amount) > max(TOLERANCE, abs(item.amount) / 100):
            message = f"Item {place + 1}: {item.quantity} times {item.unit_price} is {product}, but {item.amount} is printed."
            yield Finding(f"lineItems.{place}.amount", message, "warning")


def _below_threshold(present: Mapping[str, Found[Any]], threshold: float) -> Iterator[Finding]:
    for path, found in present.items():
        if found.confidence < threshold:
            message = (
                f'The value "{found.value}" on page {found.page} is uncertain '
                f"({found.confidence:.2f}, below the threshold {threshold:.2f})."
            )
            yield Finding(path, message, "warning")
