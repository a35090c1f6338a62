"""What clients may do with the life of a job: process, process a page again, cancel, delete."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bson import ObjectId

from services.gateway.errors import NotFound, StateConflict
from services.gateway.pipeline.progress import ACTIVE, Progress
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.blobs import BlobStore
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now

CANCELLABLE = ("created", *ACTIVE)
UNFINISHED_PAGE = ("pending", "processing")
DEFAULT_TIMEOUT_MINUTES = 30

_RESULT_FIELDS = (
    "extractedData",
    "confidence",
    "validationResults",
    "processingTime",
    "startedAt",
    "completedAt",
    "errorLog",
    "documentInfo",
    "cost",
    "currency",
    "notes",
    "einvoiceAttempt",
)
_PAGE_RESULT_FIELDS = (
    "ocrResults",
    "tableData",
    "preprocessing",
    "qualityScore",
    "processingTime",
    "startedAt",
    "completedAt",
    "errorLog",
)


class Submission:
    """Changes of a job's state that a client asks for; each is one transaction."""

    def __init__(
        self,
        database: Database,
        records: Records,
        blobs: BlobStore,
        tasks: TaskWriter,
        progress: Progress,
    ) -> None:
        self._progress = progress
        self._database = database
        self._records = records
        self._blobs = blobs
        self._tasks = tasks

    async def create(self, tenant: str, record: Document) -> Document:
        """Store a new job and announce it."""
        invoice_id = await self._records.jobs.next_invoice_id(tenant)
        fresh = {
            "priority": "medium",
            **record,
            "invoiceId": invoice_id,
            "status": "created",
            "attempt": 0,
            "retryCount": 0,
            "progress": {"percentage": 0, "currentStep": "created", "totalSteps": 0},
        }

        async def store(session: Session) -> Document:
            job = await self._records.jobs.insert(tenant, fresh, session)
            await self._tasks.job_event(session, job, "created")
            return job

        return await self._database.transaction(store)

    async def process(self, tenant: str, job_id: ObjectId) -> Document:
        """Queue the job, afresh if it was processed before; one that is in work stays as it is.

        Raises StateConflict for a cancelled job.
        """

        async def queue(session: Session) -> tuple[Document, bool]:
            job = await self._records.jobs.get(tenant, job_id, session)
            if job["status"] == "cancelled":
                raise StateConflict("The job was cancelled and can't be processed any more.")
            if job["status"] in ACTIVE:
                return job, False
            template = await self._template_of(tenant, job, session)
            await self._forget_pages(tenant, job, session)
            queued = await self._queue_job(tenant, job, session)
            await self._tasks.prepare(session, queued, template)
            await self._tasks.job_event(session, queued, "queued")
            return queued, True

        job, afresh = await self._database.transaction(queue)
        if afresh:
            await self._blobs.delete_of_job(job_id, before_attempt=job["attempt"])
        return job

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
            changes = {
                "status": "cancelled",
                "completedAt": utc_now(),
                "progress.currentStep": "cancelled",
            }
            cancelled = await self._change(tenant, job, changes, session)
            unfinished = {"job": job_id, "status": {"$in": UNFINISHED_PAGE}}
            await self._records.pages.update_all(
                tenant, unfinished, {"status": "skipped", "queued": False}, session
            )
            await self._tasks.withdraw(session, job)
            await self._tasks.job_event(session, cancelled, "cancelled")
            return cancelled

        return await self._database.transaction(cancel)

    async def delete(self, tenant: str, job_id: ObjectId) -> None:
        """Remove a job with its pages, files and messages that were not yet sent."""

        async def delete(session: Session) -> None:
            job = await self._records.jobs.get(tenant, job_id, session)
            await self._records.pages.delete_all(tenant, {"job": job_id}, session)
            await self._records.jobs.delete(tenant, job_id, session)
            await self._tasks.withdraw(session, job)

        await self._database.transaction(delete)
        await self._blobs.delete_of_job(job_id)

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

    async def _queue_job(self, tenant: str, job: Document, session: Session) -> Document:
        changes: dict[str, Any] = {
            "status": "queued",
            "stage": "prepare",
            "attempt": job["attempt"] + 1,
            "retryCount": job["attempt"],
            "deadline": utc_now() + timedelta(minutes=await self._timeout_minutes(tenant, job, session)),
            "progress": {"percentage": 0, "currentStep": "queued", "totalSteps": 3},
        }
        return await self._change(tenant, job, changes, session, unset=_RESULT_FIELDS)

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
            "deadline": utc_now() + timedelta(minutes=await self._timeout_minutes(tenant, job, session)),
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
            operators={"$unset": dict.fromkeys(_PAGE_RESULT_FIELDS, "")},
            session=session,
        )
        if renewed is None:
            raise NotFound("OCR invoice job page not found.")
        return renewed

    async def _forget_pages(self, tenant: str, job: Document, session: Session) -> None:
        """Drop the pages of an earlier attempt; pages that the client made stay, to be read again."""
        await self._records.pages.delete_all(tenant, {"job": job["_id"], "origin": "document"}, session)
        await self._records.pages.update_all(
            tenant, {"job": job["_id"]}, {"status": "pending", "queued": False}, session
        )

    async def _timeout_minutes(self, tenant: str, job: Document, session: Session) -> int:
        if not job.get("group"):
            return DEFAULT_TIMEOUT_MINUTES
        group = await self._records.groups.find_one(tenant, {"_id": job["group"]}, session)
        settings = (group or {}).get("processingSettings") or {}
        return int(settings.get("timeoutMinutes", DEFAULT_TIMEOUT_MINUTES))

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
