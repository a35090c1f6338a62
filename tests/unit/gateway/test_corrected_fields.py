"""What counts as a correction, what as none, and what as taken back."""

from __future__ import annotations

from typing import Any

from services.gateway.pipeline.corrected_fields import (
    annotated_corrections,
    corrected_lists,
    differences,
    taken_back,
)

READ: dict[str, Any] = {
    "invoice": {
        "number": "99",
        "dueDate": "2026-01-31",
        "amounts": {"total": 119},
        "taxes": [{"rate": 19, "amount": 19.0}],
    },
    "lineItems": [{"description": "Widget", "quantity": 1.0, "amount": 100}],
}


def stated(**changes: Any) -> dict[str, Any]:
    return {**READ, "invoice": {**READ["invoice"], **changes}}


def test_only_what_differs_is_a_correction() -> None:
    assert differences(READ, READ) == []
    assert differences(stated(number="KW-1", amounts={"total": 119.0}), READ) == [
        {"field": "invoice.number", "value": "KW-1", "read": "99"}
    ]


def test_null_says_that_the_field_is_not_there_and_leaving_it_out_says_nothing() -> None:
    assert differences(stated(dueDate=None), READ) == [{"field": "invoice.dueDate", "read": "2026-01-31"}]
    assert differences({"invoice": {"number": "99"}}, READ) == []
    assert differences(stated(purchaseOrder=None), READ) == []


def test_lists_are_corrected_as_a_whole() -> None:
    assert corrected_lists(READ, READ) == {}
    same = {**READ, "lineItems": [{"description": "Widget", "quantity": 1, "amount": 100.0, "sku": None}]}
    assert corrected_lists(same, READ) == {}
    other = {**READ, "lineItems": []}
    assert corrected_lists(other, READ) == {"lineItems": []}
    taxes = [{"rate": 7, "amount": 19.0}]
    assert corrected_lists(stated(taxes=taxes), READ) == {"invoice.taxes": taxes}


def test_what_is_again_as_it_was_read_is_taken_back() -> None:
    before = {**stated(number="KW-1", dueDate=None), "lineItems": []}
    assert taken_back(before, READ, READ) == ["invoice.dueDate", "invoice.number", "lineItems"]
    assert taken_back(before, stated(number="KW-2"), READ) == ["invoice.dueDate", "lineItems"]
    assert taken_back(READ, before, READ) == []


def test_an_annotation_with_an_empty_text_says_that_its_field_is_not_there() -> None:
    page, job = {"pageNumber": 1}, {"extractedData": READ}
    empty = {"type": "correction", "field": "invoice.dueDate", "text": " "}
    assert list(annotated_corrections(empty, page, job)) == [
        {"field": "invoice.dueDate", "read": "2026-01-31"}
    ]
