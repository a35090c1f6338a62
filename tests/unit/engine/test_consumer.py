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


class _SlowBroker(_Broker):
    """Takes longer to confirm a start than the task of these tests takes."""

    async def publish(self, exchange: str, key: str, event: dict[str, Any]) -> None:
        if event["type"].endswith("started"):
            await asyncio.sleep(0.1)
        await super().publish(exchange, key, event)


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


def _consumer(
    broker: _Broker, do: Callable[[], Awaitable[Message]], slots: int = 1, quiet_seconds: float = 60
) -> TaskConsumer:
    tasks = cast(Tasks, _Tasks(do))
    return TaskConsumer(cast(Broker, broker), tasks, slots, quiet_seconds=quiet_seconds)


def _delivery(message: Message | bytes, priority: str = "medium") -> Delivery:
    body = message if isinstance(message, bytes) else encode(to_cloud_event(message, "/test"))
    return Delivery(body, priority, 0, {})


async def test_every_priority_is_consumed() -> None:
    broker = _Broker()
    await _consumer(broker, _finished, slots=3).start()
    assert broker.queues == {task_queue_name(priority): 3 for priority in PRIORITIES}


async def _slowly() -> Message:
    await asyncio.sleep(0.05)
    return DONE


PREPARE = PrepareTask(**COMMON, upload_path="/u")
RECOGNISE = RecogniseTask(**COMMON, page_id="p1", page_number=1)
each_task = pytest.mark.parametrize(
    ("task", "name", "page"),
    [(PREPARE, "prepare", None), (RECOGNISE, "recognise", "p1"), (EXTRACT, "extract", None)],
)


async def test_what_is_done_quickly_is_only_reported() -> None:
    broker = _Broker()
    assert await _consumer(broker, _finished)._handle(_delivery(PREPARE)) is Disposition.ACKNOWLEDGE
    assert broker.sent == [DONE]


@each_task
async def test_a_document_or_page_that_takes_long_is_announced(
    task: Message, name: str, page: str | None
) -> None:
    broker = _Broker()
    await _consumer(broker, _slowly, quiet_seconds=0.01)._handle(_delivery(task))
    announced = [] if name == "extract" else [TaskStarted(**COMMON, task=name, page_id=page)]
    assert broker.sent == [*announced, DONE]


async def test_the_announcement_goes_before_the_result() -> None:
    broker = _SlowBroker()
    await _consumer(broker, _slowly, quiet_seconds=0.02)._handle(_delivery(RECOGNISE))
    assert broker.sent == [TaskStarted(**COMMON, task="recognise", page_id="p1"), DONE]


@each_task
async def test_a_document_s_fault_is_reported_and_acknowledged(
    task: Message, name: str, page: str | None
) -> None:
    broker = _Broker()
    consumer = _consumer(broker, _raising(DocumentError("emptyPdf", "The PDF has no pages.")))
    assert await consumer._handle(_delivery(task)) is Disposition.ACKNOWLEDGE
    assert broker.sent == [
        TaskFailed(**COMMON, task=name, page_id=page, code="emptyPdf", error="The PDF has no pages.")
    ]


async def test_a_result_that_does_not_fit_its_schema_fails_the_task_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = _Broker()

    async def odd() -> Message:
        return replace(DONE, extraction={**DONE.extraction, "extractedData": {"odd": 1}})

    assert await _consumer(broker, odd)._handle(_delivery(EXTRACT)) is Disposition.ACKNOWLEDGE
    (failed,) = broker.sent
    assert isinstance(failed, TaskFailed)
    assert (failed.code, failed.transient, failed.error) == ("internalError", False, UNSENDABLE)
    assert "'odd': ['Unknown field.']" in caplog.text


async def test_an_outdated_task_is_dropped_without_a_result() -> None:
    broker = _Broker()
    consumer = _consumer(broker, _raising(TaskOutdated("moved on")))
    assert await consumer._handle(_delivery(EXTRACT)) is Disposition.ACKNOWLEDGE
    assert broker.sent == []


@pytest.mark.parametrize("error", [GatewayUnavailable("away"), RuntimeError("bug")])
async def test_what_is_not_the_document_s_fault_is_not_reported_as_failed(error: Exception) -> None:
    broker = _Broker()
    with pytest.raises(type(error)):  # the broker gives the message back to its queue
        await _consumer(broker, _raising(error))._handle(_delivery(EXTRACT))
    assert broker.sent == []


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

    tasks = _Tasks(wait)
    consumer = TaskConsumer(cast(Broker, broker), cast(Tasks, tasks), 1)
    waiting = []
    for number, priority in enumerate(["low", "low", "urgent"]):
        task = RecogniseTask(**COMMON, page_id=f"{priority}{number}", page_number=1)
        waiting.append(asyncio.create_task(consumer._handle(_delivery(task, priority))))
        await asyncio.sleep(0.01)
    assert len(tasks.done) == 1
    release.set()
    await asyncio.gather(*waiting)
    done = [task.page_id for task in tasks.done if isinstance(task, RecogniseTask)]
    assert done == ["low0", "urgent2", "low1"]


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
    assert [type(message) for message in broker.sent] == [DocumentExtracted]
