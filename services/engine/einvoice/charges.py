"""Allowances and charges on document level: what of them is the contract's discount and shipping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.engine.einvoice.model import Stated
from services.engine.einvoice.values import total_of
from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.text import key_of

# UNTDID 7161, charge reason codes: freight service, delivery.
SHIPPING_CODES = frozenset({"FC", "DL"})


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge (BG-21) with its reason as a code (BT-105) and in words (BT-104)."""

    amount: Decimal | None
    code: str | None
    reason: str | None


def discount_of(sums: Mapping[str, Decimal]) -> dict[str, Stated]:
    """The sum of allowances (BT-107) as the discount; a sum of zero is no discount."""
    return _stated("invoice.amounts.discount", "BT-107", sums.get("BT-107"))


def shipping_of(charges: Iterable[Charge]) -> dict[str, Stated]:
    """The charges that are for shipping, by their code or by what the reason means in any language."""
    return _stated(
        "invoice.amounts.shipping",
        "BT-99",
        total_of(charge.amount for charge in charges if _is_shipping(charge)),
    )


def _is_shipping(charge: Charge) -> bool:
    if charge.code in SHIPPING_CODES:
        return True
    if not charge.reason:
        return False
    meanings = load_lexicon().meanings(key_of(charge.reason), tolerant=False)
    return any(meaning.section == "labels" and meaning.concept == "shipping" for meaning in meanings)


def _stated(path: str, term: str, amount: Decimal | None) -> dict[str, Stated]:
    return {path: Stated(amount, term, str(amount))} if amount else {}
