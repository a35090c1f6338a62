"""Messages for tests: what they carry, and a strategy that makes any message of each type."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from shared.messages.base import Message
from shared.messages.results import (
    CorrectionsLearned,
    DataChecked,
    DocumentExtracted,
    DocumentPrepared,
    PageRecognised,
    PreparedPage,
    TaskFailed,
    TaskStarted,
)
from shared.messages.tasks import CheckTask, ExtractTask, LearnTask, PrepareTask, RecogniseTask
from shared.schemas.reading import reading_to_json
from tests.unit.shared.readings import page_readings

COMMON: dict[str, Any] = {"tenant": "acme", "job_id": "5f1", "attempt": 2}
TEMPLATE: dict[str, Any] = {
    "documentType": "invoice",
    "languages": ["de"],
    "extractionRules": {
        "fields": [{"name": "invoice.number", "type": "text", "pattern": "R-[0-9]+"}],
        "lineItems": {"enabled": True, "tableStructure": {"columns": [{"name": "sku", "index": 0}]}},
    },
    "postprocessingSettings": {"confidenceThreshold": 0.5, "spellCheck": False, "validationRules": []},
}
EXTRACTION: dict[str, Any] = {
    "extractedData": {
        "invoice": {"number": "R-1", "date": "2026-02-28", "amounts": {"total": 119.0, "tax": None}},
        "lineItems": [{"description": "Widget", "quantity": 2.0}],
        "provenance": {
            "invoice.number": {
                "page": 1,
                "boundingBox": {"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0},
                "text": "R-1",
                "reason": "label",
            }
        },
    },
    "confidence": {"overall": 0.9, "fields": {"invoice.number": 0.9}},
    "validationResults": {"isValid": True, "errors": []},
}
PROFILE: dict[str, Any] = {
    "id": "6740f0c2a9d3b5e8f1027c4d",
    "names": ["Acme"],
    "taxIds": ["DE136695976"],
    "ibans": [],
    "rules": [
        {"field": "invoice.number", "label": "File", "relation": "right of", "shape": "A-9", "words": 1},
        {"field": "invoice.date", "label": "Acme", "relation": "apart from", "right": 0.5, "down": -0.1},
    ],
    "constants": [
        {"field": "dayOrder", "value": "monthFirst"},
        {"field": "invoice.customer.country", "value": "DE", "insteadOf": "AT", "beside": "Widget AG"},
    ],
    "words": [{"field": "lineItems", "text": "Pcs", "section": "columns", "concept": "quantity"}],
    "absences": [{"field": "invoice.dueDate", "reason": 'Stands at the label "Until"'}],
}
CORRECTION: dict[str, Any] = {
    "field": "invoice.number",
    "value": "R-2",
    "read": "R-1",
    "page": 1,
    "box": {"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0},
}

NO_VALUE: dict[str, Any] = {"field": "invoice.dueDate", "read": "2026-02-28"}
ITEM: dict[str, Any] = {"description": "Widget", "quantity": 2.0, "amount": None}
TAX: dict[str, Any] = {"rate": 19.0, "base": 100.0, "amount": 19.0}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100)
paths = texts.map(lambda text: f"/{text}")
sizes = st.none() | st.integers(0, 10**9)
optional_texts = st.none() | texts
seconds = st.floats(0, 1e6)
task_names = st.sampled_from(["prepare", "recognise", "extract", "learn", "check"])
revisions = st.integers(1, 10**6)
common: dict[str, st.SearchStrategy[Any]] = {
    "tenant": names,
    "job_id": names,
    "attempt": st.integers(1, 10**6),
}
prepared_pages = st.builds(
    PreparedPage,
    number=st.integers(1, 10**6),
    width=sizes,
    height=sizes,
    dpi=sizes,
    color_space=optional_texts,
    format=optional_texts,
    size=sizes,
    has_text_layer=st.booleans(),
    error=optional_texts,
)
MESSAGES: dict[type[Message], st.SearchStrategy[Any]] = {
    PrepareTask: st.builds(
        PrepareTask,
        **common,
        document_url=optional_texts,
        document_path=st.none() | paths,
        declared_format=optional_texts,
        upload_path=paths,
        resolution_dpi=st.integers(72, 600),
    ),
    RecogniseTask: st.builds(
        RecogniseTask,
        **common,
        page_id=texts,
        page_number=st.integers(1, 10**6),
        image_url=optional_texts,
        image_path=st.none() | paths,
        text_layer_path=st.none() | paths,
        width=sizes,
        height=sizes,
        template=st.sampled_from([{}, TEMPLATE]),
    ),
    ExtractTask: st.builds(
        ExtractTask,
        **common,
        pages_path=paths,
        template=st.sampled_from([{}, TEMPLATE]),
        profiles=st.sampled_from([(), (PROFILE,), (PROFILE, PROFILE)]),
    ),
    LearnTask: st.builds(
        LearnTask,
        **common,
        pages_path=paths,
        template=st.sampled_from([{}, TEMPLATE]),
        profile=st.just(PROFILE),
        corrections=st.sampled_from([(), (CORRECTION,), (CORRECTION, NO_VALUE)]),
        line_items=st.sampled_from([None, (), (ITEM,)]),
        taxes=st.sampled_from([None, (), (TAX,)]),
        revision=st.none() | revisions,
    ),
    CheckTask: st.builds(
        CheckTask,
        **common,
        pages_path=paths,
        einvoice_path=st.none() | paths,
        extracted_data=st.just(EXTRACTION["extractedData"]),
        confidence=st.sampled_from([{}, {"invoice.number": 0.9}]),
        revision=revisions,
        template=st.sampled_from([{}, TEMPLATE]),
    ),
    CorrectionsLearned: st.builds(
        CorrectionsLearned,
        **common,
        profile_id=names,
        learned_fields=st.lists(names, max_size=3).map(tuple),
        rules=st.sampled_from([(), tuple(PROFILE["rules"])]),
        constants=st.sampled_from([(), tuple(PROFILE["constants"])]),
        words=st.sampled_from([(), tuple(PROFILE["words"])]),
        absences=st.sampled_from([(), tuple(PROFILE["absences"])]),
        revision=st.none() | revisions,
        seconds=seconds,
    ),
    DataChecked: st.builds(
        DataChecked,
        **common,
        revision=revisions,
        validation_results=st.just(EXTRACTION["validationResults"]),
        seconds=seconds,
    ),
    TaskStarted: st.builds(TaskStarted, **common, task=task_names, page_id=optional_texts),
    DocumentPrepared: st.builds(
        DocumentPrepared,
        **common,
        format=texts,
        size=st.integers(0, 10**9),
        sha256=texts,
        pages=st.lists(prepared_pages, max_size=3).map(tuple),
        notes=st.lists(texts, max_size=3).map(tuple),
        seconds=seconds,
    ),
    PageRecognised: st.builds(
        PageRecognised,
        **common,
        page_id=texts,
        reading=page_readings.map(reading_to_json),
        marks=st.lists(names, max_size=3).map(tuple),
        seconds=seconds,
    ),
    DocumentExtracted: st.builds(
        DocumentExtracted, **common, extraction=st.just(EXTRACTION), seconds=seconds
    ),
    TaskFailed: st.builds(
        TaskFailed, **common, task=task_names, page_id=optional_texts, code=texts, error=texts
    ),
}
