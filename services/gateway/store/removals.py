"""Files that are to be removed: noted in the transaction that gives them up, done even after a crash."""

from __future__ import annotations

from datetime import datetime

from bson import ObjectId

from services.gateway.store.database import Database, Document, Session
from services.gateway.store.repository import utc_now

EVERYTHING = "everything"
DOCUMENT = "document"
PAGES = "pages"


class FileRemovals:
    """The `fileRemovals` collection."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["fileRemovals"]

    async def add(
        self,
        job_id: ObjectId,
        what: str,
        session: Session | None = None,
        *,
        before_attempt: int | None = None,
        due_at: datetime | None = None,
    ) -> ObjectId:
        """Note that files of a job are to be removed, at once or at `due_at`; the note's id.

        `what` is EVERYTHING, DOCUMENT, or PAGES (those of the attempts before `before_attempt`).
        """
        note_id = ObjectId()
        note = {
            "_id": note_id,
            "jobId": job_id,
            "what": what,
            "beforeAttempt": before_attempt,
            "dueAt": due_at or utc_now(),
        }
        await self._collection.insert_one(note, session=session)
        return note_id

    async def call_off(self, note_id: ObjectId, session: Session | None = None) -> None:
        """The files are wanted after all, or are gone."""
        await self._collection.delete_one({"_id": note_id}, session=session)

    async def hasten(self, note_id: ObjectId) -> None:
        """Have the files removed now rather than later."""
        await self._collection.update_one({"_id": note_id}, {"$set": {"dueAt": utc_now()}})

    async def due(self, count: int) -> list[Document]:
        """Up to `count` notes whose time has come, oldest first."""
        cursor = self._collection.find({"dueAt": {"$lte": utc_now()}}).sort("dueAt", 1).limit(count)
        return await cursor.to_list(count)
