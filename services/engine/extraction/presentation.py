"""What was extracted as the contract's JSON: camelCase names, numbers for decimals, no empty fields."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import Any

from services.engine.extraction.model import Finding, Invoice, LineItem, Provenance
from shared.schemas.invoice import LARGEST_SUM


def present_invoice(invoice: Invoice) -> dict[str, Any]:
    """The contract's `extractedData.invoice`."""
    return _record(invoice)


def present_item(item: LineItem) -> dict[str, Any]:
    """One of the contract's `extractedData.lineItems`."""
    return _record(item)


def present_finding(finding: Finding) -> dict[str, str]:
    """One of the contract's `validationResults.errors`."""
    return {"field": finding.field, "message": finding.message, "severity": finding.severity}


def validation_results(findings: Sequence[Finding]) -> dict[str, Any]:
    """The contract's `validationResults`: valid unless a finding is an error."""
    return {
        "isValid": not any(finding.severity == "error" for finding in findings),
        "errors": [present_finding(finding) for finding in findings],
    }


def present_provenance(provenance: Provenance) -> dict[str, Any]:
    """One value of the contract's `provenance`; the box in pixels, one decimal."""
    box = provenance.box
    presented: dict[str, Any] = {"text": provenance.text, "reason": provenance.reason}
    if provenance.page is not None:
        presented["page"] = provenance.page
    if box is not None:
        presented["boundingBox"] = {
            "x": round(box.x, 1),
            "y": round(box.y, 1),
            "width": round(box.width, 1),
            "height": round(box.height, 1),
        }
    return presented


def present_custom(custom: Mapping[str, str | bool | Decimal | datetime.date]) -> dict[str, Any]:
    """Fields that only a template names, under their own names: the API's `extractedData.custom`."""
    members = {name.removeprefix("invoice."): _plain(value) for name, value in custom.items()}
    return {name: member for name, member in members.items() if member is not None}


@cache
def camel_case(name: str) -> str:
    """`unit_price` as `unitPrice`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _record(value: Any) -> dict[str, Any]:
    """A dataclass as a JSON object without the fields that were not found."""
    members = {camel_case(member.name): _plain(getattr(value, member.name)) for member in fields(value)}
    return {name: member for name, member in members.items() if member not in (None, {}, [])}


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        if abs(value) > LARGEST_SUM:
            return None  # digits that run together, not a sum that an invoice is about
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_record(member) for member in value]
    return _record(value)
