"""Text search by an index: each record keeps the words of its text fields, in a normal form.

A term matches a record when each of the term's words begins a word of the record. Accents and case do not
matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Unpack

from bson import ObjectId

from services.gateway.store.database import Database, Document, Session
from services.gateway.store.lists import SEARCH_TERMS
from services.gateway.store.repository import Records, Repository, UpdateOptions

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
        """As in Repository; words of text that changes are stored along, or in the same transaction."""
        complete = self._with_terms(changes, options)
        if complete is not None:
            return await super().update(tenant, record_id, complete, **options)

        async def change(session: Session) -> Document | None:
            within: UpdateOptions = {**options, "session": session}
            updated = await super(SearchableRepository, self).update(tenant, record_id, changes, **within)
            if updated is not None:
                await self._store_terms(updated, session)
            return updated

        session = options.get("session")
        return await (change(session) if session else self._database.transaction(change))

    async def apply(
        self, tenant: str, record_id: ObjectId, changes: Document, **options: Unpack[UpdateOptions]
    ) -> bool:
        complete = self._with_terms(changes, options)
        if complete is None:
            return await self.update(tenant, record_id, changes, **options) is not None
        return await super().apply(tenant, record_id, complete, **options)

    def _with_terms(self, changes: Document, options: UpdateOptions) -> Document | None:
        """The changes with the words of the text that they change; None if the other texts are not known."""
        operators = options.get("operators") or {}
        names = [*changes, *(name for operands in operators.values() for name in operands)]
        roots = {name.split(".")[0] for name in names}
        if self._search_roots.isdisjoint(roots):
            return changes
        if not self._search_roots & roots <= set(names):
            return None  # a part of a text's field changes
        known = options.get("known")
        if known is None and not self._search_roots <= roots:
            return None
        removed = operators.get("$unset", {})
        texts = {name: value for name, value in ((known or {}) | changes).items() if name not in removed}
        return changes | {SEARCH_TERMS: search_terms(texts, self._search_paths)}

    async def _store_terms(self, record: Document, session: Session) -> None:
        terms = search_terms(record, self._search_paths)
        if terms != record.get(SEARCH_TERMS):
            await self.collection.update_one(
                {"_id": record["_id"]}, {"$set": {SEARCH_TERMS: terms}}, session=session
            )


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
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
