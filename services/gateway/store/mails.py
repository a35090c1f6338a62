"""E-mails that wait to be sent: written in the transaction of what they tell about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bson import ObjectId

from services.gateway.store.database import Database, Document, Session
from services.gateway.store.repository import utc_now


class Mails:
    """The `mails` collection. A mail is leased by a sender, sent, then removed."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["mails"]

    async def add(
        self, session: Session, *, recipients: list[str], subject: str, text: str, job_id: ObjectId
    ) -> None:
        """Have one e-mail sent; it exists only if the session's transaction commits."""
        mail = {
            "_id": ObjectId(),
            "recipients": recipients,
            "subject": subject,
            "text": text,
            "jobId": job_id,
            "attempts": 0,
            "createdAt": utc_now(),
            "dueAt": utc_now(),
        }
        await self._collection.insert_one(mail, session=session)

    async def lease(self, seconds: float) -> Document | None:
        """The mail that has been due longest, kept from other senders for `seconds`; or None."""
        now = utc_now()
        leased: Document | None = await self._collection.find_one_and_update(
            {"dueAt": {"$lte": now}},
            {"$set": {"dueAt": now + timedelta(seconds=seconds)}, "$inc": {"attempts": 1}},
            sort=[("dueAt", 1)],
        )
        return leased

    async def postpone(self, mail_id: ObjectId, seconds: float, recipients: list[str]) -> None:
        """Try again in `seconds`, for those `recipients` that have not got it."""
        later: dict[str, Any] = {"dueAt": utc_now() + timedelta(seconds=seconds), "recipients": recipients}
        await self._collection.update_one({"_id": mail_id}, {"$set": later})

    async def remove(self, mail_id: ObjectId) -> None:
        await self._collection.delete_one({"_id": mail_id})
