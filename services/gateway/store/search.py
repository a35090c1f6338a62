"""Text search by an index: each record keeps the words of its text fields, in a normal form.

A term matches a record when each of the term's words begins a word of the record. Accents and case do not
matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Unpack

from bson import ObjectId

from services.gateway.store.changes import field_at, updated
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.lists import SEARCH_TERMS
from services.gateway.store.repository import Records, Repository, UpdateOptions, update_of

LONGEST_WORD = 32
MOST_WORDS = 1_000
_WORD = re.compile(r"[^\W_]+")


class SearchableRepository(Repository):
    """Records with text fields, at `search_paths`, that lists search."""

    def __init__(
        self, database: Database, collection: str, label: str, search_paths: tuple[str, ...]
    ) -> None:
        super().__init__(database, collection, label)
        self._database = database
        self._search_paths = search_paths
        self._search_roots = frozenset(path.split(".")[0] for path in search_paths)

    async def insert(self, tenant: str, record: Document, session: Session | None = None) -> Document:
        terms = search_terms(record, self._search_paths)
        return await super().insert(tenant, {**record, SEARCH_TERMS: terms}, session)

    async def insert_all(self, tenant: str, records: Sequence[Document], session: Session) -> Records:
        found = [record | {SEARCH_TERMS: search_terms(record, self._search_paths)} for record in records]
        return await super().insert_all(tenant, found, session)

    async def update(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> Document | None:
        """As in Repository; the words of a text that changes are stored with it, which takes a session."""
        if options.get("session") or not self._changes_text(update_of(changes, options.get("operators"))):
            return await super().update(tenant, record_id, changes, **options)

        async def change(session: Session) -> Document | None:
            within: UpdateOptions = {**options, "session": session}
            return await super(SearchableRepository, self).update(tenant, record_id, changes, **within)

        return await self._database.transaction(change)

    async def apply(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> bool:
        if self._changes_text(update_of(changes, options.get("operators"))):
            return await self.update(tenant, record_id, changes, **options) is not None
        return await super().apply(tenant, record_id, changes, **options)

    async def _write(self, before: Document, update: Document, session: Session) -> Document | None:
        if self._changes_text(update):
            terms = search_terms(updated(before, update), self._search_paths)
            if terms != before.get(SEARCH_TERMS):
                update = {**update, "$set": {**update["$set"], SEARCH_TERMS: terms}}
        return await super()._write(before, update, session)

    def _changes_text(self, update: Document) -> bool:
        names = (name for operands in update.values() for name in operands)
        return not self._search_roots.isdisjoint(name.split(".")[0] for name in names)


def search_terms(record: Document, paths: tuple[str, ...]) -> list[str]:
    """The distinct words at `paths`, at most 1,000 of them."""
    found = dict.fromkeys(word for path in paths for text in _texts(record, path) for word in words(text))
    return list(found)[:MOST_WORDS]


def search_condition(term: str) -> Document:
    """What a record that matches `term` meets; nothing for a blank term."""
    if not term.strip():
        return {}
    # Patterns are made of letters and digits only, and are anchored: ranges of the index.
    patterns = [f"^{word}" for word in dict.fromkeys(words(term))]
    match patterns:
        case []:
            return {SEARCH_TERMS: {"$in": []}}
        case [pattern]:
            return {SEARCH_TERMS: {"$regex": pattern}}
        case _:
            return {SEARCH_TERMS: {"$all": [re.compile(pattern) for pattern in patterns]}}


def words(text: str) -> list[str]:
    """The words of `text`: letters and digits without accents, in lower case, cut at 32 characters."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    return [word[:LONGEST_WORD] for word in _WORD.findall(bare)]


def _texts(record: Document, path: str) -> Iterator[str]:
    value = field_at(record, path)
    yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
