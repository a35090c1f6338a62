"""Messages on the wire: there and back, and what sender and receiver refuse."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.cloud_events import TYPE_PREFIX, encode
from shared.errors import InvalidMessage
from shared.messages.base import Message
from shared.messages.results import (
    DocumentExtracted,
    DocumentPrepared,
    PreparedPage,
    TaskFailed,
    TaskStarted,
)
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from shared.messages.wire import MESSAGE_SCHEMAS, decode, to_cloud_event
from tests.unit.shared.messages import COMMON, EXTRACTION, MESSAGES, TEMPLATE, texts


def test_every_message_has_a_strategy_here() -> None:
    assert set(MESSAGES) == set(MESSAGE_SCHEMAS)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.TYPE)
def test_a_message_is_the_same_after_the_wire(kind: type[Message]) -> None:
    @settings(max_examples=25, deadline=None)
    @given(MESSAGES[kind])
    def check(message: Message) -> None:
        envelope = decode(encode(to_cloud_event(message, "/ledgerlens/test")))
        assert envelope.message == message
        assert type(envelope.message) is kind
        assert envelope.source == "/ledgerlens/test"

    check()


def test_the_envelope_is_a_cloud_event() -> None:
    event = to_cloud_event(TaskStarted(**COMMON, task="prepare"), "/ledgerlens/engine")
    moment = datetime.fromisoformat(event.pop("time"))
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 5
    assert len(event.pop("id")) == 36
    assert event == {
        "specversion": "1.0",
        "source": "/ledgerlens/engine",
        "type": "io.ledgerlens.result.started",
        "subject": "jobs/5f1",
        "datacontenttype": "application/json",
        "data": {"tenant": "acme", "jobId": "5f1", "attempt": 2, "task": "prepare"},
    }


def test_every_event_has_an_id_of_its_own() -> None:
    message = TaskStarted(**COMMON, task="prepare")
    assert to_cloud_event(message, "/x")["id"] != to_cloud_event(message, "/x")["id"]


def _started(**changes: Any) -> dict[str, Any]:
    event = to_cloud_event(TaskStarted(**COMMON, task="prepare"), "/x") | changes
    return {name: value for name, value in event.items() if value is not ...}


@pytest.mark.parametrize(
    "changes",
    [
        {"specversion": "0.3"},
        {"specversion": ...},
        {"id": ""},
        {"id": "x" * 201},
        {"id": ...},
        {"source": ""},
        {"source": 7},
        {"type": ...},
        {"type": None},
        {"time": "yesterday"},
        {"data": ...},
        {"data": []},
        {"data": "text"},
        {"data": {}},
    ],
    ids=str,
)
def test_a_wrong_envelope_is_refused(changes: dict[str, Any]) -> None:
    name = next(iter(changes))
    with pytest.raises(InvalidMessage, match=name if changes[name] != {} else "tenant"):
        decode(json.dumps(_started(**changes)).encode())


def test_the_time_may_be_missing_and_extensions_may_be_there() -> None:
    event = _started(time=..., traceparent="00-abc", subject=...)
    assert decode(encode(event)).message == TaskStarted(**COMMON, task="prepare")


@pytest.mark.parametrize(
    "kind",
    [
        "task.dance",
        "",
        "io.ledgerlens.",
        "io.ledgerlens.task.dance",
        "result.started",
        "com.other.result.started",
    ],
)
def test_an_unknown_type_is_refused(kind: str) -> None:
    with pytest.raises(InvalidMessage, match=r"not known here|type"):
        decode(encode(_started(type=kind)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\xff",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"[" * 100_000,
        b"9" * 5000,
        b'{"a": NaN}',
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidMessage):
        decode(body)


def test_half_a_surrogate_pair_is_refused_but_a_whole_one_is_text() -> None:
    failed = TaskFailed(**COMMON, task="prepare", code="x", error="HERE")
    body = encode(to_cloud_event(failed, "/x"))
    with pytest.raises(InvalidMessage, match="not JSON"):
        decode(body.replace(b"HERE", rb"\ud83d"))
    message = decode(body.replace(b"HERE", rb"\ud83d\ude00")).message
    assert isinstance(message, TaskFailed)
    assert message.error == "\N{GRINNING FACE}"


def test_half_a_surrogate_pair_is_sent_as_a_question_mark() -> None:
    message = decode(
        encode(to_cloud_event(TaskFailed(**COMMON, task="prepare", code="x", error="a\ud800b"), "/x"))
    ).message
    assert isinstance(message, TaskFailed)
    assert message.error == "a?b"


GOOD: dict[str, Message] = {
    "prepare": PrepareTask(**COMMON, document_path="/d", upload_path="/u"),
    "recognise": RecogniseTask(**COMMON, page_id="p", page_number=1, template=TEMPLATE),
    "extract": ExtractTask(**COMMON, pages_path="/r", template=TEMPLATE),
    "started": TaskStarted(**COMMON, task="extract"),
    "prepared": DocumentPrepared(
        **COMMON, format="pdf", size=1, sha256="0", pages=(PreparedPage(number=1),), seconds=0.5
    ),
    "extracted": DocumentExtracted(**COMMON, extraction=EXTRACTION, seconds=1.0),
    "failed": TaskFailed(**COMMON, task="prepare", code="c", error="e"),
}
MISFITS: list[tuple[str, dict[str, Any]]] = [
    ("started", {"tenant": ""}),
    ("started", {"tenant": "x" * 101}),
    ("started", {"tenant": 5}),
    ("started", {"tenant": None}),
    ("started", {"job_id": ""}),
    ("started", {"attempt": 0}),
    ("started", {"attempt": 1.7}),
    ("started", {"attempt": "2"}),
    ("started", {"attempt": "second"}),
    ("started", {"attempt": True}),
    ("started", {"task": "dance"}),
    ("started", {"task": None}),
    ("prepare", {"document_path": "files/1"}),
    ("prepare", {"upload_path": "http://elsewhere/"}),
    ("prepare", {"resolution_dpi": 71}),
    ("prepare", {"resolution_dpi": 601}),
    ("prepare", {"resolution_dpi": 300.5}),
    ("recognise", {"page_number": 0}),
    ("recognise", {"template": {"documentType": "poem"}}),
    ("recognise", {"template": {"languages": "de"}}),
    ("recognise", {"template": {"further": 1}}),
    ("recognise", {"template": {"extractionRules": {"fields": [{"name": "a", "pattern": "("}]}}}),
    ("recognise", {"template": None}),
    ("extract", {"pages_path": ""}),
    ("prepared", {"pages": (PreparedPage(number=0),)}),
    ("prepared", {"pages": (PreparedPage(number=1, width=1.5),)}),  # type: ignore[arg-type]  # to be refused
    ("prepared", {"seconds": float("nan")}),
    ("prepared", {"size": None}),
    ("prepared", {"notes": (7,)}),
    ("extracted", {"extraction": {}}),
    ("extracted", {"extraction": EXTRACTION | {"further": 1}}),
    ("extracted", {"extraction": EXTRACTION | {"confidence": {"overall": 1.5, "fields": {}}}}),
    ("failed", {"error": None}),
]


@pytest.mark.parametrize(("name", "changes"), MISFITS, ids=str)
def test_sender_and_receiver_refuse_what_does_not_fit(name: str, changes: dict[str, Any]) -> None:
    good = GOOD[name]
    with pytest.raises(InvalidMessage, match="does not fit its schema"):
        to_cloud_event(dataclasses.replace(good, **changes), "/x")
    event = to_cloud_event(good, "/x")
    for field, value in changes.items():
        first, *rest = field.split("_")
        wire = first + "".join(part.capitalize() for part in rest)
        event["data"][wire] = _plain(value)
    with pytest.raises(InvalidMessage):
        decode(json.dumps(event).encode())


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dataclasses.asdict(value) if isinstance(value, PreparedPage) else value


@pytest.mark.parametrize("name", GOOD)
def test_a_field_that_is_not_declared_is_refused(name: str) -> None:
    event = to_cloud_event(GOOD[name], "/x")
    event["data"]["further"] = 1
    with pytest.raises(InvalidMessage, match="further"):
        decode(encode(event))


@pytest.mark.parametrize(
    "value", [{1, 2}, float("inf"), datetime.now(UTC)], ids=lambda value: type(value).__name__
)
def test_what_json_cannot_hold_is_not_sent(value: Any) -> None:
    extraction = EXTRACTION | {"extractedData": {"custom": {"deep": value}}}
    event = to_cloud_event(DocumentExtracted(**COMMON, extraction=extraction, seconds=1.0), "/x")
    with pytest.raises(InvalidMessage, match="can't be written as JSON"):
        encode(event)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    ),
    st.sampled_from([message.TYPE for message in MESSAGES]),
)
def test_nothing_but_a_message_or_invalid_message_comes_out(data: Any, kind: str) -> None:
    for body in (data, _started(type=TYPE_PREFIX + kind, data=data)):
        try:
            message = decode(json.dumps(body).encode()).message
        except InvalidMessage:
            continue
        assert type(message) in MESSAGES
