"""What happened to each job, in order, for those who follow it. Kept for a week."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bson import ObjectId

from services.gateway.store.database import Database, Document, Session
from services.gateway.store.repository import utc_now

KEPT = timedelta(days=7)


COLLECTION = "jobEvents"
# Goes along with the update of a job that an event announces: the event has the number counted by it.
COUNTED: Document = {"$inc": {"eventCount": 1}}


class JobEvents:
    """The `jobEvents` collection: per job, events numbered from 1 in the order of their commits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection = database.motor[COLLECTION]
        self._waiting: dict[ObjectId, list[asyncio.Event]] = {}
        database.on_commit(COLLECTION, self._tell)

    def append(self, session: Session, job: Document, kind: str, data: dict[str, Any], time: str) -> None:
        """Add an event to the job's history, within the transaction of what happened.

        `job` is the record after an update that was `COUNTED`: transactions of one job conflict on it, so
        that a follower never sees a number before a smaller one.
        """
        event = {
            "_id": ObjectId(),
            "tenant": job["tenant"],
            "job": job["_id"],
            "number": job["eventCount"],
            "kind": kind,
            "data": data,
            "time": time,
            "expiresAt": utc_now() + KEPT,
        }
        self._database.insert_at_end(session, COLLECTION, event)

    async def after(self, tenant: str, job_id: ObjectId, number: int, count: int) -> list[Document]:
        """Up to `count` events of the job that follow the event `number`."""
        later = {"tenant": tenant, "job": job_id, "number": {"$gt": number}}
        return await self._collection.find(later).sort("number", 1).limit(count).to_list(count)

    @contextmanager
    def news(self, job_id: ObjectId) -> Iterator[asyncio.Event]:
        """What is set whenever this process commits an event of the job; another gateway's are not told."""
        told = asyncio.Event()
        self._waiting.setdefault(job_id, []).append(told)
        try:
            yield told
        finally:
            self._waiting[job_id].remove(told)
            if not self._waiting[job_id]:
                del self._waiting[job_id]

    def wake(self) -> None:
        """Have all look again who wait for news."""
        for waiting in self._waiting.values():
            for told in waiting:
                told.set()

    def _tell(self, events: list[Document]) -> None:
        for event in events:
            for told in self._waiting.get(event["job"], ()):
                told.set()

    async def forget(self, session: Session, job_id: ObjectId) -> None:
        """Drop the history of a job that is deleted."""
        await self._collection.delete_many({"job": job_id}, session=session)
