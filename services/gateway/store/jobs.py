"""The repository of jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import StateConflict
from services.gateway.store.counters import Counters
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.repository import UpdateOptions
from services.gateway.store.search import SearchableRepository

# The stages in which a job has to be done by its `dueAt`; one that is *waiting* may start then.
IN_WORK = ("prepare", "recognise", "extract")
# The text fields that lists search.
JOB_TEXTS = (
    "jobNumber",
    "documentName",
    "createdBy",
    "extractedData.invoice.number",
    "extractedData.invoice.supplier.name",
    "extractedData.invoice.customer.name",
)


class Jobs(SearchableRepository):
    """The `jobs` collection."""

    def __init__(self, database: Database, counters: Counters) -> None:
        super().__init__(database, "jobs", "OCR invoice job", JOB_TEXTS)
        self._counters = counters

    async def next_invoice_id(self, tenant: str) -> int:
        """A fresh integer id, by which the job is an invoice of the API's second family."""
        return await self._counters.next(f"invoices/{tenant}")

    async def insert(self, tenant: str, record: Document, session: Session | None = None) -> Document:
        try:
            return await super().insert(tenant, record, session)
        except DuplicateKeyError:
            raise _taken(record) from None

    async def update(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> Document | None:
        try:
            return await super().update(tenant, record_id, changes, **options)
        except DuplicateKeyError:
            raise _taken(changes) from None

    async def advance(
        self,
        job: Document,
        changes: Document,
        session: Session,
        *,
        unset: tuple[str, ...] = (),
        operators: Document | None = None,
    ) -> Document:
        """Set `changes` on the job as it was read in this session, and remove its fields `unset`.

        Raises StateConflict when it was deleted since.
        """
        removed = {"$unset": dict.fromkeys(unset, "")} if unset else {}
        changed = await self.update(
            job["tenant"],
            job["_id"],
            changes,
            operators={**(operators or {}), **removed},
            session=session,
            known=job,
        )
        if changed is None:
            raise StateConflict("The job changed at the same moment; please look at it and try again.")
        return changed

    async def summarise_group(self, tenant: str, group_id: ObjectId) -> list[Document]:
        """Per status: count, pages, seconds, cost, first start and last end of a group's jobs."""
        cursor = self.collection.aggregate(
            [
                {"$match": {"tenant": tenant, "group": group_id}},
                {
                    "$group": {
                        "_id": "$status",
                        "count": {"$sum": 1},
                        "pages": {"$sum": {"$ifNull": ["$documentInfo.pages", 0]}},
                        "seconds": {"$sum": {"$ifNull": ["$processingTime", 0]}},
                        "cost": {"$sum": {"$ifNull": ["$cost", 0]}},
                        "startedAt": {"$min": "$startedAt"},
                        "completedAt": {"$max": "$completedAt"},
                    }
                },
            ]
        )
        return await cursor.to_list(None)

    async def template_accuracy(self, tenant: str, template_id: ObjectId) -> Document:
        """How right a template's extractions were, from the fields that users corrected."""
        reviewed = {"tenant": tenant, "template": template_id, "correctedFields": {"$exists": True}}
        cursor = self.collection.aggregate(
            [
                {"$match": reviewed},
                {
                    "$group": {
                        "_id": None,
                        "documents": {"$sum": 1},
                        "corrected": {"$sum": "$correctedFields.wrong"},
                        "fields": {"$sum": "$correctedFields.checked"},
                    }
                },
            ]
        )
        rows = await cursor.to_list(1)
        if not rows or not rows[0]["fields"]:
            return {"testedDocuments": 0, "correctedFields": 0}
        return {
            "averageAccuracy": round(1 - rows[0]["corrected"] / rows[0]["fields"], 4),
            "testedDocuments": rows[0]["documents"],
            "correctedFields": rows[0]["corrected"],
        }

    async def hold(self, tenant: str, job_id: ObjectId, session: Session) -> Document | None:
        """The job, kept from being deleted or finished by others until this transaction has ended."""
        own = {"_id": job_id, "tenant": tenant}
        held = await self.collection.update_one(own, {"$inc": {"holds": 1}}, session=session)
        return await self.collection.find_one(own, session=session) if held.matched_count else None

    async def count_in_work(self, tenant: str, group_id: ObjectId, session: Session | None = None) -> int:
        """How many of a group's jobs are with the engines: queued ones that still wait do not count."""
        cursor = self.collection.aggregate(
            [
                {"$match": {"tenant": tenant, "status": {"$in": ["queued", "processing"]}}},
                {"$match": {"group": group_id, "stage": {"$ne": "waiting"}}},
                {"$count": "jobs"},
            ],
            session=session,
        )
        counted = await cursor.to_list(1)
        return int(counted[0]["jobs"]) if counted else 0

    async def waiting(
        self, tenant: str, group_id: ObjectId | None, moment: datetime, count: int, session: Session
    ) -> list[Document]:
        """Up to `count` of a group's jobs that wait and may start at `moment`: the urgent and old first.

        Without a group, of the jobs that are in none.
        """
        order = [("waitingRank", 1), ("waitingSince", 1)]
        ready = {**_may_start(moment), "tenant": tenant, "group": group_id}
        return await self.collection.find(ready, session=session).sort(order).limit(count).to_list(count)

    async def groups_waiting(self, moment: datetime) -> list[tuple[str, ObjectId | None]]:
        """Tenant and group (None: no group) of every tenant's jobs that wait and may start at `moment`."""
        cursor = self.collection.aggregate(
            [
                {"$match": _may_start(moment)},
                {"$group": {"_id": {"tenant": "$tenant", "group": {"$ifNull": ["$group", None]}}}},
            ]
        )
        return [(row["_id"]["tenant"], row["_id"]["group"]) for row in await cursor.to_list(None)]

    async def in_attempt(self, job_id: ObjectId, attempt: int) -> Document | None:
        """Id, tenant and status of any tenant's job, for a bearer of a link signed for this attempt at it."""
        job = await self.collection.find_one(
            {"_id": job_id}, dict.fromkeys(("tenant", "status", "attempt"), 1)
        )
        return job if job is not None and job["attempt"] == attempt else None

    async def completed_before(
        self,
        job: Document,
        moment: datetime,
        marks: Document,
        session: Session,
        *,
        most: int,
        fields: Sequence[str],
    ) -> list[Document]:
        """Up to `most` other jobs of the tenant, first completed by `moment`, that have `marks`.

        `marks` are conditions on an indexed field; of each job, its `fields` are read.
        """
        done = {"_id": {"$ne": job["_id"]}, "status": "completed", "firstCompletedAt": {"$lte": moment}}
        return await self.select(
            job["tenant"], marks, done, session, sort="firstCompletedAt", most=most, fields=fields
        )

    async def overdue(self, moment: datetime, count: int) -> list[Document]:
        """Jobs of every tenant that are in work and past their deadline, up to `count`."""
        late = {"stage": {"$in": list(IN_WORK)}, "dueAt": {"$lt": moment}}
        return await self.collection.find(late).limit(count).to_list(count)


def _may_start(moment: datetime) -> Document:
    """What waiting jobs meet that may start at `moment`; only queued jobs are in the stage *waiting*."""
    return {"stage": "waiting", "dueAt": {"$lte": moment}}


def _taken(record: Document) -> StateConflict:
    return StateConflict(
        f"A job with the number '{record.get('jobNumber')}' exists already.",
        {"jobNumber": ["Already taken."]},
    )
