"""Turns: of transactions that take the same turn at the same time, one waits for the other's outcome.

A transaction does not see what another has not yet committed. Where two must not both find nothing, both
write the same record first; the second fails on the conflict and is repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from pymongo import UpdateOne

from services.gateway.store.database import Database, Session
from services.gateway.store.repository import utc_now

KEPT = timedelta(hours=1)


class Turns:
    """The `turns` collection."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["turns"]

    async def take(self, session: Session, tenant: str, names: Iterable[str]) -> None:
        """Take the tenant's turns of these names until the transaction has ended."""
        taken = {"$inc": {"taken": 1}, "$set": {"expiresAt": utc_now() + KEPT}}
        turns = [
            UpdateOne({"_id": _turn(tenant, name), "tenant": tenant}, taken, upsert=True)
            for name in sorted(set(names))
        ]
        if turns:
            await self._collection.bulk_write(turns, session=session)


def _turn(tenant: str, name: str) -> str:
    return hashlib.sha256(f"{tenant}\0{name}".encode()).hexdigest()
