from __future__ import annotations

import pytest

from tests.bench.scores import score, total


def test_order_does_not_matter() -> None:
    figures = score("Total 12.50\nInvoice 7", "Invoice 7 Total 12.50")
    assert figures.word_f1 == 1
    assert figures.error_rate == 0


def test_repeated_words_count_as_often_as_they_are_printed() -> None:
    figures = score("EUR EUR EUR", "EUR EUR 5")
    assert (figures.common, figures.read, figures.printed) == (2, 3, 3)
    assert figures.word_f1 == pytest.approx(2 / 3)


def test_wrong_characters_are_counted_in_the_most_alike_words() -> None:
    figures = score("lnvoice T0tal", "Total Invoice")
    assert figures.edits == 2
    assert figures.error_rate == pytest.approx(2 / 12)


def test_missed_and_made_up_words_cost_all_their_characters() -> None:
    assert score("", "Total 12").edits == 7
    assert score("xyz", "").edits == 3
    assert score("ab", "cdefgh").edits == 6


def test_pages_are_weighted_by_their_words() -> None:
    both = total([score("a b c", "a b c"), score("x", "y")])
    assert both.word_f1 == pytest.approx(3 / 4)
    assert total([]).word_f1 == 0
