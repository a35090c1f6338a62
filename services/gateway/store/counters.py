"""Integer ids, such as the invoice id of the API's second family."""

from __future__ import annotations

from pymongo import ReturnDocument

from services.gateway.store.database import Database


class Counters:
    """The `counters` collection: one ever-growing number per tenant and name."""

    def __init__(self, database: Database) -> None:
        self._collection = database.motor["counters"]

    async def next(self, name: str) -> int:
        """The next number, from 1; never given out twice, gaps are possible."""
        record = await self._collection.find_one_and_update(
            {"_id": name}, {"$inc": {"value": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return int(record["value"])
