"""Amounts at the labels of money: what is printed right of, below or level with each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.document import Document
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row

ADJUSTMENTS = ("discount", "shipping", "surcharge", "rounding", "withholding")
# From so many labels in one segment on, they are headings over a row of amounts.
_STRIP = 2
# A rate and a short word before an amount; a currency would be a part of that.
_RATE_OF = re.compile(r"%\s?([^\W\d_]{1,5})\.?\s*$")
_ACROSS = ("subtotal", "tax", "total")
_CONCEPTS = (
    *("subtotal", "itemsTotal", "tax", "total", "due", "paid", "cash", "change", "notTotal", "carried"),
    *ADJUSTMENTS,
)


@dataclass(frozen=True, slots=True)
class Role:
    """An amount at a label: `score` 0..1 says how well the label and the place fit.

    An amount that arithmetic alone explains has an empty label.
    """

    amount: Amount
    concept: str
    label: str
    score: float

    @property
    def value(self) -> Decimal:
        return self.amount.value


def labelled_amounts(document: Document, item_rows: frozenset[tuple[int, int]]) -> list[Role]:
    """Every amount that stands right of or below a label of money."""
    roles: list[Role] = []
    for row in document.rows():
        if (row.page, row.index) in item_rows:
            continue
        hits = list(_money_labels(document, row))
        for place, hit in enumerate(hits):
            following = hits[place + 1] if place + 1 < len(hits) else None
            found = list(_in_row(document, row, hit, following))
            roles += found or list(_below(document, hit)) or list(_level(document, row, hit))
        roles += list(_in_order(document, row, hits))
        roles += list(_across(document, row, hits))
    roles += list(_handed_over(document, roles))
    return [role for role in roles if role.concept not in ("notTotal", "carried")]


def cash_less_change(roles: Sequence[Role]) -> set[Decimal]:
    """What may have been paid: every sum handed over less every change.

    A "Balance" below what was handed over, and less than it, may be what was given back.
    """
    return {
        abs(cash.value) - abs(change.value)
        for cash in roles
        for change in roles
        if cash.concept in ("cash", "paid") and _may_be_change(cash, change)
    }


def _may_be_change(cash: Role, change: Role) -> bool:
    if change.concept == "due":
        return cash.amount.place < change.amount.place and 0 < change.value < abs(cash.value)
    return change.concept == "change"


def _money_labels(document: Document, row: Row) -> Iterator[Hit]:
    """The row's labels of money; one that follows another without an amount between belongs to it.

    "Total incl. VAT 119.00" is a total, although it also names the tax; "Sum of positions (net)" may be
    either. Labels over amounts stand side by side, each for itself.
    """
    last: Hit | None = None
    is_heading = not document.has_money(row)
    for hit in document.labels.in_row(row):
        if not hit.is_label(*_CONCEPTS):
            continue
        if last is None:
            last = hit
        elif last.segment is not hit.segment or is_heading or _amount_between(document, last, hit):
            yield last
            last = hit
        elif last.is_label("total") and hit.is_label("subtotal"):
            last = replace(last, meanings=(*last.meanings, *hit.meanings), last=hit.last)
    if last is not None:
        yield last


def _amount_between(document: Document, first: Hit, second: Hit) -> bool:
    return any(
        first.end < amount.end <= second.start + 1 and not amount.percent
        for amount in document.amounts_in(first.segment)
    )


def _in_row(document: Document, row: Row, hit: Hit, following: Hit | None) -> Iterator[Role]:
    """Amounts right of the label, up to the next label; the rightmost is the usual one."""
    start = (hit.segment.index, hit.end)
    stop = (following.segment.index, following.start) if following else (len(row.segments), 0)
    amounts = [
        amount
        for amount in document.row_amounts(row)
        if start < (amount.segment.index, amount.end)
        and (amount.segment.index, amount.start) < stop
        and not (hit.is_label("tax", "withholding") and is_base(document, amount))
    ]
    money = [a for a in amounts if a.is_money] or [a for a in amounts if _is_lone(hit, a)]
    for distance, amount in enumerate(reversed(money)):
        score = hit.strength * (1.0 - 0.25 * min(distance, 2)) * (1.0 if amount.is_money else 0.55)
        yield from _roles(hit, amount, score)


def is_base(document: Document, amount: Amount) -> bool:
    """Whether a rate is said to be of this amount: "VAT 25 % of 10,058.50"."""
    match = _RATE_OF.search(amount.segment.text[: amount.start])
    return match is not None and match[1].upper() not in document.lexicon.currencies


def _level(document: Document, row: Row, hit: Hit) -> Iterator[Role]:
    """An amount that stands alone on a row almost level with the label, right of it."""
    page = document.page(row.page)
    for other in page.rows[max(0, row.index - 1) : row.index + 2]:
        apart = abs(other.box.center_y - hit.box.center_y)
        if other.index == row.index or apart > 0.9 * page.line_height or len(other.segments) != 1:
            continue
        amounts = document.amounts_in(other.segments[0])
        if len(amounts) == 1 and amounts[0].is_money and other.box.x > hit.box.right:
            yield from _roles(hit, amounts[0], 0.6 * hit.strength)
            return


def _handed_over(document: Document, roles: list[Role]) -> Iterator[Role]:
    """What was handed over less the change is the total, if that amount is printed."""
    paid = cash_less_change(roles)
    taken = {id(role.amount) for role in roles if role.concept in ("total", "due", "change")}
    for row in document.rows():
        for amount in document.row_amounts(row):
            if amount.is_money and amount.value > 0 and amount.value in paid and id(amount) not in taken:
                yield Role(amount, "total", "cash less change", 0.4)


def _is_lone(hit: Hit, amount: Amount) -> bool:
    """A whole number right behind the label or a segment of its own, as totals without decimals stand."""
    text = amount.segment.text
    between = text[hit.end if amount.segment is hit.segment else 0 : amount.start]
    ends = amount.end >= len(text) and not any(character.isalnum() for character in between)
    return ends and not amount.percent and amount.value >= 1


def _below(document: Document, hit: Hit) -> Iterator[Role]:
    for slot in document.labels.below(hit, rows=1):
        for amount in document.amounts_in(slot.segment):
            if amount.is_money and slot.start <= amount.start < slot.end:
                yield from _roles(hit, amount, 0.6 * hit.strength)
                return


def _in_order(document: Document, row: Row, hits: list[Hit]) -> Iterator[Role]:
    """Labels too close together to tell their columns: each has the amount of its place in the row below."""
    if len(hits) < _STRIP or any(hit.segment is not hits[0].segment for hit in hits):
        return
    if document.has_money(row):
        return
    page = document.page(row.page)
    for below in page.rows[row.index + 1 : row.index + 2]:
        amounts = [amount for amount in document.row_amounts(below) if amount.is_money]
        if len(amounts) == len(hits) and below.box.y - row.box.bottom < 2 * page.line_height:
            for hit, amount in zip(hits, amounts, strict=True):
                yield from _roles(hit, amount, 0.55 * hit.strength)


def _across(document: Document, row: Row, hits: list[Hit]) -> Iterator[Role]:
    """Net sum, tax and total side by side in the row of a total, as under the columns of a table."""
    total = next((hit for hit in hits if hit.is_label("total")), None)
    amounts = [amount for amount in document.row_amounts(row) if amount.is_money]
    if total is None or len(hits) > 1 or len(amounts) != len(_ACROSS):
        return
    net, tax, gross = (amount.value for amount in amounts)
    if net + tax == gross and 0 < tax < net:
        for concept, amount in zip(_ACROSS, amounts, strict=True):
            yield Role(amount, concept, total.text.strip(" :"), 0.95 * total.strength)


def _roles(hit: Hit, amount: Amount, score: float) -> Iterator[Role]:
    label = hit.text.strip(" :")
    for concept in sorted(hit.concepts("labels")):
        if concept in _CONCEPTS:
            yield Role(amount, concept, label, score)
