"""The outcome of an extraction, typed inside and as the contract's JSON at the edge."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.engine.extraction.model import Finding, Invoice, LineItem, Provenance
from services.engine.extraction.presentation import (
    present_custom,
    present_invoice,
    present_item,
    present_provenance,
    validation_results,
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """The understood document.

    `provenance` and `field_confidence` (0..1) are keyed by field path in the contract's names, such as
    `invoice.supplier.name` or `lineItems.0.amount`; `custom` holds fields that a template names itself.
    `missing` says of each documented field that has no value why that is.
    """

    invoice: Invoice
    line_items: tuple[LineItem, ...]
    provenance: Mapping[str, Provenance]
    confidence: float
    field_confidence: Mapping[str, float]
    findings: tuple[Finding, ...]
    custom: Mapping[str, str | bool | Decimal | datetime.date] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """True unless a finding of severity `error` exists."""
        return not any(finding.severity == "error" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The contract's `extractedData`, `confidence` and `validationResults`."""
        custom = {"custom": present_custom(self.custom)} if self.custom else {}
        return {
            "extractedData": {
                "invoice": present_invoice(self.invoice),
                "lineItems": [present_item(item) for item in self.line_items],
                "provenance": {path: present_provenance(p) for path, p in self.provenance.items()},
                "missing": dict(self.missing),
                **custom,
            },
            "confidence": {
                "overall": round(self.confidence, 4),
                "fields": {path: round(value, 4) for path, value in self.field_confidence.items()},
            },
            "validationResults": validation_results(self.findings),
        }
