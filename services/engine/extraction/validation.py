"""Checks of the extracted data: arithmetic, what is required, form, and a template's own rules."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_broken_ibans, is_iban
from services.engine.extraction.model import Finding, Found, Invoice, LineItem
from services.engine.extraction.money import Totals
from services.engine.extraction.rules import field_path
from services.engine.extraction.sums import TOLERANCE, is_made_up
from shared.template import ExtractionSettings, ValidationRule

_REQUIRED = {
    "invoice.number": "invoice number",
    "invoice.date": "invoice date",
    "invoice.supplier.name": "supplier's name",
    "invoice.amounts.total": "total amount",
}
_ZERO, _HUNDRED = Decimal(0), Decimal(100)
# Half a cent, as most prices are printed.
_PRICE_ROUNDING = Decimal("0.005")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")


def check(
    invoice: Invoice,
    items: tuple[tuple[LineItem, int], ...],
    totals: Totals,
    present: Mapping[str, Found[Any]],
    settings: ExtractionSettings,
) -> tuple[Finding, ...]:
    """All findings of the general checks and of the template's rules, errors first.

    `items` come with the page each stands on.
    """
    findings = [
        *_missing(invoice, present),
        *_total(invoice, totals, present),
        *_due(invoice, present),
        *_items_sum(invoice, tuple(item for item, _ in items), present),
        *_item_arithmetic(items),
        *_tax_arithmetic(totals, present),
        *_dates(invoice, present),
        *_template_rules(settings.validation_rules, present),
        *_uncertain(present, settings.confidence_threshold),
    ]
    return in_order(findings)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors, then warnings, then information; otherwise as found."""
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))


