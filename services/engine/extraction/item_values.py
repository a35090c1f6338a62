"""The values of line items: which column holds what is settled by arithmetic where headings do not tell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Head
from services.engine.extraction.document import Document
from services.engine.extraction.factors import find_factors, without_factors
from services.engine.extraction.item_rows import Draft
from services.engine.extraction.model import LineItem
from services.engine.extraction.text import letters_in

_ROUNDING = Decimal("0.011")
# An article number: one word with at least three digits and few letters.
_CODE = re.compile(r"^(?=(?:\D*\d){3})(?!(?:[^\W\d_].*?){5})[\w./-]{4,}$")
_FEWEST_LETTERS = 3
_CENTS = re.compile(r"(?<![^\W\d_])(?:ct|cent|cents|cts)(?![^\W\d_])", re.IGNORECASE)
_UNIT = re.compile(r"\d\s*(?![xX]\b)([^\W\d_][^\W_]{0,7}\.?)")


@dataclass(frozen=True, slots=True)
class _Roles:
    """Places of the columns for quantity, unit price and amount."""

    quantity: int | None
    price: int | None
    amount: int | None


def finish_items(document: Document, head: Head, drafts: list[Draft]) -> list[tuple[LineItem, Draft]]:
    """The items with typed values; rows without an amount are dropped where other rows have one."""
    roles = _settle(document, head, drafts)
    items = [(_counted(document, _item(document, head, draft, roles)), draft) for draft in drafts]
    if any(item.amount is not None for item, _ in items):
        return [(item, draft) for item, draft in items if item.amount is not None]
    return [(item, draft) for item, draft in items if item.unit_price is not None and item.description]


def _counted(document: Document, item: LineItem) -> LineItem:
    """The item with the quantity and price its text names, if no column gives them."""
    if item.quantity is not None or item.unit_price is not None or not item.description or not item.amount:
        return item
    factors = find_factors(item.description, item.amount, document.amount_reader.mark)
    if factors is None:
        return item
    return replace(
        item,
        description=without_factors(item.description, factors),
        quantity=factors.quantity,
        unit_price=factors.price,
        unit=item.unit or factors.unit,
    )


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
    printed = [{place: _sum_at(document, draft, place) for place in draft.cells} for draft in drafts]
    # Without a column of amounts these may stand below a name that runs into the next: "Amount VAT".
    discounts = head.places("discount") if named.amount is None else []
    best, best_count = named, _agreeing(printed, named)
    places = sorted(
        {place for draft in drafts for place in draft.cells if _has_number(document, draft, place)}
    )
    for quantity, price, amount in itertools.permutations(places, 3):
        if amount < max(quantity, price):
            continue
        roles = _Roles(quantity, price, amount)
        count = _agreeing(printed, roles, discounts)
        if count > best_count and count >= (0.6 if named.amount is not None else 0.5) * len(drafts):
            best, best_count = roles, count
    if best.amount is None or named.amount is None or best.amount >= named.amount:
        return best
    converted = any(_converts(document, drafts, best.amount, rate, named.amount) for rate in places)
    return replace(best, amount=named.amount) if converted else best


def _converts(document: Document, drafts: list[Draft], foreign: int, rate: int, amount: int) -> bool:
    """Whether the last column is the first one, in the invoice's currency, by a rate of exchange."""
    if rate in (foreign, amount):
        return False
    converted = 0
    for draft in drafts:
        values = [_amount(document, draft, place) for place in (foreign, rate, amount)]
        known = [value.value for value in values if value is not None and not value.percent]
        if len(known) == 3 and not _equal(known[0] * known[1], known[2]):
            return False
        converted += len(known) == 3
    return converted > 0


def _named_roles(head: Head) -> _Roles:
    quantity = next(iter(head.places("quantity")), None)
    price = next(iter(head.places("unitPrice")), None)
    amount = next(iter(head.places("amount")), None)
    if amount is None:
        gross = head.places("grossAmount")
        later = [p for p in head.places("other") if p > max(quantity or 0, price or 0)]
        amount = gross[0] if gross else (later[-1] if later else None)
    return _Roles(quantity, price, amount)


