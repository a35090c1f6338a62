"""Whose invoice it is, among the suppliers that corrections were made for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.engine.extraction.document import Document
from services.engine.extraction.model import Found
from services.engine.extraction.supplier_marks import Mark, marks_on
from services.engine.extraction.text import key_of
from shared.identity import compact, iban_key, name_key, tax_id_key
from shared.supplier import SupplierProfile

_FEWEST_CHARACTERS = 8
_OTHERS_NAMES = ("invoice.customer.name", "invoice.shipTo.name")
_OTHERS_TAX_IDS = ("invoice.customer.taxId",)


@dataclass(frozen=True, slots=True)
class KnownSupplier:
    """A supplier that is recognised by `mark`.

    Only a tax id or a name identifies it for certain: several suppliers may have one factor's account.
    """

    profile: SupplierProfile
    mark: Mark
    by: Literal["tax id", "name", "account"]

    @property
    def certain(self) -> bool:
        return self.by != "account"


def recognise_supplier(
    document: Document, profiles: Sequence[SupplierProfile], read: Mapping[str, Found[Any]]
) -> KnownSupplier | None:
    """The one profile that the pages are of; None when none is, or when several may be.

    `read` is what the general reading found; what it took for the customer's is no mark of the supplier.
    """
    marks: dict[str, Mark] = {}
    for mark in marks_on(document.pages):
        marks.setdefault(mark.key, mark)
    for key in _keys_of_others(read):
        marks.pop(key, None)
    ranked = [
        (rank, known)
        for profile in profiles
        if (found := _recognise(document, profile, marks, read)) is not None
        for rank, known in [found]
    ]
    best = max((rank for rank, _ in ranked), default=0)
    first = [known for rank, known in ranked if rank == best]
    return first[0] if len(first) == 1 else None


def _recognise(
    document: Document, profile: SupplierProfile, marks: Mapping[str, Mark], read: Mapping[str, Found[Any]]
) -> tuple[int, KnownSupplier] | None:
    """How surely, from 1, and by which mark the pages are of this supplier."""
    tax_ids = {key for number in profile.tax_ids if (key := tax_id_key(number))}
    # A heading that was once taken for a name stands on everyone's pages.
    names = {
        key
        for name in profile.names
        if (key := name_key(name)) and key_of(name) not in document.lexicon.entries
    }
    accounts = {key for number in profile.ibans if (key := iban_key(number))}
    tax_id, name, account = (_first(keys, marks) for keys in (tax_ids, names, accounts))
    shown = read.get("invoice.supplier.taxId")
    misread = {one.instead_of for one in profile.constants if one.field == "invoice.supplier.taxId"}
    is_other = (
        bool(tax_ids)
        and shown is not None
        and tax_id_key(shown.value) not in tax_ids
        and shown.value not in misread
    )
    if name is not None and (
        tax_id is not None or any(_is_printed(document, number) for number in profile.tax_ids)
    ):
        return 4, KnownSupplier(profile, tax_id or name, "tax id" if tax_id is not None else "name")
    if is_other:
        return None
    if tax_id is not None:
        return 3, KnownSupplier(profile, tax_id, "tax id")
    if name is not None:
        return 2, KnownSupplier(profile, name, "name")
    return (1, KnownSupplier(profile, account, "account")) if account is not None else None


def _is_printed(document: Document, tax_id: str) -> bool:
    """Whether the tax id stands on the pages, in whatever groups of characters."""
    wanted = compact(tax_id)
    return len(wanted) >= _FEWEST_CHARACTERS and any(
        wanted in compact(segment.text) for segment in document.segments()
    )


def _keys_of_others(read: Mapping[str, Found[Any]]) -> set[str]:
    """Keys of the customer and of whoever receives the goods."""
    supplier = read.get("invoice.supplier.name")
    own = name_key(supplier.value) if supplier else None
    keys = {name_key(read[path].value) for path in _OTHERS_NAMES if path in read} - {own}
    keys |= {tax_id_key(read[path].value) for path in _OTHERS_TAX_IDS if path in read}
    return {key for key in keys if key is not None}


def _first(keys: set[str], marks: Mapping[str, Mark]) -> Mark | None:
    return next((mark for key, mark in marks.items() if key in keys), None)
