"""The repositories of the four resources."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import StateConflict
from services.gateway.store.counters import Counters
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.search import SearchableRepository

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

    async def update(  # type: ignore[no-untyped-def]
        self, tenant: str, record_id: ObjectId, changes: Document, **options
    ) -> Document | None:
        try:
            return await super().update(tenant, record_id, changes, **options)
        except DuplicateKeyError:
            raise _taken(changes) from None

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

    async def in_attempt(self, job_id: ObjectId, attempt: int) -> Document | None:
        """The job of any tenant, for a bearer of a link that was signed for this attempt at it."""
        return await self.collection.find_one({"_id": job_id, "attempt": attempt})

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

    async def count_by_status(self, tenant: str, job_id: ObjectId, session: Session) -> dict[str, int]:
        """How many pages of the job are in each status."""
        cursor = self.collection.aggregate(
            [
                {"$match": {"tenant": tenant, "job": job_id}},
                {"$group": {"_id": "$status", "count": {"$sum": 1}}},
            ],
            session=session,
        )
        return {row["_id"]: row["count"] for row in await cursor.to_list(None)}


class Groups(SearchableRepository):
    """The `groups` collection."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "groups", "OCR invoice job group", GROUP_TEXTS)


class Templates(SearchableRepository):
    """The `templates` collection."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "templates", "OCR invoice job template", TEMPLATE_TEXTS)


@dataclass(frozen=True, slots=True)
class Records:
    """The repositories of all four resources."""

    jobs: Jobs
    pages: Pages
    groups: Groups
    templates: Templates

    @classmethod
    def of(cls, database: Database) -> Records:
        return cls(Jobs(database, Counters(database)), Pages(database), Groups(database), Templates(database))


def _taken(record: Document) -> StateConflict:
    return StateConflict(
        f"A job with the number '{record.get('jobNumber')}' exists already.",
        {"jobNumber": ["Already taken."]},
    )
