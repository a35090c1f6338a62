"""The fit finds how often evidence is right."""

from __future__ import annotations

import random

import pytest

from tests.bench.accuracy.fit import Outcome, fit


def _outcomes(family: str, evidence: float, right: int, wrong: int) -> list[Outcome]:
    return [Outcome(family, "Found.", evidence, place < right) for place in range(right + wrong)]


def test_confidence_becomes_the_share_that_is_right() -> None:
    rng = random.Random(4)
    evidence = [rng.uniform(0.2, 0.95) for _ in range(4000)]
    found = fit([Outcome("number", "Found.", one, rng.random() < one**3) for one in evidence])
    for one in (0.5, 0.7, 0.9):
        assert found.confidence("number", "Found.", one) == pytest.approx(one**3, abs=0.05)


def test_fields_are_told_apart() -> None:
    found = fit([*_outcomes("number", 0.9, 990, 10), *_outcomes("shipTo", 0.9, 400, 600)])
    assert found.confidence("number", "Found.", 0.9) == pytest.approx(0.99, abs=0.01)
    assert found.confidence("shipTo", "Found.", 0.9) == pytest.approx(0.4, abs=0.05)


def test_ways_of_finding_a_field_are_told_apart() -> None:
    sure = [Outcome("tax", 'Stands at "VAT"; it adds up.', 0.9, True) for _ in range(500)]
    doubtful = [Outcome("tax", 'Stands at "VAT".', 0.9, place % 2 == 0) for place in range(500)]
    found = fit([*sure, *doubtful])
    assert found.confidence("tax", 'Stands at "GST"; it adds up.', 0.9) > 0.97
    assert found.confidence("tax", 'Stands at "GST".', 0.9) == pytest.approx(0.5, abs=0.05)


def test_a_field_seen_twice_keeps_close_to_the_others() -> None:
    found = fit([*_outcomes("number", 0.9, 950, 50), *_outcomes("rare", 0.9, 0, 2)])
    assert 0.5 < found.confidence("rare", "Found.", 0.9) < 0.95


def test_fields_that_are_always_right_do_not_run_away() -> None:
    found = fit(_outcomes("number", 0.99, 5000, 0))
    assert 0.99 < found.confidence("number", "Found.", 0.99) < 0.99999


def test_worse_evidence_that_is_right_more_often_does_not_turn_the_order() -> None:
    found = fit([*_outcomes("number", 0.5, 500, 0), *_outcomes("number", 0.95, 250, 250)])
    assert found.slope > 0


def test_weights_count() -> None:
    light = [Outcome("number", "Found.", 0.5, False, 0.01) for _ in range(500)]
    assert fit([*_outcomes("number", 0.5, 500, 0), *light]).confidence("number", "Found.", 0.5) > 0.95


def test_nothing_can_not_be_fitted() -> None:
    with pytest.raises(ValueError, match="nothing to fit"):
        fit([])
