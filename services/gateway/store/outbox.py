"""Messages that wait to be published: written in the transaction of the change that they announce."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bson import ObjectId

from services.gateway.store.database import Database, Document, Session
from services.gateway.store.repository import utc_now


class Outbox:
    """The `outbox` collection. Entries are leased by a relay, published, then removed."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["outbox"]

    async def add(
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
        await self.add_all(session, job_id, exchange, routing_key, [event], mandatory=mandatory)

    async def add_all(
        self,
        session: Session,
        job_id: ObjectId,
        exchange: str,
        routing_key: str,
        events: list[dict[str, Any]],
        *,
        mandatory: bool = True,
    ) -> None:
        """Queue several messages for one destination."""
        if not events:
            return
        now = utc_now()
        entries = [
            {
                "_id": ObjectId(),
                "jobId": job_id,
                "exchange": exchange,
                "routingKey": routing_key,
                "event": event,
                "mandatory": mandatory,
                "createdAt": now,
                "leasedUntil": now,
            }
            for event in events
        ]
        await self._collection.insert_many(entries, session=session)

    async def lease(self, count: int, seconds: float) -> list[Document]:
        """Take up to `count` entries, oldest first, that no relay holds; they come back after `seconds`."""
        now = utc_now()
        until = now + timedelta(seconds=seconds)
        found = await (
            self._collection.find({"leasedUntil": {"$lte": now}}).sort("_id", 1).limit(count).to_list(count)
        )
        taken = []
        for entry in found:
            result = await self._collection.update_one(
                {"_id": entry["_id"], "leasedUntil": entry["leasedUntil"]}, {"$set": {"leasedUntil": until}}
            )
            if result.modified_count:
                taken.append(entry)
        return taken

    async def remove(self, entry_ids: list[ObjectId]) -> None:
        """Forget entries that the broker has confirmed."""
        await self._collection.delete_many({"_id": {"$in": entry_ids}})

    async def release(self, entry_ids: list[ObjectId]) -> None:
        """Give leased entries back, to be taken again at once."""
        await self._collection.update_many({"_id": {"$in": entry_ids}}, {"$set": {"leasedUntil": utc_now()}})

    async def discard_tasks(self, session: Session, job_id: ObjectId, exchange: str) -> None:
        """Drop messages of a job that were not yet published to `exchange`."""
        await self._collection.delete_many({"jobId": job_id, "exchange": exchange}, session=session)

    async def waiting(self) -> int:
        """How many messages are not yet published."""
        return await self._collection.count_documents({})
