"""What subtotal, charges, tax and total say of each other, also where one stands at a label nobody knows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.money_labels import ADJUSTMENTS, Role

TOLERANCE = Decimal("0.02")
# No tax on sales is higher; a gap beyond that is something else.
_HIGHEST_SHARE = Decimal("0.3")
_SURE_LABEL = 0.45
_WITH_RATE, _BETWEEN, _SUM, _DIFFERENCE = 0.85, 0.45, 0.5, 0.45
_PAID_AND_DUE = 0.85


def explained_amounts(
    document: Document, roles: list[Role], breakdown: Decimal | None, item_rows: frozenset[tuple[int, int]]
) -> list[Role]:
    """The third of subtotal, tax and total where two stand at labels and it is printed without one.

    `breakdown` is the sum of the printed taxes of all rates.
    """
    labelled = [role for role in roles if role.score >= _SURE_LABEL and role.value]
    subtotals = [role for role in labelled if role.concept in ("subtotal", "itemsTotal")]
    totals = [role for role in labelled if role.concept in ("total", "due")]
    taxes = {role.value for role in labelled if role.concept == "tax"}
    if breakdown is not None:
        taxes.add(breakdown)
    greatest = max((abs(role.value) for role in totals), default=Decimal(0))
    # A lesser total is that of one rate, of one part, of one page.
    totals = [role for role in totals if abs(role.value) == greatest]
    money = [
        amount
        for row in document.rows()
        if (row.page, row.index) not in item_rows
        for amount in document.row_amounts(row)
        if amount.is_money
    ]
    found: list[Role] = []
    for subtotal, total in itertools.product(subtotals, totals):
        found += _taxes_between(document, subtotal, total, money, roles)
    for subtotal, tax in itertools.product(subtotals, sorted(taxes)):
        value = subtotal.value + tax
        if _is_share(tax, subtotal.value) and abs(value) > greatest:
            after = [a for a in money if a.value == value and a.place >= subtotal.amount.place]
            found += [_explained(a, "total", _SUM) for a in after[:1]]
    found += _totals_of_parts(labelled, money)
    parts_sums = {subtotal.value + tax for subtotal, tax in itertools.product(subtotals, taxes)}
    found += _paid_outright(labelled, parts_sums)
    # A subtotal at its label stands before charges and discounts: it needn't be what the tax is due on.
    for total, tax in itertools.product(totals, () if subtotals else sorted(taxes)):
        value = total.value - tax
        if _is_share(tax, value):
            before = [a for a in money if a.value == value and a.place <= total.amount.place]
            found += [_explained(a, "subtotal", _DIFFERENCE) for a in before[-1:]]
    return found


def is_made_up(gap: Decimal, adjustments: Iterable[Decimal]) -> bool:
    """Whether discounts, shipping and the like, each taken off or added, explain the difference."""
    values = sorted({value for value in adjustments if value})[:5]
    for count in range(1, len(values) + 1):
        for chosen in itertools.combinations(values, count):
            for signs in itertools.product((1, -1), repeat=count):
                if (
                    abs(sum((s * v for s, v in zip(signs, chosen, strict=True)), Decimal(0)) - gap)
                    <= TOLERANCE
                ):
                    return True
    return False


def _taxes_between(
    document: Document, subtotal: Role, total: Role, money: list[Amount], roles: list[Role]
) -> Iterator[Role]:
    """The difference of subtotal and total where it is printed from the one to the other."""
    gap = total.value - subtotal.value
    if not _is_share(gap, subtotal.value):
        return
    others = {id(role.amount) for role in roles if role.concept in (*ADJUSTMENTS, "tax", "paid")}
    first, last = sorted((subtotal.amount.place, total.amount.place))
    for amount in money:
        if amount.value != gap or id(amount) in others or not first <= amount.place <= last:
            continue
        row = document.labels.row_of(amount.segment)
        rates = [other.value for other in document.row_amounts(row) if other.percent]
        fits = any(abs(subtotal.value * rate / 100 - gap) <= TOLERANCE for rate in rates)
        yield _explained(amount, "tax", _WITH_RATE if fits else _BETWEEN)


def _totals_of_parts(labelled: list[Role], money: list[Amount]) -> Iterator[Role]:
    """What was paid and what is due together, where that is printed before both and no total has a label."""
    if any(role.concept == "total" for role in labelled):
        return
    paid = [role for role in labelled if role.concept == "paid"]
    due = [role for role in labelled if role.concept == "due" and role.value > 0]
    known = {id(role.amount) for role in labelled}
    money = [amount for amount in money if id(amount) not in known]
    for one, other in itertools.product(paid, due):
        first = min(one.amount.place, other.amount.place)
        value = abs(one.value) + other.value
        before = [amount for amount in money if amount.value == value and amount.place < first]
        yield from (_explained(amount, "total", _PAID_AND_DUE) for amount in before[-1:])


def _paid_outright(labelled: list[Role], sums: set[Decimal]) -> Iterator[Role]:
    """What was paid, where that is all and the page has no total: "Total paid", "Visa".

    It is all where the same was handed over, or where it is one of `sums`: subtotals with their taxes.
    """
    if any(role.concept in ("total", "due") for role in labelled):
        return
    everything = sums | {abs(role.value) for role in labelled if role.concept == "cash"}
    for role in labelled:
        if role.concept == "paid" and abs(role.value) in everything:
            yield replace(role, concept="total", score=_PAID_AND_DUE)


def _is_share(tax: Decimal, base: Decimal) -> bool:
    return base != 0 and 0 < tax / base <= _HIGHEST_SHARE


def _explained(amount: Amount, concept: str, score: float) -> Role:
    return Role(amount, concept, "", score)
