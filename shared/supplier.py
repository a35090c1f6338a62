"""What corrections have taught about a supplier's invoices: rules and values, read by people too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from shared.readings import BoundingBox

Relation = Literal["after", "right of", "below", "above", "in the row of", "apart from"]
WordSection = Literal["labels", "columns", "kinds"]
Parts = Literal["lines", "commas"]

# Values that are the same on every invoice of a supplier. `dayOrder` is "dayFirst" or "monthFirst".
DAY_ORDER = "dayOrder"
SUPPLIER_FIELDS = ("invoice.supplier.name", "invoice.supplier.address", "invoice.supplier.taxId")
CURRENCY = "invoice.amounts.currency"
KIND = "invoice.kind"
# The sums of money, under `invoice.amounts`.
SUMS = ("subtotal", "tax", "total", "discount", "shipping", "paid", "due")
# What no page need say in so many words.
TOLD_FIELDS = ("invoice.language", "invoice.country", "invoice.supplier.country")
# Values that are the same on all invoices that name the same customer.
CONDITIONAL_FIELDS = ("invoice.customer.country", "invoice.shipTo.country")
CONSTANT_FIELDS = (*SUPPLIER_FIELDS, CURRENCY, *TOLD_FIELDS, *CONDITIONAL_FIELDS, DAY_ORDER)

# Values that stand at a label, or at a place, on every invoice of a supplier.
PLACED_FIELDS = (
    "invoice.number",
    "invoice.date",
    "invoice.dueDate",
    "invoice.deliveryDate",
    "invoice.purchaseOrder",
    "invoice.paymentTerms",
    "invoice.customer.name",
    "invoice.customer.address",
    "invoice.customer.taxId",
    "invoice.shipTo.name",
    "invoice.shipTo.address",
    "invoice.payment.iban",
    "invoice.payment.bic",
    "invoice.payment.reference",
    *(f"invoice.amounts.{name}" for name in SUMS),
)
CORRECTABLE_FIELDS = (*PLACED_FIELDS, *SUPPLIER_FIELDS, CURRENCY, KIND, *TOLD_FIELDS, *CONDITIONAL_FIELDS)

# Lists, which are corrected as a whole.
ITEMS = "lineItems"
TAXES = "invoice.taxes"
WORD_FIELDS = (*PLACED_FIELDS, KIND, ITEMS, TAXES)


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """Where a field's value stands: `relation` to the printed text `label`.

    With "apart from", `right` and `down` lead from the label's left edge and middle to the value's, in
    widths of the page. `shape` is the form that a reference must have, `words` how many words it has. With
    `parts` it is a block of a party that stands there, and the value is in its `part` (from 0): one line of
    it, or one part between commas, for a name, and all from there on for an address.
    """

    field: str
    label: str
    relation: Relation
    right: float | None = None
    down: float | None = None
    shape: str | None = None
    words: int = 1
    parts: Parts | None = None
    part: int | None = None


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """What a printed `text` means on the supplier's pages: a `concept` of the vocabulary's `section`.

    It takes the place of what the text means elsewhere in that section. `field` is what was corrected.
    """

    field: str
    text: str
    section: WordSection
    concept: str


@dataclass(frozen=True, slots=True)
class LearnedConstant:
    """A value that is the same on every invoice; `instead_of` is the value that was read in its place.

    With `beside` it holds only where that text is printed: a customer's name.
    """

    field: str
    value: str
    instead_of: str | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class LearnedAbsence:
    """A way of finding a field, told by its reason, that finds something else on the supplier's pages."""

    field: str
    reason: str


Learnable = LearnedRule | LearnedConstant | LearnedWord | LearnedAbsence


@dataclass(frozen=True, slots=True)
class SupplierProfile:
    """A supplier with its identity, and what was learned of its invoices."""

    id: str
    names: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    rules: tuple[LearnedRule, ...] = ()
    constants: tuple[LearnedConstant, ...] = ()
    words: tuple[LearnedWord, ...] = ()
    absences: tuple[LearnedAbsence, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a field's value is; `read` is what had been read.

    Without a `value` the document does not state the field.
    `page` (from 1) and `box`, in pixels of the page image, tell where the person pointed.
    """

    field: str
    value: str | None
    read: str | None = None
    page: int | None = None
    box: BoundingBox | None = None

    def at(self, box: BoundingBox) -> Correction:
        """The same correction with the place in another frame."""
        return replace(self, box=box)
