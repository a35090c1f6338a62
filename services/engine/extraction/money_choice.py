"""The set of subtotal, tax and total that fits best, among all printed amounts that may be these."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.money_labels import ADJUSTMENTS, Role, cash_less_change
from services.engine.extraction.net_totals import net_totals, rounded_totals
from services.engine.extraction.sums import TOLERANCE, is_made_up
from services.engine.extraction.taxes import PrintedTax

_ZERO = Decimal(0)
_MOST_CANDIDATES = 14
# A total that stands for a subtotal, as the one before the taxes does.
_LESSER_TOTAL = "lesserTotal"
# Of its score, what the tax of one rate among several keeps as the whole tax.
_PART = 0.6


@dataclass(frozen=True, slots=True)
class TaxChoice:
    """One reading of the tax: a printed sum, or `count` printed parts that are added up, from `first` on.

    `score` 0..1 says how likely it is by itself.
    """

    value: Decimal
    first: Role | None
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A total with its subtotal and tax; `balanced` if these and the charges add up to it.

    The `score` compares choices within one document.
    """

    total: Role
    subtotal: Role | None
    tax: TaxChoice | None
    balanced: bool
    score: float


def choose_totals(roles: list[Role], taxes: list[PrintedTax], items_total: Decimal | None) -> Choice | None:
    """The likeliest total with its subtotal and tax; None if no amount stands at the label of a total.

    `taxes` is the printed breakdown, `items_total` the sum of the line items, if there are any.
    """
    roles = rounded_totals(roles)
    roles = [*roles, *net_totals(roles)]
    totals = _strongest([r for r in roles if r.concept in ("total", "due")]) or _received(roles)
    subtotals = _strongest([r for r in roles if r.concept in ("subtotal", "itemsTotal")])
    # "Total" before the taxes and "Grand total" after them: the first is the subtotal, if that adds up.
    lesser = [replace(r, concept=_LESSER_TOTAL, score=0.6 * r.score) for r in totals if r.concept == "total"]
    tax_choices = _tax_choices([r for r in roles if r.concept == "tax"], taxes)
    cash = cash_less_change(roles)
    roundings = [r.value for r in roles if r.concept == "rounding" and r.value]
    best: Choice | None = None
    for total in totals:
        bonus = _total_bonus(total, totals, cash, roundings, items_total)
        bonus += _bonus_of_rates(total, taxes)
        for subtotal, tax in itertools.product([None, *subtotals, *lesser], [None, *tax_choices]):
            choice = _weigh(
                total=total, subtotal=subtotal, tax=tax, roles=roles, items_total=items_total, bonus=bonus
            )
            if choice is not None and (best is None or choice.score > best.score):
                best = choice
    return best


def _received(roles: list[Role]) -> list[Role]:
    """What was received, where no total is printed and nothing was given back: "Amount received 328.00"."""
    received = [role for role in roles if role.concept in ("cash", "paid")]
    values = {role.value for role in received}
    if len(values) != 1 or any(role.concept == "change" for role in roles):
        return []
    return [replace(role, concept="total", score=0.6 * role.score) for role in received]


def _strongest(roles: list[Role]) -> list[Role]:
    return sorted(roles, key=lambda role: -role.score)[:_MOST_CANDIDATES]


def _total_bonus(
    total: Role, totals: list[Role], cash: set[Decimal], roundings: list[Decimal], items_total: Decimal | None
) -> float:
    """What speaks for a total besides its own subtotal and tax."""
    bonus = 0.0 if total.concept == "total" else -0.15
    bonus += 0.8 if total.value in cash else 0.0
    if any(other.value + rounding == total.value for other in totals for rounding in roundings):
        bonus += 0.5
    if abs(total.value) < max(abs(other.value) for other in totals) / 5:
        bonus -= 0.4
    if total.value < 0 and any(other.value == -total.value for other in totals):
        bonus -= 0.1
    if items_total is not None and abs(items_total - total.value) <= TOLERANCE:
        bonus += 0.3
    return bonus - (1.5 if total.value == 0 else 0.0)


def _bonus_of_rates(total: Role, taxes: list[PrintedTax]) -> float:
    """What the gross sums of several rates say of a total: it is all of them together, or only one."""
    gross = [tax.line.base + tax.line.amount for tax in taxes if tax.line.base is not None]
    if len(gross) < 2 or len(gross) < len(taxes):
        return 0.0
    if abs(total.value - sum(gross, _ZERO)) <= TOLERANCE:
        return 0.5
    return -0.8 if total.value in gross else 0.0


