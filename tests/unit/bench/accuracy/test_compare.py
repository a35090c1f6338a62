"""Values are compared as a person would compare them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.accuracy.compare import is_right, right_items, words_in_common


@pytest.mark.parametrize(
    ("path", "truth", "read"),
    [
        ("invoice.number", "RE-2024/17", "RE 2024 17"),
        ("invoice.supplier.taxId", "DE 136 695 976", "DE136695976"),
        ("invoice.supplier.name", "Harrow & Finch Ltd", "HARROW & FINCH LTD."),
        (
            "invoice.supplier.address",
            "Unit 4, Canal Works, Leeds LS1 4AP",
            "Unit 4 Canal Works, Leeds, LS1 4AP",
        ),
        ("invoice.amounts.total", 12.5, 12.504),
        ("invoice.date", "2024-06-05", "2024-06-05"),
        ("invoice.amounts.currency", "EUR", "eur"),
        ("invoice.number", ["17", "0017"], "0017"),
    ],
)
def test_the_same(path: str, truth: Any, read: Any) -> None:
    assert is_right(path, truth, read)


@pytest.mark.parametrize(
    ("path", "truth", "read"),
    [
        ("invoice.number", "17", "18"),
        ("invoice.number", "17", None),
        ("invoice.supplier.name", "Harrow GmbH", "Finch GmbH"),
        ("invoice.supplier.name", "Harrow & Finch Timber Merchants GmbH", "GmbH"),
        ("invoice.amounts.total", 12.5, 12.51),
        ("invoice.amounts.total", 12.5, "12.5"),
        ("invoice.amounts.total", 12.5, -12.5),
        ("invoice.date", "2024-06-05", "2024-05-06"),
        ("invoice.number", ["17", "0017"], "00017"),
    ],
)
def test_not_the_same(path: str, truth: Any, read: Any) -> None:
    assert not is_right(path, truth, read)


def test_items_match_by_amount_and_description_once_each() -> None:
    bolt, nut = {"description": "Bolt M8", "amount": 4.0}, {"description": "Nut M8", "amount": 4.0}
    assert right_items([bolt, nut], [nut, bolt, nut]) == [0, 1]
    assert right_items([bolt], [{"description": "Bolt M8", "amount": 5.0}]) == []
    assert right_items([bolt], [{"amount": 4.0}]) == []


def test_words_count_as_often_as_they_are_printed() -> None:
    assert words_in_common("Total: EUR EUR 5,00", "total EUR 5,00 x") == (3, 4, 4)
