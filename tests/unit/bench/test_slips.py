"""The benchmark of repairs puts in one slip, and tells what became of it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from shared.readings import PageReading
from tests.bench.accuracy.slips import KINDS, SlipKind, outcome, recognised, spoil, sums_of
from tests.unit.extraction.pages import page

PAGE = page(
    """
    Subtotal      100.50
    VAT            20.10
    Total         120.60
    """
)


def words_of(pages: list[PageReading]) -> list[str]:
    return [word.text for one in pages for word in one.words]


@pytest.mark.parametrize("kind", KINDS)
def test_one_sum_gets_one_slip(kind: SlipKind) -> None:
    rng = random.Random(3)
    pages = recognised([PAGE], rng)
    slip = spoil(pages, kind, rng)
    assert slip is not None
    changed = [(a, b) for a, b in zip(words_of(pages), words_of(slip[0]), strict=True) if a != b]
    assert len(changed) == 1
    assert f'"{changed[0][0]}" read as "{changed[0][1]}"' in slip[1]


def test_recognised_words_are_never_quite_sure() -> None:
    (one,) = recognised([PAGE], random.Random(1))
    assert one.source == "ocr"
    assert all(0.8 < word.confidence < 1.0 for word in one.words)


def answer(total: float, *messages: str) -> dict[str, Any]:
    return {
        "extractedData": {"invoice": {"amounts": {"total": total}}, "lineItems": []},
        "validationResults": {"errors": [{"message": message} for message in messages]},
    }


def test_what_became_of_a_slip() -> None:
    truth = sums_of(answer(5.0))
    repaired = "was read as and repaired to"
    assert outcome(truth, answer(5.0), answer(5.0)) == "no harm"
    assert outcome(truth, answer(5.0, repaired), answer(6.0)) == "repaired right"
    assert outcome(truth, answer(7.0, repaired), answer(6.0)) == "repaired wrong"
    assert outcome(truth, answer(6.0, "do not add up"), answer(6.0)) == "reported"
    assert outcome(truth, answer(6.0), answer(6.0)) == "not noticed"
