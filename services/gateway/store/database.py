"""The MongoDB connection: client, transactions, indexes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from services.gateway.store.upgrades import upgrade
from shared.supervision import set_within

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
        IndexModel([("stage", ASCENDING), ("dueAt", ASCENDING)], name="dueAt"),
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


class Committed:
    """Documents that this process has committed, handed on without a look into the database.

    Only so many wait; what is more than that has to be found in the database, as after a crash.
    """

    def __init__(self, most: int) -> None:
        self._waiting: deque[Document] = deque(maxlen=most)
        self._arrived = asyncio.Event()

    def put(self, documents: Iterable[Document]) -> None:
        self._waiting.extend(documents)
        if self._waiting:
            self._arrived.set()

    def take(self) -> list[Document]:
        """All that wait, oldest first."""
        taken = list(self._waiting)
        self._waiting.clear()
        self._arrived.clear()
        return taken

    async def arrived(self, seconds: float) -> bool:
        """Wait until there are some, at most `seconds`; whether there are."""
        return await set_within(self._arrived, seconds)


class Database:
    """One MongoDB database; close it when done."""

    def __init__(self, url: str, default_name: str = "ledgerlens") -> None:
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url, tz_aware=True, serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MILLISECONDS
        )
        self.motor: AsyncIOMotorDatabase[Document] = self._client.get_default_database(default_name)
        self._deferred: dict[int, dict[str, list[Document]]] = {}  # by the id of the session
        self._followers: dict[str, list[Callable[[list[Document]], None]]] = {}

    def committed(self, collection: str, most: int) -> Committed:
        """What this process puts into `collection` by `insert_at_end` from now on, up to `most` waiting."""
        committed = Committed(most)
        self.on_commit(collection, committed.put)
        return committed

    def on_commit(self, collection: str, told: Callable[[list[Document]], None]) -> None:
        """From now on, have `told` what this process puts into `collection` by `insert_at_end`."""
        self._followers.setdefault(collection, []).append(told)

    def insert_at_end(self, session: Session, collection: str, document: Document) -> None:
        """Insert `document` as the last thing of the session's transaction, together with others."""
        self._deferred[id(session)].setdefault(collection, []).append(document)

    def inserted_at_end(self, session: Session, collection: str) -> list[Document]:
        """What is inserted into `collection` at the end of the session's transaction; may be changed."""
        return self._deferred[id(session)].setdefault(collection, [])

    async def create_indexes(self) -> None:
        """Make sure that every index exists, and that records are of this version; quick when so."""
        for collection, indexes in _INDEXES.items():
            await self.motor[collection].create_indexes(indexes)
        await upgrade(self.motor)

    async def transaction(self, work: Callable[[Session], Coroutine[Any, Any, Result]]) -> Result:
        """Run `work` in one transaction: all of it is stored, or nothing.

        Transient conflicts repeat `work`, so it must have no other effects than through its session. What
        it has inserted at the end is handed to those who follow its collection once all is stored.
        """

        async def complete(session: Session) -> Result:
            self._deferred[id(session)] = {}  # what an attempt before this one has left is void
            result = await work(session)
            for collection, documents in self._deferred[id(session)].items():
                if documents:
                    await self.motor[collection].insert_many(documents, session=session)
            return result

        async with await self._client.start_session() as session:
            try:
                result: Result = await session.with_transaction(
                    complete, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                )
            finally:
                inserted = self._deferred.pop(id(session), {})
        for collection, documents in inserted.items():
            for follower in self._followers.get(collection, ()):
                follower(documents)
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
