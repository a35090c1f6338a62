"""The tenant's suppliers as its jobs show them: who they are, and at which accounts they are paid.

The first account of a supplier is taken as known. Another one is noted, but stays unconfirmed, and is told on
every invoice, until a person confirms it: two forged invoices must not vouch for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.store.database import Document, Session
from services.gateway.store.repository import utc_now
from services.gateway.store.suppliers import SupplierProfiles
from services.gateway.store.turns import Turns
from shared.identity import NAME, TAX_ID, compact, iban_key, name_key, supplier_keys, tax_id_key
from shared.schemas.supplier import KINDS

MOST_ACCOUNTS = 50
MOST_NAMES = 20
MOST_NAMED = 3
_MOST_CHARACTERS = 1000


class SupplierHistory:
    """Keeps the supplier profiles, within the session of what happens to a job."""

    def __init__(self, profiles: SupplierProfiles, turns: Turns) -> None:
        self._profiles = profiles
        self._turns = turns

    async def completed(
        self, session: Session, job: Document, invoice: Mapping[str, Any]
    ) -> list[dict[str, str]]:
        """Note a completed job's supplier and account; a finding if the account is a new one."""
        matching = await self._matching(session, job["tenant"], invoice)
        if matching is None:
            return []
        account = _account(invoice)
        known = [one for profile in matching for one in known_accounts(profile)]
        is_known = account is not None and (not known or account in known)
        await self._store(session, job, invoice, matching, account, known=is_known)
        if account is None or is_known:
            return []
        return [_new_account(invoice, account, known)]

    async def confirmed(
        self, session: Session, job: Document, invoice: Mapping[str, Any], read: Mapping[str, Any]
    ) -> Document | None:
        """The profile of a supplier that a person has named, with the account that the person confirms.

        None if the data names no supplier. What had been `read` as the supplier's name is forgotten.
        """
        matching = await self._matching(session, job["tenant"], invoice)
        if matching is None:
            return None
        profile = await self._store(session, job, invoice, matching, _account(invoice), known=True)
        misread, name = (_supplier(one).get("name") for one in (read, invoice))
        if misread and name and name_key(misread) != name_key(name):
            profile = await self._without_name(session, profile, misread)
            await self._drop_misread(session, job, read, profile)
        return profile

    async def named_by(self, session: Session, job: Document, *invoices: Mapping[str, Any]) -> list[Document]:
        """The profiles of the suppliers that these states of a job's data name, each once."""
        found: dict[Any, Document] = {}
        for invoice in invoices:
            matching = await self._matching(session, job["tenant"], invoice)
            profile = own_profile(matching or [], supplier_keys(invoice))
            if profile is not None:
                found[profile["_id"]] = profile
        return list(found.values())

    async def _matching(
        self, session: Session, tenant: str, invoice: Mapping[str, Any]
    ) -> list[Document] | None:
        keys = supplier_keys(invoice)
        return await self._profiles.matching(tenant, keys, session) if keys else None

    async def _store(
        self,
        session: Session,
        job: Document,
        invoice: Mapping[str, Any],
        matching: list[Document],
        account: str | None,
        *,
        known: bool,
    ) -> Document:
        """The supplier's profile, made or added to; it is written only if something about it is new."""
        tenant, supplier = job["tenant"], _supplier(invoice)
        profile = own_profile(matching, supplier_keys(invoice))
        before = profile or {}
        names = _with(before.get("names", []), supplier.get("name"), name_key)
        tax_ids = _with(before.get("taxIds", []), supplier.get("taxId"), tax_id_key)
        accounts = _with_account(before.get("accounts", []), job, account, known=known)
        changes = {
            "name": before.get("name") or supplier.get("name") or supplier.get("taxId"),
            "names": names,
            "taxIds": tax_ids,
            "accounts": accounts,
            "keys": profile_keys(names, tax_ids, accounts),
        }
        if profile is None:
            await self._turns.take(session, tenant, supplier_keys(invoice))
            empty = {**{kind: [] for kind in KINDS}, "learned": False}
            return await self._profiles.insert(tenant, changes | empty, session)
        if all(profile.get(name) == value for name, value in changes.items()):
            return profile
        changed = await self._profiles.update(tenant, profile["_id"], changes, session=session)
        return changed or profile

    async def _without_name(self, session: Session, profile: Document, misread: str) -> Document:
        names = [name for name in profile["names"] if name_key(name) != name_key(misread)]
        if names == profile["names"] or not names:
            return profile
        changes = {
            "name": names[0] if name_key(profile["name"]) == name_key(misread) else profile["name"],
            "names": names,
            "keys": profile_keys(names, profile["taxIds"], profile["accounts"]),
        }
        changed = await self._profiles.update(profile["tenant"], profile["_id"], changes, session=session)
        return changed or profile

    async def _drop_misread(
        self, session: Session, job: Document, read: Mapping[str, Any], profile: Document
    ) -> None:
        """Remove the profile that this job alone made under a name that was misread."""
        matching = await self._matching(session, job["tenant"], read)
        made = own_profile(matching or [], supplier_keys(read))
        if made is None or made["_id"] == profile["_id"] or made["learned"] or len(made["names"]) > 1:
            return
        if made["accounts"] and all(one["job"] == job["_id"] for one in made["accounts"]):
            await self._profiles.delete(job["tenant"], made["_id"], session)


