"""Items of documents without a table heading, accepted only if the arithmetic bears them out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Piece
from services.engine.extraction.described_items import described_item
from services.engine.extraction.document import Document
from services.engine.extraction.factors import find_factors, without_factors
from services.engine.extraction.item_rows import Draft, is_named, without_bullet
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.line_items import ItemTable
from services.engine.extraction.model import LineItem
from services.engine.extraction.money import Totals
from services.engine.extraction.priced_rows import PricedRow, priced_rows
from services.engine.extraction.sums import TOLERANCE
from services.engine.extraction.table_sums import is_rate_of
from services.engine.extraction.text import letters_in

_FEWEST_LETTERS = 3
# The share of rows in which a text must begin at an edge that the items share.
_MOSTLY = 0.75


def read_plain_items(document: Document, totals: Totals) -> ItemTable:
    """Rows that end in an amount, if together they give a sum, or quantity times price gives each of them.

    Of several such runs of rows the longest is taken: a list of details rather than the summary of it.
    Without any, the one text under a heading of descriptions is the item.
    """
    sums = [found.value for found in (totals.subtotal, totals.total) if found is not None and found.value]
    rows = list(priced_rows(document, totals))
    runs = [*_runs(document, rows, sums), *_runs_by_indent(document, rows, sums)]
    if not runs:  # what is said of paying before the first sum may name an item: "Card blank 12.00"
        unpaid = [replace(row, closes=row.closes and not row.pays) for row in rows]
        runs = list(_runs(document, unpaid, sums))
    if not runs and totals.subtotal is not None:  # duties may be items: what they are part of is the subtotal
        with_taxes = [replace(row, closes=row.closes and not row.taxes) for row in rows]
        runs = list(_runs(document, with_taxes, [totals.subtotal.value]))
    found = list(_items(document, max(runs, key=len, default=())))
    found = found or list(_items(document, _taxed_run(document, rows)))
    found = found or list(_multiplied(document, rows))
    if not found and (described := described_item(document, totals)) is not None:
        found = [described]
    places = frozenset(place for _, draft in found for place in draft.rows)
    return ItemTable(tuple(item for item, _ in found), tuple(draft for _, draft in found), places)


def rows_with_amounts(document: Document, totals: Totals) -> Iterator[tuple[LineItem, Draft]]:
    """The rows before the first sum as items, whether or not they give it."""
    rows = itertools.takewhile(lambda row: not row.closes, priced_rows(document, totals))
    yield from _items(document, tuple(rows))


def _runs(
    document: Document, rows: Sequence[PricedRow], sums: Sequence[Decimal]
) -> Iterator[tuple[PricedRow, ...]]:
    """The longest run of rows before each sum that gives it, another sum, or what a tax is of."""
    open_rows: list[PricedRow] = []
    section = 0
    for place, row in enumerate(rows):
        if not (row.closes or _is_sum_or_tax(document, row, open_rows, sums)):
            if _item(document, row) is not None:
                open_rows.append(row)
            continue
        following = [other.amount.value for other in itertools.takewhile(lambda r: r.closes, rows[place:])]
        given = [*sums, *(following if len(open_rows) > 1 else ())]
        if run := _run_that_gives(open_rows, given) or _run_that_gives(
            _level_with(document, open_rows, row), sums
        ):
            yield run
        goes_on = place + 1 < len(rows) and rows[place + 1].amount.value > 0
        if _sum(open_rows[section:]) != row.amount.value or not goes_on:
            open_rows = []
        section = len(open_rows)
    if run := _run_that_gives(open_rows, sums):
        yield run


def _is_sum_or_tax(
    document: Document, row: PricedRow, above: Sequence[PricedRow], sums: Sequence[Decimal]
) -> bool:
    """Whether the row is the sum of those above or, if they give one already, a percentage of it."""
    if row.amount.value in sums and _run_that_gives(above, [row.amount.value]):
        return True
    printed = document.row_amounts(row.row)
    return any(_run_that_gives(above, [base]) and is_rate_of(printed, base) for base in sums)


def _taxed_run(document: Document, rows: Sequence[PricedRow]) -> tuple[PricedRow, ...]:
    """The longest run of rows of which the row below them is a printed percentage."""
    best: tuple[PricedRow, ...] = ()
    open_rows: list[PricedRow] = []
    for row in rows:
        printed = document.row_amounts(row.row)
        taxed = next((run for run in _tails(open_rows) if is_rate_of(printed, _sum(run))), ())
        best = max(best, taxed, key=len)
        if row.closes or taxed:
            open_rows = []
        elif _item(document, row) is not None:
            open_rows.append(row)
    return best


def _level_with(document: Document, rows: Sequence[PricedRow], last: PricedRow) -> list[PricedRow]:
    """The rows whose amounts end where that of `last` does: those of its column."""
    edge, reach = last.amount.box.right, document.page(last.row.page).line_height
    return [row for row in rows if abs(row.amount.box.right - edge) <= reach]


def _run_that_gives(rows: Sequence[PricedRow], sums: Sequence[Decimal]) -> tuple[PricedRow, ...]:
    for run in _tails(rows):
        if any(abs(_sum(run) - printed) <= TOLERANCE for printed in sums):
            return run
    return ()


def _tails(rows: Sequence[PricedRow]) -> Iterator[tuple[PricedRow, ...]]:
    """The rows without none, one, two and more of the first; the longest comes first."""
    for start in range(len(rows)):
        yield tuple(rows[start:])


def _runs_by_indent(
    document: Document, rows: Sequence[PricedRow], sums: Sequence[Decimal]
) -> Iterator[tuple[PricedRow, ...]]:
    """Rows that begin at one left edge and give a sum, where rows that stand further in explain them."""
    for start, first in enumerate(rows):
        height = document.page(first.row.page).line_height
        run: list[PricedRow] = []
        deeper = 0
        for row in rows[start:]:
            indent = row.row.box.x - first.row.box.x
            if indent > height:
                deeper += 1
            elif abs(indent) > height / 2 or row.closes or _item(document, row) is None:
                break
            else:
                run.append(row)
        if len(run) > 1 and deeper and any(abs(_sum(run) - printed) <= TOLERANCE for printed in sums):
            yield tuple(run)


def _sum(rows: Sequence[PricedRow]) -> Decimal:
    return sum((row.amount.value for row in rows), Decimal(0))


def _items(document: Document, rows: Sequence[PricedRow]) -> Iterator[tuple[LineItem, Draft]]:
    for row in rows:
        item = _item(document, row, _shared_edges(document, rows))
        if item is not None:
            yield item


def _shared_edges(document: Document, rows: Sequence[PricedRow]) -> list[float]:
    """The left edges at which texts of most rows begin, in pixels.

    What stands beside the items, such as a column of contacts, begins elsewhere.
    """
    edges = [[s.box.x for s in priced.row.segments if _is_text(s)] for priced in rows]
    reach = document.page(rows[0].row.page).line_height / 2 if rows else 0.0
    return [
        edge
        for edge in itertools.chain(*edges)
        if sum(any(abs(edge - other) <= reach for other in row) for row in edges) > _MOSTLY * len(rows)
    ]


def _is_text(segment: Segment) -> bool:
    return letters_in(segment.text) >= _FEWEST_LETTERS


def _multiplied(document: Document, rows: Sequence[PricedRow]) -> Iterator[tuple[LineItem, Draft]]:
    """The rows of a table in a language without vocabulary, told by quantity times price in two or more."""
    found = [pair for row in rows if (pair := _product(document, row)) is not None]
    if len(found) > 1 and any(item.quantity != 1 for item, _ in found):
        yield from found


def _product(document: Document, priced: PricedRow) -> tuple[LineItem, Draft] | None:
    """The row as an item, if one of its amounts is the product of two numbers before it."""
    numbers = [amount for amount in document.row_amounts(priced.row) if not amount.percent and amount.value]
    for quantity, price, amount in itertools.combinations(numbers, 3):
        if amount.is_money and abs(quantity.value * price.value - amount.value) <= TOLERANCE:
            found = _item(document, replace(priced, amount=amount))
            if found is None:
                return None
            item = replace(found[0], quantity=quantity.value, unit_price=price.value)
            return item, found[1]
    return None


def _item(
    document: Document, priced: PricedRow, edges: Sequence[float] = ()
) -> tuple[LineItem, Draft] | None:
    """The row as an item, named by its longest text; one that begins at one of the `edges` goes before."""
    row, title, amount = priced.row, priced.title, priced.amount
    left = row.segments[: amount.segment.index + 1]  # what stands beyond the amount is of another column
    level = [segment for segment in left if segment.box.x in edges and _is_text(segment)]
    wordy = max(level or left, key=lambda segment: letters_in(segment.text))
    numbers = (a.start for a in document.amounts_in(wordy) if a.is_money)
    own = Piece(wordy, 0, min(numbers, default=len(wordy.text)))
    named_above = title is not None and not is_named([own])
    name = Piece(title.segments[-1], 0, len(title.segments[-1].text)) if named_above and title else own
    if letters_in(name.text) < _FEWEST_LETTERS:
        return None
    draft = Draft([name], row.page, {0: [Piece(amount.segment, amount.start, amount.end)]})
    draft.rows.append((row.page, row.index))
    draft.numbers["amount"] = amount
    if named_above and title:
        draft.rows.insert(0, (title.page, title.index))
    text = without_bullet(name.text.strip(" -:"))
    before = row.text[: row.text.rfind(amount.text)]
    factors = find_factors(before, amount.value, document.amount_reader.mark)
    if factors is not None:
        written = find_factors(wordy.text, amount.value, document.amount_reader.mark)
        if written is not None and not named_above:
            text = without_bullet(without_factors(wordy.text, written))
        return LineItem(text, factors.quantity, factors.price, amount.value, unit=factors.unit), draft
    quantity, price = _factors(document, row, amount)
    values: tuple[Decimal | None, Decimal | None] = None, None
    if quantity is not None and price is not None:
        draft.numbers |= {"quantity": quantity, "unit_price": price}
        if abs(quantity.value * price.value - amount.value) <= TOLERANCE:
            values = quantity.value, price.value
    return LineItem(text, *values, amount.value), draft


def _factors(document: Document, row: Row, amount: Amount) -> tuple[Amount, Amount] | tuple[None, None]:
    """What may be quantity and unit price: two numbers of the row that give the amount, else the only two."""
    others = [a for a in document.row_amounts(row) if a is not amount and not a.percent]
    pairs = [
        (quantity, price)
        for quantity, price in itertools.permutations(others, 2)
        if not quantity.is_money and price.is_money
    ]
    for quantity, price in pairs:
        if abs(quantity.value * price.value - amount.value) <= TOLERANCE:
            return quantity, price
    return pairs[0] if len(pairs) == 1 else (None, None)
