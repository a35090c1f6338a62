"""The MongoDB connection: client, transactions, indexes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
Session = AsyncIOMotorClientSession
Result = TypeVar("Result")

SERVER_SELECTION_TIMEOUT_MILLISECONDS = 5_000

_CREATED = IndexModel([("tenant", ASCENDING), ("createdAt", DESCENDING), ("_id", DESCENDING)], name="created")
_SEARCH = IndexModel(
    [("tenant", ASCENDING), ("searchTerms", ASCENDING), ("createdAt", DESCENDING)], name="search"
)
_INDEXES: dict[str, list[IndexModel]] = {
    "jobs": [
        IndexModel([("tenant", ASCENDING), ("jobNumber", ASCENDING)], unique=True, name="jobNumber"),
        IndexModel([("tenant", ASCENDING), ("invoiceId", ASCENDING)], unique=True, name="invoiceId"),
        _CREATED,
        _SEARCH,
        IndexModel([("tenant", ASCENDING), ("status", ASCENDING), ("createdAt", DESCENDING)], name="status"),
        IndexModel([("tenant", ASCENDING), ("group", ASCENDING), ("createdAt", DESCENDING)], name="group"),
        IndexModel([("tenant", ASCENDING), ("template", ASCENDING)], name="template"),
        IndexModel([("status", ASCENDING), ("deadline", ASCENDING)], name="deadline"),
        IndexModel([("stage", ASCENDING), ("notBefore", ASCENDING)], name="waiting"),
        IndexModel([("tenant", ASCENDING), ("documentInfo.sha256", ASCENDING)], name="sha256"),
        IndexModel([("tenant", ASCENDING), ("fingerprints", ASCENDING)], name="fingerprints"),
    ],
    "pages": [
        IndexModel([("job", ASCENDING), ("pageNumber", ASCENDING)], unique=True, name="pageNumber"),
        IndexModel([("job", ASCENDING), ("status", ASCENDING)], name="status"),
        _CREATED,
        _SEARCH,
    ],
    "groups": [
        _CREATED,
        _SEARCH,
        IndexModel([("tenant", ASCENDING), ("template", ASCENDING)], name="template"),
    ],
    "templates": [
        _CREATED,
        _SEARCH,
    ],
    "supplierProfiles": [
        _CREATED,
        _SEARCH,
        IndexModel([("tenant", ASCENDING), ("keys", ASCENDING)], name="keys"),
    ],
    "turns": [IndexModel([("expiresAt", ASCENDING)], expireAfterSeconds=0, name="expiry")],
    "invoices": [
        IndexModel([("tenant", ASCENDING), ("invoiceId", ASCENDING)], unique=True, name="invoiceId"),
    ],
    "idempotencyKeys": [IndexModel([("expiresAt", ASCENDING)], expireAfterSeconds=0, name="expiry")],
    "jobEvents": [
        IndexModel([("job", ASCENDING), ("number", ASCENDING)], unique=True, name="number"),
        IndexModel([("expiresAt", ASCENDING)], expireAfterSeconds=0, name="expiry"),
    ],
    "mails": [IndexModel([("dueAt", ASCENDING)], name="dueAt")],
    "fileRemovals": [IndexModel([("dueAt", ASCENDING)], name="dueAt")],
    "apiKeys": [
        IndexModel([("hash", ASCENDING)], unique=True, name="hash"),
        _CREATED,
        _SEARCH,
    ],
    "rateLimits": [IndexModel([("expiresAt", ASCENDING)], expireAfterSeconds=0, name="expiresAt")],
    "outbox": [
        IndexModel([("leasedUntil", ASCENDING), ("_id", ASCENDING)], name="leasedUntil"),
        IndexModel([("jobId", ASCENDING)], name="jobId"),
    ],
    "fs.files": [
        IndexModel([("filename", ASCENDING), ("uploadDate", ASCENDING)], name="filename"),
    ],
    "fs.chunks": [IndexModel([("files_id", ASCENDING), ("n", ASCENDING)], unique=True, name="files_id_n")],
}


class Database:
    """One MongoDB database; close it when done."""

    def __init__(self, url: str, default_name: str = "ledgerlens") -> None:
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url, tz_aware=True, serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MILLISECONDS
        )
        self.motor: AsyncIOMotorDatabase[Document] = self._client.get_default_database(default_name)
        self._on_commit: list[asyncio.Event] = []

    def commits(self) -> asyncio.Event:
        """A new event that is set after each transaction of this process; whoever waits for it clears it."""
        event = asyncio.Event()
        self._on_commit.append(event)
        return event

    async def create_indexes(self) -> None:
        """Make sure that every index exists; quick when they do."""
        for collection, indexes in _INDEXES.items():
            await self.motor[collection].create_indexes(indexes)

    async def transaction(self, work: Callable[[Session], Coroutine[Any, Any, Result]]) -> Result:
        """Run `work` in one transaction: all of it is stored, or nothing.

        Transient conflicts repeat `work`, so it must have no other effects than through its session.
        """
        async with await self._client.start_session() as session:
            result: Result = await session.with_transaction(
                work, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
            )
        for event in self._on_commit:
            event.set()
        return result

    async def answers(self) -> bool:
        """Whether the server answers a ping now."""
        try:
            await self.motor.command("ping")
        except PyMongoError:
            return False
        return True

    def close(self) -> None:
        self._client.close()
