"""Wordings that a country uses in place of its language's usual ones."""

from __future__ import annotations

from tests.generator.languages.base import Label

REGIONAL_LABELS: dict[str, dict[Label, tuple[str, ...]]] = {
    "US": {
        Label.INVOICE: ("Invoice", "INVOICE"),
        Label.TAX_ID: ("EIN", "Tax ID"),
        Label.TAX: ("Sales tax {rate}", "Tax {rate}"),
        Label.TAX_RATE: ("Tax",),
        Label.ITEM_TAX: ("Tax amount",),
        Label.SUBTOTAL: ("Subtotal", "Net total"),
        Label.SHIPPING: ("Shipping", "Shipping & handling", "Freight"),
    },
    "AT": {Label.TAX_ID: ("UID-Nr.", "UID")},
    "CH": {Label.TAX_ID: ("MWST-Nr.", "UID"), Label.TAX: ("MWST {rate}",), Label.TAX_RATE: ("MWST",)},
}
