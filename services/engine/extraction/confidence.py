"""How sure the extraction is as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    mean = weighted_mean(
        {path: found.confidence for path, found in present.items()},
        [found.confidence for found in items.values()],
    )
    unbalanced = totals.subtotal is not None and totals.tax is not None and not totals.balanced
    return mean * (0.9 if unbalanced else 1.0)


def weighted_mean(fields: Mapping[str, float], items: Sequence[float]) -> float:
    """The mean of the confidences of fields, by path, and items; weighted as `overall_confidence` says."""
    weighted = [(fields.get(path, 0.0), _CORE_WEIGHT) for path in _CORE]
    weighted += [(value, 1.0) for path, value in fields.items() if path not in _CORE]
    if items:
        weighted.append((sum(items) / len(items), 1.0))
    return sum(value * weight for value, weight in weighted) / sum(weight for _, weight in weighted)
