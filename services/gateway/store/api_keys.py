"""API keys: who calls, for which tenant, and what the key may do. Only keyed hashes are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Unpack

from bson import ObjectId

from services.gateway.errors import NotFound
from services.gateway.store.database import Database, Document
from services.gateway.store.lists import SEARCH_TERMS
from services.gateway.store.repository import UpdateOptions, utc_now
from services.gateway.store.search import SearchableRepository, words

READ, WRITE, ADMIN = "read", "write", "admin"
SCOPES = (READ, WRITE, ADMIN)
KEY_FORM = re.compile(r"ll_[A-Za-z0-9_-]{43}")
LAST_USE_RESOLUTION = timedelta(minutes=1)
# How long a gateway may take to notice that a key was revoked elsewhere.
REMEMBERED_SECONDS = 1.0
MOST_REMEMBERED = 1_000
_HINT_LENGTH = 7


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A known key; `last_used_at` is at most a minute late."""

    id: ObjectId
    tenant: str
    name: str
    scopes: frozenset[str]
    revoked: bool
    expires_at: datetime | None
    last_used_at: datetime | None

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= utc_now()


class ApiKeys(SearchableRepository):
    """The `apiKeys` collection."""

    def __init__(self, database: Database, secret: bytes) -> None:
        super().__init__(database, "apiKeys", "API key", ("name",))
        self._secret = secret
        self._remembered: dict[str, tuple[ApiKey, float]] = {}  # by hash, with the time it is forgotten

    async def accept(self, key: str, tenant: str, name: str) -> None:
        """Make sure that `key` is known and has all scopes; one that was revoked stays revoked."""
        now = utc_now()
        await self.collection.update_one(
            {"hash": self._hash(key)},
            {
                "$set": {"scopes": list(SCOPES)},
                "$setOnInsert": {
                    "tenant": tenant,
                    "name": name,
                    SEARCH_TERMS: words(name),
                    "createdAt": now,
                    "updatedAt": now,
                    "revokedAt": None,
                    "expiresAt": None,
                },
            },
            upsert=True,
        )

    async def create(
        self, tenant: str, name: str, scopes: list[str], expires_at: datetime | None
    ) -> tuple[Document, str]:
        """Make a key; its record, and the key itself, which is never to be had again."""
        key = new_key()
        record = await self.insert(
            tenant,
            {
                "name": name,
                "scopes": [scope for scope in SCOPES if scope in scopes],
                "hint": key[:_HINT_LENGTH],
                "hash": self._hash(key),
                "expiresAt": expires_at,
                "revokedAt": None,
            },
        )
        return record, key

    async def find(self, key: str) -> ApiKey | None:
        """The key, or None for one that was never made.

        What this object changes holds at once, what is changed elsewhere a second later at the latest.
        """
        digest = self._hash(key)
        # A change while the database answers begins a new one, so that an old answer is not kept.
        remembered = self._remembered
        known = remembered.get(digest)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        record = await self.collection.find_one({"hash": digest})
        if record is None or not hmac.compare_digest(record["hash"], digest):
            return None
        found = ApiKey(
            id=record["_id"],
            tenant=record["tenant"],
            name=record["name"],
            scopes=frozenset(record["scopes"]),
            revoked=record.get("revokedAt") is not None,
            expires_at=record.get("expiresAt"),
            last_used_at=record.get("lastUsedAt"),
        )
        if len(remembered) >= MOST_REMEMBERED:
            remembered.clear()
        remembered[digest] = found, time.monotonic() + REMEMBERED_SECONDS
        return found

    async def update(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> Document | None:
        updated = await super().update(tenant, record_id, changes, **options)
        self._remembered = {}
        return updated

    async def note_use(self, key: ApiKey) -> None:
        """Remember that the key was used now; written at most once a minute, by one gateway."""
        now = utc_now()
        if key.last_used_at is not None and now - key.last_used_at < LAST_USE_RESOLUTION:
            return
        await self.collection.update_one(
            {"_id": key.id, "lastUsedAt": key.last_used_at}, {"$set": {"lastUsedAt": now}}
        )
        self._remembered = {}

    async def revoke(self, key: str) -> None:
        """Refuse `key` from now on."""
        await self.collection.update_one({"hash": self._hash(key)}, {"$set": {"revokedAt": utc_now()}})
        self._remembered = {}

    async def revoke_by_id(self, tenant: str, key_id: ObjectId) -> Document:
        """Refuse the key from now on; its record. Raises NotFound when the tenant has none of this id."""
        await self.collection.update_one(
            {"_id": key_id, "tenant": tenant, "revokedAt": None}, {"$set": {"revokedAt": utc_now()}}
        )
        self._remembered = {}
        return await self.get(tenant, key_id)

    async def revoke_anywhere(self, key_id: ObjectId) -> Document:
        """The same for an operator, who may revoke keys of every tenant."""
        record = await self.collection.find_one({"_id": key_id})
        if record is None:
            raise NotFound("API key not found.")
        return await self.revoke_by_id(record["tenant"], key_id)

    async def of_tenants(self, tenant: str | None) -> list[Document]:
        """All keys for an operator: of one tenant, or of every tenant."""
        conditions = {} if tenant is None else {"tenant": tenant}
        return await self.collection.find(conditions).sort([("tenant", 1), ("_id", 1)]).to_list(None)

    def _hash(self, key: str) -> str:
        # Header bytes that are no UTF-8 arrive as lone surrogates.
        return hmac.new(self._secret, key.encode(errors="surrogateescape"), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A fresh random key of 256 bits."""
    return "ll_" + secrets.token_urlsafe(32)
