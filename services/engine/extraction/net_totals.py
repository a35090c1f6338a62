"""A "net amount" that is printed after the taxes or after rounding: there it is what is to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from services.engine.extraction.money_labels import ADJUSTMENTS, Role

_CHARGES = ("tax", *ADJUSTMENTS)
# No taxes and charges together are higher than this share of what they are raised on.
_HIGHEST_SHARE = Decimal("0.5")


def net_totals(roles: list[Role]) -> Iterator[Role]:
    """Subtotals below another subtotal and its taxes, where no total is printed further down, as totals."""
    subtotals = [role for role in roles if role.concept == "subtotal"]
    lowest = max((role.amount.place for role in roles if role.concept in ("total", "due")), default=(0, 0))
    for net in subtotals:
        before = [
            other
            for other in subtotals
            if any(
                other.amount.place < role.amount.place < net.amount.place
                for role in roles
                if role.concept in _CHARGES
            )
        ]
        if net.amount.place > lowest and any(_follows(net.value, other.value) for other in before):
            yield replace(net, concept="total")


def rounded_totals(roles: list[Role]) -> list[Role]:
    """The roles, in which what is a total above it and the rounding between them is a total as well.

    It may stand at the label of a net sum, or of what was paid.
    """
    totals = [role for role in roles if role.concept in ("total", "due")]
    roundings = [role for role in roles if role.concept == "rounding" and role.value]
    return [
        replace(role, concept="total")
        if role.concept in ("subtotal", "paid", "cash") and _is_rounded(role, totals, roundings)
        else role
        for role in roles
    ]


def _is_rounded(net: Role, totals: list[Role], roundings: list[Role]) -> bool:
    return any(
        total.value + rounding.value == net.value
        and total.amount.place < rounding.amount.place < net.amount.place
        for total in totals
        for rounding in roundings
    )


def _follows(net: Decimal, subtotal: Decimal) -> bool:
    return subtotal > 0 and abs(net - subtotal) <= _HIGHEST_SHARE * subtotal
