"""How a job moves on: pages known, pages read, data extracted, or failed.

Every step is a conditional update on attempt and state, so that a result that arrives twice, late or
out of order changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bson import ObjectId

from services.gateway.pipeline.dispatch import PAGE_RESULT_FIELDS
from services.gateway.pipeline.duplicates import fingerprints
from services.gateway.pipeline.endings import Endings, ended
from services.gateway.pipeline.findings import Findings
from services.gateway.pipeline.lessons import engine_profile
from services.gateway.pipeline.prepared import document_info, page_record, unwanted_format
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Document, Session
from services.gateway.store.job_events import COUNTED
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now
from shared.identity import PAGES_WITH_KEYS
from shared.messages.results import DocumentExtracted, DocumentPrepared, PreparedPage
from shared.messages.tasks import MOST_PROFILES

PREPARED_PERCENT = 10.0
READ_PERCENT = 90.0
STEPS_BESIDE_PAGES = 2  # preparing and extracting


class Progress:
    """Moves jobs from stage to stage, within the session of the result that moves them."""

    def __init__(
        self,
        *,
        records: Records,
        tasks: TaskWriter,
        endings: Endings,
        findings: Findings,
        price_per_page: float,
        currency: str,
    ) -> None:
        self._records = records
        self._tasks = tasks
        self._endings = endings
        self._findings = findings
        self._price_per_page = price_per_page
        self._currency = currency

    async def begin(self, session: Session, tenant: str, job_id: ObjectId, attempt: int) -> None:
        """An engine has taken the job up."""
        job = await self._records.jobs.update(
            tenant,
            job_id,
            {
                **_begun(),
                "progress.currentStep": "preparing the document",
            },
            when={"status": "queued", "attempt": attempt},
            operators=COUNTED,
            session=session,
        )
        if job is not None:
            self._tasks.job_event(session, job, "processing")

    async def prepared(self, session: Session, message: DocumentPrepared) -> None:
        """The document's pages are known: store them and have them read."""
        tenant, job_id = message.tenant, ObjectId(message.job_id)
        state = {
            "status": {"$in": ["queued", "processing"]},
            "stage": "prepare",
            "attempt": message.attempt,
        }
        known = await self._records.jobs.find_one(tenant, {"_id": job_id, **state}, session)
        if known is None:
            return
        # An engine that is quick says nothing before this.
        is_begun = known["status"] == "processing"
        job = await self._records.jobs.update(
            tenant,
            job_id,
            _prepared(message) | ({} if is_begun else _begun(message.seconds)),
            operators=None if is_begun else COUNTED,
            session=session,
            known=known,
        )
        if job is None:
            return
        if not is_begun:
            self._tasks.job_event(session, job, "processing")
        template = await self._template(session, job)
        if template is None:
            await self.fail(session, job, "The job's template was deleted before the document was read.")
            return
        if unwanted := unwanted_format(message.format, template):
            await self.fail(session, job, unwanted)
            return
        pages = await self._store_pages(session, job, message.pages)
        if pages:
            self._tasks.recognise(session, job, pages, template)
        else:
            await self.advance(session, job)

    async def page_done(self, session: Session, page: Document) -> None:
        """A page was read, or could not be."""
        job = await self._records.jobs.find_one(page["tenant"], {"_id": page["job"]}, session)
        if job is not None:
            await self.advance(session, job, page)

    async def advance(self, session: Session, job: Document, page: Document | None = None) -> None:
        """Count the pages that are still to be read; after the last one, have the data extracted.

        `job` as it was read in this session, `page` if one is to be announced as done. The job's update
        makes concurrent transactions of one job conflict, so that exactly one of them sees the last page.
        """
        tenant, is_reading = job["tenant"], job["status"] == "processing" and job["stage"] == "recognise"
        open_pages = await self._records.pages.count_open(tenant, job["_id"], session) if is_reading else 0
        was_last = is_reading and not open_pages
        read = await self._first_read(session, job) if was_last else []
        has_content = bool(read or job.get("einvoiceAttempt"))
        template = await self._template(session, job) if was_last and has_content else None
        changes: Document = {}
        if is_reading:
            total = max(job["progress"]["totalSteps"] - STEPS_BESIDE_PAGES, open_pages)
            step = _reading(total - open_pages, total) if open_pages else "extracting the data"
            changes = {
                "progress.percentage": _percentage(total - open_pages, total),
                "progress.currentStep": step,
                **({"stage": "extract"} if template else {}),
            }
        if changes or page:
            counted = COUNTED if page else None
            job = (
                await self._records.jobs.update(
                    tenant, job["_id"], changes, operators=counted, session=session, known=job
                )
                or job
            )
        if page is not None:
            self._tasks.page_event(session, job, page, page["status"])
        if template is not None:
            suppliers = await self._known_suppliers(session, job, read)
            self._tasks.extract(session, job, template, suppliers)
        elif was_last:
            reason, transient = await self._why_nothing_can_be_extracted(session, job, has_content)
            await self.fail(session, job, reason, transient=transient)

    async def extracted(self, session: Session, message: DocumentExtracted) -> None:
        """The data is there: the job is completed."""
        tenant, job_id = message.tenant, ObjectId(message.job_id)
        state = {"status": "processing", "stage": "extract", "attempt": message.attempt}
        job = await self._records.jobs.find_one(tenant, {"_id": job_id, **state}, session)
        if job is None:
            return
        extraction = message.extraction
        data = extraction["extractedData"]
        invoice = data.get("invoice") or {}
        results = await self._findings.added(session, job, invoice, extraction["validationResults"])
        language = invoice.get("language")
        completed = await self._records.jobs.update(
            tenant,
            job_id,
            {
                "extractedData": data,
                "confidence": extraction["confidence"],
                **_produced_by(job, message),
                "validationResults": results,
                **({"documentInfo.language": language} if language else {}),
                "cost": round(self._price_per_page * await self._page_count(session, job), 6),
                "currency": self._currency,
                **ended(job, "completed"),
                "progress.percentage": 100,
                "fingerprints": fingerprints(job, invoice),
                "firstCompletedAt": job.get("firstCompletedAt") or utc_now(),
            },
            operators=COUNTED,
            session=session,
            known=job,
        )
        if completed is not None:
            await self._endings.completed(session, completed)

    async def _template(self, session: Session, job: Document) -> Document | None:
        return await self._records.templates.find_one(job["tenant"], {"_id": job["template"]}, session)

    async def _first_read(self, session: Session, job: Document) -> list[Document]:
        """The first pages that were read, as far as their marks are looked at; none if no page was."""
        return await self._records.pages.first_read(job["tenant"], job["_id"], PAGES_WITH_KEYS, session)

    async def _known_suppliers(
        self, session: Session, job: Document, pages: list[Document]
    ) -> list[dict[str, Any]]:
        """What is learned of the suppliers whose marks are on these pages of the job."""
        marks = list(dict.fromkeys(mark for page in pages for mark in page.get("marks") or ()))
        found = await self._records.suppliers.taught(job["tenant"], marks, MOST_PROFILES, session)
        return [engine_profile(profile) for profile in found]

    async def _page_count(self, session: Session, job: Document) -> int:
        """How many pages there are to pay for; a job whose document was never read has its client's."""
        pages = (job.get("documentInfo") or {}).get("pages")
        if pages is None:
            return await self._records.pages.count(job["tenant"], {"job": job["_id"]}, session)
        return int(pages)

    async def fail(self, session: Session, job: Document, reason: str, *, transient: bool = False) -> None:
        """End the job as failed, or have it tried again; does nothing when it has ended already."""
        await self._endings.fail(session, job, reason, transient=transient)

    async def _store_pages(
        self, session: Session, job: Document, prepared: tuple[PreparedPage, ...]
    ) -> list[Document]:
        """One record per page of the document; a page that the client made takes its place.

        Those that are to be read, in page order.
        """
        tenant, job_id = job["tenant"], job["_id"]
        pages: list[Document | None] = []
        taken = set()
        # Who adds a page holds the job.
        own = await self._records.pages.find_all(tenant, {"job": job_id}, session) if job.get("holds") else []
        for record in own:
            taken.add(record["pageNumber"])
            renewed = await self._records.pages.update(
                tenant,
                record["_id"],
                {"status": "pending", "queued": True, "attempt": record["attempt"] + 1},
                operators={"$unset": dict.fromkeys(PAGE_RESULT_FIELDS, "")},
                session=session,
                known=record,
            )
            pages.append(renewed)
        new = [page_record(job, page) for page in prepared if page.number not in taken]
        pages += await self._records.pages.insert_all(tenant, new, session)
        waiting = [page for page in pages if page is not None and page["status"] == "pending"]
        return sorted(waiting, key=lambda page: page["pageNumber"])

    async def _why_nothing_can_be_extracted(
        self, session: Session, job: Document, has_content: bool
    ) -> tuple[str, bool]:
        """A sentence, and whether another attempt may help."""
        if has_content:
            return "The job's template was deleted before the data was extracted.", False
        unread = await self._records.pages.unread(job["tenant"], job["_id"], session)
        failed = [page for page in unread if "errorLog" in page]
        if not failed:
            return "No page could be read.", False
        transient = any(page.get("transient") for page in failed)
        return f"No page could be read. Page {failed[0]['pageNumber']}: {failed[0]['errorLog']}", transient


