"""Messages that wait to be published: written in the transaction of the change that they announce."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bson import ObjectId

from services.gateway.store.database import Committed, Database, Document, Session
from services.gateway.store.repository import utc_now

COLLECTION = "outbox"
# How long what a killed gateway had in hand waits for another; one that is only slow publishes twice.
LEASE = timedelta(seconds=10)
MOST_IN_HAND = 1_000


class Outbox:
    """The `outbox` collection: entries are leased by a relay, published, then removed.

    The gateway that commits an entry has it leased from the start, and gets it without asking the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection = database.motor[COLLECTION]
        self._committed = database.committed(COLLECTION, MOST_IN_HAND)

    @property
    def committed(self) -> Committed:
        """Entries of this process, leased to it."""
        return self._committed

    def add(
        self,
        session: Session,
        *,
        job_id: ObjectId,
        exchange: str,
        routing_key: str,
        event: dict[str, Any],
        mandatory: bool = True,
    ) -> None:
        """Queue one message for publishing; it exists only if the session's transaction commits."""
        now = utc_now()
        entry = {
            "_id": ObjectId(),
            "jobId": job_id,
            "exchange": exchange,
            "routingKey": routing_key,
            "event": event,
            "mandatory": mandatory,
            "createdAt": now,
            "leasedUntil": now + LEASE,
        }
        self._database.insert_at_end(session, COLLECTION, entry)

    async def lease(self, count: int) -> list[Document]:
        """Take up to `count` entries, oldest first, that no relay holds."""
        now = utc_now()
        found = await (
            self._collection.find({"leasedUntil": {"$lte": now}}).sort("_id", 1).limit(count).to_list(count)
        )
        until = now + LEASE
        taken = []
        for entry in found:
            result = await self._collection.update_one(
                {"_id": entry["_id"], "leasedUntil": entry["leasedUntil"]}, {"$set": {"leasedUntil": until}}
            )
            if result.modified_count:
                taken.append(entry | {"leasedUntil": until})
        return taken

    async def remove(self, entry_ids: list[ObjectId]) -> None:
        """Forget entries that the broker has confirmed."""

        async def remove(session: Session) -> None:
            await self._collection.delete_many({"_id": {"$in": entry_ids}}, session=session)

        # Outside of one, SecantusDB waits for another transaction's end with the whole collection locked,
        # for ever if that transaction has still something to write there.
        await self._database.transaction(remove)

    async def release(self, entry_ids: list[ObjectId]) -> None:
        """Give leased entries back, to be taken again at once."""

        async def release(session: Session) -> None:
            free = {"$set": {"leasedUntil": utc_now()}}
            await self._collection.update_many({"_id": {"$in": entry_ids}}, free, session=session)

        await self._database.transaction(release)

    async def discard_tasks(self, session: Session, job_id: ObjectId, exchange: str) -> None:
        """Drop messages of a job that were not yet published to `exchange`."""
        new = self._database.inserted_at_end(session, COLLECTION)
        new[:] = [entry for entry in new if (entry["jobId"], entry["exchange"]) != (job_id, exchange)]
        await self._collection.delete_many({"jobId": job_id, "exchange": exchange}, session=session)

    async def waiting(self) -> int:
        """How many messages are not yet published."""
        return await self._collection.count_documents({})
