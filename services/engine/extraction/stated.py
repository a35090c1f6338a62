"""Data that a person states, in the contract's JSON, as the typed values that readings are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.engine.extraction.model import LineItem, TaxLine


def items_from_json(items: Iterable[Mapping[str, Any]]) -> tuple[LineItem, ...]:
    """Line items that have passed `LineItemSchema`."""
    return tuple(
        LineItem(
            description=item.get("description"),
            quantity=_number(item.get("quantity")),
            unit_price=_number(item.get("unitPrice")),
            amount=_number(item.get("amount")),
            sku=item.get("sku"),
            unit=item.get("unit"),
            tax_rate=_number(item.get("taxRate")),
            tax_amount=_number(item.get("taxAmount")),
            discount=_number(item.get("discount")),
        )
        for item in items
    )


def taxes_from_json(taxes: Iterable[Mapping[str, Any]]) -> tuple[TaxLine, ...]:
    """Tax lines that have passed `TaxSchema`; one without an amount says nothing."""
    return tuple(
        TaxLine(_number(tax.get("rate")), _number(tax.get("base")), amount)
        for tax in taxes
        if (amount := _number(tax.get("amount"))) is not None
    )


def _number(value: float | int | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
