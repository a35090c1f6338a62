"""Answers held against truth, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.accuracy.documents import BenchDocument, Truth
from tests.bench.accuracy.grades import Answer, DocumentGrade, FieldGrade, Share, grade
from tests.bench.accuracy.reliability import calibration_error, reliability
from tests.bench.accuracy.report import accuracy_table, changes, outcomes_of

ITEM = {"description": "Bolt", "amount": 4.0}


def _document(fields: dict[str, Any], *, complete: bool = True) -> BenchDocument:
    return BenchDocument("one", "invoices", Path("one.pdf"), Truth(fields, (ITEM,), ("Bolt 4.00",), complete))


def _answer(**confidence: float) -> Answer:
    data = {"invoice": {"number": "7", "amounts": {"total": 4.0, "due": 4.0}}, "lineItems": [ITEM]}
    return Answer(data, confidence, "Bolt 4.00", 1.0)


def _fields(graded: DocumentGrade) -> dict[str, FieldGrade]:
    return {field.path: field for field in graded.fields}


def test_fields_items_and_words_are_graded() -> None:
    graded = grade(
        _document({"invoice.number": "7", "invoice.date": "2024-06-05"}),
        _answer(**{"invoice.number": 0.9, "lineItems.0": 0.8}),
    )
    assert _fields(graded)["invoice.number"].right
    assert not _fields(graded)["invoice.date"].right
    assert (graded.items, graded.words) == (Share(1, 1, 1), Share(2, 2, 2))
    assert outcomes_of([graded]) == [(0.9, True), (0.8, True)]


def test_a_field_that_is_not_printed_is_wrong_where_the_truth_is_complete() -> None:
    answer = _answer(**{"invoice.number": 0.9})
    assert outcomes_of([grade(_document({}), answer)]) == [(0.9, False)]
    assert outcomes_of([grade(_document({}, complete=False), answer)]) == []


def test_a_total_called_amount_due_is_no_mistake() -> None:
    answer = _answer(**{"invoice.amounts.due": 0.9})
    assert "invoice.amounts.due" not in _fields(grade(_document({"invoice.amounts.total": 4.0}), answer))
    assert "invoice.amounts.due" in _fields(grade(_document({"invoice.amounts.total": 5.0}), answer))


def test_a_document_that_was_not_read_has_everything_wrong() -> None:
    graded = grade(_document({"invoice.number": "7"}), Answer({}, {}, "", 1.0, "It is protected."))
    assert [field.right for field in graded.fields] == [False]
    assert graded.items == Share(0, 1, 0)
    assert graded.error == "It is protected."


def test_runs_are_compared_by_what_became_right_or_wrong() -> None:
    document = _document({"invoice.number": "7", "invoice.amounts.total": 4.0})
    before = json.loads(json.dumps({"documents": [grade(document, Answer({}, {}, "", 1.0)).to_json()]}))
    assert changes(before, [grade(document, _answer())]) == [
        "one: invoice.number became right ('7', printed '7')",
        "one: invoice.amounts.total became right (4.0, printed 4.0)",
    ]
    assert changes(before, [grade(document, Answer({}, {}, "", 1.0))]) == []


def test_the_table_has_a_row_per_field() -> None:
    rows = accuracy_table([grade(_document({"invoice.number": "7"}), _answer())]).splitlines()
    assert rows[0].split() == ["|", "field", "|", "invoices", "|"]
    assert "| 1.000 of 1" in next(row for row in rows if row.startswith("| number"))


def test_bins_hold_their_lower_edge_and_certainty() -> None:
    bins = reliability([(0.9, True), (0.94, False), (0.95, True), (1.0, True), (0.2, False)])
    assert [(one.low, one.count, one.right) for one in bins] == [(0.0, 1, 0), (0.9, 2, 1), (0.95, 2, 2)]
    assert calibration_error(bins) == pytest.approx((0.2 + 2 * 0.42 + 2 * 0.025) / 5)
