"""What a document says about money: its totals, taxes and charges, and why they are taken for these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.document import Document
from services.engine.extraction.exemptions import stated_exemption
from services.engine.extraction.model import Found, TaxLine
from services.engine.extraction.money_choice import Choice, choose_totals
from services.engine.extraction.money_labels import ADJUSTMENTS, Role, labelled_amounts
from services.engine.extraction.running_totals import running_totals
from services.engine.extraction.sums import TOLERANCE, explained_amounts
from services.engine.extraction.taxes import PrintedTax, tax_breakdown

_ZERO = Decimal(0)


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
    roles += list(running_totals(document, roles, items_total))
    choice = choose_totals(roles, printed_taxes, items_total)
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


def _lone(roles: list[Role], concept: str, choice: Choice) -> Role | None:
    """The strongest amount of a concept that is not the total."""
    found = [r for r in roles if r.concept == concept and r.amount != choice.total.amount]
    return max(found, key=lambda role: role.score, default=None)


def _due(roles: list[Role], choice: Choice, paid: Role | None) -> Role | None:
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


def _deducted(found: Found[Decimal] | None, choice: Choice) -> Found[Decimal] | None:
    """What is taken off is a positive sum, whether or not a minus is printed before it (EN 16931, BT-107)."""
    if found is None or choice.total.value < 0:
        return found
    return replace(found, value=abs(found.value))


def _derived_subtotal(choice: Choice, adjustments: tuple[Decimal, ...]) -> Found[Decimal] | None:
    """The total less the printed tax, where nothing else lies between the two."""
    if choice.tax is None or any(0 < abs(value) < abs(choice.total.value) for value in adjustments):
        return None
    total = _explain(choice.total, False)
    if total is None:
        return None
    reason = "The total less the printed tax; no subtotal is printed."
    value = choice.total.value - choice.tax.value
    return Found(value, total.page, total.box, total.text, reason, 0.8 * total.confidence)


def _leaves_no_tax(choice: Choice, adjustments: tuple[Decimal, ...]) -> bool:
    """Whether nothing lies between subtotal and total that could be a tax."""
    return choice.subtotal is None or choice.balanced or any(adjustments)


def _explain_tax(choice: Choice) -> Found[Decimal] | None:
    if choice.tax is None or choice.tax.first is None:
        return None
    found = _explain(choice.tax.first, choice.balanced)
    if found is None or choice.tax.count == 1:
        return found
    reason = f"The sum of {choice.tax.count} printed tax amounts. {found.reason}"
    return Found(choice.tax.value, found.page, found.box, found.text, reason, found.confidence)


def _tax_lines(printed: list[PrintedTax], choice: Choice) -> tuple[TaxLine, ...]:
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
