"""What corrections have taught about a supplier's invoices: rules and values, read by people too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from shared.readings import BoundingBox

Relation = Literal["after", "right of", "below", "apart from"]

# Values that are the same on every invoice of a supplier. `dayOrder` is "dayFirst" or "monthFirst".
DAY_ORDER = "dayOrder"
SUPPLIER_FIELDS = ("invoice.supplier.name", "invoice.supplier.address", "invoice.supplier.taxId")
CURRENCY = "invoice.amounts.currency"
CONSTANT_FIELDS = (*SUPPLIER_FIELDS, CURRENCY, DAY_ORDER)

# Values that stand at a label, or at a place, on every invoice of a supplier.
PLACED_FIELDS = (
    "invoice.number",
    "invoice.date",
    "invoice.dueDate",
    "invoice.deliveryDate",
    "invoice.purchaseOrder",
    "invoice.paymentTerms",
    "invoice.customer.name",
    "invoice.customer.taxId",
    "invoice.payment.iban",
    "invoice.payment.bic",
    "invoice.payment.reference",
    *(
        f"invoice.amounts.{name}"
        for name in ("subtotal", "tax", "total", "discount", "shipping", "paid", "due")
    ),
)
CORRECTABLE_FIELDS = (*PLACED_FIELDS, *SUPPLIER_FIELDS, CURRENCY)


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """Where a field's value stands: `relation` to the printed text `label`.

    With "apart from", `right` and `down` lead from the label's left edge and middle to the value's, in
    widths of the page. `shape` is the form that a reference must have, `words` how many words it has.
    """

    field: str
    label: str
    relation: Relation
    right: float | None = None
    down: float | None = None
    shape: str | None = None
    words: int = 1


@dataclass(frozen=True, slots=True)
class LearnedConstant:
    """A value that is the same on every invoice; `instead_of` is the value that was read in its place."""

    field: str
    value: str
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class SupplierProfile:
    """A supplier with its identity, and what was learned of its invoices."""

    id: str
    names: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    rules: tuple[LearnedRule, ...] = ()
    constants: tuple[LearnedConstant, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a field's value is; `read` is what had been read.

    `page` (from 1) and `box`, in pixels of the page image, tell where the person pointed.
    """

    field: str
    value: str
    read: str | None = None
    page: int | None = None
    box: BoundingBox | None = None

    def at(self, box: BoundingBox) -> Correction:
        """The same correction with the place in another frame."""
        return replace(self, box=box)
