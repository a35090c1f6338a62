"""The repositories of the resources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
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
READ = ("completed",)
UNREAD = ("failed", "skipped")


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
        async for page in self.collection.aggregate(_of_job(tenant, job_id, READ)):
            yield page

    async def first_read(
        self, tenant: str, job_id: ObjectId, most_pages: int, session: Session
    ) -> list[Document]:
        """The `marks` of the first of the job's pages that were read, each with its page's id."""
        stages = [*_of_job(tenant, job_id, READ), {"$limit": most_pages}, {"$project": {"marks": 1}}]
        return await self.collection.aggregate(stages, session=session).to_list(None)

    async def count_open(self, tenant: str, job_id: ObjectId, session: Session) -> int:
        """How many pages of the job are still to be read, without those that nobody has asked to read."""
        stages = [*_of_job(tenant, job_id, UNFINISHED), {"$project": {"status": 1, "queued": 1}}]
        pages = await self.collection.aggregate(stages, session=session).to_list(None)
        return sum(page["status"] != "pending" or page.get("queued", False) for page in pages)

    async def unread(self, tenant: str, job_id: ObjectId, session: Session) -> list[Document]:
        """The job's pages that failed or were skipped, in page order."""
        return await self.collection.aggregate(_of_job(tenant, job_id, UNREAD), session=session).to_list(None)


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


def _of_job(tenant: str, job_id: ObjectId, states: Sequence[str]) -> list[Document]:
    """Stages that find a job's pages in these states, in page order.

    The first is all of an index: SecantusDB looks for one for it alone, MongoDB takes both as one.
    """
    indexed = {"job": job_id, "status": {"$in": list(states)}}
    return [{"$match": indexed}, {"$match": {"tenant": tenant}}, {"$sort": {"pageNumber": 1}}]


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
