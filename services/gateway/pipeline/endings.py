"""How a job ends: completed, failed, cancelled, or failed for a passing reason and tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.gateway.pipeline.dispatch import Dispatch
from services.gateway.pipeline.notices import Notices
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Document, Session
from services.gateway.store.job_events import COUNTED
from services.gateway.store.records import UNFINISHED, Records
from services.gateway.store.repository import utc_now

ACTIVE = ("queued", "processing")


class Endings:
    """Ends jobs, within the session of what ends them, with everything that belongs to an end."""

    def __init__(
        self,
        records: Records,
        tasks: TaskWriter,
        dispatch: Dispatch,
        notices: Notices,
        retry_pause_seconds: float,
    ) -> None:
        """`retry_pause_seconds` is how long a job waits for its first retry; each next one doubles it."""
        self._records = records
        self._tasks = tasks
        self._dispatch = dispatch
        self._notices = notices
        self._retry_pause_seconds = retry_pause_seconds

    async def completed(self, session: Session, job: Document) -> None:
        """The job, stored as completed in an update that was counted, is over."""
        self._tasks.job_event(session, job, "completed")
        await self._notices.job_ended(session, job)

    async def cancelled(self, session: Session, job: Document) -> None:
        """The job, stored as cancelled in an update that was counted, is over: no page is read any more."""
        await self._skip_pages(session, job, "The job was cancelled before the page was read.")
        await self._tasks.withdraw(session, job)
        self._tasks.job_event(session, job, "cancelled")
        await self._notices.job_ended(session, job)

    async def fail(self, session: Session, job: Document, reason: str, *, transient: bool = False) -> None:
        """End the job as failed, with a sentence for people; does nothing when it has ended already.

        Where another attempt may help (`transient`) and the job's group grants it, the job is queued anew.
        """
        current = await self._records.jobs.find_one(
            job["tenant"],
            {"_id": job["_id"], "status": {"$in": ACTIVE}, "attempt": job["attempt"]},
            session,
        )
        if current is None:
            return
        await self._tasks.withdraw(session, current)
        if transient and await self._retry(session, current, reason):
            return
        failed = await self._records.jobs.update(
            current["tenant"],
            current["_id"],
            {**ended(current, "failed"), "errorLog": reason},
            operators=COUNTED,
            session=session,
            known=current,
        )
        if failed is None:
            return
        await self._skip_pages(session, failed, "The job failed before the page was read.")
        self._tasks.job_event(session, failed, "failed")
        await self._notices.job_ended(session, failed)

    async def _retry(self, session: Session, job: Document, reason: str) -> bool:
        """Queue the job again after a pause, if its group has retries left for it."""
        if not job.get("group"):
            return False
        group = await self._records.groups.find_one(job["tenant"], {"_id": job["group"]}, session)
        granted = ((group or {}).get("processingSettings") or {}).get("retryCount", 0)
        done = job.get("automaticRetries", 0)
        if done >= granted:
            return False
        pause = timedelta(seconds=self._retry_pause_seconds * 2**done)
        await self._dispatch.try_again(session, job, utc_now() + pause, done + 1, reason)
        return True

    async def _skip_pages(self, session: Session, job: Document, reason: str) -> None:
        await self._records.pages.update_all(
            job["tenant"],
            {"job": job["_id"], "status": {"$in": UNFINISHED}},
            {"status": "skipped", "queued": False, "errorLog": reason},
            session,
        )


def ended(job: Document, status: str) -> dict[str, Any]:
    """The changes that every end makes to a job's record."""
    now = utc_now()
    started = job.get("startedAt") or now
    return {
        "status": status,
        "stage": "done",
        "completedAt": now,
        "processingTime": round((now - started).total_seconds(), 3),
        "progress.currentStep": status,
    }
