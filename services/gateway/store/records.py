"""The repositories of the resources."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import StateConflict
from services.gateway.store.counters import Counters
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.jobs import Jobs
from services.gateway.store.repository import Repository, derived_id
from services.gateway.store.search import SearchableRepository
from services.gateway.store.suppliers import SupplierProfiles

# The text fields that lists search.
PAGE_TEXTS = ("ocrResults.text", "errorLog")
GROUP_TEXTS = ("name", "description", "batchNumber", "createdBy", "assignedTo", "tags")
TEMPLATE_TEXTS = ("name", "description", "version", "createdBy", "tags")

DEFAULT_TEMPLATE = "Default"
UNFINISHED = ("pending", "processing")


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
        async for page in self.collection.find(_read(tenant, job_id)).sort("pageNumber", 1):
            yield page

    async def marks(self, tenant: str, job_id: ObjectId, most_pages: int, session: Session) -> list[str]:
        """The distinct keys of companies on the job's first pages that were read."""
        cursor = self.collection.find(_read(tenant, job_id), {"marks": 1}, session=session)
        pages = await cursor.sort("pageNumber", 1).limit(most_pages).to_list(most_pages)
        return list(dict.fromkeys(mark for page in pages for mark in page.get("marks") or ()))

    async def count_open(self, tenant: str, job_id: ObjectId, session: Session) -> int:
        """How many pages of the job are still to be read, without those that nobody has asked to read."""
        unread = {"job": job_id, "status": {"$in": list(UNFINISHED)}, "tenant": tenant}
        cursor = self.collection.find(unread, {"status": 1, "queued": 1}, session=session)
        pages = await cursor.to_list(None)
        return sum(page["status"] != "pending" or page.get("queued", False) for page in pages)

    async def any_read(self, tenant: str, job_id: ObjectId, session: Session) -> bool:
        """Whether a page of the job was read."""
        found = await self.collection.find_one(_read(tenant, job_id), {"_id": 1}, session=session)
        return found is not None


class Groups(SearchableRepository):
    """The `groups` collection."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "groups", "OCR invoice job group", GROUP_TEXTS)

    async def take_turn(self, tenant: str, group_id: ObjectId, session: Session) -> Document | None:
        """The group, locked against other transactions that take its turn until this one has ended."""
        own = {"_id": group_id, "tenant": tenant}
        await self.collection.update_one(own, {"$inc": {"turn": 1}}, session=session)
        return await self.collection.find_one(own, session=session)


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


def _read(tenant: str, job_id: ObjectId) -> Document:
    """What the pages of a job meet that were read."""
    return {"job": job_id, "status": "completed", "tenant": tenant}


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
