"""What every collection of tenant records can do. There is no query here without a tenant."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import NotFound, PreconditionFailed
from services.gateway.store.changes import updated
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.lists import ListQuery, RecordPage, list_records

Records = list[Document]


class UpdateOptions(TypedDict, total=False):
    """What `Repository.update` takes beside the changes.

    `known` is the record as it was read within the same session, in the state that is wanted: it is not read
    once more, and `when` is not looked at.
    """

    when: Document | None
    operators: Document | None
    session: Session | None
    known: Document | None


class Repository:
    """The records of one collection, each belonging to one tenant."""

    def __init__(self, database: Database, collection: str, label: str) -> None:
        self.collection: AsyncIOMotorCollection[Document] = database.motor[collection]
        self._label = label

    async def insert(self, tenant: str, record: Document, session: Session | None = None) -> Document:
        """Store a new record with its id, tenant and times, and return it whole."""
        document = _new(tenant, record)
        await self.collection.insert_one(document, session=session)
        return document

    async def insert_all(self, tenant: str, records: Sequence[Document], session: Session) -> Records:
        """Store several new records as `insert` does one."""
        documents = [_new(tenant, record) for record in records]
        if documents:
            await self.collection.insert_many(documents, session=session)
        return documents

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
        """A record that matches; by its id in two steps, which MongoDB takes as one.

        SecantusDB looks for an index for the first step alone, and sees only there that an id needs none.
        """
        rest = {**conditions, "tenant": tenant}
        if "_id" not in rest:
            return await self.collection.find_one(rest, session=session)
        first = {"_id": rest.pop("_id")}
        found = await self.collection.aggregate(
            [{"$match": first}, {"$match": rest}], session=session
        ).to_list(1)
        return found[0] if found else None

    async def find_all(
        self, tenant: str, conditions: Document, session: Session | None = None, sort: str = "_id"
    ) -> list[Document]:
        """Every record that matches; only for sets that are bounded by nature, such as a job's pages."""
        cursor = self.collection.find({**conditions, "tenant": tenant}, session=session).sort(sort, 1)
        return await cursor.to_list(None)

    async def select(
        self,
        tenant: str,
        indexed: Document,
        rest: Document,
        session: Session,
        *,
        sort: str,
        most: int,
        fields: Sequence[str] = (),
    ) -> Records:
        """The first `most` records, by `sort`, that meet the conditions `indexed` and `rest`.

        Only their `fields` are read; none means all. `indexed` are, with the tenant, the fields of an index:
        MongoDB takes both conditions as one, SecantusDB looks for an index for the first alone.
        """
        stages: Records = [
            {"$match": {**indexed, "tenant": tenant}},
            {"$match": rest},
            {"$sort": {sort: 1}},
            {"$limit": most},
        ]
        if fields:
            stages.append({"$project": dict.fromkeys(fields, 1)})
        return await self.collection.aggregate(stages, session=session).to_list(most)

    async def list(self, tenant: str, query: ListQuery) -> RecordPage:
        """The records of one page of a list, and how many match in all."""
        return await list_records(self.collection, tenant, query)

    async def exists(self, tenant: str, conditions: Document) -> bool:
        if "_id" in conditions:
            return await self.find_one(tenant, conditions) is not None
        found = await self.collection.find_one({**conditions, "tenant": tenant}, {"_id": 1})
        return found is not None

    async def count(self, tenant: str, conditions: Document, session: Session | None = None) -> int:
        return await self.collection.count_documents({**conditions, "tenant": tenant}, session=session)

    async def update(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> Document | None:
        """Set `changes` on the record if it is in the state `when`; the new record, or None if it was not.

        Every change counts the record's `revision` up, by which clients tell lost updates.
        `operators` are further updates: `$inc` and `$unset`.
        """
        update, session = update_of(changes, options.get("operators")), options.get("session")
        if session is None:
            return await self.collection.find_one_and_update(
                _in_state(tenant, record_id, options), update, return_document=ReturnDocument.AFTER
            )
        before = options.get("known") or await self.find_one(
            tenant, _in_state(tenant, record_id, options), session
        )
        return await self._write(before, update, session) if before else None

    async def _write(self, before: Document, update: Document, session: Session) -> Document | None:
        """Update the record, which is as `before` in this session; the new record, or None if it is gone.

        Nobody comes between: a record that another has changed meanwhile is a conflict, which repeats the
        transaction. So nothing but the id is looked for, and the outcome needs not be read.
        """
        own = {"_id": before["_id"], "tenant": before["tenant"]}
        done = await self.collection.update_one(own, update, session=session)
        return updated(before, update) if done.matched_count else None

    async def apply(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> bool:
        """As `update`, for those who do not need the new record; whether it was in the state `when`."""
        if options.get("session") is not None:
            return await self.update(tenant, record_id, changes, **options) is not None
        done = await self.collection.update_one(
            _in_state(tenant, record_id, options), update_of(changes, options.get("operators"))
        )
        return done.matched_count > 0

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
        operators = {"$unset": dict.fromkeys(unset, "")} if unset else None
        await self.collection.update_many(
            {**conditions, "tenant": tenant}, update_of(changes, operators), session=session
        )

    async def delete(self, tenant: str, record_id: ObjectId, session: Session | None = None) -> None:
        """Remove the record; raises NotFound when the tenant has none of this id."""
        result = await self.collection.delete_one({"_id": record_id, "tenant": tenant}, session=session)
        if result.deleted_count == 0:
            raise NotFound(f"{self._label} not found.")

    async def delete_all(self, tenant: str, conditions: Document, session: Session | None = None) -> None:
        await self.collection.delete_many({**conditions, "tenant": tenant}, session=session)


def _new(tenant: str, record: Document) -> Document:
    now = utc_now()
    fixed = {"tenant": tenant, "revision": 1, "createdAt": now, "updatedAt": now}
    return {"_id": ObjectId(), **record, **fixed}


def _in_state(tenant: str, record_id: ObjectId, options: UpdateOptions) -> Document:
    """The record, if it is in the state `when`. SecantusDB takes the first field that has an index."""
    return {"_id": record_id, **(options.get("when") or {}), "tenant": tenant}


def update_of(changes: Document, operators: Document | None) -> Document:
    further = operators or {}
    return {
        **further,
        "$set": {**changes, "updatedAt": utc_now()},
        "$inc": {**further.get("$inc", {}), "revision": 1},
    }


def derived_id(*parts: str) -> ObjectId:
    """An id that is always the same for the same `parts`: what is stored under it is stored once."""
    return ObjectId(hashlib.sha256("\0".join(parts).encode()).digest()[:12])


def utc_now() -> datetime:
    """The present time as MongoDB keeps it: UTC, whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
