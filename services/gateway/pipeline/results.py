"""Applies what engines report: each result at most once, in one transaction with what follows from it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bson import ObjectId

from services.gateway.pipeline.lessons import Lessons
from services.gateway.pipeline.progress import Progress
from services.gateway.pipeline.rechecks import Rechecks
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.records import UNFINISHED, Records
from services.gateway.store.repository import utc_now
from shared.broker import Broker, Delivery, Disposition
from shared.errors import InvalidMessage
from shared.logs import log_context
from shared.messages.base import Message
from shared.messages.results import (
    CorrectionsLearned,
    DataChecked,
    DocumentExtracted,
    DocumentPrepared,
    PageRecognised,
    TaskFailed,
    TaskStarted,
)
from shared.messages.tasks import CheckTask, ExtractTask, LearnTask, PrepareTask, RecogniseTask
from shared.messages.wire import decode

_log = logging.getLogger(__name__)

_TASK_NAMES: dict[type[Message], str] = {
    PrepareTask: "prepare",
    RecogniseTask: "recognise",
    ExtractTask: "extract",
    LearnTask: "learn",
    CheckTask: "check",
}


class JobLocks:
    """One lock per job that has results in hand here.

    Transactions of one job conflict by design; within one gateway they may as well take turns.
    """

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, job_id: str) -> AsyncIterator[None]:
        lock, users = self._locks.get(job_id, (asyncio.Lock(), 0))
        self._locks[job_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[job_id]
            if users == 1:
                del self._locks[job_id]
            else:
                self._locks[job_id] = (lock, users - 1)


class Results:
    """Handles the messages of the results queue, and of the queue of tasks that no engine could do."""

    def __init__(
        self,
        *,
        database: Database,
        records: Records,
        progress: Progress,
        tasks: TaskWriter,
        lessons: Lessons,
        rechecks: Rechecks,
        broker: Broker,
    ) -> None:
        self._database = database
        self._records = records
        self._progress = progress
        self._tasks = tasks
        self._lessons = lessons
        self._rechecks = rechecks
        self._broker = broker
        self._locks = JobLocks()

    async def handle(self, delivery: Delivery) -> Disposition:
        """Apply one result; a message that is none is put aside with the reason."""
        try:
            message = decode(delivery.body).message
            known = _handlable(message)
        except InvalidMessage as error:
            return await self._broker.park(delivery, str(error))
        await self._apply(known)
        return Disposition.ACKNOWLEDGE

    async def handle_dead_task(self, delivery: Delivery) -> Disposition:
        """A task was delivered again and again without a result: record that it failed."""
        try:
            message = decode(delivery.body).message
        except InvalidMessage as error:
            return await self._broker.park(delivery, str(error))
        name = _TASK_NAMES.get(type(message))
        if name is None:
            return await self._broker.park(delivery, f"A '{message.TYPE}' message is not a task.")
        await self._apply(
            TaskFailed(
                tenant=message.tenant,
                job_id=message.job_id,
                attempt=message.attempt,
                task=name,
                page_id=message.page_id if isinstance(message, RecogniseTask) else None,
                code="taskAbandoned",
                error="The engine stopped several times while it worked on this; it was given up.",
                transient=True,
            )
        )
        return Disposition.ACKNOWLEDGE

    async def _apply(self, message: Message) -> None:
        with log_context(jobId=message.job_id, pageId=getattr(message, "page_id", None)):

            async def apply(session: Session) -> None:
                await self._apply_in(session, message)

            async with self._locks.hold(message.job_id):
                if isinstance(message, TaskStarted) and message.task != "prepare":
                    await self._page_started(message)
                else:
                    await self._database.transaction(apply)
            _log.info("Applied %s.", message.TYPE)

    async def _apply_in(self, session: Session, message: Message) -> None:
        match message:
            case TaskStarted():
                job_id = ObjectId(message.job_id)
                await self._progress.begin(session, message.tenant, job_id, message.attempt)
            case DocumentPrepared():
                await self._progress.prepared(session, message)
            case PageRecognised():
                await self._recognised(session, message)
            case DocumentExtracted():
                await self._progress.extracted(session, message)
            case CorrectionsLearned():
                await self._lessons.learned(session, message)
            case DataChecked():
                await self._rechecks.checked(session, message)
            case TaskFailed(page_id=None):
                await self._job_task_failed(session, message)
            case TaskFailed():
                await self._page_failed(session, message)

    async def _page_started(self, message: TaskStarted) -> None:
        """An engine has taken a page up; that it is at another task of a job changes nothing."""
        if message.page_id:
            await self._records.pages.apply(
                message.tenant,
                ObjectId(message.page_id),
                {"status": "processing", "startedAt": utc_now()},
                when={"status": "pending", "attempt": message.attempt},
            )

    async def _recognised(self, session: Session, message: PageRecognised) -> None:
        reading = message.reading
        await self._finish_page(
            session,
            message,
            {
                "status": "completed",
                "ocrResults": reading["ocrResults"],
                "tableData": reading["tableData"],
                "preprocessing": reading["preprocessing"],
                "qualityScore": reading["qualityScore"],
                "marks": list(message.marks),
                "imageProperties.width": reading["width"],
                "imageProperties.height": reading["height"],
                "processingTime": round(message.seconds, 3),
                **({"producedBy": message.produced_by} if message.produced_by else {}),
            },
        )

    async def _page_failed(self, session: Session, message: TaskFailed) -> None:
        failed = {"status": "failed", "errorLog": message.error, "transient": message.transient}
        await self._finish_page(session, message, failed)

    async def _finish_page(
        self, session: Session, message: PageRecognised | TaskFailed, changes: Document
    ) -> None:
        """Set the page's result, and go on with its job; not if it has a result, or was started afresh."""
        tenant, page_id = message.tenant, ObjectId(message.page_id)
        page = await self._records.pages.find_one(tenant, {"_id": page_id}, session)
        if page is None or page["attempt"] != message.attempt or page["status"] not in UNFINISHED:
            return
        finished = {**changes, "queued": False, "completedAt": utc_now()}
        done = await self._records.pages.update(tenant, page_id, finished, session=session, known=page)
        if done is not None:
            await self._progress.page_done(session, done)

    async def _job_task_failed(self, session: Session, message: TaskFailed) -> None:
        state = {"attempt": message.attempt, "stage": message.task}
        job = await self._records.jobs.find_one(
            message.tenant, {"_id": ObjectId(message.job_id), **state}, session
        )
        if job is not None:
            await self._progress.fail(session, job, message.error, transient=message.transient)


def _handlable(message: Message) -> Message:
    """Raises InvalidMessage for what is no result, or names no record of this database."""
    if isinstance(message, tuple(_TASK_NAMES)):
        raise InvalidMessage(f"A '{message.TYPE}' message is not a result.")
    ids = [message.job_id, getattr(message, "page_id", None)]
    if not all(ObjectId.is_valid(one) for one in ids if one is not None):
        raise InvalidMessage("The message names a job or page that can't exist.")
    return message
