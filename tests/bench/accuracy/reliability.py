"""Whether confidence can be believed: of the fields at 0.9, nine of ten should be right."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Fields with a confidence from `low` to `high`: how many, how many right, and their mean confidence."""

    low: float
    high: float
    count: int
    right: int
    confidence: float

    @property
    def share(self) -> float:
        """The share that is right, 0..1."""
        return self.right / self.count


def reliability(outcomes: Iterable[tuple[float, bool]]) -> list[Bin]:
    """The bins that hold anything, of (confidence, right) pairs; a bin holds its lower edge."""
    every = list(outcomes)
    bins = []
    for low, high in itertools.pairwise(EDGES):
        inside = [one for one in every if low <= one[0] < high or (one[0] == high == EDGES[-1])]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), sum(right for _, right in inside), mean))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: how far confidence and share of right ones are apart, 0..1.

    The mean over the bins, weighted by their fields (Naeini et al., AAAI 2015).
    """
    count = sum(one.count for one in bins)
    return sum(one.count * abs(one.share - one.confidence) for one in bins) / max(1, count)
