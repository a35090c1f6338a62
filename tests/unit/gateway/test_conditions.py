"""The filter language: what passes, what it becomes, and that nothing else ever reaches the database."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from bson import ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.api.conditions import FieldCatalogue, parse_filter
from services.gateway.errors import BadRequest
from services.gateway.schemas.jobs import JobSchema
from services.gateway.schemas.templates import TemplateSchema

JOBS = FieldCatalogue(JobSchema)
TEMPLATES = FieldCatalogue(TemplateSchema)
ID = "5f1d7f1d7f1d7f1d7f1d7f1d"
ALLOWED = {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$not", "$and", "$or"}


def _parsed(conditions: Any, catalogue: FieldCatalogue = JOBS) -> dict[str, Any]:
    return parse_filter(json.dumps(conditions), catalogue)


def _reason(conditions: Any, catalogue: FieldCatalogue = JOBS) -> str:
    text = conditions if isinstance(conditions, str) else json.dumps(conditions)
    with pytest.raises(BadRequest) as caught:
        parse_filter(text, catalogue)
    assert caught.value.errors is not None
    assert list(caught.value.errors) == ["filter"]
    return str(caught.value)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, {}),
        ({"status": "failed"}, {"status": "failed"}),
        ({"status": None}, {"status": None}),
        ({"_id": ID}, {"_id": ObjectId(ID)}),
        ({"template": {"$in": [ID]}}, {"template": {"$in": [ObjectId(ID)]}}),
        ({"invoiceId": "12"}, {"invoiceId": 12}),
        ({"invoiceId": 2**63 - 1}, {"invoiceId": 2**63 - 1}),
        ({"retryCount": {"$gt": 1.5}}, {"retryCount": {"$gt": 1.5}}),
        ({"cost": {"$gte": "0.5", "$lt": 2}}, {"cost": {"$gte": 0.5, "$lt": 2}}),
        ({"progress.percentage": {"$lte": 50}}, {"progress.percentage": {"$lte": 50}}),
        (
            {"createdAt": {"$gt": "2026-01-02T03:04:05Z"}},
            {"createdAt": {"$gt": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}},
        ),
        (
            {"createdAt": {"$gt": "2026-01-02T03:04:05+02:00"}},
            {"createdAt": {"$gt": datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)}},
        ),
        ({"validationResults.isValid": "true"}, {"validationResults.isValid": True}),
        (
            {"documentName": {"$ne": "a", "$nin": ["b", None]}},
            {"documentName": {"$ne": "a", "$nin": ["b", None]}},
        ),
        ({"group": {"$exists": False}}, {"group": {"$exists": False}}),
        ({"extractedData": {"$exists": True}}, {"extractedData": {"$exists": True}}),
        ({"metadata": {"$exists": True}}, {"metadata": {"$exists": True}}),
        ({"metadata.batch.no": 7}, {"metadata.batch.no": 7}),
        ({"status": {"$not": {"$eq": "failed"}}}, {"status": {"$not": {"$eq": "failed"}}}),
        ({"status": {"$eq": "failed"}}, {"status": {"$eq": "failed"}}),
        (
            {"status": "failed", "priority": "high"},
            {"status": "failed", "priority": "high"},
        ),
        (
            {"$or": [{"status": "failed"}, {"$and": [{"cost": 1}, {"cost": 2}]}]},
            {"$or": [{"status": "failed"}, {"$and": [{"cost": 1}, {"cost": 2}]}]},
        ),
        (
            {"extractedData.lineItems.description": "Widget"},
            {"extractedData.lineItems.description": "Widget"},
        ),
        ({"confidence.fields.total": {"$lt": 0.5}}, {"confidence.fields.total": {"$lt": 0.5}}),
    ],
    ids=str,
)
def test_conditions_that_pass(conditions: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _parsed(conditions) == expected


def test_the_names_are_those_of_the_documentation() -> None:
    assert _parsed({"extractionRules.fields.name": "a"}, TEMPLATES) == {"extractionRules.fields.name": "a"}
    assert "extractionRules.fields_" in _reason({"extractionRules.fields_.name": "a"}, TEMPLATES)


@pytest.mark.parametrize(
    "operator",
    [
        "$where",
        "$expr",
        "$function",
        "$jsonSchema",
        "$text",
        "$comment",
        "$nor",
        "$regex",
        "$eq",
        "$not",
        "$exists",
    ],
)
def test_no_other_operator_passes_at_the_top(operator: str) -> None:
    assert f"'{operator}' is not allowed" in _reason({operator: [{"status": "x"}]})


@pytest.mark.parametrize(
    "operator",
    [
        "$regex",
        "$options",
        "$where",
        "$expr",
        "$type",
        "$mod",
        "$size",
        "$all",
        "$elemMatch",
        "$near",
        "$and",
        "$",
        "x",
    ],
)
def test_no_other_operator_passes_on_a_field(operator: str) -> None:
    assert f"'{operator}' is not allowed" in _reason({"documentName": {operator: "a"}})
    assert f"'{operator}' is not allowed" in _reason({"documentName": {"$not": {operator: "a"}}})
    assert f"'{operator}' is not allowed" in _reason({"metadata.a": {operator: "a"}})


@pytest.mark.parametrize(
    "path",
    ["tenant", "unknown", "attempt", "", ".", "status.x", "metadata.", "metadata..a", "metadata.a.",
     "metadata.$where", "metadata.a.$gt", "progress.", "extractedData.$exists"],
)  # fmt: skip
def test_no_other_field_passes(path: str) -> None:
    assert "There is no field" in _reason({path: {"$eq": 1}})


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"_id": "5f1"}, "is not a value for the field '_id'"),
        ({"_id": 5}, "is not a value"),
        ({"_id": {"$in": [ID, "x"]}}, "is not a value"),
        ({"invoiceId": "twelve"}, "is not a value"),
        ({"invoiceId": True}, "is not a value"),
        ({"invoiceId": "9223372036854775808"}, "is not a value"),
        ({"cost": "nan"}, "is not a value"),
        ({"cost": "1e999"}, "is not a value"),
        ({"cost": []}, "is not a value"),
        ({"status": 5}, "is not a value"),
        ({"status": ["failed"]}, "is not a value"),
        ({"status": {"$eq": {"$gt": ""}}}, "is not a value"),
        ({"createdAt": "yesterday"}, "is not a value"),
        ({"createdAt": 5}, "is not a value"),
        ({"createdAt": "0001-01-01T00:00:00+14:00"}, "is not a value"),
        ({"validationResults.isValid": "perhaps"}, "is not a value"),
        ({"metadata.a": [1]}, "is not a value"),
        ({"extractedData": "x"}, "is not a value"),
        ({"status": {}}, "is empty"),
        ({"status": {"$in": "failed"}}, "takes a list"),
        ({"status": {"$in": ["x"] * 101}}, "takes a list"),
        ({"status": {"$exists": 1}}, "takes true or false"),
        ({"status": {"$not": "failed"}}, "takes a condition"),
        ({"status": {"$not": {}}}, "is empty"),
        ({"$or": []}, "takes a list of conditions"),
        ({"$and": {"status": "x"}}, "takes a list of conditions"),
        ({"$or": ["status"]}, "takes a list of conditions"),
        ([], "must be a JSON object"),
        ("7", "must be a JSON object"),
        ("{", "not valid JSON"),
        ('{"cost": NaN}', "not valid JSON"),
        ('{"invoiceId": ' + "9" * 5000 + "}", "not valid JSON"),
        ('{"invoiceId": 9223372036854775808}', "not valid JSON"),
        ('{"status": "\\ud800"}', "not valid JSON"),
        ('{"a": ' * 3000, "not valid JSON"),
        ({"metadata.a\0b": 1}, "a name holds NUL"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_what_is_refused_is_refused_with_the_reason(conditions: Any, reason: str) -> None:
    assert reason in _reason(conditions)


def test_depth_is_bounded() -> None:
    def nested(levels: int) -> dict[str, Any]:
        return {"$and": [nested(levels - 1)]} if levels else {"status": "x"}

    assert _parsed(nested(6))
    assert "deeper than 6" in _reason(nested(7))
    condition: dict[str, Any] = {"$eq": "x"}
    for _ in range(7):
        condition = {"$not": condition}
    assert "takes a condition" in _reason({"status": condition})


def test_the_number_of_conditions_is_bounded() -> None:
    assert _parsed({"$or": [{"status": "x"}] * 99})
    assert "more than 100 conditions" in _reason({"$or": [{"status": "x"}] * 100})
    assert "more than 100 conditions" in _reason({"$or": [{}] * 100})


def test_derived_fields_can_be_hidden() -> None:
    catalogue = FieldCatalogue(JobSchema, hidden=frozenset({"cost", "progress"}))
    assert "There is no field" in _reason({"cost": 1}, catalogue)
    assert "There is no field" in _reason({"progress.percentage": 1}, catalogue)
    with pytest.raises(BadRequest):
        catalogue.check_sortable("cost")


@pytest.mark.parametrize(
    "path", ["unknown", "tenant", "status\0", "metadata", "metadata.a", "extractedData", "$natural", ""]
)
def test_only_documented_single_values_can_be_sorted_by(path: str) -> None:
    JOBS.check_sortable("createdAt")
    JOBS.check_sortable("extractedData.invoice.number")
    with pytest.raises(BadRequest) as caught:
        JOBS.check_sortable(path)
    assert caught.value.errors is not None
    assert list(caught.value.errors) == ["sort"]


_names = st.sampled_from(
    [*ALLOWED, "$where", "$regex", "$expr", "$function", "$type", "$mod", "$", "tenant",
     "", "status", "_id", "cost", "invoiceId", "createdAt", "metadata", "metadata.a", "metadata.$where",
     "metadata.a\0", "extractedData",
     "extractedData.invoice.number", "validationResults.isValid", "confidence.fields.x"]
)  # fmt: skip
_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([ID, "2026-01-01", "5", "true", "$where"])
)
_conditions = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=15,
)


def _check_operators(value: Any, documented: FieldCatalogue) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith("$"):
                assert name in ALLOWED
            else:
                documented.coercion(name)
            _check_operators(inner, documented)
    elif isinstance(value, list):
        for one in value:
            _check_operators(one, documented)
    else:
        assert value is None or isinstance(value, bool | int | float | str | datetime | ObjectId)


@given(st.dictionaries(_names, _conditions, max_size=3))
@settings(max_examples=250, deadline=None)
def test_nothing_but_allowed_operators_ever_comes_out(conditions: dict[str, Any]) -> None:
    try:
        parsed = _parsed(conditions)
    except BadRequest:
        return
    _check_operators(parsed, JOBS)
    bson.encode(parsed)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_conditions_or_bad_request(text: str) -> None:
    with suppress(BadRequest):
        _check_operators(parse_filter(text, JOBS), JOBS)
