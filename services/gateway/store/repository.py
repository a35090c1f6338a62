"""What every collection of tenant records can do. There is no query here without a tenant."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, TypedDict

from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import NotFound, PreconditionFailed
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.lists import ListQuery, RecordPage, list_records


class UpdateOptions(TypedDict, total=False):
    """What `Repository.update` takes beside the changes."""

    when: Document | None
    operators: Document | None
    session: Session | None


class Repository:
    """The records of one collection, each belonging to one tenant."""

    def __init__(self, database: Database, collection: str, label: str) -> None:
        self.collection: AsyncIOMotorCollection[Document] = database.motor[collection]
        self._label = label

    async def insert(self, tenant: str, record: Document, session: Session | None = None) -> Document:
        """Store a new record with its id, tenant and times, and return it whole."""
        now = utc_now()
        document = {
            "_id": ObjectId(),
            **record,
            "tenant": tenant,
            "revision": 1,
            "createdAt": now,
            "updatedAt": now,
        }
        await self.collection.insert_one(document, session=session)
        return document

    async def insert_once(self, tenant: str, record: Document) -> Document:
        """Store a record that brings its own `_id`, or return the one that is stored under it already."""
        try:
            return await self.insert(tenant, record)
        except DuplicateKeyError:
            return await self.get(tenant, record["_id"])

    async def change(
        self, tenant: str, record_id: ObjectId, changes: Document, when: Document | None
    ) -> Document:
        """Set `changes` on the record; raises NotFound, or PreconditionFailed when it is not as in `when`."""
        changed = await self.update(tenant, record_id, changes, when=when)
        if changed is None:
            await self.get(tenant, record_id)
            raise PreconditionFailed
        return changed

    async def get(self, tenant: str, record_id: ObjectId, session: Session | None = None) -> Document:
        """The record; raises NotFound when the tenant has none of this id."""
        record = await self.find_one(tenant, {"_id": record_id}, session)
        if record is None:
            raise NotFound(f"{self._label} not found.")
        return record

    async def find_one(
        self, tenant: str, conditions: Document, session: Session | None = None
    ) -> Document | None:
        return await self.collection.find_one({**conditions, "tenant": tenant}, session=session)

    async def find_all(
        self, tenant: str, conditions: Document, session: Session | None = None, sort: str = "_id"
    ) -> list[Document]:
        """Every record that matches; only for sets that are bounded by nature, such as a job's pages."""
        cursor = self.collection.find({**conditions, "tenant": tenant}, session=session).sort(sort, 1)
        return await cursor.to_list(None)

    async def list(self, tenant: str, query: ListQuery) -> RecordPage:
        """The records of one page of a list, and how many match in all."""
        return await list_records(self.collection, tenant, query)

    async def exists(self, tenant: str, conditions: Document) -> bool:
        found = await self.collection.find_one({**conditions, "tenant": tenant}, {"_id": 1})
        return found is not None

    async def count(self, tenant: str, conditions: Document, session: Session | None = None) -> int:
        return await self.collection.count_documents({**conditions, "tenant": tenant}, session=session)

    async def update(
        self,
        tenant: str,
        record_id: ObjectId,
        changes: Document,
        *,
        when: Document | None = None,
        operators: Document | None = None,
        session: Session | None = None,
    ) -> Document | None:
        """Set `changes` on the record if it is in the state `when`; the new record, or None if it was not.

        Every change counts the record's `revision` up, by which clients tell lost updates.
        `operators` are further MongoDB update operators, such as `{"$unset": {...}}`.
        """
        update: dict[str, Any] = {**(operators or {}), **_update(changes)}
        return await self.collection.find_one_and_update(
            {**(when or {}), "_id": record_id, "tenant": tenant},
            update,
            session=session,
            return_document=ReturnDocument.AFTER,
        )

    async def update_all(
        self,
        tenant: str,
        conditions: Document,
        changes: Document,
        session: Session | None = None,
        *,
        unset: tuple[str, ...] = (),
    ) -> None:
        """Set `changes` on every record that matches, and remove its fields `unset`."""
        operators = {"$unset": dict.fromkeys(unset, "")} if unset else {}
        await self.collection.update_many(
            {**conditions, "tenant": tenant}, {**operators, **_update(changes)}, session=session
        )

    async def delete(self, tenant: str, record_id: ObjectId, session: Session | None = None) -> None:
        """Remove the record; raises NotFound when the tenant has none of this id."""
        result = await self.collection.delete_one({"_id": record_id, "tenant": tenant}, session=session)
        if result.deleted_count == 0:
            raise NotFound(f"{self._label} not found.")

    async def delete_all(self, tenant: str, conditions: Document, session: Session | None = None) -> None:
        await self.collection.delete_many({**conditions, "tenant": tenant}, session=session)


def _update(changes: Document) -> Document:
    return {"$set": {**changes, "updatedAt": utc_now()}, "$inc": {"revision": 1}}


def derived_id(*parts: str) -> ObjectId:
    """An id that is always the same for the same `parts`: what is stored under it is stored once."""
    return ObjectId(hashlib.sha256("\0".join(parts).encode()).digest()[:12])


def utc_now() -> datetime:
    """The present time as MongoDB keeps it: UTC, whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
