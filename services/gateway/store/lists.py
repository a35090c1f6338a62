"""Lists of records: conditions, order, and where a page of the list begins.

Conditions are kept flat, as fields beside the tenant: not every server looks for an index inside `$and`
and `$or`. That is also why a page after a position is read range by range, each with an index of its own.
The tenant stands last, since some servers take the first field that has an index.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorCollection

from services.gateway.store.changes import field_at
from services.gateway.store.database import Document

MOST_COUNTED = 100_000
SEARCH_TERMS = "searchTerms"


@dataclass(frozen=True, slots=True)
class Position:
    """The last record that was seen: its value of the field that the list is sorted by, and its id."""

    value: Any
    record_id: ObjectId


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One page of a list: `conditions` are in MongoDB's language, already checked and typed."""

    conditions: Document
    sort: str = "createdAt"
    descending: bool = True
    limit: int = 50
    offset: int = 0
    after: Position | None = None

    def within(self, conditions: Document) -> ListQuery:
        """The same list, of only those records that also meet `conditions`."""
        return replace(self, conditions=all_of(conditions, self.conditions))


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Records of one page; `total` is how many match in all, or at least match if not `exact`.

    `next` is where the page after this one begins, None after the last.
    """

    records: list[Document]
    total: int
    exact: bool
    next: Position | None


def all_of(*parts: Document) -> Document:
    """Conditions that must all hold, flat as far as their names allow."""
    merged: Document = {}
    colliding: list[Document] = []
    for part in parts:
        if merged.keys() & part.keys():
            colliding.append(part)
        else:
            merged |= part
    if colliding:
        merged["$and"] = [*merged.get("$and", []), *colliding]
    return merged


async def list_records(
    collection: AsyncIOMotorCollection[Document], tenant: str, query: ListQuery
) -> RecordPage:
    """One page of the tenant's records."""
    conditions = all_of(query.conditions, {"tenant": tenant})
    found: list[Document] = []
    for part in ranges(query):
        wanted = query.limit + 1 - len(found)
        if wanted > 0:
            # Whole records: SecantusDB copies each, value by value, to leave a field out.
            cursor = collection.find(all_of(conditions, part))
            cursor = cursor.sort(order(query)).skip(query.offset).limit(wanted)
            found += await cursor.to_list(wanted)
    records = found[: query.limit]
    following = len(found) > query.limit
    if query.after is None and not following and (records or not query.offset):
        total, exact = query.offset + len(records), True  # the last record is on this page
    else:
        total, exact = await _total(collection, conditions, bool(query.conditions))
    return RecordPage(records, total, exact, _position(records[-1], query.sort) if following else None)


def order(query: ListQuery) -> list[tuple[str, int]]:
    """How the list is sorted; the id makes the order of equal values certain."""
    direction = -1 if query.descending else 1
    return [(name, direction) for name in dict.fromkeys((query.sort, "_id"))]


def ranges(query: ListQuery) -> list[Document]:
    """Conditions of the parts, in order, that together are the records after the query's position.

    MongoDB sorts what is missing or null before everything else.
    """
    after = query.after
    if after is None:
        return [{}]
    beyond = "$lt" if query.descending else "$gt"
    if query.sort == "_id":
        return [{"_id": {beyond: after.record_id}}]
    equal = {query.sort: after.value, "_id": {beyond: after.record_id}}
    if after.value is None:
        return [equal] if query.descending else [equal, {query.sort: {"$ne": None}}]
    parts: list[Document] = [equal, {query.sort: {beyond: after.value}}]
    return [*parts, {query.sort: None}] if query.descending else parts


async def _total(
    collection: AsyncIOMotorCollection[Document], conditions: Document, narrowed: bool
) -> tuple[int, bool]:
    """How many match. All of a tenant are counted in an index; other counts end at a bound."""
    if not narrowed:
        return await collection.count_documents(conditions), True
    counted = await collection.count_documents(conditions, limit=MOST_COUNTED + 1)
    return min(counted, MOST_COUNTED), counted <= MOST_COUNTED


def _position(record: Document, path: str) -> Position:
    return Position(field_at(record, path), record["_id"])
