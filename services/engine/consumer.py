"""Takes tasks from the broker, has them done, and reports: a task is acknowledged after its result."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from services.engine.files import TaskOutdated
from services.engine.priority import PrioritySlots
from services.engine.tasks import Tasks
from shared.broker import Broker, Consumer, Delivery, Disposition
from shared.errors import DocumentError, InvalidMessage
from shared.logs import log_context
from shared.messages.base import Message
from shared.messages.results import TaskFailed, TaskStarted
from shared.messages.tasks import CheckTask, ExtractTask, LearnTask, PrepareTask, RecogniseTask
from shared.messages.wire import decode, to_cloud_event
from shared.supervision import set_within
from shared.topology import PRIORITIES, RESULTS_EXCHANGE, RESULTS_KEY, task_queue_name

_log = logging.getLogger(__name__)

SOURCE = "/ledgerlens/engine"
# What is done by then needs no word that it was begun: its result says so.
QUIET_SECONDS = 3.0
UNSENDABLE = "What was read does not fit the message that carries it; the engine's log says more."


class TaskConsumer:
    """Consumes the task queues of every priority; at most `slots` tasks run at a time.

    A little more than the workers can do is taken, so that fetching and uploading overlap with reading.
    Documents and pages that are not done after `quiet_seconds` are reported as started.
    """

    def __init__(
        self, broker: Broker, tasks: Tasks, slots: int, *, quiet_seconds: float = QUIET_SECONDS
    ) -> None:
        self._broker = broker
        self._tasks = tasks
        self._slot_count = slots
        self._quiet_seconds = quiet_seconds
        self._slots = PrioritySlots(slots)
        self._consumers: list[Consumer] = []
        self._stopping = False

    async def start(self) -> None:
        for priority in PRIORITIES:
            consumer = await self._broker.consume(
                task_queue_name(priority), self._handle, prefetch=self._slot_count
            )
            self._consumers.append(consumer)

    async def stop(self, grace_seconds: float) -> None:
        """Take no more tasks, let those in hand finish, and give back those that only wait."""
        self._stopping = True
        await asyncio.gather(*(consumer.stop(grace_seconds) for consumer in self._consumers))

    async def _handle(self, delivery: Delivery) -> Disposition:
        try:
            task = decode(delivery.body).message
        except InvalidMessage as error:
            return await self._broker.park(delivery, str(error))
        work = self._work_of(task)
        if work is None:
            return await self._broker.park(delivery, f"A '{task.TYPE}' message is not a task.")
        name, do = work
        page_id = task.page_id if isinstance(task, RecogniseTask) else None
        with log_context(jobId=task.job_id, pageId=page_id):
            async with self._slots.hold(delivery.routing_key):
                if self._stopping:
                    return Disposition.REQUEUE
                return await self._do(task, name, page_id, do)

    def _work_of(self, task: Message) -> tuple[str, Callable[[], Awaitable[Message]]] | None:
        match task:
            case PrepareTask():
                return "prepare", lambda: self._tasks.prepare(task)
            case RecogniseTask():
                return "recognise", lambda: self._tasks.recognise(task)
            case ExtractTask():
                return "extract", lambda: self._tasks.extract(task)
            case LearnTask():
                return "learn", lambda: self._tasks.learn(task)
            case CheckTask():
                return "check", lambda: self._tasks.check(task)
        return None

    async def _do(
        self, task: Message, name: str, page_id: str | None, do: Callable[[], Awaitable[Message]]
    ) -> Disposition:
        began = time.monotonic()
        common: Any = {"tenant": task.tenant, "job_id": task.job_id, "attempt": task.attempt}
        failed = partial(TaskFailed, **common, task=name, page_id=page_id)
        try:
            async with self._announced(TaskStarted(**common, task=name, page_id=page_id)):
                result = await do()
            await self._report(result)
        except DocumentError as error:
            _log.info("The task '%s' failed: %s", name, error, extra={"code": error.code})
            await self._report(failed(code=error.code, error=str(error), transient=error.transient))
        except InvalidMessage:
            # Doing it again would end in the same.
            _log.exception("The result of the task '%s' can't be sent.", name)
            await self._report(failed(code="internalError", error=UNSENDABLE))
        except TaskOutdated as error:
            _log.info("The task '%s' is dropped: %s", name, error)
            return Disposition.ACKNOWLEDGE
        _log.info("Did '%s'.", name, extra={"seconds": round(time.monotonic() - began, 3)})
        return Disposition.ACKNOWLEDGE

    @asynccontextmanager
    async def _announced(self, started: TaskStarted) -> AsyncIterator[None]:
        """Report that a document or a page was `started` if the block takes long, and before it is left."""
        if started.task not in ("prepare", "recognise"):
            yield  # a job whose pages are read shows no more of it
            return
        is_done = asyncio.Event()

        async def announce() -> None:
            if not await set_within(is_done, self._quiet_seconds):
                await self._report(started)

        announcing = asyncio.create_task(announce())
        try:
            yield
        finally:
            is_done.set()
            await announcing

    async def _report(self, message: Message) -> None:
        await self._broker.publish(RESULTS_EXCHANGE, RESULTS_KEY, to_cloud_event(message, SOURCE))
