"""An engine as the broker sees it: it takes real tasks and reports real results, and reads nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shared.broker import Broker, Delivery, Disposition
from shared.messages.base import Message
from shared.messages.results import (
    DocumentExtracted,
    DocumentPrepared,
    PageRecognised,
    PreparedPage,
    TaskFailed,
    TaskStarted,
)
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from shared.messages.wire import decode, to_cloud_event
from shared.topology import PRIORITIES, RESULTS_EXCHANGE, RESULTS_KEY, task_queue_name

READING: dict[str, Any] = {
    "width": 1000,
    "height": 1400,
    "ocrResults": {
        "text": "Invoice 7",
        "confidence": 0.9,
        "source": "ocr",
        "words": [],
        "lines": [],
        "blocks": [],
    },
    "tableData": [],
    "preprocessing": {
        "enhanced": False,
        "deskewed": False,
        "denoised": False,
        "binarized": False,
        "rotationAngle": 0.0,
    },
    "qualityScore": 0.8,
}
EXTRACTION: dict[str, Any] = {
    "extractedData": {
        "invoice": {
            "number": "7",
            "date": "2026-01-31",
            "supplier": {"name": "Acme"},
            "amounts": {"total": 12.5, "currency": "EUR"},
        },
        "lineItems": [{"description": "Bolt", "quantity": 5, "unitPrice": 2.5, "amount": 12.5}],
    },
    "confidence": {"overall": 0.9, "fields": {"invoice.number": 0.9}},
    "validationResults": {"isValid": True, "errors": []},
}
ONE_PAGE = (
    PreparedPage(number=1, width=1000, height=1400, dpi=300, color_space="rgb", format="png", size=9),
)


class SimulatedEngine:
    """Takes every task off the queues; a test waits for those of its job and answers them as it likes."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._tasks: dict[str, asyncio.Queue[tuple[str, Message]]] = defaultdict(asyncio.Queue)

    async def start(self) -> None:
        for priority in PRIORITIES:
            await self._broker.consume(task_queue_name(priority), self._take, prefetch=50)

    async def _take(self, delivery: Delivery) -> Disposition:
        task = decode(delivery.body).message
        self._tasks[task.job_id].put_nowait((delivery.routing_key, task))
        return Disposition.ACKNOWLEDGE

    async def task(self, job_id: str, seconds: float = 10) -> Message:
        """The job's next task."""
        return (await self.task_with_priority(job_id, seconds))[1]

    async def task_with_priority(self, job_id: str, seconds: float = 10) -> tuple[str, Message]:
        async with asyncio.timeout(seconds):
            return await self._tasks[job_id].get()

    async def no_task(self, job_id: str, seconds: float = 0.7) -> bool:
        """Whether no task of the job comes for so long."""
        try:
            await self.task(job_id, seconds)
        except TimeoutError:
            return True
        return False

    async def report(self, message: Message) -> None:
        await self._broker.publish(RESULTS_EXCHANGE, RESULTS_KEY, to_cloud_event(message, "/test/engine"))

    async def start_on(self, task: Message) -> None:
        """Report that the work on a task has begun."""
        names = {PrepareTask: "prepare", RecogniseTask: "recognise", ExtractTask: "extract"}
        page_id = task.page_id if isinstance(task, RecogniseTask) else None
        await self.report(TaskStarted(**_of(task), task=names[type(task)], page_id=page_id))

    async def succeed(
        self, task: Message, pages: Sequence[PreparedPage] = ONE_PAGE, format: str = "pdf"
    ) -> None:
        """Report a task's result."""
        await self.report(result_of(task, pages, format))

    async def fail(self, task: Message, error: str = "It is broken.", *, transient: bool = False) -> None:
        """Report that a task can't be done."""
        await self.report(failure_of(task, error, transient=transient))

    async def complete(self, job_id: str, task: Message | None = None) -> None:
        """Do all that there is to be done for a job of one page, from `task` or its next one on."""
        task = task or await self.task(job_id)
        await self.succeed(task)
        while not isinstance(task, ExtractTask):
            task = await self.task(job_id)
            await self.succeed(task)


def result_of(task: Message, pages: Sequence[PreparedPage] = ONE_PAGE, format: str = "pdf") -> Message:
    """The message that reports a task as done."""
    if isinstance(task, PrepareTask):
        return DocumentPrepared(
            **_of(task),
            format=format,
            size=1234,
            sha256=hashlib.sha256(task.job_id.encode()).hexdigest(),
            pages=tuple(pages),
            seconds=0.1,
        )
    if isinstance(task, RecogniseTask):
        return PageRecognised(**_of(task), page_id=task.page_id, reading=READING, seconds=0.1)
    return DocumentExtracted(**_of(task), extraction=EXTRACTION, seconds=0.1)


def failure_of(task: Message, error: str = "It is broken.", *, transient: bool = False) -> TaskFailed:
    """The message that reports a task as failed."""
    names = {PrepareTask: "prepare", RecogniseTask: "recognise", ExtractTask: "extract"}
    return TaskFailed(
        **_of(task),
        task=names[type(task)],
        page_id=task.page_id if isinstance(task, RecogniseTask) else None,
        code="testFailure",
        error=error,
        transient=transient,
    )


def _of(task: Message) -> dict[str, Any]:
    return {"tenant": task.tenant, "job_id": task.job_id, "attempt": task.attempt}
