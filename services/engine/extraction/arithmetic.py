"""What the numbers of a document should satisfy: items, their sum, totals, taxes, and what is left to pay."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.equations import Equation, Number, Place, Product, Relation, Sum, Term
from services.engine.extraction.item_rows import Draft
from services.engine.extraction.money import Totals
from services.engine.extraction.money_labels import ADJUSTMENTS, Role
from services.engine.extraction.taxes import PrintedTax, near_misses

_AMOUNTS = "invoice.amounts"
_PATHS = {
    "subtotal": f"{_AMOUNTS}.subtotal",
    "itemsTotal": f"{_AMOUNTS}.subtotal",
    "tax": f"{_AMOUNTS}.tax",
    "total": f"{_AMOUNTS}.total",
    "due": f"{_AMOUNTS}.due",
    "paid": f"{_AMOUNTS}.paid",
    "discount": f"{_AMOUNTS}.discount",
    "shipping": f"{_AMOUNTS}.shipping",
}
_NAMES = {"itemsTotal": "sum of the items", "due": "amount due", "paid": "amount paid", "cash": "cash"}
_ITEM_NAMES = {"quantity": "quantity", "unit_price": "unit price", "amount": "amount"}
TAXES = "invoice.taxes"
_TOTAL = "subtotal, charges and tax add up to the total"
_RATE = "the rate of its base is the tax"
# Labels in running text have less; sums that are hardly labelled are no evidence.
_LEAST_SCORE = 0.3
_MOST_OF_A_KIND, _MOST_ADJUSTMENTS, _MOST_TAXES = 6, 3, 4


def equations_of(
    document: Document, drafts: Sequence[Draft], totals: Totals, item_rows: frozenset[tuple[int, int]]
) -> list[Equation]:
    """Every equation whose numbers are printed, whether or not it holds.

    `drafts` are the items, and `item_rows` (page, row) the rows of their table.
    """
    failed = list(near_misses(document, item_rows))
    found = [
        *_item_rows(drafts),
        _items_sum(drafts, totals),
        _total(totals),
        *_tax_rows(totals, failed),
        _tax_sum(totals),
        _base_sum(totals, failed),
        _due(totals),
        _change(totals),
    ]
    certain = [equation for equation in found if equation is not None]
    known = {place for equation in certain for place in equation.borne_out}
    return [*certain, *_failed_tax_rows(totals, failed, known)]


def _item_rows(drafts: Sequence[Draft]) -> Iterator[Equation]:
    """Quantity times price, unless the columns are something else: then most rows don't agree."""
    rows = [
        tuple(_products(place, draft))
        for place, draft in enumerate(drafts)
        if _ITEM_NAMES.keys() <= draft.numbers.keys()
    ]
    broken = sum(not Equation(relations).holds for relations in rows)
    if 2 * broken <= len(rows) + 1:
        yield from (Equation(relations, doubtful=broken > 1) for relations in rows)


def _products(place: int, draft: Draft) -> Iterator[Relation]:
    """Quantity times price; less the discount in percent or in money where one is printed."""
    quantity, price, amount = (_item_number(place, draft, name) for name in _ITEM_NAMES)
    if "discount" not in draft.numbers:
        yield Product("quantity times unit price is the amount", quantity, price, amount)
        return
    statement = "quantity times unit price less the discount is the amount"
    rebate = Number(draft.numbers["discount"], f"lineItems.{place}.discount", f"discount of item {place + 1}")
    for in_money in (False, True):
        yield Product(statement, quantity, price, amount, rebate=rebate, in_money=in_money)


def _item_number(place: int, draft: Draft, name: str) -> Number:
    member = {"unit_price": "unitPrice"}.get(name, name)
    return Number(
        draft.numbers[name], f"lineItems.{place}.{member}", f"{_ITEM_NAMES[name]} of item {place + 1}"
    )


