"""API keys: who calls, and for which tenant. Only keyed hashes are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from services.gateway.store.database import Database
from services.gateway.store.repository import utc_now

KEY_FORM = re.compile(r"ll_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A known key."""

    tenant: str
    name: str
    revoked: bool
    expires_at: datetime | None

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= utc_now()


class ApiKeys:
    """The `apiKeys` collection."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._collection = database.motor["apiKeys"]
        self._secret = secret

    async def accept(self, key: str, tenant: str, name: str) -> None:
        """Make sure that `key` is known; one that was revoked stays revoked."""
        await self._collection.update_one(
            {"hash": self._hash(key)},
            {
                "$setOnInsert": {
                    "tenant": tenant,
                    "name": name,
                    "createdAt": utc_now(),
                    "revokedAt": None,
                    "expiresAt": None,
                }
            },
            upsert=True,
        )

    async def find(self, key: str) -> ApiKey | None:
        """The key's record, or None for a key that was never made."""
        digest = self._hash(key)
        record = await self._collection.find_one({"hash": digest})
        if record is None or not hmac.compare_digest(record["hash"], digest):
            return None
        return ApiKey(
            tenant=record["tenant"],
            name=record["name"],
            revoked=record.get("revokedAt") is not None,
            expires_at=record.get("expiresAt"),
        )

    async def revoke(self, key: str) -> None:
        """Refuse `key` from now on."""
        await self._collection.update_one({"hash": self._hash(key)}, {"$set": {"revokedAt": utc_now()}})

    def _hash(self, key: str) -> str:
        return hmac.new(self._secret, key.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A fresh random key of 256 bits."""
    return "ll_" + secrets.token_urlsafe(32)
