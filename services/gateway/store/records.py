"""The repositories of the resources."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import StateConflict
from services.gateway.store.counters import Counters
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.repository import Repository, UpdateOptions
from services.gateway.store.search import SearchableRepository
from services.gateway.store.suppliers import SupplierProfiles

# The text fields that lists search.
JOB_TEXTS = (
    "jobNumber",
    "documentName",
    "createdBy",
    "extractedData.invoice.number",
    "extractedData.invoice.supplier.name",
    "extractedData.invoice.customer.name",
)
PAGE_TEXTS = ("ocrResults.text", "errorLog")
GROUP_TEXTS = ("name", "description", "batchNumber", "createdBy", "assignedTo", "tags")
TEMPLATE_TEXTS = ("name", "description", "version", "createdBy", "tags")

DEFAULT_TEMPLATE = "Default"
_WAITING = {"status": "queued", "stage": "waiting"}


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
        self, job: Document, changes: Document, session: Session, *, unset: tuple[str, ...] = ()
    ) -> Document:
        """Set `changes` on the job as it was read, and remove its fields `unset`.

        Raises StateConflict when its status or attempt has changed since it was read.
        """
        changed = await self.update(
            job["tenant"],
            job["_id"],
            changes,
            when={"status": job["status"], "attempt": job["attempt"]},
            operators={"$unset": dict.fromkeys(unset, "")} if unset else None,
            session=session,
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
        job: Document | None = await self.collection.find_one_and_update(
            {"_id": job_id, "tenant": tenant}, {"$inc": {"holds": 1}}, session=session
        )
        return job

    async def count_in_work(self, tenant: str, group_id: ObjectId, session: Session | None = None) -> int:
        """How many of a group's jobs are with the engines: queued ones that still wait do not count."""
        in_work = {"$or": [{"status": "processing"}, {"status": "queued", "stage": {"$ne": "waiting"}}]}
        return await self.collection.count_documents(
            {"tenant": tenant, "group": group_id, **in_work}, session=session
        )

    async def waiting(
        self, tenant: str, group_id: ObjectId, moment: datetime, count: int, session: Session
    ) -> list[Document]:
        """Up to `count` of a group's jobs that wait and may start at `moment`: the urgent and old first."""
        ready = {**_WAITING, "notBefore": {"$lte": moment}}
        order = [("waitingRank", 1), ("waitingSince", 1)]
        cursor = self.collection.find({"tenant": tenant, "group": group_id, **ready}, session=session)
        return await cursor.sort(order).limit(count).to_list(count)

    async def groups_waiting(self, moment: datetime) -> list[tuple[str, ObjectId | None]]:
        """Tenant and group (None: no group) of every tenant's jobs that wait and may start at `moment`."""
        cursor = self.collection.aggregate(
            [
                {"$match": {**_WAITING, "notBefore": {"$lte": moment}}},
                {"$group": {"_id": {"tenant": "$tenant", "group": {"$ifNull": ["$group", None]}}}},
            ]
        )
        return [(row["_id"]["tenant"], row["_id"]["group"]) for row in await cursor.to_list(None)]

    async def in_attempt(self, job_id: ObjectId, attempt: int) -> Document | None:
        """The job of any tenant, for a bearer of a link that was signed for this attempt at it."""
        return await self.collection.find_one({"_id": job_id, "attempt": attempt})

    async def completed_before(
        self, job: Document, moment: datetime, conditions: Document, most: int, session: Session
    ) -> list[Document]:
        """Up to `most` other jobs of the tenant, first completed by `moment`, that meet `conditions`."""
        done = {"_id": {"$ne": job["_id"]}, "status": "completed", "firstCompletedAt": {"$lte": moment}}
        cursor = self.collection.find({**conditions, **done, "tenant": job["tenant"]}, session=session)
        return await cursor.sort("firstCompletedAt", 1).limit(most).to_list(most)

    async def overdue(self, moment: datetime, count: int) -> list[Document]:
        """Jobs of every tenant that are in work and past their deadline, up to `count`."""
        late = {"status": {"$in": ["queued", "processing"]}, "deadline": {"$lt": moment}}
        return await self.collection.find(late).limit(count).to_list(count)


