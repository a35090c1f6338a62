"""Fitting the calibration of confidence: a logistic regression that keeps to what it was told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.engine.extraction.calibration import Calibration, family, kind_of_evidence, log_odds

ROUNDS = 50
# How far offsets stray from 0, and the slope from 1, before the documents have spoken: standard deviations
# of normal distributions; the two offsets of an outcome together stray by 1. A field seen a few times keeps
# close to the others.
OFFSET_DEVIATION = 0.7
SLOPE_DEVIATION = 0.5
LEAST_SLOPE = 0.1
SMALLEST_STEP = 1e-9
DECIMALS = 3

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A field that was read: its path, the reason for its value, its evidence 0..1, whether it is right.

    `weight` is how much it counts among the others.
    """

    path: str
    reason: str
    evidence: float
    right: bool
    weight: float = 1.0


def fit(outcomes: Sequence[Outcome]) -> Calibration:
    """The calibration under which the outcomes are most likely, by Newton's method with damped steps.

    Raises ValueError when there are no outcomes.
    """
    if not outcomes:
        raise ValueError("There is nothing to fit a calibration to.")
    names = sorted({name for outcome in outcomes for name in _names(outcome)})
    features = np.zeros((len(outcomes), 2 + len(names)))
    features[:, 0] = [log_odds(outcome.evidence) for outcome in outcomes]
    features[:, 1] = 1.0
    for row, outcome in enumerate(outcomes):
        features[row, [2 + names.index(name) for name in _names(outcome)]] = 1.0
    right = np.array([outcome.right for outcome in outcomes], dtype=float)
    weights = np.array([outcome.weight for outcome in outcomes])
    expected = np.zeros(features.shape[1])
    expected[0] = 1.0
    hold = np.full(features.shape[1], OFFSET_DEVIATION**-2)
    hold[0] = SLOPE_DEVIATION**-2

    def unlikelihood(values: Values) -> float:
        margins = np.where(right == 1, 1, -1) * (features @ values)
        return float(weights @ np.logaddexp(0, -margins) + hold @ (values - expected) ** 2 / 2)

    found = expected
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-features @ found))
        slope = features.T @ (weights * (right - likely)) - hold * (found - expected)
        curvature = (features.T * (weights * likely * (1 - likely))) @ features + np.diag(hold)
        step = np.linalg.solve(curvature, slope)
        # A full step may go too far where hardly anything is wrong.
        while np.abs(step).max() > SMALLEST_STEP and unlikelihood(found + step) > unlikelihood(found):
            step = step / 2
        found = found + step
    values = [round(float(value), DECIMALS) for value in (max(found[0], LEAST_SLOPE), *found[1:])]
    return Calibration(values[0], values[1], dict(zip(names, values[2:], strict=True)))


def _names(outcome: Outcome) -> tuple[str, str]:
    """What an outcome's offsets are kept under."""
    return family(outcome.path), kind_of_evidence(outcome.path, outcome.reason)
