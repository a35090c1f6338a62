"""The values of line items: which column holds what is settled by arithmetic where headings do not tell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Head, Piece
from services.engine.extraction.document import Document
from services.engine.extraction.model import LineItem
from services.engine.extraction.text import letters_in

_ROUNDING = Decimal("0.011")
_UNIT = re.compile(r"\d\s*([^\W\d_][^\W_]{0,7}\.?)")


@dataclass
class Draft:
    """An item while its rows are read: its text, and its pieces by the place of their column.

    `numbers` are those its values were taken from, by the name of the value in `LineItem`.
    """

    description: list[Piece] = field(default_factory=list)
    page: int = 1
    cells: dict[int, list[Piece]] = field(default_factory=dict)
    rows: list[tuple[int, int]] = field(default_factory=list)
    numbers: dict[str, Amount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Roles:
    """Places of the columns for quantity, unit price and amount."""

    quantity: int | None
    price: int | None
    amount: int | None


def finish_items(document: Document, head: Head, drafts: list[Draft]) -> list[tuple[LineItem, Draft]]:
    """The items with typed values; rows without an amount are dropped where other rows have one."""
    roles = _settle(document, head, drafts)
    items = [(_item(document, head, draft, roles), draft) for draft in drafts]
    if any(item.amount is not None for item, _ in items):
        return [(item, draft) for item, draft in items if item.amount is not None]
    return [(item, draft) for item, draft in items if item.unit_price is not None and item.description]


def item_agrees(item: LineItem) -> bool:
    """Whether quantity times unit price is the amount, to the cent or half a percent."""
    if item.quantity is None or item.unit_price is None or item.amount is None:
        return False
    return _equal(item.quantity * item.unit_price, item.amount)


def _equal(product: Decimal, amount: Decimal) -> bool:
    return abs(product - amount) <= max(_ROUNDING, abs(amount) / 200)


def _settle(document: Document, head: Head, drafts: list[Draft]) -> _Roles:
    """The roles the headings give, unless other columns satisfy quantity × price = amount more often."""
    named = _named_roles(head)
    best, best_count = named, _agreeing(document, drafts, named)
    places = sorted(
        {place for draft in drafts for place in draft.cells if _has_number(document, draft, place)}
    )
    for quantity, price, amount in itertools.permutations(places, 3):
        if amount < max(quantity, price):
            continue
        roles = _Roles(quantity, price, amount)
        count = _agreeing(document, drafts, roles)
        if count > best_count and count >= 0.6 * len(drafts):
            best, best_count = roles, count
    return best


def _named_roles(head: Head) -> _Roles:
    quantity = next(iter(head.places("quantity")), None)
    price = next(iter(head.places("unitPrice")), None)
    amount = next(iter(head.places("amount")), None)
    if amount is None:
        gross = head.places("grossAmount")
        later = [p for p in head.places("other") if p > max(quantity or 0, price or 0)]
        amount = gross[0] if gross else (later[-1] if later else None)
    return _Roles(quantity, price, amount)


def _agreeing(document: Document, drafts: list[Draft], roles: _Roles) -> int:
    if roles.quantity is None or roles.price is None or roles.amount is None:
        return 0
    count = 0
    for draft in drafts:
        quantity = _amount(document, draft, roles.quantity)
        price = _amount(document, draft, roles.price)
        amount = _amount(document, draft, roles.amount)
        if (
            quantity
            and price
            and amount
            and amount.value
            and not (quantity.percent or price.percent or amount.percent)
        ):
            count += abs(quantity.value * price.value - amount.value) <= max(
                _ROUNDING, abs(amount.value) / 200
            )
    return count


def _item(document: Document, head: Head, draft: Draft, roles: _Roles) -> LineItem:
    draft.numbers = _numbers(document, head, draft, roles)
    values = {name: amount.value for name, amount in draft.numbers.items()}
    return LineItem(
        description=_description(head, draft),
        quantity=values.get("quantity"),
        unit_price=values.get("unit_price"),
        amount=values.get("amount"),
        sku=_first_text(head, draft, "sku"),
        unit=_unit(head, draft, roles),
        tax_rate=values.get("tax_rate"),
        tax_amount=values.get("tax_amount"),
        discount=values.get("discount"),
    )


def _numbers(document: Document, head: Head, draft: Draft, roles: _Roles) -> dict[str, Amount]:
    """The number printed for each of the item's values, by its name in `LineItem`."""
    taken = (roles.quantity, roles.price, roles.amount)

    def at(place: int | None) -> Amount | None:
        return _amount(document, draft, place) if place is not None else None

    def printed(concept: str) -> Amount | None:
        return at(next((place for place in head.places(concept) if place not in taken), None))

    rate, tax = printed("taxRate"), printed("taxAmount")
    if tax is not None and tax.percent:
        rate, tax = rate or tax, None
    found = {
        "quantity": at(roles.quantity),
        "unit_price": at(roles.price),
        "amount": at(roles.amount),
        "tax_rate": rate,
        "tax_amount": tax,
        "discount": printed("discount"),
    }
    return {name: amount for name, amount in found.items() if amount is not None}


def _amount(document: Document, draft: Draft, place: int) -> Amount | None:
    for piece in draft.cells.get(place, []):
        for amount in piece.amounts(document):
            return amount
    return None


def _has_number(document: Document, draft: Draft, place: int) -> bool:
    return any(piece.is_number(document) for piece in draft.cells.get(place, []))


def _description(head: Head, draft: Draft) -> str | None:
    """The description's lines; without such a column, the text of the others from the left."""
    texts = [piece.text for piece in draft.description]
    if not any(letters_in(text) >= 2 for text in texts):
        texts += list(_other_texts(head, draft))
    return " ".join(texts) or None


def _other_texts(head: Head, draft: Draft) -> Iterator[str]:
    for place in sorted(draft.cells):
        if head.columns[place].concept in ("sku", "other", "position", "date"):
            yield from (piece.text for piece in draft.cells[place] if letters_in(piece.text) >= 2)


def _first_text(head: Head, draft: Draft, concept: str) -> str | None:
    for place in head.places(concept):
        for piece in draft.cells.get(place, []):
            return piece.text
    return None


def _unit(head: Head, draft: Draft, roles: _Roles) -> str | None:
    """The unit of its own column, or the word behind the quantity."""
    names_unit = not {roles.quantity, roles.price, roles.amount} & set(head.places("unit"))
    text = _first_text(head, draft, "unit") if names_unit else None
    if text is None and roles.quantity is not None:
        printed = " ".join(piece.text for piece in draft.cells.get(roles.quantity, []))
        match = _UNIT.search(printed)
        text = match[1] if match else None
    return text
