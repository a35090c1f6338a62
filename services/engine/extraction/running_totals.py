"""A total that is what stands above it, row by row, whatever the rows between are called."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row
from services.engine.extraction.money_labels import Role

_ZERO = Decimal(0)
_PAYMENTS = ("paid", "cash", "change")
# In heights of a line: how far apart the right edges of one column are, and its rows from each other.
_LEVEL, _NEAR = 1.5, 3.5
_MOST_BETWEEN = 6
_MOST_PAYMENTS = 4
_SCORE = 0.8


def running_totals(document: Document, roles: list[Role], items_total: Decimal | None) -> Iterator[Role]:
    """Amounts at other labels that are totals, as the amounts above them lead there one after the other.

    Where no total is printed it is the last "net amount" or sum paid to which a subtotal, or `items_total`,
    and all amounts below that come. Where one is, it is the amount due that is left of it, if so much was
    paid and what comes between is no payment: then that was taken off the price.
    """
    totals = [role for role in roles if role.concept in ("total", "due")]
    if totals:
        yield from (replace(due, concept="total") for due in totals if _is_reduced(document, due, roles))
        return
    bases = {role.value for role in roles if role.concept in ("subtotal", "itemsTotal")}
    if items_total is not None:
        bases.add(items_total)
    ends = [role for role in roles if role.concept in ("subtotal", *_PAYMENTS[:2])]
    for role in sorted(ends, key=lambda one: one.amount.place, reverse=True):
        if any(base.value in bases for base, _ in _sums_before(document, role, roles)):
            yield replace(role, concept="total", score=_SCORE)
            return


def _is_reduced(document: Document, due: Role, roles: list[Role]) -> bool:
    """Whether an amount due is the total above it less what is no payment, and was paid in that height."""
    if due.concept != "due" or due.value not in _payments_after(due, roles):
        return False
    totals = {role.amount.place for role in roles if role.concept == "total"}
    payments = {role.amount.place for role in roles if role.concept in _PAYMENTS}
    return any(
        base.place in totals
        and due.value < base.value
        and not any(amount.place in payments for amount in between)
        for base, between in _sums_before(document, due, roles)
    )


def _payments_after(due: Role, roles: list[Role]) -> set[Decimal]:
    """What the payments printed below the amount due come to: the first, the first two, and so on."""
    paid = {
        role.amount.place: role.value
        for role in roles
        if role.concept in ("cash", "paid") and role.amount.place > due.amount.place
    }
    values = [paid[place] for place in sorted(paid)][:_MOST_PAYMENTS]
    return set(itertools.accumulate(values))


def _sums_before(
    document: Document, role: Role, roles: list[Role]
) -> Iterator[tuple[Amount, tuple[Amount, ...]]]:
    """Each amount above, with those between, that together come to the role's amount."""
    taken_off = {id(other.amount) for other in roles if other.concept == "discount"}
    between: list[Amount] = []
    gap = role.value
    for amount in itertools.islice(_column_above(document, role.amount), _MOST_BETWEEN + 1):
        if between and any(other.value for other in between) and amount.value == gap:
            yield amount, tuple(between)
        gap -= -abs(amount.value) if id(amount) in taken_off else amount.value
        between.append(amount)


def _column_above(document: Document, last: Amount) -> Iterator[Amount]:
    """The amounts of the rows above whose right edges are level with that of `last`, from the lowest up."""
    page = document.page(last.segment.page)
    below: Row = page.rows[last.segment.row]
    for row in reversed(page.rows[: last.segment.row]):
        money = [
            amount
            for amount in document.row_amounts(row)
            if amount.is_money and abs(amount.box.right - last.box.right) <= _LEVEL * page.line_height
        ]
        if below.box.y - row.box.bottom > _NEAR * page.line_height:
            return
        if money:
            yield money[-1]
            below = row