def _items_sum(drafts: Sequence[Draft], totals: Totals) -> Equation | None:
    if not drafts or not all("amount" in draft.numbers for draft in drafts):
        return None
    items = [(1, _item_number(place, draft, "amount")) for place, draft in enumerate(drafts)]
    return _any_of(
        (f"the items add up to the {result.name}", (*items, *adjusted, (-1, result)))
        for result in _numbers(totals, "subtotal", "itemsTotal", "total", "due")
        for adjusted in _adjustments(totals)
    )


def _total(totals: Totals) -> Equation | None:
    """Subtotal, charges and tax are the total; the subtotal may be called a total as well."""
    sums = _numbers(totals, "total", "due")
    subtotals = [*_numbers(totals, "subtotal", "itemsTotal"), *_numbers(totals, "total")]
    every = itertools.product(sums, subtotals, list(_tax_sets(totals)), _adjustments(totals))
    return _any_of(
        (_TOTAL, ((1, subtotal), *((1, tax) for tax in taxes), *adjusted, (-1, total)))
        for total, subtotal, taxes, adjusted in every
        if (taxes or adjusted) and abs(subtotal.value) >= _least(taxes)
    )


def _least(taxes: Iterable[Number]) -> Decimal:
    return min((abs(tax.value) for tax in taxes), default=Decimal(0))


def _tax_sets(totals: Totals) -> Iterator[tuple[Number, ...]]:
    """Each printed tax alone, few together, all of the breakdown, or none where no tax is printed."""
    single = _numbers(totals, "tax")
    rows = tuple(Number(tax.amount, TAXES, "tax amount") for tax in totals.breakdown)
    yield from ((tax,) for tax in single)
    if len(single) <= _MOST_TAXES:
        for count in range(2, len(single) + 1):
            yield from itertools.combinations(single, count)
    if rows:
        yield rows
    if not single and not rows:
        yield ()


def _tax_rows(totals: Totals, failed: Sequence[list[PrintedTax]]) -> Iterator[Equation]:
    """Rate times base is the tax."""
    rates = {_place_of(row[0].rate) for row in failed}
    for place, tax in enumerate(totals.breakdown):
        relations = tuple(_tax_relations(totals, tax, f"{TAXES}.{place}"))
        if relations and _place_of(tax.rate) not in rates:
            yield Equation(relations)


def _failed_tax_rows(
    totals: Totals, failed: Sequence[list[PrintedTax]], known: Collection[Place]
) -> Iterator[Equation]:
    """Rows that look like those of a breakdown; doubtful ones have no number that others bear out."""
    for row in failed:
        relations = tuple(relation for tax in row for relation in _tax_relations(totals, tax, TAXES))
        rate = _place_of(row[0].rate)
        others = {number.place for relation in relations for number in relation.numbers} - {rate}
        yield Equation(relations, doubtful=not others & set(known))
        yield from _gross_of(row)


def _tax_relations(totals: Totals, tax: PrintedTax, path: str) -> Iterator[Relation]:
    rate = Number(tax.rate, path, "tax rate")
    amount = Number(tax.amount, path, "tax amount")
    if tax.base is not None:
        yield Product(_RATE, rate, Number(tax.base, path, "tax base"), amount, 100)
    elif len(totals.breakdown) == 1:
        for base in _numbers(totals, "subtotal", "itemsTotal"):
            yield Product(_RATE, rate, base, amount, 100)


def _gross_of(row: Sequence[PrintedTax]) -> Iterator[Equation]:
    """Three sums in a row of the breakdown: one is the sum of the other two."""
    sums = {number.place: number for tax in row for number in (Number(tax.amount, TAXES, "tax amount"),)}
    if len(sums) == 3:
        one, two, three = sums.values()
        relations = tuple(
            Sum("base and tax add up to the gross sum", ((1, first), (1, second), (-1, result)))
            for first, second, result in ((one, two, three), (one, three, two), (two, three, one))
        )
        yield Equation(relations, doubtful=True)


