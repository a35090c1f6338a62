"""Supplier profiles: who a tenant's suppliers are, where they are paid, what their invoices look like."""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.store.database import Database, Document, Session
from services.gateway.store.search import SearchableRepository

SUPPLIER_TEXTS = ("name", "names", "taxIds")
MOST_MATCHING = 20


class SupplierProfiles(SearchableRepository):
    """The `supplierProfiles` collection. `keys` (`shared.identity`) are what a supplier is found by."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "supplierProfiles", "Supplier profile", SUPPLIER_TEXTS)

    async def matching(self, tenant: str, keys: Sequence[str], session: Session) -> list[Document]:
        """The profiles that have one of the keys, the oldest first; 20 at most."""
        return await self._with_keys(tenant, keys, {}, MOST_MATCHING, session)

    async def taught(self, tenant: str, keys: Sequence[str], most: int, session: Session) -> list[Document]:
        """Of the profiles that have one of the keys, up to `most` for which something was learned."""
        return await self._with_keys(tenant, keys, {"learned": True}, most, session) if keys else []

    async def _with_keys(
        self, tenant: str, keys: Sequence[str], further: Document, most: int, session: Session
    ) -> list[Document]:
        having = {"keys": {"$in": list(keys)}}
        return await self.select(tenant, having, further, session, sort="_id", most=most)
