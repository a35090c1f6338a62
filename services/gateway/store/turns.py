"""Turns: of transactions that take the same turn at the same time, one waits for the other's outcome.

A transaction does not see what another has not yet committed. Where two must not both find nothing, both
write the same record first; the second fails on the conflict and is repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from services.gateway.store.database import Database, Session
from services.gateway.store.repository import utc_now

KEPT = timedelta(hours=1)


class Turns:
    """The `turns` collection."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["turns"]

    async def take(self, session: Session, tenant: str, names: Iterable[str]) -> None:
        """Take the tenant's turns of these names until the transaction has ended."""
        for name in sorted(set(names)):
            turn = hashlib.sha256(f"{tenant}\0{name}".encode()).hexdigest()
            await self._collection.update_one(
                {"_id": turn, "tenant": tenant},
                {"$inc": {"taken": 1}, "$set": {"expiresAt": utc_now() + KEPT}},
                upsert=True,
                session=session,
            )
