"""What clients may do with a page of a job: add, change and delete it, and have it read again."""

from __future__ import annotations

from datetime import timedelta

from bson import ObjectId

from services.gateway.errors import NotFound, PreconditionFailed, StateConflict
from services.gateway.pipeline.dispatch import PAGE_RESULT_FIELDS, Dispatch
from services.gateway.pipeline.lessons import Lessons
from services.gateway.pipeline.progress import Progress
from services.gateway.pipeline.references import template_of
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now


class PageSubmission:
    """Changes of a page's state that a client asks for; each is one transaction."""

    def __init__(
        self,
        *,
        database: Database,
        records: Records,
        tasks: TaskWriter,
        progress: Progress,
        dispatch: Dispatch,
        lessons: Lessons,
    ) -> None:
        self._database = database
        self._records = records
        self._tasks = tasks
        self._progress = progress
        self._dispatch = dispatch
        self._lessons = lessons

    async def add(self, tenant: str, record: Document) -> Document:
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

    async def update(
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

    async def process(self, tenant: str, page_id: ObjectId) -> Document:
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
            template = await template_of(self._records, job, session)
            renewed = await self._renew_page(tenant, page, session)
            job = await self._reopen_job(job, session)
            self._tasks.recognise(session, job, [renewed], template)
            return renewed

        return await self._database.transaction(queue)

    async def delete(self, tenant: str, page_id: ObjectId) -> None:
        """Remove a page; if its job waited only for this one, the job goes on."""

        async def delete(session: Session) -> None:
            page = await self._records.pages.get(tenant, page_id, session)
            await self._records.pages.delete(tenant, page_id, session)
            job = await self._records.jobs.find_one(tenant, {"_id": page["job"]}, session)
            if job is not None:
                await self._progress.advance(session, job)

        await self._database.transaction(delete)

    async def _reopen_job(self, job: Document, session: Session) -> Document:
        """Make a job wait for a page once more; results of an extraction in flight are outdated."""
        if job["status"] == "queued" or job.get("stage") == "prepare":
            return job  # its pages are not known yet: preparing it takes this page along
        if job["status"] == "created":
            return job
        minutes = await self._dispatch.timeout_minutes(job["tenant"], job, session)
        changes = {
            "status": "processing",
            "stage": "recognise",
            "attempt": job["attempt"] + 1,
            "dueAt": utc_now() + timedelta(minutes=minutes),
            "progress.currentStep": "reading pages",
        }
        return await self._records.jobs.advance(job, changes, session, unset=("completedAt", "errorLog"))

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
            known=page,
        )
        if renewed is None:
            raise NotFound("OCR invoice job page not found.")
        return renewed
