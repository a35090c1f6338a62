"""How often each key calls: fixed windows of one minute, counted for all gateways together.

A gateway reserves calls from the shared counter in blocks, so that most requests cost no write. What is
reserved is never more than the limit; what one gateway has reserved and does not use is lost to the
others until the minute is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.gateway.store.database import Database

WINDOW_SECONDS = 60
BLOCKS_PER_LIMIT = 100
COLLECTION = "rateLimits"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key may still do: `remaining` calls until `reset_seconds` from now."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int


@dataclass(slots=True)
class _Window:
    number: int
    reserved: int = 0
    left: int = 0


class RateLimits:
    """The `rateLimits` collection: one counter per key and minute, removed by a TTL index."""

    def __init__(self, database: Database, limit: int, clock: Callable[[], float] = time.time) -> None:
        self._collection = database.motor[COLLECTION]
        self._limit = limit
        self._clock = clock
        self._block = max(1, limit // BLOCKS_PER_LIMIT)
        self._windows: dict[ObjectId, _Window] = {}

    async def take(self, key_id: ObjectId) -> Allowance | None:
        """Count one call of the key; None when there is no limit."""
        if not self._limit:
            return None
        now = self._clock()
        number = int(now // WINDOW_SECONDS)
        window = self._window(key_id, number)
        if window.left == 0 and window.reserved < self._limit:
            await self._reserve(key_id, window)
        allowed = window.left > 0
        if allowed:
            window.left -= 1
        remaining = self._limit - window.reserved + window.left
        reset = (number + 1) * WINDOW_SECONDS - now
        return Allowance(allowed, self._limit, remaining, max(1, round(reset)))

    def _window(self, key_id: ObjectId, number: int) -> _Window:
        window = self._windows.get(key_id)
        if window is None or window.number != number:
            self._windows = {key: old for key, old in self._windows.items() if old.number == number}
            window = self._windows[key_id] = _Window(number)
        return window

    async def _reserve(self, key_id: ObjectId, window: _Window) -> None:
        counter_id = f"{key_id}/{window.number}"
        expires_at = datetime.fromtimestamp((window.number + 2) * WINDOW_SECONDS, UTC)
        with suppress(DuplicateKeyError):
            if window.reserved == 0:
                await self._collection.insert_one({"_id": counter_id, "reserved": 0, "expiresAt": expires_at})
        counter = await self._collection.find_one_and_update(
            {"_id": counter_id},
            {"$inc": {"reserved": self._block}},
            return_document=ReturnDocument.AFTER,
        )
        if counter is None:  # this minute was over long ago
            return
        before = counter["reserved"] - self._block
        window.left += max(0, min(self._block, self._limit - before))
        window.reserved = max(window.reserved, min(self._limit, counter["reserved"]))