def _weigh(
    *,
    total: Role,
    subtotal: Role | None,
    tax: TaxChoice | None,
    roles: list[Role],
    items_total: Decimal | None,
    bonus: float,
) -> Choice | None:
    """How well the three go together; None if one place would play two parts."""
    if not _may_go_together(total, subtotal, tax, roles):
        return None
    score = 1.2 * total.score + bonus
    score += 0.6 * subtotal.score if subtotal else 0.0
    score += 0.5 * tax.score if tax else 0.0
    score += _position(total, roles)
    balanced = False
    if subtotal is not None:
        gap = total.value - subtotal.value - (tax.value if tax else _ZERO)
        if abs(gap) <= TOLERANCE:
            balanced = True
            score += 1.2 if tax else 0.4
        elif is_made_up(gap, [role.value for role in roles if role.concept in ADJUSTMENTS]):
            balanced = True
            score += 0.6
        elif tax is not None:
            # No tax takes up a third of a price: then one of the two is something else.
            implausible = abs(subtotal.value) < Decimal("0.6") * abs(total.value)
            score -= 1.3 if implausible else 0.8
        else:
            score -= 0.4
        is_reduced = any(role.concept in ("discount", "withholding") for role in roles)
        if abs(subtotal.value) > abs(total.value) + TOLERANCE and not is_reduced:
            score -= 0.4
        score -= 0.15 if subtotal.concept == "itemsTotal" else 0.0
        if items_total is not None and abs(items_total - subtotal.value) <= TOLERANCE:
            score += 0.25
    else:
        score -= 0.3 * max((r.score for r in roles if r.concept == "subtotal"), default=0.0)
        if tax is not None and total.value and abs(tax.value) >= abs(total.value):
            score -= 1.0
    return Choice(total, subtotal, tax, balanced, score)


def _may_go_together(total: Role, subtotal: Role | None, tax: TaxChoice | None, roles: list[Role]) -> bool:
    """One place plays one part; a lesser total needs a tax that leads exactly to the greatest total."""
    if subtotal is not None and subtotal.amount == total.amount:
        return False
    taken = (total.amount, subtotal.amount if subtotal else None)
    if tax is not None and tax.first is not None and tax.first.amount in taken:
        return False
    if subtotal is None or subtotal.concept != _LESSER_TOTAL:
        return True
    greatest = max(abs(role.value) for role in roles if role.concept in ("total", "due"))
    if tax is None or not tax.value or abs(total.value) < greatest:
        return False
    return abs(total.value - subtotal.value - tax.value) <= TOLERANCE


def _position(total: Role, roles: list[Role]) -> float:
    """Totals stand late on the pages, grand totals after partial ones."""
    last = max(role.amount.place for role in roles)
    place = total.amount.place
    if place[0] < last[0]:
        return -0.1
    return 0.15 * place[1] / max(last[1], 1)


def _tax_choices(roles: list[Role], taxes: list[PrintedTax]) -> list[TaxChoice]:
    """Each printed tax amount alone, all of them together, and the sum of the breakdown."""
    # One of several rates is a part of the tax; it is all of it only where that alone adds up.
    partial = {tax.line.amount for tax in taxes} if len({tax.line.rate for tax in taxes}) > 1 else set()
    choices = [
        TaxChoice(role.value, role, 1, role.score * (_PART if role.value in partial else 1.0))
        for role in _strongest(roles)
    ]
    distinct: dict[tuple[int, int], Role] = {}
    for role in sorted(roles, key=lambda r: r.score):
        distinct[role.amount.place] = role
    parts = [distinct[place] for place in sorted(distinct)]
    for count in (2, 3):
        if count <= len(parts) <= 6:
            for group in itertools.combinations(parts, count):
                value = sum((r.value for r in group), _ZERO)
                choices.append(TaxChoice(value, group[0], count, 0.8 * min(r.score for r in group)))
    if taxes:
        lead = taxes[0]
        role = Role(lead.amount, "tax", lead.label, 0.9)
        value = sum((tax.line.amount for tax in taxes), _ZERO)
        choices.append(TaxChoice(value, role, len(taxes), 0.95))
    return choices
