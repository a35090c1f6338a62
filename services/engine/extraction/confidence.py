"""How sure the extraction is as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.engine.extraction.model import Found
from services.engine.extraction.money import Totals

# What every invoice has; a missing one counts as nothing found with no confidence.
_CORE = ("invoice.number", "invoice.date", "invoice.supplier.name", "invoice.amounts.total")
_CORE_WEIGHT = 2.0


def overall_confidence(
    present: Mapping[str, Found[Any]], items: Mapping[str, Found[Any]], totals: Totals
) -> float:
    """A weighted mean over the fields, 0..1: the core fields count double, the items once together.

    Totals that do not balance although subtotal and total are printed take a tenth off.
    """
    weighted = [(present[path].confidence if path in present else 0.0, _CORE_WEIGHT) for path in _CORE]
    weighted += [(found.confidence, 1.0) for path, found in present.items() if path not in _CORE]
    if items:
        weighted.append((sum(found.confidence for found in items.values()) / len(items), 1.0))
    mean = sum(value * weight for value, weight in weighted) / sum(weight for _, weight in weighted)
    unbalanced = totals.subtotal is not None and totals.tax is not None and not totals.balanced
    return mean * (0.9 if unbalanced else 1.0)
