"""The engine's side of the conversation, spoken by a test: real messages over the real broker."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, TypeVar

import aiohttp

from shared.broker import Broker, Consumer, Delivery, Disposition
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
from shared.readings import BoundingBox, Line, PageReading, Word
from shared.schemas.reading import reading_to_json
from shared.topology import PRIORITIES, RESULTS_EXCHANGE, RESULTS_KEY, task_queue_name

Task = TypeVar("Task", bound=Message)

EXTRACTION: dict[str, Any] = {
    "extractedData": {
        "invoice": {"number": "R-1", "language": "en", "amounts": {"total": 12.5, "currency": "EUR"}},
        "lineItems": [{"description": "Widget", "quantity": 1, "unitPrice": 12.5, "amount": 12.5}],
    },
    "confidence": {"overall": 0.9, "fields": {"invoice.number": 0.9}},
    "validationResults": {"isValid": True, "errors": []},
}


class PlayedEngine:
    """Collects the tasks that the gateway publishes and answers as a test says."""

    def __init__(self, broker: Broker, gateway_url: str) -> None:
        self._broker = broker
        self._gateway_url = gateway_url
        self._consumers: list[Consumer] = []
        self._tasks: list[Message] = []
        self._arrived = asyncio.Condition()
        self.priorities: dict[str, str] = {}

    async def __aenter__(self) -> PlayedEngine:
        for priority in PRIORITIES:
            self._consumers.append(
                await self._broker.consume(task_queue_name(priority), self._take, prefetch=100)
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        for consumer in self._consumers:
            await consumer.stop(1)

    async def _take(self, delivery: Delivery) -> Disposition:
        task = decode(delivery.body).message
        async with self._arrived:
            self._tasks.append(task)
            self.priorities[task.job_id] = delivery.routing_key
            self._arrived.notify_all()
        return Disposition.ACKNOWLEDGE

    async def next(self, kind: type[Task], job_id: str, seconds: float = 15.0) -> Task:
        """The next task of this kind for the job."""
        (task,) = await self.next_all(kind, job_id, 1, seconds)
        return task

    async def next_all(self, kind: type[Task], job_id: str, count: int, seconds: float = 15.0) -> list[Task]:
        """The next `count` tasks of this kind for the job."""

        def found() -> list[Task]:
            return [one for one in self._tasks if isinstance(one, kind) and one.job_id == job_id]

        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: len(found()) >= count)
            taken = found()[:count]
            for task in taken:
                self._tasks.remove(task)
        return taken

    def waiting(self, job_id: str) -> list[Message]:
        """Tasks of the job that have arrived and were not taken."""
        return [task for task in self._tasks if task.job_id == job_id]

    async def report(self, message: Message) -> None:
        """Send a result, as an engine would."""
        await self._broker.publish(RESULTS_EXCHANGE, RESULTS_KEY, to_cloud_event(message, "/tests"))

    async def started(self, task: PrepareTask | RecogniseTask | ExtractTask, name: str) -> None:
        page_id = task.page_id if isinstance(task, RecogniseTask) else None
        await self.report(TaskStarted(**_common(task), task=name, page_id=page_id))

    async def prepared(
        self, task: PrepareTask, pages: int = 1, sha256: str | None = None
    ) -> DocumentPrepared:
        """Upload so many page images and report them; the message that was sent."""
        for number in range(1, pages + 1):
            await self.upload(task.upload_path, number, b"\x89PNG page image")
        described = tuple(page_of(number) for number in range(1, pages + 1))
        message = prepared_message(task, described, sha256)
        await self.report(message)
        return message

    async def upload(self, upload_path: str, page: int, content: bytes, name: str = "image") -> int:
        """Put a page file; the answer's status."""
        path = upload_path.replace("{page}", str(page)).replace("{name}", name)
        async with (
            aiohttp.ClientSession() as session,
            session.put(
                self._gateway_url + path, data=content, headers={"Content-Type": "image/png"}
            ) as response,
        ):
            return response.status

    async def recognised(
        self, task: RecogniseTask, text: str = "Total 12.50", marks: tuple[str, ...] = ()
    ) -> PageRecognised:
        message = PageRecognised(
            **_common(task), page_id=task.page_id, reading=reading_of(text), marks=marks, seconds=0.2
        )
        await self.report(message)
        return message

    async def extracted(self, task: ExtractTask, invoice: dict[str, Any] | None = None) -> DocumentExtracted:
        message = DocumentExtracted(**_common(task), extraction=extraction_of(invoice), seconds=0.1)
        await self.report(message)
        return message

    async def failed(
        self, task: PrepareTask | RecogniseTask | ExtractTask, name: str, error: str
    ) -> TaskFailed:
        page_id = task.page_id if isinstance(task, RecogniseTask) else None
        message = TaskFailed(**_common(task), task=name, page_id=page_id, code="test", error=error)
        await self.report(message)
        return message

    async def complete(
        self,
        job_id: str,
        pages: int = 1,
        *,
        invoice: dict[str, Any] | None = None,
        sha256: str | None = None,
        marks: tuple[str, ...] = (),
    ) -> ExtractTask:
        """Do everything that a job of so many pages asks for; the task to extract, which was the last."""
        await self.prepared(await self.next(PrepareTask, job_id), pages, sha256)
        for task in await self.next_all(RecogniseTask, job_id, pages):
            await self.recognised(task, marks=marks)
        extract = await self.next(ExtractTask, job_id)
        await self.extracted(extract, invoice)
        return extract


def page_of(number: int) -> PreparedPage:
    return PreparedPage(
        number=number, width=100, height=200, dpi=150, color_space="rgb", format="png", size=15
    )


def prepared_message(
    task: PrepareTask, pages: tuple[PreparedPage, ...], sha256: str | None = None
) -> DocumentPrepared:
    """What an engine reports of a document with these pages; every job has a document of its own."""
    digest = sha256 or hashlib.sha256(task.job_id.encode()).hexdigest()
    return DocumentPrepared(**_common(task), format="pdf", size=1000, sha256=digest, pages=pages, seconds=0.1)


def extraction_of(invoice: dict[str, Any] | None) -> dict[str, Any]:
    """What an engine reports of an understood document."""
    if invoice is None:
        return EXTRACTION
    return {**EXTRACTION, "extractedData": {"invoice": invoice, "lineItems": []}}


def reading_of(text: str) -> dict[str, Any]:
    """A page that holds one line of `text`."""
    words = tuple(
        Word(word, 0.9, BoundingBox(10.0 + 40 * place, 20, 30, 10)) for place, word in enumerate(text.split())
    )
    return reading_to_json(PageReading(100, 200, (Line(words),) if words else (), quality_score=0.8))


def _common(task: Message) -> dict[str, Any]:
    return {"tenant": task.tenant, "job_id": task.job_id, "attempt": task.attempt}
