"""A page reading as JSON: there and back, and what its schema refuses."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from hypothesis import given, settings
from marshmallow import ValidationError

from shared.readings import Block, BoundingBox, Cell, Line, PageReading, Word
from shared.schemas.many import ManyRecords
from shared.schemas.reading import (
    BlockSchema,
    CellSchema,
    LineSchema,
    OcrResultsSchema,
    PageReadingSchema,
    WordSchema,
    reading_from_json,
    reading_to_json,
)
from tests.unit.shared.readings import page_readings

Change = Callable[[dict[str, Any]], None]

BOX = BoundingBox(10.5, 20.25, 30.0, 8.0)
WORD = Word("Total", 0.9876, BOX)
READING = PageReading(
    width=800,
    height=1200,
    lines=(Line((WORD, WORD)), Line((WORD,))),
    blocks=(Block("Total", 0.5, BOX, "table"),),
    cells=(Cell(0, 1, 2, "Total", 0.5, BOX),),
    source="textLayer",
    quality_score=0.75,
)


@settings(max_examples=60, deadline=None)
@given(page_readings)
def test_a_reading_is_the_same_after_json(reading: PageReading) -> None:
    sent = json.loads(json.dumps(reading_to_json(reading)))
    assert reading_from_json(PageReadingSchema().load(sent)) == reading


def test_numbers_are_rounded_to_what_a_reading_can_tell() -> None:
    word = Word("x", 0.123456, BoundingBox(1.23456, 2, 3.999, 4))
    stored = reading_to_json(PageReading(10, 10, (Line((word,)),)))["ocrResults"]["words"][0]
    assert stored == {
        "text": "x",
        "confidence": 0.1235,
        "boundingBox": {"x": 1.23, "y": 2, "width": 4.0, "height": 4},
    }


def test_lines_name_their_words_by_position() -> None:
    lines = reading_to_json(READING)["ocrResults"]["lines"]
    assert [(line["firstWord"], line["wordCount"], line["text"]) for line in lines] == [
        (0, 2, "Total Total"),
        (2, 1, "Total"),
    ]


LISTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "words": lambda data: list(data["ocrResults"]["words"]),
    "lines": lambda data: list(data["ocrResults"]["lines"]),
    "blocks": lambda data: list(data["ocrResults"]["blocks"]),
    "tableData": lambda data: list(data["tableData"]),
}
BAD_VALUES: list[Any] = [None, "much", [], {}, True, float("nan"), float("inf"), -float("inf")]


def _faults(data: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        PageReadingSchema().load(data)
    messages = caught.value.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
    assert isinstance(messages, dict)
    return messages


@pytest.mark.parametrize("name", LISTS)
def test_every_value_of_a_listed_record_is_checked(name: str) -> None:
    records = LISTS[name](reading_to_json(READING))
    for field in records[0]:
        is_text = field in ("text", "cellText")
        for bad in [value for value in BAD_VALUES if not (is_text and isinstance(value, str))] + [-1]:
            data = copy.deepcopy(reading_to_json(READING))
            LISTS[name](data)[0][field] = bad
            assert field in json.dumps(_faults(data)), (field, bad)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("side", ["x", "y", "width", "height"])
def test_every_side_of_a_box_is_checked(name: str, side: str) -> None:
    for bad in BAD_VALUES:
        data = copy.deepcopy(reading_to_json(READING))
        LISTS[name](data)[0]["boundingBox"][side] = bad
        assert side in json.dumps(_faults(data)), bad


@pytest.mark.parametrize("name", LISTS)
def test_a_record_with_a_field_too_many_or_too_few_is_refused(name: str) -> None:
    for field in LISTS[name](reading_to_json(READING))[0]:
        data = copy.deepcopy(reading_to_json(READING))
        del LISTS[name](data)[0][field]
        assert field in json.dumps(_faults(data))
    data = copy.deepcopy(reading_to_json(READING))
    LISTS[name](data)[0]["note"] = "x"
    assert "Unknown field" in json.dumps(_faults(data))
    data = copy.deepcopy(reading_to_json(READING))
    LISTS[name](data)[0]["boundingBox"]["z"] = 1
    assert "Unknown field" in json.dumps(_faults(data))


def test_a_fault_names_the_place() -> None:
    data = reading_to_json(READING)
    data["ocrResults"]["words"][1]["confidence"] = 1.5
    assert list(_faults(data)["ocrResults"]["words"]) == [1]


@pytest.mark.parametrize("records", [None, "words", {"0": {}}, 7, ["text"], [None], [[]]])
def test_what_is_no_list_of_records_is_refused(records: Any) -> None:
    data = reading_to_json(READING)
    data["ocrResults"]["words"] = records
    assert "words" in _faults(data)["ocrResults"]


@pytest.mark.parametrize(("first", "count"), [(0, 4), (3, 1), (2, 2)])
def test_a_line_of_words_that_do_not_exist_is_refused(first: int, count: int) -> None:
    data = reading_to_json(READING)
    data["ocrResults"]["lines"][0] |= {"firstWord": first, "wordCount": count}
    assert _faults(data) == {"ocrResults": {"lines": ["A line holds words that do not exist."]}}


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["ocrResults"].pop("lines"),
        lambda data: data["ocrResults"].pop("source"),
        lambda data: data["ocrResults"].update(source="guess"),
        lambda data: data["preprocessing"].pop("deskewed"),
        lambda data: data.pop("qualityScore"),
        lambda data: data.update(width=-1),
    ],
)
def test_parts_that_a_reading_needs_are_required(change: Change) -> None:
    data = reading_to_json(READING)
    change(data)
    assert _faults(data)


def test_values_of_an_unusual_type_are_converted_as_declared() -> None:
    data = reading_to_json(READING)
    data["ocrResults"]["words"][0]["confidence"] = 1
    data["ocrResults"]["words"][1]["boundingBox"]["x"] = "12.5"
    words = PageReadingSchema().load(data)["ocrResults"]["words"]
    assert type(words[0]["confidence"]) is float
    assert words[1]["boundingBox"]["x"] == 12.5


def test_the_documentation_shows_the_nested_schemas() -> None:
    spec = APISpec("t", "1", "3.0.3", plugins=[MarshmallowPlugin()])
    spec.components.schema("Ocr", schema=OcrResultsSchema)
    schemas = spec.to_dict()["components"]["schemas"]
    assert schemas["Ocr"]["properties"]["words"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Word"},
    }
    assert set(schemas["Word"]["properties"]) == {"text", "confidence", "boundingBox"}


@pytest.mark.parametrize(
    ("schema", "name"),
    [(WordSchema, "words"), (LineSchema, "lines"), (BlockSchema, "blocks"), (CellSchema, "tableData")],
)
def test_the_quick_check_knows_exactly_the_declared_fields(schema: type[Any], name: str) -> None:
    """A field that is added to a schema must also become known to the quick check of its list."""
    record = LISTS[name](reading_to_json(READING))[0]
    assert set(record) == set(schema().fields)
    owner = PageReadingSchema() if name == "tableData" else OcrResultsSchema()
    declared = owner.fields[name]
    assert isinstance(declared, ManyRecords)
    assert declared.is_plain(record)
    assert not declared.is_plain(record | {"further": 1})
