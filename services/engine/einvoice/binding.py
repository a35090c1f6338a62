"""A syntax of e-invoices as a table of places, and what is found at them.

EN 16931-1 says which business terms (BT) and groups (BG) an invoice has; the parts 3-2 and 3-3 of the
standard say where each stands in a syntax. Places are paths below the root element, or below the element of
their group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.engine.einvoice.charges import Charge, discount_of, shipping_of
from services.engine.einvoice.model import EInvoice, Fault, Stated, Syntax
from services.engine.einvoice.tree import Element
from services.engine.einvoice.values import (
    AddressPlaces,
    Numbers,
    Rule,
    address_line,
    apply,
    price_of_one,
    text_at,
    total_of,
    written_at,
)
from services.engine.extraction.model import LineItem, TaxLine

_SHIPPING = "invoice.amounts.shipping"


@dataclass(frozen=True, slots=True)
class TaxPlaces:
    """Where the rows of the tax breakdown (BG-23) stand, and their members below each."""

    row: str
    rate: str
    base: str
    amount: str


@dataclass(frozen=True, slots=True)
class ChargePlaces:
    """Where the members of an allowance or charge stand; `indicator` tells which of the two it is."""

    indicator: str
    amount: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinePlaces:
    """Where the members of an invoice line (BG-25) stand; of several places the first one filled counts."""

    description: tuple[str, ...]
    quantity: tuple[str, ...]
    price: str
    price_base: str
    amount: str
    sku: tuple[str, ...]
    tax_rate: str
    charges: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A syntax: where its business terms stand.

    `sums` gives for each document total the path of its field and its place, `addresses` for each field that
    is an address its group and place. `charges` is the place of those on document level.
    """

    currency: str
    rules: tuple[Rule, ...]
    sums: Mapping[str, tuple[str, str]]
    address: AddressPlaces
    addresses: Mapping[str, tuple[str, str]]
    taxes: TaxPlaces
    charges: str
    charge: ChargePlaces
    line: LinePlaces


def read_bound(
    root: Element,
    syntax: Syntax,
    binding: Binding,
    lines: Iterable[Element],
    freight: Iterable[tuple[Element, str]] = (),
) -> EInvoice:
    """What `binding` finds below `root`, whose `lines` are its items.

    `freight` are elements that are shipping by their nature, each with the place of its amount.
    """
    fields, faults = _fields(root, binding)
    numbers = Numbers()
    sums = numbers.sums(binding.sums, root)
    charges = [*_charges(root, binding, numbers)]
    charges += [Charge(numbers.at(one, place, _SHIPPING, "BT-99"), "FC", None) for one, place in freight]
    fields |= discount_of(sums) | shipping_of(charges)
    return EInvoice(
        syntax=syntax,
        fields=fields,
        taxes=tuple(_taxes(root, binding.taxes, numbers)),
        line_items=tuple(
            _line_item(line, f"lineItems.{place}", binding, numbers) for place, line in enumerate(lines)
        ),
        sums=sums,
        faults=(*faults, *numbers.faults),
    )


def _fields(root: Element, binding: Binding) -> tuple[dict[str, Stated], list[Fault]]:
    code = written_at(root, binding.currency) or ""
    fields, faults = apply(binding.rules, root, code if code.isalpha() else "")
    for path, (term, place) in binding.addresses.items():
        # The parties' countries have fields of their own; that of the delivery has none.
        line = address_line(root.find(place), binding.address, with_country=path.startswith("invoice.shipTo"))
        if line:
            fields[path] = Stated(line, term, line)
    return fields, faults


def _taxes(root: Element, places: TaxPlaces, numbers: Numbers) -> Iterator[TaxLine]:
    for tax in root.iterfind(places.row):
        amount = numbers.at(tax, places.amount, "invoice.taxes", "BT-117")
        if amount is not None:
            rate = numbers.at(tax, places.rate, "invoice.taxes", "BT-119")
            yield TaxLine(rate, numbers.at(tax, places.base, "invoice.taxes", "BT-116"), amount)


def _charges(root: Element, binding: Binding, numbers: Numbers) -> Iterator[Charge]:
    """The charges on document level (BG-21)."""
    places = binding.charge
    for found in root.iterfind(binding.charges):
        if text_at(found, places.indicator) in ("true", "1"):
            amount = numbers.at(found, places.amount, _SHIPPING, "BT-99")
            yield Charge(amount, text_at(found, places.code), text_at(found, places.reason))


def _line_item(line: Element, path: str, binding: Binding, numbers: Numbers) -> LineItem:
    places, charge = binding.line, binding.charge

    def number(place: str, term: str) -> Decimal | None:
        return numbers.at(line, place, path, term)

    allowances = [
        numbers.at(found, charge.amount, path, "BT-136")
        for found in line.iterfind(places.charges)
        if text_at(found, charge.indicator) in ("false", "0")
    ]
    quantity = next((place for place in places.quantity if line.find(place) is not None), "")
    counted = line.find(quantity) if quantity else None
    return LineItem(
        description=_first_text(line, places.description),
        quantity=number(quantity, "BT-129") if quantity else None,
        unit_price=price_of_one(number(places.price, "BT-146"), number(places.price_base, "BT-149")),
        amount=number(places.amount, "BT-131"),
        sku=_first_text(line, places.sku),
        unit=counted.get("unitCode") if counted is not None else None,
        tax_rate=number(places.tax_rate, "BT-152"),
        discount=total_of(allowances),
    )


def _first_text(element: Element, places: Iterable[str]) -> str | None:
    return next((text for place in places if (text := text_at(element, place))), None)
