"""Integer ids, such as the invoice id of the API's second family."""

from __future__ import annotations

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.gateway.store.database import Database


class Counters:
    """The `counters` collection: one ever-growing number per name."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["counters"]

    async def next(self, name: str) -> int:
        """The next number, from 1; never given out twice, gaps are possible."""
        while True:
            record = await self._collection.find_one_and_update(
                {"_id": name}, {"$inc": {"value": 1}}, return_document=ReturnDocument.AFTER
            )
            if record is not None:
                return int(record["value"])
            await self._start(name)

    async def _start(self, name: str) -> None:
        """Make the counter. An upsert would do both at once, but two that race may answer with nothing."""
        try:
            await self._collection.insert_one({"_id": name, "value": 0})
        except DuplicateKeyError:
            return  # another caller was quicker
