"""From a delivery to its report: what is acknowledged, what is put aside, and what goes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from services.engine.consumer import UNSENDABLE, TaskConsumer
from services.engine.files import GatewayUnavailable, TaskOutdated
from services.engine.tasks import Tasks
from shared.broker import Broker, Delivery, Disposition, Handler
from shared.cloud_events import encode
from shared.errors import DocumentError
from shared.messages.base import Message
from shared.messages.results import DocumentExtracted, TaskFailed, TaskStarted
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from shared.messages.wire import decode, to_cloud_event
from shared.topology import PRIORITIES, task_queue_name

COMMON: dict[str, Any] = {"tenant": "acme", "job_id": "j1", "attempt": 2}
EXTRACT = ExtractTask(**COMMON, pages_path="/readings")
DONE = DocumentExtracted(
    **COMMON,
    extraction={
        "extractedData": {},
        "confidence": {"overall": 0.0, "fields": {}},
        "validationResults": {"isValid": True, "errors": []},
    },
    seconds=0.5,
)


class _Broker:
    """Keeps what is published and parked, in the form in which it would be sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.parked: list[str] = []
        self.queues: dict[str, int] = {}

    async def publish(self, exchange: str, key: str, event: dict[str, Any]) -> None:
        assert (exchange, key) == ("ledgerlens.results", "results")
        self.sent.append(decode(encode(event)).message)

    async def park(self, delivery: Delivery, reason: str) -> Disposition:
        assert delivery.body
        self.parked.append(reason)
        return Disposition.ACKNOWLEDGE

    async def consume(self, queue: str, handler: Handler, prefetch: int) -> None:
        assert callable(handler)
        self.queues[queue] = prefetch


class _Tasks:
    """Does every task in the same given way."""

    def __init__(self, do: Callable[[], Awaitable[Message]]) -> None:
        self._do = do
        self.done: list[Message] = []

    async def _any(self, task: Message) -> Message:
        self.done.append(task)
        return await self._do()

    prepare = recognise = extract = _any


def _raising(error: Exception) -> Callable[[], Awaitable[Message]]:
    async def do() -> Message:
        raise error

    return do


async def _finished() -> Message:
    return DONE


def _consumer(broker: _Broker, do: Callable[[], Awaitable[Message]], slots: int = 1) -> TaskConsumer:
    return TaskConsumer(cast(Broker, broker), cast(Tasks, _Tasks(do)), slots)


def _delivery(message: Message | bytes, priority: str = "medium") -> Delivery:
    body = message if isinstance(message, bytes) else encode(to_cloud_event(message, "/test"))
    return Delivery(body, priority, 0, {})


async def test_every_priority_is_consumed() -> None:
    broker = _Broker()
    await _consumer(broker, _finished, slots=3).start()
    assert broker.queues == {task_queue_name(priority): 3 for priority in PRIORITIES}


async def test_a_task_is_announced_done_and_reported() -> None:
    broker = _Broker()
    assert await _consumer(broker, _finished)._handle(_delivery(EXTRACT)) is Disposition.ACKNOWLEDGE
    assert broker.sent == [TaskStarted(**COMMON, task="extract"), DONE]


@pytest.mark.parametrize(
    ("task", "name", "page"),
    [
        (PrepareTask(**COMMON, upload_path="/u"), "prepare", None),
        (RecogniseTask(**COMMON, page_id="p1", page_number=1), "recognise", "p1"),
        (EXTRACT, "extract", None),
    ],
)
async def test_a_document_s_fault_is_reported_and_acknowledged(
    task: Message, name: str, page: str | None
) -> None:
    broker = _Broker()
    consumer = _consumer(broker, _raising(DocumentError("emptyPdf", "The PDF has no pages.")))
    assert await consumer._handle(_delivery(task)) is Disposition.ACKNOWLEDGE
    assert broker.sent == [
        TaskStarted(**COMMON, task=name, page_id=page),
        TaskFailed(**COMMON, task=name, page_id=page, code="emptyPdf", error="The PDF has no pages."),
    ]


async def test_a_result_that_does_not_fit_its_schema_fails_the_task_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = _Broker()

    async def odd() -> Message:
        return replace(DONE, extraction={**DONE.extraction, "extractedData": {"odd": 1}})

    assert await _consumer(broker, odd)._handle(_delivery(EXTRACT)) is Disposition.ACKNOWLEDGE
    started, failed = broker.sent
    assert started == TaskStarted(**COMMON, task="extract")
    assert isinstance(failed, TaskFailed)
    assert (failed.code, failed.transient, failed.error) == ("internalError", False, UNSENDABLE)
    assert "'odd': ['Unknown field.']" in caplog.text


async def test_an_outdated_task_is_dropped_without_a_result() -> None:
    broker = _Broker()
    consumer = _consumer(broker, _raising(TaskOutdated("moved on")))
    assert await consumer._handle(_delivery(EXTRACT)) is Disposition.ACKNOWLEDGE
    assert broker.sent == [TaskStarted(**COMMON, task="extract")]


@pytest.mark.parametrize("error", [GatewayUnavailable("away"), RuntimeError("bug")])
async def test_what_is_not_the_document_s_fault_is_not_reported_as_failed(error: Exception) -> None:
    broker = _Broker()
    with pytest.raises(type(error)):  # the broker gives the message back to its queue
        await _consumer(broker, _raising(error))._handle(_delivery(EXTRACT))
    assert broker.sent == [TaskStarted(**COMMON, task="extract")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (encode(to_cloud_event(DONE, "/test")), "'result.extracted' message is not a task"),
        (encode(to_cloud_event(EXTRACT, "/test") | {"type": "io.ledgerlens.task.dance"}), "not known here"),
    ],
    ids=["broken", "deep", "result", "unknown"],
)
async def test_what_is_no_task_is_put_aside_with_the_reason(body: bytes, reason: str) -> None:
    broker = _Broker()
    assert await _consumer(broker, _finished)._handle(_delivery(body)) is Disposition.ACKNOWLEDGE
    assert len(broker.parked) == 1
    assert reason in broker.parked[0]
    assert broker.sent == []


async def test_tasks_wait_for_a_slot_and_go_by_priority() -> None:
    broker, release = _Broker(), asyncio.Event()

    async def wait() -> Message:
        await release.wait()
        return DONE

    consumer = _consumer(broker, wait)
    waiting = []
    for number, priority in enumerate(["low", "low", "urgent"]):
        task = RecogniseTask(**COMMON, page_id=f"{priority}{number}", page_number=1)
        waiting.append(asyncio.create_task(consumer._handle(_delivery(task, priority))))
        await asyncio.sleep(0.01)
    assert len(broker.sent) == 1
    release.set()
    await asyncio.gather(*waiting)
    started = [message.page_id for message in broker.sent if isinstance(message, TaskStarted)]
    assert started == ["low0", "urgent2", "low1"]


async def test_at_a_stop_tasks_that_only_wait_go_back_to_the_queue() -> None:
    broker, release = _Broker(), asyncio.Event()

    async def wait() -> Message:
        await release.wait()
        return DONE

    consumer = _consumer(broker, wait)
    in_hand = asyncio.create_task(consumer._handle(_delivery(EXTRACT)))
    await asyncio.sleep(0.01)
    waiting = asyncio.create_task(consumer._handle(_delivery(EXTRACT)))
    await asyncio.sleep(0.01)
    await consumer.stop(1)
    release.set()
    assert await in_hand is Disposition.ACKNOWLEDGE
    assert await waiting is Disposition.REQUEUE
    assert [type(message) for message in broker.sent] == [TaskStarted, DocumentExtracted]
