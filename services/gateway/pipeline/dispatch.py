"""Which jobs wait and which are in work: no more of a group's at once than its `parallelJobs`.

A job that is to be processed is queued as *waiting*. It starts, which is: its first task is sent, when its
group has a slot free and its `dueAt` has passed. Transactions that give out a group's slots take turns.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId

from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Document, Session
from services.gateway.store.job_events import COUNTED
from services.gateway.store.records import Records
from services.gateway.store.removals import PAGES, FileRemovals
from services.gateway.store.repository import utc_now
from shared.topology import PRIORITIES

DEFAULT_TIMEOUT_MINUTES = 30
DEFAULT_PARALLEL_JOBS = 3
MOST_STARTED = 100
STEPS_BEFORE_PAGES_ARE_KNOWN = 3

RESULT_FIELDS = (
    "extractedData",
    "confidence",
    "validationResults",
    "producedBy",
    "processingTime",
    "startedAt",
    "completedAt",
    "errorLog",
    "documentInfo",
    "cost",
    "currency",
    "notes",
    "einvoiceAttempt",
    "readData",
    "correctedFields",
    "fingerprints",
)
PAGE_RESULT_FIELDS = (
    "ocrResults",
    "tableData",
    "preprocessing",
    "qualityScore",
    "producedBy",
    "processingTime",
    "startedAt",
    "completedAt",
    "errorLog",
    "transient",
    "marks",
)


class Dispatch:
    """Queues jobs and starts them, within the sessions of what causes it."""

    def __init__(self, records: Records, tasks: TaskWriter, removals: FileRemovals) -> None:
        self._records = records
        self._tasks = tasks
        self._removals = removals

    async def submit(self, session: Session, job: Document, template: Document) -> Document:
        """Queue the job in a new attempt, and start it if it may start at once.

        What an earlier attempt gave is dropped. Raises StateConflict when the job has changed since it was
        read.
        """
        if job.get("group"):
            queued = await self._queue(session, job, {"stage": "waiting", "dueAt": utc_now()})
            await self.fill_group(session, job["tenant"], job["group"])
        else:
            queued = await self._queue(session, job, _started(DEFAULT_TIMEOUT_MINUTES))
            self._tasks.prepare(session, queued, template)
        return queued

    async def try_again(
        self, session: Session, job: Document, not_before: datetime, retries: int, reason: str
    ) -> None:
        """Queue a job that has failed for a passing `reason` to wait until `not_before`.

        `retries` counts how often that was done since a client had the job processed.
        """
        waiting = {"stage": "waiting", "dueAt": not_before, "automaticRetries": retries}
        await self._queue(session, job, waiting, reason)

    async def fill_group(self, session: Session, tenant: str, group_id: ObjectId) -> None:
        """Start as many of a group's waiting jobs as it has slots free."""
        group = await self._records.groups.take_turn(tenant, group_id, session)
        free = _slots(group) - await self._records.jobs.count_in_work(tenant, group_id, session)
        if free <= 0:
            return
        minutes = _timeout_minutes(group)
        for job in await self._records.jobs.waiting(tenant, group_id, utc_now(), free, session):
            await self._start(session, job, minutes)

    async def has_slot(self, tenant: str, group_id: ObjectId) -> bool:
        """Whether the group seems to have a slot free; only `fill_group` knows for certain."""
        group = await self._records.groups.find_one(tenant, {"_id": group_id})
        return await self._records.jobs.count_in_work(tenant, group_id) < _slots(group)

    async def fill_ungrouped(self, session: Session, tenant: str) -> None:
        """Start waiting jobs that are in no group, up to 100."""
        for job in await self._records.jobs.waiting(tenant, None, utc_now(), MOST_STARTED, session):
            await self._start(session, job, DEFAULT_TIMEOUT_MINUTES)

    async def timeout_minutes(self, tenant: str, job: Document, session: Session) -> int:
        """How long the job may be in work."""
        if not job.get("group"):
            return DEFAULT_TIMEOUT_MINUTES
        return _timeout_minutes(await self._records.groups.find_one(tenant, {"_id": job["group"]}, session))

    async def _queue(
        self, session: Session, job: Document, state: Document, reason: str | None = None
    ) -> Document:
        """Queue the job in a new attempt; `state` is where it stands then."""
        now = utc_now()
        attempt = job["attempt"] + 1
        changes: dict[str, Any] = {
            "status": "queued",
            "attempt": attempt,
            "retryCount": job["retryCount"] + 1 if job["attempt"] else 0,
            "automaticRetries": 0,
            "waitingSince": now,
            "waitingRank": PRIORITIES.index(job["priority"]),
            "progress": {
                "percentage": 0,
                "currentStep": "queued",
                "totalSteps": STEPS_BEFORE_PAGES_ARE_KNOWN,
            },
        }
        unset = tuple(name for name in RESULT_FIELDS if name not in state)
        queued = await self._records.jobs.advance(
            job, changes | state, session, unset=unset, operators=COUNTED
        )
        # A job that was never processed has pages only if somebody added some, which holds the job.
        if job["attempt"] or job.get("holds"):
            await self._forget_pages(session, queued)
        if attempt > 1:
            await self._removals.add(job["_id"], PAGES, session, before_attempt=attempt)
        self._tasks.job_event(session, queued, "queued", reason)
        return queued

    async def _start(self, session: Session, job: Document, minutes: int) -> None:
        started = await self._records.jobs.update(
            job["tenant"],
            job["_id"],
            _started(minutes),
            session=session,
            known=job,
        )
        if started is None:
            return
        template = await self._records.templates.find_one(job["tenant"], {"_id": job["template"]}, session)
        # A template that is gone by now fails the job once its document is prepared, with that reason.
        self._tasks.prepare(session, started, template or {})

    async def _forget_pages(self, session: Session, job: Document) -> None:
        """Drop the pages of an earlier attempt; pages that the client made stay, to be read again."""
        tenant = job["tenant"]
        await self._records.pages.delete_all(tenant, {"job": job["_id"], "origin": "document"}, session)
        await self._records.pages.update_all(
            tenant,
            {"job": job["_id"]},
            {"status": "pending", "queued": False},
            session,
            unset=PAGE_RESULT_FIELDS,
        )


def _started(minutes: int) -> Document:
    """Where a job stands whose first task is sent; it may be in work for so many `minutes`."""
    return {"stage": "prepare", "dueAt": utc_now() + timedelta(minutes=minutes)}


def _slots(group: Document | None) -> int:
    settings = (group or {}).get("processingSettings") or {}
    return int(settings.get("parallelJobs", DEFAULT_PARALLEL_JOBS))


def _timeout_minutes(group: Document | None) -> int:
    settings = (group or {}).get("processingSettings") or {}
    return int(settings.get("timeoutMinutes", DEFAULT_TIMEOUT_MINUTES))
