"""Totals, taxes and charges, chosen together so that the arithmetic of the invoice holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.document import Document
from services.engine.extraction.exemptions import stated_exemption
from services.engine.extraction.model import Found, TaxLine
from services.engine.extraction.money_labels import ADJUSTMENTS, Role, labelled_amounts
from services.engine.extraction.net_totals import net_totals
from services.engine.extraction.sums import TOLERANCE, explained_amounts
from services.engine.extraction.taxes import PrintedTax, tax_breakdown

_ZERO = Decimal(0)
_MOST_CANDIDATES = 14
_LESSER_TOTAL = "lesserTotal"
_PART = 0.6


@dataclass(frozen=True, slots=True)
class _TaxChoice:
    """One reading of the tax: a printed sum, or printed parts that are added up."""

    value: Decimal
    first: Role | None
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class _Choice:
    total: Role
    subtotal: Role | None
    tax: _TaxChoice | None
    balanced: bool
    score: float


@dataclass(frozen=True)
class Totals:
    """What the document says about money; `balanced` if subtotal, charges and tax add up to the total.

    `roles` and `breakdown` are all the printed amounts that were chosen among.
    """

    subtotal: Found[Decimal] | None = None
    tax: Found[Decimal] | None = None
    total: Found[Decimal] | None = None
    discount: Found[Decimal] | None = None
    shipping: Found[Decimal] | None = None
    paid: Found[Decimal] | None = None
    due: Found[Decimal] | None = None
    taxes: tuple[TaxLine, ...] = ()
    adjustments: tuple[Decimal, ...] = ()
    balanced: bool = False
    roles: tuple[Role, ...] = ()
    breakdown: tuple[PrintedTax, ...] = ()


def read_totals(
    document: Document, items_total: Decimal | None, item_rows: frozenset[tuple[int, int]]
) -> Totals:
    """Find all labelled amounts, then take the set of subtotal, tax and total that fits best.

    `items_total` is the sum of the line items, if there are any; `item_rows` (page, row) belong to them
    and hold no totals.
    """
    roles = labelled_amounts(document, item_rows)
    printed_taxes = tax_breakdown(document, item_rows)
    breakdown = sum((tax.line.amount for tax in printed_taxes), _ZERO) if printed_taxes else None
    roles += explained_amounts(document, roles, breakdown, item_rows)
    choice = _choose(roles, printed_taxes, items_total)
    if choice is None:
        return Totals()
    lone = {concept: _lone(roles, concept, choice) for concept in ("discount", "shipping", "paid")}
    adjustments = tuple(r.value for r in roles if r.concept in ADJUSTMENTS)
    tax = _explain_tax(choice)
    if tax is None and _leaves_no_tax(choice, adjustments):
        tax = stated_exemption(document)
    return Totals(
        subtotal=_explain(choice.subtotal, choice.balanced) or _derived_subtotal(choice, adjustments),
        tax=tax,
        total=_explain(choice.total, choice.balanced),
        discount=_deducted(_explain(lone["discount"], False), choice),
        shipping=_explain(lone["shipping"], False),
        paid=_deducted(_explain(lone["paid"], False), choice),
        due=_explain(_due(roles, choice, lone["paid"]), False),
        taxes=_tax_lines(printed_taxes, choice),
        adjustments=adjustments,
        balanced=choice.balanced,
        roles=tuple(roles),
        breakdown=tuple(printed_taxes),
    )


def _choose(roles: list[Role], taxes: list[PrintedTax], items_total: Decimal | None) -> _Choice | None:
    roles = [*roles, *net_totals(roles)]
    totals = _strongest([r for r in roles if r.concept in ("total", "due")])
    subtotals = _strongest([r for r in roles if r.concept in ("subtotal", "itemsTotal")])
    # "Total" before the taxes and "Grand total" after them: the first is the subtotal, if that adds up.
    lesser = [replace(r, concept=_LESSER_TOTAL, score=0.6 * r.score) for r in totals if r.concept == "total"]
    tax_choices = _tax_choices([r for r in roles if r.concept == "tax"], taxes)
    cash = {
        abs(c.value) - abs(x.value)
        for c in roles
        if c.concept == "cash"
        for x in roles
        if x.concept == "change"
    }
    roundings = [r.value for r in roles if r.concept == "rounding" and r.value]
    best: _Choice | None = None
    for total in totals:
        bonus = _total_bonus(total, totals, cash, roundings, items_total)
        for subtotal, tax in itertools.product([None, *subtotals, *lesser], [None, *tax_choices]):
            choice = _weigh(
                total=total, subtotal=subtotal, tax=tax, roles=roles, items_total=items_total, bonus=bonus
            )
            if choice is not None and (best is None or choice.score > best.score):
                best = choice
    return best


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


def _weigh(
    *,
    total: Role,
    subtotal: Role | None,
    tax: _TaxChoice | None,
    roles: list[Role],
    items_total: Decimal | None,
    bonus: float,
) -> _Choice | None:
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
    return _Choice(total, subtotal, tax, balanced, score)


def _may_go_together(total: Role, subtotal: Role | None, tax: _TaxChoice | None, roles: list[Role]) -> bool:
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
    last = max((role.amount.segment.page, role.amount.segment.row) for role in roles)
    place = (total.amount.segment.page, total.amount.segment.row)
    if place[0] < last[0]:
        return -0.1
    return 0.15 * place[1] / max(last[1], 1)


def is_made_up(gap: Decimal, adjustments: Iterable[Decimal]) -> bool:
    """Whether discounts, shipping and the like, each taken off or added, explain the difference."""
    values = sorted({value for value in adjustments if value})[:5]
    for count in range(1, len(values) + 1):
        for chosen in itertools.combinations(values, count):
            for signs in itertools.product((1, -1), repeat=count):
                if abs(sum((s * v for s, v in zip(signs, chosen, strict=True)), _ZERO) - gap) <= TOLERANCE:
                    return True
    return False


def _tax_choices(roles: list[Role], taxes: list[PrintedTax]) -> list[_TaxChoice]:
    """Each printed tax amount alone, all of them together, and the sum of the breakdown."""
    # One of several rates is a part of the tax; it is all of it only where that alone adds up.
    partial = {tax.line.amount for tax in taxes} if len({tax.line.rate for tax in taxes}) > 1 else set()
    choices = [
        _TaxChoice(role.value, role, 1, role.score * (_PART if role.value in partial else 1.0))
        for role in _strongest(roles)
    ]
    distinct: dict[tuple[int, int], Role] = {}
    for role in sorted(roles, key=lambda r: r.score):
        distinct[(role.amount.segment.page, role.amount.segment.row)] = role
    parts = [distinct[place] for place in sorted(distinct)]
    for count in (2, 3):
        if count <= len(parts) <= 6:
            for group in itertools.combinations(parts, count):
                value = sum((r.value for r in group), _ZERO)
                choices.append(_TaxChoice(value, group[0], count, 0.8 * min(r.score for r in group)))
    if taxes:
        lead = taxes[0]
        role = Role(lead.amount, "tax", lead.label, 0.9)
        value = sum((tax.line.amount for tax in taxes), _ZERO)
        choices.append(_TaxChoice(value, role, len(taxes), 0.95))
    return choices


def _lone(roles: list[Role], concept: str, choice: _Choice) -> Role | None:
    """The strongest amount of a concept that is not the total."""
    found = [r for r in roles if r.concept == concept and r.amount != choice.total.amount]
    return max(found, key=lambda role: role.score, default=None)


def _due(roles: list[Role], choice: _Choice, paid: Role | None) -> Role | None:
    """What is left to pay: the total less what was paid where that is printed, else the strongest amount.

    A "Balance" that is the cash less the total is what was given back.
    """
    change = {abs(r.value) - abs(choice.total.value) for r in roles if r.concept == "cash"} - {_ZERO}
    found = [r for r in roles if r.concept == "due" and r.value not in change]
    left = choice.total.value - abs(paid.value) if paid is not None else None
    return max(found, key=lambda role: (role.value == left, role.score), default=None)


def _explain(role: Role | None, balanced: bool) -> Found[Decimal] | None:
    if role is None:
        return None
    amount = role.amount
    reason = f'Stands at the label "{role.label}"' if role.label else "Stands at no label that is known"
    reason += "; subtotal, charges and tax add up to the total." if balanced else "."
    evidence = min(1.0, 0.55 + 0.3 * role.score + (0.15 if balanced else 0.0))
    return Found(
        role.value, amount.segment.page, amount.box, amount.text, reason, evidence * amount.confidence
    )


def _deducted(found: Found[Decimal] | None, choice: _Choice) -> Found[Decimal] | None:
    """What is taken off is a positive sum, whether or not a minus is printed before it (EN 16931, BT-107)."""
    if found is None or choice.total.value < 0:
        return found
    return replace(found, value=abs(found.value))


def _derived_subtotal(choice: _Choice, adjustments: tuple[Decimal, ...]) -> Found[Decimal] | None:
    """The total less the printed tax, where nothing else lies between the two."""
    if choice.tax is None or any(0 < abs(value) < abs(choice.total.value) for value in adjustments):
        return None
    total = _explain(choice.total, False)
    if total is None:
        return None
    reason = "The total less the printed tax; no subtotal is printed."
    value = choice.total.value - choice.tax.value
    return Found(value, total.page, total.box, total.text, reason, 0.8 * total.confidence)


def _leaves_no_tax(choice: _Choice, adjustments: tuple[Decimal, ...]) -> bool:
    """Whether nothing lies between subtotal and total that could be a tax."""
    return choice.subtotal is None or choice.balanced or any(adjustments)


def _explain_tax(choice: _Choice) -> Found[Decimal] | None:
    if choice.tax is None or choice.tax.first is None:
        return None
    found = _explain(choice.tax.first, choice.balanced)
    if found is None or choice.tax.count == 1:
        return found
    reason = f"The sum of {choice.tax.count} printed tax amounts. {found.reason}"
    return Found(choice.tax.value, found.page, found.box, found.text, reason, found.confidence)


def _tax_lines(printed: list[PrintedTax], choice: _Choice) -> tuple[TaxLine, ...]:
    """The breakdown, if it adds up to the tax or the tax is not printed otherwise."""
    if not printed:
        return ()
    value = sum((tax.line.amount for tax in printed), _ZERO)
    if choice.tax is not None and abs(choice.tax.value - value) > TOLERANCE:
        return ()
    return tuple(_with_base(tax.line, choice.subtotal) for tax in printed)


def _with_base(line: TaxLine, subtotal: Role | None) -> TaxLine:
    """The subtotal is the base of a rate it satisfies, where no base is printed beside it."""
    if line.base is not None or line.rate is None or subtotal is None:
        return line
    fits = abs(subtotal.value * line.rate / 100 - line.amount) <= TOLERANCE
    return replace(line, base=subtotal.value) if fits else line