def _agreeing(printed: list[dict[int, Amount | None]], roles: _Roles, discounts: Sequence[int] = ()) -> int:
    """In how many rows, given by the amount in each column, the arithmetic of the roles holds.

    `discounts` are columns of percentages that may be taken off.
    """
    if roles.quantity is None or roles.price is None or roles.amount is None:
        return 0
    count = 0
    for amounts in printed:
        quantity = amounts.get(roles.quantity)
        price = amounts.get(roles.price)
        amount = amounts.get(roles.amount)
        if (
            quantity
            and price
            and amount
            and amount.value
            and not (quantity.percent or price.percent or amount.percent)
        ):
            rates = [rate.value for place in discounts if (rate := amounts.get(place)) is not None]
            reduced = (quantity.value * price.value * (100 - rate) / 100 for rate in rates)
            count += _is_product(quantity, price, amount) or any(_equal(r, amount.value) for r in reduced)
    return count


def _is_product(quantity: Amount, price: Amount, amount: Amount) -> bool:
    return _equal(quantity.value * price.value, amount.value)


def _item(document: Document, head: Head, draft: Draft, roles: _Roles) -> LineItem:
    draft.numbers = _numbers(document, head, draft, roles)
    values = {name: amount.value for name, amount in draft.numbers.items()}
    price, net = values.get("unit_price"), draft.net if draft.net is not None else values.get("amount")
    quantity, discount = values.get("quantity"), values.get("discount")
    if price and roles.price is not None and _is_in_cents(draft, roles.price, price, quantity, net):
        price /= 100
        del draft.numbers["unit_price"]
    if draft.adjustments:
        discount = -sum(draft.adjustments, Decimal(0))
    if draft.net is not None:
        draft.numbers.pop("amount", None)
    texts, code = _texts_and_code(head, draft)
    return LineItem(
        description=" ".join(texts) or None,
        quantity=quantity,
        unit_price=price,
        amount=net,
        sku=_first_text(head, draft, "sku") or code,
        unit=_unit(head, draft, roles),
        tax_rate=values.get("tax_rate"),
        tax_amount=values.get("tax_amount"),
        discount=discount,
    )


def _is_in_cents(
    draft: Draft, place: int, price: Decimal, quantity: Decimal | None, amount: Decimal | None
) -> bool:
    """Whether the price is printed in hundredths, as energy is priced: "31,20 ct/kWh"."""
    if quantity is None or amount is None:
        return False
    printed = " ".join(piece.text for piece in draft.cells.get(place, []))
    return _CENTS.search(printed) is not None and _equal(quantity * price / 100, amount)


def _numbers(document: Document, head: Head, draft: Draft, roles: _Roles) -> dict[str, Amount]:
    """The number printed for each of the item's values, by its name in `LineItem`."""
    taken = (roles.quantity, roles.price, roles.amount)

    def at(place: int | None) -> Amount | None:
        return _sum_at(document, draft, place) if place is not None else None

    def printed(concept: str) -> Amount | None:
        free = (place for place in head.places(concept) if place not in taken)
        return next((_amount(document, draft, place) for place in free), None)

    rate, tax = printed("taxRate"), printed("taxAmount")
    if tax is not None and tax.percent:
        rate, tax = rate or tax, None
    price, amount = at(roles.price), at(roles.amount)
    counting = head.places("quantity", "unit", "position") if roles.quantity is not None else ()
    beside = (at(place) for place in counting if place not in taken)
    counted = (one for one in beside if one and price and amount and _is_product(one, price, amount))
    found = {
        "quantity": at(roles.quantity) or next(counted, None),
        "unit_price": price,
        "amount": amount,
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


def _sum_at(document: Document, draft: Draft, place: int) -> Amount | None:
    """The first number in the column that is no percentage, if there is one; names of columns may run on."""
    amounts = [amount for piece in draft.cells.get(place, []) for amount in piece.amounts(document)]
    return next((amount for amount in amounts if not amount.percent), amounts[0] if amounts else None)


def _has_number(document: Document, draft: Draft, place: int) -> bool:
    return any(piece.is_number(document) for piece in draft.cells.get(place, []))


def _texts_and_code(head: Head, draft: Draft) -> tuple[list[str], str | None]:
    """The description's lines, and the article number if it stands alone above them.

    Without a column for descriptions, they are the text of the others from the left.
    """
    texts = [piece.text for piece in draft.description]
    if not any(letters_in(text) >= 2 for text in texts):
        return texts + list(_other_texts(head, draft)), None
    if len(texts) > 1 and _CODE.match(texts[0]) and letters_in(" ".join(texts[1:])) >= _FEWEST_LETTERS:
        return texts[1:], texts[0]
    return texts, None


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
