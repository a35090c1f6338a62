"""What clients may do with a job: create, process, change, cancel and delete it."""

from __future__ import annotations

from bson import ObjectId

from services.gateway.errors import PreconditionFailed, StateConflict
from services.gateway.pipeline.corrections import correction
from services.gateway.pipeline.dispatch import Dispatch
from services.gateway.pipeline.duplicates import fingerprints
from services.gateway.pipeline.endings import ACTIVE, Endings, ended
from services.gateway.pipeline.lessons import Lessons
from services.gateway.pipeline.rechecks import Rechecks
from services.gateway.pipeline.references import template_of
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.job_events import COUNTED
from services.gateway.store.records import Records
from services.gateway.store.removals import DOCUMENT, EVERYTHING, FileRemovals
from shared.topology import PRIORITIES

CANCELLABLE = ("created", *ACTIVE)
DEFAULT_PRIORITY = "medium"


class Submission:
    """Changes of a job's state that a client asks for; each is one transaction."""

    def __init__(
        self,
        *,
        database: Database,
        records: Records,
        tasks: TaskWriter,
        dispatch: Dispatch,
        endings: Endings,
        removals: FileRemovals,
        lessons: Lessons,
        rechecks: Rechecks,
    ) -> None:
        self._database = database
        self._records = records
        self._tasks = tasks
        self._dispatch = dispatch
        self._endings = endings
        self._removals = removals
        self._lessons = lessons
        self._rechecks = rechecks

    async def create(
        self, tenant: str, record: Document, *, process: bool = False, upload: ObjectId | None = None
    ) -> Document:
        """Store a new job and announce it; `process` queues it in the same transaction.

        A `record` that brings its own `_id` is stored once: if there is such a job already, that one is
        returned. Without a `jobNumber` one is made. `upload` is the note by which the document's file
        would be removed if there were no job for it. Raises StateConflict when the number is taken.
        """
        job_id = record.get("_id") or ObjectId()
        invoice_id = await self._records.jobs.next_invoice_id(tenant)
        fresh = {
            "jobNumber": f"JOB-{job_id}",
            **record,
            "_id": job_id,
            "invoiceId": invoice_id,
            "status": "created",
            "stage": "created",
            "attempt": 0,
            "retryCount": 0,
            "progress": {"percentage": 0, "currentStep": "created", "totalSteps": 0},
            "eventCount": 1,
        }

        async def store(session: Session) -> Document:
            priority = record.get("priority") or await self._group_priority(tenant, record, session)
            job = await self._records.jobs.insert(tenant, fresh | {"priority": priority}, session)
            self._tasks.job_event(session, job, "created")
            if upload is not None:
                await self._removals.call_off(upload, session)
            return await self._queue(session, job) if process else job

        try:
            return await self._database.transaction(store)
        except StateConflict:
            earlier = await self._records.jobs.find_one(tenant, {"_id": job_id})
            if earlier is None:
                raise
            return earlier

    async def process(self, tenant: str, job_id: ObjectId) -> Document:
        """Queue the job, afresh if it was processed before; one that is in work stays as it is.

        Raises StateConflict for a cancelled job.
        """

        async def queue(session: Session) -> Document:
            job = await self._records.jobs.get(tenant, job_id, session)
            if job["status"] == "cancelled":
                raise StateConflict("The job was cancelled and can't be processed any more.")
            return job if job["status"] in ACTIVE else await self._queue(session, job)

        return await self._database.transaction(queue)

    async def update(
        self, tenant: str, job_id: ObjectId, changes: Document, when: Document | None = None
    ) -> Document:
        """Change a job's input or correct its data, if it is in the state `when`.

        Another `documentUrl` takes the place of an uploaded document. Raises StateConflict when the job
        number is taken or the uploaded document is in use, PreconditionFailed when the state is another.
        """

        async def change(session: Session) -> Document:
            job = await self._records.jobs.get(tenant, job_id, session)
            derived: Document = {}
            if "extractedData" in changes:
                derived |= correction(job, changes["extractedData"])
                invoice = changes["extractedData"].get("invoice") or {}
                derived["fingerprints"] = fingerprints(job, invoice)
            if "priority" in changes:
                derived["waitingRank"] = PRIORITIES.index(changes["priority"])
            if "documentUrl" in changes and job.get("uploaded"):
                if job["status"] in ACTIVE:
                    raise StateConflict("The job is in work; its document can be replaced when it is done.")
                derived["uploaded"] = False
                await self._removals.add(job_id, DOCUMENT, session)
            changed = await self._records.jobs.update(
                tenant, job_id, changes | derived, when=when, session=session
            )
            if changed is None:
                raise PreconditionFailed
            if "extractedData" in changes:
                await self._lessons.job_corrected(session, job, changed)
                await self._rechecks.ask(session, changed)
            return changed

        return await self._database.transaction(change)

    async def cancel(self, tenant: str, job_id: ObjectId) -> Document:
        """Stop a job that is not finished. What engines still report about it changes nothing.

        Raises StateConflict when the job is finished.
        """

        async def cancel(session: Session) -> Document:
            job = await self._records.jobs.get(tenant, job_id, session)
            if job["status"] == "cancelled":
                return job
            if job["status"] not in CANCELLABLE:
                raise StateConflict(f"The job is {job['status']} already and can't be cancelled.")
            over = ended(job, "cancelled")
            cancelled = await self._records.jobs.advance(job, over, session, operators=COUNTED)
            await self._endings.cancelled(session, cancelled)
            return cancelled

        return await self._database.transaction(cancel)

    async def delete(self, tenant: str, job_id: ObjectId) -> None:
        """Remove a job with its pages, files and messages that were not yet sent."""

        async def delete(session: Session) -> None:
            job = await self._records.jobs.get(tenant, job_id, session)
            await self._records.pages.delete_all(tenant, {"job": job_id}, session)
            await self._records.jobs.delete(tenant, job_id, session)
            await self._tasks.forget(session, job)
            await self._removals.add(job_id, EVERYTHING, session)

        await self._database.transaction(delete)

    async def _queue(self, session: Session, job: Document) -> Document:
        """Queue a job that is not in work, and start it if it may start at once."""
        template = await template_of(self._records, job, session)
        return await self._dispatch.submit(session, job, template)

    async def _group_priority(self, tenant: str, record: Document, session: Session) -> str:
        """What a job that names no priority gets: its group's, or the usual one."""
        if not record.get("group"):
            return DEFAULT_PRIORITY
        group = await self._records.groups.find_one(tenant, {"_id": record["group"]}, session)
        return str((group or {}).get("priority", DEFAULT_PRIORITY))
