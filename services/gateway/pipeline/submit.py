"""What clients may do with the life of a job: create, process, process a page again, cancel, delete."""

from __future__ import annotations

from datetime import timedelta

from bson import ObjectId

from services.gateway.errors import NotFound, PreconditionFailed, StateConflict
from services.gateway.pipeline.corrections import correction
from services.gateway.pipeline.dispatch import PAGE_RESULT_FIELDS, Dispatch
from services.gateway.pipeline.duplicates import fingerprints
from services.gateway.pipeline.endings import ACTIVE, Endings, ended
from services.gateway.pipeline.lessons import Lessons
from services.gateway.pipeline.progress import Progress
from services.gateway.pipeline.rechecks import Rechecks
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.records import Records
from services.gateway.store.removals import DOCUMENT, EVERYTHING, FileRemovals
from services.gateway.store.repository import utc_now
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
        progress: Progress,
        dispatch: Dispatch,
        endings: Endings,
        removals: FileRemovals,
        lessons: Lessons,
        rechecks: Rechecks,
    ) -> None:
        self._database = database
        self._records = records
        self._tasks = tasks
        self._progress = progress
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
        }

        async def store(session: Session) -> Document:
            priority = record.get("priority") or await self._group_priority(tenant, record, session)
            job = await self._records.jobs.insert(tenant, fresh | {"priority": priority}, session)
            await self._tasks.job_event(session, job, "created")
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
                derived["fingerprints"] = list(fingerprints(invoice))
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

    async def add_page(self, tenant: str, record: Document) -> Document:
        """Store a page that a client describes; raises NotFound when its job is gone."""

        async def add(session: Session) -> Document:
            if await self._records.jobs.hold(tenant, record["job"], session) is None:
                raise NotFound("OCR invoice job not found.")
            fresh = {
                "origin": "client",
                "status": "pending",
                "queued": False,
                "attempt": 0,
                "retryCount": 0,
                "pageType": "content",
            }
            return await self._records.pages.insert(tenant, fresh | record, session)

        return await self._database.transaction(add)

    async def update_page(
        self, tenant: str, page_id: ObjectId, changes: Document, when: Document | None = None
    ) -> Document:
        """Change what a client may change of a page, if it is in the state `when`; corrections are lessons.

        Raises PreconditionFailed when the state is another.
        """

        async def change(session: Session) -> Document:
            before = await self._records.pages.get(tenant, page_id, session)
            page = await self._records.pages.update(tenant, page_id, changes, when=when, session=session)
            if page is None:
                raise PreconditionFailed
            if "annotations" in changes:
                await self._lessons.page_annotated(session, before, page)
            return page

        return await self._database.transaction(change)

    async def process_page(self, tenant: str, page_id: ObjectId) -> Document:
        """Read one page again; when it is done the job's data is extracted again from all pages.

        Raises StateConflict when the job was cancelled.
        """

        async def queue(session: Session) -> Document:
            page = await self._records.pages.get(tenant, page_id, session)
            job = await self._records.jobs.get(tenant, page["job"], session)
            if job["status"] == "cancelled":
                raise StateConflict("The page's job was cancelled; the page can't be processed any more.")
            if page["status"] == "processing" or page.get("queued"):
                return page
            template = await self._template_of(tenant, job, session)
            renewed = await self._renew_page(tenant, page, session)
            job = await self._reopen_job(tenant, job, session)
            await self._tasks.recognise(session, job, [renewed], template)
            return renewed

        return await self._database.transaction(queue)

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
            cancelled = await self._change(tenant, job, ended(job, "cancelled"), session)
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

    async def delete_page(self, tenant: str, page_id: ObjectId) -> None:
        """Remove a page; if its job waited only for this one, the job goes on."""

        async def delete(session: Session) -> None:
            page = await self._records.pages.get(tenant, page_id, session)
            await self._records.pages.delete(tenant, page_id, session)
            job = await self._records.jobs.find_one(tenant, {"_id": page["job"]}, session)
            if job is not None:
                await self._progress.advance(session, job)

        await self._database.transaction(delete)

    async def _template_of(self, tenant: str, job: Document, session: Session) -> Document:
        try:
            return await self._records.templates.get(tenant, job["template"], session)
        except NotFound:
            raise StateConflict("The job's template does not exist any more; give it another one.") from None

    async def _queue(self, session: Session, job: Document) -> Document:
        """Queue a job that is not in work, and start it if it may start at once."""
        await self._template_of(job["tenant"], job, session)
        queued = await self._dispatch.queue(session, job)
        await self._dispatch.admit(session, queued)
        return queued

    async def _group_priority(self, tenant: str, record: Document, session: Session) -> str:
        """What a job that names no priority gets: its group's, or the usual one."""
        if not record.get("group"):
            return DEFAULT_PRIORITY
        group = await self._records.groups.find_one(tenant, {"_id": record["group"]}, session)
        return str((group or {}).get("priority", DEFAULT_PRIORITY))

    async def _reopen_job(self, tenant: str, job: Document, session: Session) -> Document:
        """Make a job wait for a page once more; results of an extraction in flight are outdated."""
        if job["status"] == "queued" or job.get("stage") == "prepare":
            return job  # its pages are not known yet: preparing it takes this page along
        if job["status"] == "created":
            return job
        changes = {
            "status": "processing",
            "stage": "recognise",
            "attempt": job["attempt"] + 1,
            "deadline": utc_now()
            + timedelta(minutes=await self._dispatch.timeout_minutes(tenant, job, session)),
            "progress.currentStep": "reading pages",
        }
        return await self._change(tenant, job, changes, session, unset=("completedAt", "errorLog"))

    async def _renew_page(self, tenant: str, page: Document, session: Session) -> Document:
        renewed = await self._records.pages.update(
            tenant,
            page["_id"],
            {
                "status": "pending",
                "queued": True,
                "attempt": page["attempt"] + 1,
                "retryCount": page.get("retryCount", 0) + 1,
            },
            operators={"$unset": dict.fromkeys(PAGE_RESULT_FIELDS, "")},
            session=session,
        )
        if renewed is None:
            raise NotFound("OCR invoice job page not found.")
        return renewed

    async def _change(
        self,
        tenant: str,
        job: Document,
        changes: Document,
        session: Session,
        unset: tuple[str, ...] = (),
    ) -> Document:
        operators = {"$unset": dict.fromkeys(unset, "")} if unset else None
        when = {"status": job["status"], "attempt": job["attempt"]}
        changed = await self._records.jobs.update(
            tenant, job["_id"], changes, when=when, operators=operators, session=session
        )
        if changed is None:
            raise StateConflict("The job changed at the same moment; please look at it and try again.")
        return changed
