"""Checks of an e-invoice: against what the pages show, its own arithmetic, and the template's conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from stdnum import iban

from services.engine.einvoice.model import EInvoice, Value
from services.engine.einvoice.pages import Pages, same_text
from services.engine.extraction.model import Finding, Severity
from services.engine.extraction.patterns import UnsafePattern
from services.engine.extraction.rules import broken_conditions, field_path
from services.engine.extraction.validation import rule_holds
from shared.template import ExtractionSettings

# What must be the same on the page: fields by path with the names they have in sentences.
COMPARED: Mapping[str, str] = {
    "invoice.number": "invoice number",
    "invoice.date": "invoice date",
    "invoice.amounts.subtotal": "total without tax",
    "invoice.amounts.tax": "tax",
    "invoice.amounts.total": "total",
    "invoice.amounts.currency": "currency",
    "invoice.payment.iban": "account to pay to",
}
# What a page should show somewhere; others may be left out in print, such as a subtotal of the only line.
ALWAYS_PRINTED = frozenset({"invoice.number", "invoice.date", "invoice.amounts.tax", "invoice.amounts.total"})
# A value read from the page this surely is what the page says, even where the e-invoice's value stands
# elsewhere on it.
SURE = 0.9
CENT = Decimal("0.01")


def differences(
    einvoice: EInvoice,
    pages: Pages,
    page_values: Mapping[str, tuple[Value, int]],
    page_confidence: Mapping[str, float],
) -> Iterator[Finding]:
    """Warnings where a page shows another number, date, total, currency or account than the e-invoice states.

    `page_values` holds what the pages gave by field path, with the page, `page_confidence` how surely.
    """
    for path, name in COMPARED.items():
        stated = einvoice.fields.get(path)
        if stated is None or not pages.have_text:
            continue
        shown = page_values.get(path)
        if shown is not None and _accepts(einvoice, path, shown[0]):
            continue
        is_shown = pages.find(stated.value) is not None
        if shown is not None and (not is_shown or page_confidence.get(path, 0.0) >= SURE):
            yield Finding(
                path,
                f"The e-invoice states {_readable(stated.value)} as the {name} ({stated.term}), "
                f"but page {shown[1]} shows {_readable(shown[0])}.",
                "warning",
            )
        elif not is_shown and path in ALWAYS_PRINTED and stated.value != 0:
            yield Finding(
                path,
                f"No page shows the {name} {_readable(stated.value)} that the e-invoice states "
                f"({stated.term}).",
                "warning",
            )


@dataclass(frozen=True, slots=True)
class _Sum:
    """A total that is stated, what its `parts` give, and how a sentence names both."""

    path: str
    term: str
    name: str
    parts: str
    computed: Decimal
    severity: Severity = "warning"


def arithmetic(einvoice: EInvoice) -> Iterator[Finding]:
    """The sums of the e-invoice that do not add up: rules BR-CO-10 and BR-CO-13 to -16 of EN 16931."""
    amount = {**einvoice.sums, **_totals(einvoice)}
    for check in _sums(einvoice, amount):
        stated = amount.get(check.term)
        if stated is not None and abs(stated - check.computed) > CENT:
            yield Finding(
                check.path,
                f"{check.parts} of the e-invoice give {_readable(check.computed)}, but it states "
                f"{_readable(stated)} as {check.name} ({check.term}).",
                check.severity,
            )


def _sums(einvoice: EInvoice, amount: Mapping[str, Decimal]) -> Iterator[_Sum]:
    nothing = Decimal(0)
    amounts = [item.amount for item in einvoice.line_items if item.amount is not None]
    if amounts and len(amounts) == len(einvoice.line_items):
        yield _Sum("lineItems", "BT-106", "their sum", "The lines", sum(amounts, nothing))
    if "BT-106" in amount:
        net = amount["BT-106"] - amount.get("BT-107", nothing) + amount.get("BT-108", nothing)
        parts = "Lines, discounts and charges"
        yield _Sum("invoice.amounts.subtotal", "BT-109", "the total without tax", parts, net)
    if einvoice.taxes:
        tax = sum((line.amount for line in einvoice.taxes), nothing)
        yield _Sum("invoice.amounts.tax", "BT-110", "the tax", "The amounts of the tax breakdown", tax)
    if "BT-109" in amount and "BT-110" in amount:
        total = amount["BT-109"] + amount["BT-110"]
        parts = "The total without tax and the tax"
        yield _Sum("invoice.amounts.total", "BT-112", "the total", parts, total, "error")
    if "BT-112" in amount:
        due = amount["BT-112"] - amount.get("BT-113", nothing) + amount.get("BT-114", nothing)
        parts = "Total, prepayment and rounding"
        yield _Sum("invoice.amounts.due", "BT-115", "the amount due", parts, due)


def _totals(einvoice: EInvoice) -> dict[str, Decimal]:
    """The totals among the fields, by business term."""
    stated = [one for path, one in einvoice.fields.items() if path.startswith("invoice.amounts.")]
    return {one.term: one.value for one in stated if isinstance(one.value, Decimal)}


def plausibility(einvoice: EInvoice) -> Iterator[Finding]:
    """Values that can't be right: what could not be read, dates in the wrong order, a mistyped account."""
    for fault in einvoice.faults:
        yield Finding(fault.path, fault.message, "warning")
    issued, due = einvoice.fields.get("invoice.date"), einvoice.fields.get("invoice.dueDate")
    if issued is not None and due is not None and str(due.value) < str(issued.value):
        yield Finding(
            "invoice.dueDate",
            f"The due date {due.value} of the e-invoice lies before its date {issued.value}.",
            "warning",
        )
    account = einvoice.fields.get("invoice.payment.iban")
    if account is not None and not iban.is_valid(str(account.value)):
        yield Finding(
            "invoice.payment.iban",
            f"The check digits of the e-invoice's account {account.value} (BT-84) are wrong.",
            "warning",
        )


def template_conditions(einvoice: EInvoice, settings: ExtractionSettings) -> Iterator[Finding]:
    """The template's conditions and rules that values of the e-invoice do not meet."""
    for rule in settings.fields:
        path = field_path(rule.name)
        stated = einvoice.fields.get(path)
        if stated is not None:
            where = f'The field "{rule.name}" of the e-invoice'
            try:
                yield from broken_conditions(rule, path, str(stated.value), stated.text, where)
            except UnsafePattern as error:
                yield Finding(path, str(error), "error")
    for check in settings.validation_rules:
        path = field_path(check.field)
        stated = einvoice.fields.get(path)
        if stated is not None and not rule_holds(check, stated.value):
            message = (
                f'The field "{check.field}" of the e-invoice fails the rule "{check.rule}": "{stated.value}".'
            )
            yield Finding(path, check.message or message, "error")


def _accepts(einvoice: EInvoice, path: str, shown: Value) -> bool:
    """Whether a page's value is the stated one; as a subtotal pages print either BT-109 or BT-106."""
    allowed = [einvoice.fields[path].value]
    if path == "invoice.amounts.subtotal" and "BT-106" in einvoice.sums:
        allowed.append(einvoice.sums["BT-106"])
    return any(agree(value, shown) for value in allowed)


def agree(stated: Value, shown: Value) -> bool:
    """Whether a page's value is the stated one; money counts without its sign, which credit notes vary."""
    if isinstance(stated, Decimal) and isinstance(shown, Decimal):
        return abs(stated) == abs(shown)
    if isinstance(stated, str) and isinstance(shown, str):
        return same_text(stated, shown)
    return stated == shown


def _readable(value: Value) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    return f"{value:.2f}" if value == round(value, 2) else f"{value:f}"
