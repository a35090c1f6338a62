"""Suppliers with several invoices in one layout, whose labels are partly words that nobody else uses."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.generator.compose import compose_invoice
from tests.generator.invoice import Invoice, LineItem, Party
from tests.generator.languages import Label
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import LayoutName, Presentation, choose_presentation

COINED: tuple[Label, ...] = (
    Label.NUMBER,
    Label.DATE,
    Label.DUE_DATE,
    Label.DELIVERY_DATE,
    Label.PURCHASE_ORDER,
    Label.BILL_TO,
    Label.SHIP_TO,
    Label.TAX_ID,
    Label.SKU,
    Label.DESCRIPTION,
    Label.QUANTITY,
    Label.UNIT,
    Label.UNIT_PRICE,
    Label.ITEM_DISCOUNT,
    Label.TAX_RATE,
    Label.ITEM_TAX,
    Label.AMOUNT,
    Label.SUBTOTAL,
    Label.DISCOUNT,
    Label.SHIPPING,
    Label.TAX,
    Label.TAX_BASE,
    Label.TOTAL,
    Label.PAID,
    Label.DUE,
    Label.REFERENCE,
    Label.PAYMENT_TERMS,
    Label.CARRIED_FORWARD,
    Label.BROUGHT_FORWARD,
)
"""Labels that a supplier may word in its own way."""

NUMBERED = 0.2
_SYLLABLES = (
    "bra",
    "del",
    "fon",
    "gri",
    "hul",
    "kas",
    "lem",
    "mor",
    "nip",
    "rud",
    "sav",
    "tol",
    "vek",
    "zim",
)
_MOST_TRIES = 400


@dataclass(frozen=True, slots=True)
class GeneratedSupplier:
    """One supplier: its invoices differ in content, not in layout and wording."""

    invoices: tuple[Invoice, ...]
    look: Presentation

    def documents(self) -> list[bytes]:
        """The invoices as PDF files with a text layer."""
        return [draw_invoice(invoice, self.look) for invoice in self.invoices]


def compose_supplier(
    seed: int,
    invoices: int,
    *,
    coined: float = 0.3,
    layout: LayoutName | None = None,
    country: str | None = None,
) -> GeneratedSupplier:
    """A supplier with so many invoices; each label is a coined word with the chance `coined` (0..1)."""
    rng = random.Random(seed)
    first = compose_invoice(rng, country=country)
    own = [first]
    while len(own) < invoices:
        own.append(_next_invoice(rng, first, own[-1]))
    look = choose_presentation(rng, first, layout)
    chosen = [label for label in COINED if rng.random() < coined]
    return GeneratedSupplier(tuple(own), with_coined_labels(rng, look, chosen))


def with_coined_labels(rng: random.Random, look: Presentation, labels: Iterable[Label]) -> Presentation:
    """The look with a coined word for each of the labels; some bear a number, as fields of forms do."""
    words = {label: _coined(rng, label) for label in labels}
    return replace(look, wording={**look.wording, **words})


def _coined(rng: random.Random, label: Label) -> str:
    word = "".join(rng.sample(_SYLLABLES, 3)).capitalize()
    if label is Label.TAX:
        return f"{word} {{rate}}"
    if label is Label.TAX_BASE:
        return f"{word.lower()} {{base}}"
    return f"{word} {rng.randrange(1, 30)}" if rng.random() < NUMBERED else word


def _next_invoice(rng: random.Random, first: Invoice, before: Invoice) -> Invoice:
    """Another invoice of the supplier of `first`, with the same columns in its table."""
    for _ in range(_MOST_TRIES):
        other = compose_invoice(rng, country=first.country)
        if _columns(other.items) == _columns(first.items) and _name_of(other.customer) != first.supplier.name:
            break
    days = rng.randrange(3, 60)
    number = _following(rng, before)
    reference = number if first.payment and first.payment.reference else None
    return replace(
        other,
        number=number,
        issued=before.issued + timedelta(days=days),
        due=before.issued + timedelta(days=days + 14) if other.due else None,
        delivered=before.issued + timedelta(days=days - 2) if other.delivered else None,
        supplier=first.supplier,
        contact=first.contact,
        payment=first.payment and replace(first.payment, reference=reference),
    )


def _name_of(party: Party | None) -> str | None:
    return party.name if party is not None else None


def _columns(items: tuple[LineItem, ...]) -> tuple[bool, ...]:
    """Which of the optional columns the items fill."""
    return tuple(
        any(getattr(item, name) is not None for item in items)
        for name in ("sku", "unit", "discount", "tax_rate", "tax_amount")
    )


def _following(rng: random.Random, before: Invoice) -> str:
    """A number of the same form as that of the invoice before: its serial counts up, its year stays."""
    runs = [run for run in re.finditer(r"\d+", before.number) if run[0] != str(before.issued.year)]
    serial = runs[-1] if runs else re.search(r"\d+", before.number)
    if serial is None:
        return before.number
    counted = (int(serial[0]) + rng.randrange(1, 40)) % 10 ** len(serial[0])
    return f"{before.number[: serial.start()]}{counted:0{len(serial[0])}}{before.number[serial.end() :]}"