def _begun(seconds: float = 0.0) -> dict[str, Any]:
    """What says that a job is in work, since so many `seconds`."""
    return {"status": "processing", "startedAt": utc_now() - timedelta(milliseconds=round(1000 * seconds))}


def _prepared(message: DocumentPrepared) -> dict[str, Any]:
    """What is known of a job whose document was prepared, and where it stands then."""
    total, failed = len(message.pages), sum(page.error is not None for page in message.pages)
    return {
        "stage": "recognise",
        "documentInfo": document_info(message),
        "documentType": message.format,
        "notes": list(message.notes),
        **({"einvoiceAttempt": message.attempt} if message.has_einvoice else {}),
        "progress": {
            "percentage": _percentage(failed, total),
            "currentStep": _reading(failed, total),
            "totalSteps": total + STEPS_BESIDE_PAGES,
        },
    }


def _percentage(done: int, total: int) -> float:
    """How far a job is that has so many of its pages read."""
    return round(PREPARED_PERCENT + (READ_PERCENT - PREPARED_PERCENT) * (done / total if total else 1), 1)


def _reading(done: int, total: int) -> str:
    """The step of a job that has so many of its pages read."""
    return f"reading page {min(done + 1, total)} of {total}"


def _produced_by(job: Document, message: DocumentExtracted) -> dict[str, Any]:
    """What made the data, with the digest of the document that an engine fetched earlier."""
    if message.produced_by is None:
        return {}
    digest = (job.get("documentInfo") or {}).get("sha256")
    return {"producedBy": message.produced_by | ({"document": digest} if digest else {})}