def own_profile(matching: Sequence[Document], keys: Sequence[str]) -> Document | None:
    """Of profiles that share a key with a supplier, the one that is the supplier's.

    A profile with the same name and another tax id is another company's.
    """
    has_tax_id = any(key.startswith(f"{TAX_ID}:") for key in keys)
    for key in keys:
        for profile in matching:
            other = key.startswith(f"{NAME}:") and has_tax_id and profile["taxIds"]
            if key in profile["keys"] and not other:
                return profile
    return None


def known_accounts(profile: Document) -> list[str]:
    """The IBANs at which the supplier is known to be paid."""
    return [account["iban"] for account in profile["accounts"] if account["known"]]


def profile_keys(names: Iterable[str], tax_ids: Iterable[str], accounts: Iterable[Document]) -> list[str]:
    """What the profile is found by; an account that nobody confirmed is no mark of a supplier."""
    keys = [
        *(tax_id_key(number) for number in tax_ids),
        *(name_key(name) for name in names),
        *(iban_key(account["iban"]) for account in accounts if account["known"]),
    ]
    return list(dict.fromkeys(key for key in keys if key is not None))


def masked(iban: str) -> str:
    """An account number as it may be shown around: its first and its last four characters."""
    return f"{iban[:4]}…{iban[-4:]}"


def _new_account(invoice: Mapping[str, Any], account: str, known: list[str]) -> dict[str, str]:
    name = _supplier(invoice).get("name") or "This supplier"
    before = " or ".join(masked(iban) for iban in list(dict.fromkeys(known))[:MOST_NAMED])
    return {
        "field": "invoice.payment.iban",
        "message": f"{name} asks to be paid at the account {masked(account)}, but was paid at {before} "
        "before. Please ask the supplier, by a way you know, before paying; a correction with this account "
        "confirms it.",
        "severity": "warning",
    }


def _supplier(invoice: Mapping[str, Any]) -> Mapping[str, Any]:
    return invoice.get("supplier") or {}


def _account(invoice: Mapping[str, Any]) -> str | None:
    number = compact((invoice.get("payment") or {}).get("iban") or "")
    return number if iban_key(number) else None


def _with(known: list[str], value: str | None, key_of: Any) -> list[str]:
    """The list with the value, unless it is there in some spelling."""
    if not value or key_of(value) is None or len(value) > _MOST_CHARACTERS or len(known) >= MOST_NAMES:
        return known
    return known if key_of(value) in {key_of(one) for one in known} else [*known, value]


def _with_account(
    accounts: list[Document], job: Document, iban: str | None, *, known: bool
) -> list[Document]:
    """The accounts with this one; one that was unconfirmed becomes known."""
    if iban is None:
        return accounts
    if any(account["iban"] == iban for account in accounts):
        return [
            account | {"known": account["known"] or known} if account["iban"] == iban else account
            for account in accounts
        ]
    if len(accounts) >= MOST_ACCOUNTS and not known:
        return accounts
    seen = {"firstSeenAt": utc_now(), "job": job["_id"], "jobNumber": job["jobNumber"]}
    return [*accounts[-MOST_ACCOUNTS + 1 :], {"iban": iban, "known": known, **seen}]