class Pages(SearchableRepository):
    """The `pages` collection."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "pages", "OCR invoice job page", PAGE_TEXTS)

    async def insert(self, tenant: str, record: Document, session: Session | None = None) -> Document:
        try:
            return await super().insert(tenant, record, session)
        except DuplicateKeyError:
            number = record["pageNumber"]
            raise StateConflict(
                f"The job already has a page {number}.", {"pageNumber": ["Already taken in this job."]}
            ) from None

    async def readings(self, tenant: str, job_id: ObjectId) -> AsyncIterator[Document]:
        """The job's pages that were read, in page order."""
        read = {"tenant": tenant, "job": job_id, "status": "completed"}
        async for page in self.collection.find(read).sort("pageNumber", 1):
            yield page

    async def marks(self, tenant: str, job_id: ObjectId, most_pages: int, session: Session) -> list[str]:
        """The distinct keys of companies on the job's first pages that were read."""
        read = {"tenant": tenant, "job": job_id, "status": "completed"}
        cursor = self.collection.find(read, {"marks": 1}, session=session).sort("pageNumber", 1)
        pages = await cursor.limit(most_pages).to_list(most_pages)
        return list(dict.fromkeys(mark for page in pages for mark in page.get("marks") or ()))

    async def count_by_status(self, tenant: str, job_id: ObjectId, session: Session) -> dict[str, int]:
        """How many pages of the job are in each status, without those that nobody has asked to read."""
        asked = {"$or": [{"status": {"$ne": "pending"}}, {"queued": True}]}
        cursor = self.collection.aggregate(
            [
                {"$match": {"tenant": tenant, "job": job_id, **asked}},
                {"$group": {"_id": "$status", "count": {"$sum": 1}}},
            ],
            session=session,
        )
        return {row["_id"]: row["count"] for row in await cursor.to_list(None)}


class Groups(SearchableRepository):
    """The `groups` collection."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "groups", "OCR invoice job group", GROUP_TEXTS)

    async def take_turn(self, tenant: str, group_id: ObjectId, session: Session) -> Document | None:
        """The group, locked against other transactions that take its turn until this one has ended."""
        group: Document | None = await self.collection.find_one_and_update(
            {"_id": group_id, "tenant": tenant}, {"$inc": {"turn": 1}}, session=session
        )
        return group


class Templates(SearchableRepository):
    """The `templates` collection."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "templates", "OCR invoice job template", TEMPLATE_TEXTS)

    async def default(self, tenant: str, settings: Document) -> Document:
        """The tenant's oldest template named "Default"; made from `settings` when there is none.

        Its id comes from the tenant's name, so that two gateways that make it at once make one.
        """
        existing = await self._named_default(tenant)
        if existing is not None:
            return existing
        try:
            return await self.insert(
                tenant, {**settings, "_id": derived_id("default template", tenant), "name": DEFAULT_TEMPLATE}
            )
        except DuplicateKeyError:
            return await self.get(tenant, derived_id("default template", tenant))

    async def _named_default(self, tenant: str) -> Document | None:
        named = {"tenant": tenant, "name": DEFAULT_TEMPLATE}
        return await self.collection.find_one(named, sort=[("createdAt", 1)])


class Invoices(Repository):
    """The `invoices` collection: invoices of the API's second family that were created without a document."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "invoices", "Invoice")


@dataclass(frozen=True, slots=True)
class Records:
    """The repositories of all resources."""

    jobs: Jobs
    pages: Pages
    groups: Groups
    templates: Templates
    invoices: Invoices
    suppliers: SupplierProfiles

    @classmethod
    def of(cls, database: Database) -> Records:
        return cls(
            Jobs(database, Counters(database)),
            Pages(database),
            Groups(database),
            Templates(database),
            Invoices(database),
            SupplierProfiles(database),
        )


def derived_id(*parts: str) -> ObjectId:
    """An id that is always the same for the same `parts`: what is stored under it is stored once."""
    return ObjectId(hashlib.sha256("\0".join(parts).encode()).digest()[:12])


def _taken(record: Document) -> StateConflict:
    return StateConflict(
        f"A job with the number '{record.get('jobNumber')}' exists already.",
        {"jobNumber": ["Already taken."]},
    )