def check_accounts(document: Document, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    """Account numbers whose check digits (ISO 13616) do not hold: what is to be paid to, or what is printed.

    A printed one is told only if no valid one was found; it may be misread, or forged.
    """
    found = present.get("invoice.payment.iban")
    if found is not None:
        if not is_iban(str(found.value)):
            yield _broken_account(str(found.value), found.page)
        return
    for segment in document.segments():
        for printed in find_broken_ibans(segment):
            yield _broken_account(printed, segment.page)
            return


def _broken_account(number: str, page: int) -> Finding:
    return Finding(
        "invoice.payment.iban",
        f'The account number "{number}" on page {page} is not valid: its check digits do not hold. '
        "Please compare it with the document before paying.",
        "warning",
    )


def _missing(invoice: Invoice, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    for path, name in _REQUIRED.items():
        if path in present or (path == "invoice.number" and invoice.kind == "receipt"):
            continue
        yield Finding(path, f"The {name} was not found on the pages.", "warning")


def _total(invoice: Invoice, totals: Totals, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    money = invoice.amounts
    if money.subtotal is None or money.total is None or money.tax is None or totals.balanced:
        return
    gap = money.total - money.subtotal - money.tax
    # Where prices include the tax, it is in the subtotal, and charges alone lie between.
    if abs(gap) <= TOLERANCE or any(is_made_up(one, totals.adjustments) for one in (gap, gap + money.tax)):
        return
    page = present["invoice.amounts.total"].page
    between = any(totals.adjustments)
    yield Finding(
        "invoice.amounts.total",
        f"The subtotal {money.subtotal}{', discounts, charges' if between else ''} and the tax {money.tax} "
        f"do not add up to the total {money.total} on page {page}.",
        "warning" if between else "error",
    )


def _due(invoice: Invoice, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    money = invoice.amounts
    if money.total is None or money.paid is None or money.due is None:
        return
    if abs(money.total - money.paid - money.due) > TOLERANCE:
        yield Finding(
            "invoice.amounts.due",
            f"The total {money.total} less the {money.paid} that were paid is not the amount due {money.due} "
            f"on page {present['invoice.amounts.due'].page}.",
            "warning",
        )


def _items_sum(
    invoice: Invoice, items: tuple[LineItem, ...], present: Mapping[str, Found[Any]]
) -> Iterator[Finding]:
    """The items must add up to the subtotal or the total; charges and discounts may lie between."""
    amounts = [item.amount for item in items if item.amount is not None]
    sums = [value for value in (invoice.amounts.subtotal, invoice.amounts.total) if value is not None]
    if not amounts or not sums or len(amounts) != len(items):
        return
    value = sum(amounts, Decimal(0))
    if any(abs(value - expected) <= max(TOLERANCE, len(items) * TOLERANCE / 2) for expected in sums):
        return
    path = "invoice.amounts.subtotal" if invoice.amounts.subtotal is not None else "invoice.amounts.total"
    yield Finding(
        path,
        f"The {len(items)} line items add up to {value}, but {sums[0]} is printed "
        f"on page {present[path].page}.",
        "warning",
    )


def _item_arithmetic(items: tuple[tuple[LineItem, int], ...]) -> Iterator[Finding]:
    """Where all other items are right to the cent, so must this one be, but for what rounds its price."""
    checked = {place: _item_error(item) for place, (item, _) in enumerate(items)}
    errors = {place: error for place, error in checked.items() if error is not None}
    for place, error in errors.items():
        item, page = items[place]
        others = [other for number, other in errors.items() if number != place]
        if others and max(others) <= TOLERANCE:
            allowed = abs(item.quantity or _ZERO) * _PRICE_ROUNDING
        else:
            allowed = abs(item.amount or _ZERO) / 100
        if error > max(TOLERANCE, allowed):
            rebate = f" less {item.discount}" if item.discount is not None else ""
            yield Finding(
                f"lineItems.{place}.amount",
                f"Item {place + 1} on page {page}: {item.quantity} times {item.unit_price}{rebate} "
                f"is not the amount {item.amount} that is printed.",
                "warning",
            )


def _item_error(item: LineItem) -> Decimal | None:
    """How far quantity times price, less a discount in percent or in money, is from the amount."""
    if item.quantity is None or item.unit_price is None or item.amount is None:
        return None
    product, discount = abs(item.quantity * item.unit_price), abs(item.discount or _ZERO)
    if discount > max(product, _HUNDRED):
        return None  # a number that is no discount
    expected = [product * (1 - discount / 100), product - discount]
    amount = abs(item.amount)
    return min(abs(value - amount) for value in expected)


def _tax_arithmetic(totals: Totals, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    if not totals.taxes or totals.tax is None or "invoice.amounts.tax" not in present:
        return
    value = sum((tax.amount for tax in totals.taxes), Decimal(0))
    if abs(value - totals.tax.value) > TOLERANCE:
        page = totals.tax.page
        yield Finding(
            "invoice.amounts.tax",
            f"The tax breakdown adds up to {value}, but the tax {totals.tax.value} is printed "
            f"on page {page}.",
            "warning",
        )


def _dates(invoice: Invoice, present: Mapping[str, Found[Any]]) -> Iterator[Finding]:
    if invoice.date is not None and invoice.due_date is not None and invoice.due_date < invoice.date:
        page = present["invoice.dueDate"].page
        yield Finding(
            "invoice.dueDate",
            f"The due date {invoice.due_date} on page {page} lies before the invoice date {invoice.date}.",
            "warning",
        )


def _template_rules(
    rules: tuple[ValidationRule, ...], present: Mapping[str, Found[Any]]
) -> Iterator[Finding]:
    for rule in rules:
        path = field_path(rule.field)
        found = present.get(path)
        if found is None:
            if rule.rule == "required":
                message = f'The field "{rule.field}" is required, but was not found on the pages.'
                yield Finding(path, rule.message or message, "error")
            continue
        if not rule_holds(rule, found.value):
            message = (
                f'The field "{rule.field}" on page {found.page} fails the rule "{rule.rule}": '
                f'"{found.value}".'
            )
            yield Finding(path, rule.message or message, "error")


def rule_holds(rule: ValidationRule, value: object) -> bool:
    """Whether a value that was found satisfies a rule of the template."""
    text = str(value)
    if rule.rule == "numeric":
        return isinstance(value, Decimal) or _NUMBER.fullmatch(text) is not None
    if rule.rule == "date":
        return isinstance(value, datetime.date)
    if rule.rule == "email":
        return _EMAIL.fullmatch(text) is not None
    if rule.rule == "currency":
        return isinstance(value, Decimal) or _CURRENCY.fullmatch(text) is not None
    return bool(text)


def _uncertain(present: Mapping[str, Found[Any]], threshold: float) -> Iterator[Finding]:
    for path, found in present.items():
        if found.confidence < threshold:
            yield Finding(
                path,
                f'The value "{found.value}" on page {found.page} is uncertain '
                f"({found.confidence:.2f}, below the threshold {threshold:.2f}).",
                "warning",
            )
