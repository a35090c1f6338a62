"""Quantity and price written into the text of an item: "12 Std. à 95,00 €", "64 km x 0,30 EUR"."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal

from services.engine.extraction.amounts import DecimalMark, parse_number

_CENT = Decimal("0.011")
_NUMBER = re.compile(
    r"(?<![\w.,/:])(?:\d{1,3}(?:[.,'’ ]\d{3})+[.,]\d{2}|\d{1,3}(?:['’]\d{3})+|\d+(?:[.,]\d{1,6})?)"
    r"(?![\d/:]|[.,]\d)"
)
_MOST_BETWEEN = 28
_TIMES = re.compile(r"(?<![^\W\d_])(?:x|×|\*|à|á|a|@|je|per|at|ad|zu)(?![^\W\d_])", re.IGNORECASE)
_UNIT = re.compile(r"\s*([^\W\d_][^\W_]{0,10}\.?)")
_IN_CENTS = re.compile(r"\s*(?:ct|cent|cents|cts|gr)\b", re.IGNORECASE)
_PRICE_TAIL = re.compile(
    r"\s*(?:€|£|\$|[A-Z]{3}\b|zł|ct\b|cents?\b)?"
    r"(?:\s*(?:/|(?:per|pro|je|par|por|al|each|ea)\b)\s*[^\W\d_]*\.?)?"
)


@dataclass(frozen=True, slots=True)
class Factors:
    """Two numbers in `text[start:end]` whose product is the amount; `price` in the currency's main unit."""

    quantity: Decimal
    price: Decimal
    unit: str | None
    start: int
    end: int


def find_factors(text: str, amount: Decimal, mark: DecimalMark) -> Factors | None:
    """The quantity and the price in `text` that give `amount` to the cent, if it has such a pair."""
    for first, second in itertools.pairwise(_NUMBER.finditer(text)):
        quantity, price = parse_number(first[0], mark)[0], parse_number(second[0], mark)[0]
        between = text[first.end() : second.start()]
        if not quantity or len(between) > _MOST_BETWEEN or (quantity == 1 and not _TIMES.search(between)):
            continue
        unit_price = price / 100 if _IN_CENTS.match(text, second.end()) else price
        if abs(quantity * unit_price - abs(amount)) > _CENT:
            continue
        tail = _PRICE_TAIL.match(text, second.end())
        end = tail.end() if tail else second.end()
        signed = -quantity if amount < 0 else quantity
        return Factors(signed, unit_price, _unit(between), first.start(), end)
    return None


def without_factors(text: str, factors: Factors) -> str:
    """`text` without the expression, if what remains still names something."""
    before, after = text[: factors.start].rstrip(" -–:,;("), text[factors.end :].lstrip(" -–:,;)=")
    rest = f"{before} {after}".strip()
    return rest if sum(c.isalpha() for c in rest) >= 3 else text


def _unit(between: str) -> str | None:
    match = _UNIT.match(between)
    return match[1] if match and not _TIMES.fullmatch(match[1]) else None
