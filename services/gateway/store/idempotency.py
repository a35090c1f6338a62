"""`Idempotency-Key`: what a request was answered, so that its repetition gets the same and does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from services.gateway.errors import StateConflict
from services.gateway.store.database import Database
from services.gateway.store.repository import derived_id, utc_now

KEPT = timedelta(hours=24)
# A request that has no answer after this time was cut off, with its gateway: a repetition takes its place.
LONGEST_REQUEST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was sent."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reservation:
    """The right to do a request: `record_id` is the id that its first try had for what it creates."""

    key_id: ObjectId
    record_id: ObjectId


class IdempotencyKeys:
    """The `idempotencyKeys` collection."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["idempotencyKeys"]

    async def begin(
        self, tenant: str, key: str, fingerprint: str, record_id: ObjectId
    ) -> Answer | Reservation:
        """The answer of the request that had the tenant's `key` before, or the right to do it now.

        Raises StateConflict when the key was used for another request, or the same is being done just now.
        """
        now = utc_now()
        key_id = derived_id("idempotency key", tenant, key)
        await self._collection.delete_one({"_id": key_id, "expiresAt": {"$lte": now}})
        entry = {
            "_id": key_id,
            "fingerprint": fingerprint,
            "recordId": record_id,
            "lockedUntil": now + LONGEST_REQUEST,
            "expiresAt": now + KEPT,
        }
        try:
            await self._collection.insert_one(entry)
        except DuplicateKeyError:
            return await self._resume(key_id, fingerprint)
        return Reservation(key_id, record_id)

    async def finish(self, reservation: Reservation, answer: Answer) -> None:
        """Keep the answer."""
        kept = {"status": answer.status, "body": answer.body, "headers": answer.headers}
        await self._collection.update_one({"_id": reservation.key_id}, {"$set": {"answer": kept}})

    async def release(self, reservation: Reservation) -> None:
        """The request came to nothing: it may be repeated."""
        await self._collection.delete_one({"_id": reservation.key_id})

    async def _resume(self, key_id: ObjectId, fingerprint: str) -> Answer | Reservation:
        entry = await self._collection.find_one({"_id": key_id})
        if entry is None:
            raise _in_work()
        if entry["fingerprint"] != fingerprint:
            raise StateConflict("This Idempotency-Key was used for another request; take a new one.")
        if answer := entry.get("answer"):
            return Answer(answer["status"], bytes(answer["body"]), dict(answer["headers"]))
        taken = await self._collection.update_one(
            {"_id": key_id, "answer": None, "lockedUntil": {"$lte": utc_now()}},
            {"$set": {"lockedUntil": utc_now() + LONGEST_REQUEST}},
        )
        if not taken.modified_count:
            raise _in_work()
        return Reservation(key_id, entry["recordId"])


def _in_work() -> StateConflict:
    return StateConflict("A request with this Idempotency-Key is being processed; try again shortly.")
