"""Why a documented field has no value: said for each of them, so that nothing has to be guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from services.engine.extraction.document import Document
from services.engine.extraction.invoice_fields import FIELD_TYPES
from services.engine.extraction.labels import Hit
from shared.supplier import ITEMS, KIND, SUMS

NO_TEXT = "The pages show no text."
# The labels that announce a field; what is found otherwise is spoken of in `_OTHERWISE`.
_LABELS: Mapping[str, tuple[str, ...]] = {
    "invoice.number": ("number", "numberTitle"),
    "invoice.date": ("date", "weakDate"),
    "invoice.dueDate": ("dueDate",),
    "invoice.deliveryDate": ("deliveryDate",),
    "invoice.purchaseOrder": ("order", "customerReference"),
    "invoice.paymentTerms": ("paymentTerms",),
    "invoice.supplier.taxId": ("vatId", "taxNumber"),
    "invoice.customer.taxId": ("customerVatId",),
    "invoice.shipTo.name": ("shipTo",),
    "invoice.shipTo.address": ("shipTo",),
    "invoice.payment.iban": ("iban",),
    "invoice.payment.bic": ("bic",),
    "invoice.payment.reference": ("paymentReference",),
    **{f"invoice.amounts.{name}": (name,) for name in SUMS},
}
_OTHERWISE: Mapping[str, str] = {
    KIND: "No heading says what the document is.",
    "invoice.supplier.name": "Neither a heading nor the letterhead names a supplier.",
    "invoice.supplier.address": "No address stands with a supplier's name.",
    "invoice.customer.name": "Neither a heading nor an addressee's block names a customer.",
    "invoice.customer.address": "No address stands with a customer's name.",
    "invoice.amounts.currency": "No sign, code or name of a currency stands on the pages.",
}


def missing_fields(document: Document, present: Collection[str], *, reads_items: bool) -> dict[str, str]:
    """A sentence for every documented field that is not among the paths `present`.

    `reads_items`: whether the template has line items read at all.
    """
    reasons = {path: _reason(document, path) for path in (KIND, *FIELD_TYPES) if path not in present}
    if not any(path.startswith(f"{ITEMS}.") for path in present):
        none = "No rows of items that agree with the totals were found."
        reasons[ITEMS] = none if reads_items else "The template has line items left out."
    if not any(page.rows for page in document.pages):
        return dict.fromkeys(reasons, NO_TEXT)
    return reasons


def _reason(document: Document, path: str) -> str:
    if path in _OTHERWISE:
        return _OTHERWISE[path]
    labels = document.labels.of(*_LABELS[path])
    if not labels:
        return "No label of this field stands on the pages."
    label = max(labels, key=_strength)
    return (
        f'The label "{label.text.strip(" :")}" stands on page {label.segment.page}, '
        "but no value of the field was found at it."
    )


def _strength(hit: Hit) -> float:
    return hit.strength