def _tax_sum(totals: Totals) -> Equation | None:
    """The breakdown adds up to a tax that is printed beside it."""
    rows = [(1, Number(tax.amount, TAXES, "tax amount")) for tax in totals.breakdown]
    bases = {_place_of(tax.base) for tax in totals.breakdown if tax.base is not None}
    taxes = [tax for tax in _numbers(totals, "tax") if rows and tax.place not in bases]
    return _any_of(("the tax breakdown adds up to the tax", (*rows, (-1, tax))) for tax in taxes)


def _base_sum(totals: Totals, failed: Sequence[list[PrintedTax]]) -> Equation | None:
    """The bases of the breakdown add up to the subtotal, or to it less discounts and plus charges.

    The greater of two sums in a row that fails is its base.
    """
    rates = {_place_of(row[0].rate) for row in failed}
    rows = [tax for tax in totals.breakdown if _place_of(tax.rate) not in rates]
    rows += [max(row, key=lambda tax: abs(tax.line.base or Decimal(0))) for row in failed if len(row) == 2]
    bases = [(1, Number(tax.base, TAXES, "tax base")) for tax in rows if tax.base is not None]
    if not bases or len(bases) != len(rows):
        return None
    return _any_of(
        ("the tax bases add up to the subtotal", (*bases, *adjusted, (-1, subtotal)))
        for subtotal in _numbers(totals, "subtotal", "itemsTotal", "total")
        for adjusted in _adjustments(totals)
    )


def _due(totals: Totals) -> Equation | None:
    """What is due is the total less what was paid."""
    paid = [[(-1 if n.value > 0 else 1, n)] for n in _numbers(totals, "paid")] or [[]]
    every = itertools.product(_numbers(totals, "total"), paid, _numbers(totals, "due"))
    return _any_of(
        ("the total less what was paid is the amount due", ((1, total), *less, (-1, due)))
        for total, less, due in every
    )


def _change(totals: Totals) -> Equation | None:
    """What was handed over less the change is the total."""
    every = itertools.product(
        _numbers(totals, "cash"), _numbers(totals, "change"), _numbers(totals, "total", "due")
    )
    return _any_of(
        (
            "the cash less the change is the total",
            ((1, cash), (-1 if change.value > 0 else 1, change), (-1, total)),
        )
        for cash, change, total in every
    )


def _any_of(sums: Iterable[tuple[str, tuple[Term, ...]]]) -> Equation | None:
    """One of the sums should be zero; if some are, they are meant, and the others are no matter."""
    possible = [(statement, terms) for statement, terms in sums if _distinct(terms)]
    exact = [(statement, terms) for statement, terms in possible if not sum(s * n.value for s, n in terms)]
    relations = tuple(Sum(statement, terms) for statement, terms in exact or possible)
    return Equation(relations) if relations else None


def _distinct(terms: Sequence[Term]) -> bool:
    """Whether no printed number is among them twice."""
    return len({number.place for _, number in terms}) == len(terms)


def _numbers(totals: Totals, *concepts: str) -> list[Number]:
    """The best labelled numbers of these concepts, each printed number once."""
    found: dict[Place, Number] = {}
    roles = [role for role in totals.roles if role.concept in concepts and role.score >= _LEAST_SCORE]
    for role in sorted(roles, key=lambda role: -role.score):
        number = _labelled(role)
        found.setdefault(number.place, number)
    return list(found.values())[:_MOST_OF_A_KIND]


def _labelled(role: Role) -> Number:
    return Number(role.amount, _PATHS.get(role.concept, ""), _NAMES.get(role.concept, role.concept))


def _place_of(amount: Amount) -> Place:
    return Number(amount, "", "").place


def _adjustments(totals: Totals) -> list[tuple[Term, ...]]:
    """None, and all discounts and charges that are printed, each taken off or added."""
    printed = [n for n in _numbers(totals, *ADJUSTMENTS) if n.value][:_MOST_ADJUSTMENTS]
    chosen: list[tuple[Term, ...]] = [()]
    for count in range(1, len(printed) + 1):
        for group in itertools.combinations(printed, count):
            every = itertools.product((1, -1), repeat=count)
            chosen += [tuple(zip(signs, group, strict=True)) for signs in every]
    return chosen
