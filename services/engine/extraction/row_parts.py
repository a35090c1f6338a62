"""What part a row plays in an item table: it begins an item, is passed over, or ends the table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from services.engine.extraction.document import Document
from services.engine.extraction.item_rows import TextRow
from services.engine.extraction.labels import Hit
from services.engine.extraction.layout import Row
from services.engine.extraction.own_words import TABLE_END
from services.engine.extraction.table_reading import NUMBER_COLUMNS, TableReading, TableRow
from services.engine.extraction.table_sums import amount_places, draft_amount, is_rate_of
from services.engine.extraction.text import letters_in

_STOPS = (
    *("subtotal", "itemsTotal", "total", "due", "tax", "notTotal"),
    *("paymentTerms", "iban", "dueDate", TABLE_END),
)
_PAYMENTS = ("paid", "cash", "change", "rounding")
_CHARGES = ("discount", "shipping", "surcharge")
# In heights of a line: what lies further below is no longer of the table.
_MOST_LINES_APART = 4.5
_FEWEST_LETTERS = 3
# Longer text among the numbers of a row is more than a unit.
_LETTERS_OF_NAME = 10


def starts_item(reading: TableReading, found: TableRow) -> bool:
    """A row begins an item when it has an amount of money, or at least two of the table's numbers."""
    head, drafts = reading.head, reading.drafts
    money = _money_places(reading, found)
    if len(found.numbers) < 2 and not (money and _may_be_named(reading, found)):
        return False
    if (
        not drafts
        or len(found.numbers) >= 2
        or any(place in found.cells for place in head.places("position"))
    ):
        return True
    waits = bool(reading.entries) and isinstance(reading.entries[-1], TextRow) and reading.entries[-1].marker
    return bool(waits) or any(place in drafts[-1].cells for place in money)


def _money_places(reading: TableReading, found: TableRow) -> set[int]:
    """The columns of amounts in which the row has money."""
    return {
        place
        for place in found.numbers & set(amount_places(reading.head))
        if any(amount.is_money for piece in found.cells[place] for amount in piece.amounts(reading.document))
    }


def _may_be_named(reading: TableReading, found: TableRow) -> bool:
    """Whether a lone amount has its text left of the table's numbers; names of sums stand among these."""
    last = reading.drafts[-1] if reading.drafts else None
    lettered = [s for s in found.row.segments if letters_in(s.text) >= _FEWEST_LETTERS]
    if last is None or not last.description or not lettered or found.marker == "position":
        return True
    numbers = [
        column.box.x for column in reading.head.columns if column.concept in NUMBER_COLUMNS - {"other"}
    ]
    if letters_in(lettered[-1].text) < _LETTERS_OF_NAME and found.texts:
        return True
    return lettered[-1].box.x < min(numbers, default=0.0)


def is_passed_over(reading: TableReading, found: TableRow) -> bool:
    """Text on a new page before the table goes on, or below a wide gap; the table itself may go on."""
    previous, row = reading.previous, found.row
    if previous is None:
        return False
    if row.page != previous.page:
        return len(found.numbers) < 2
    if not reading.drafts or not _is_far(reading.document, previous, row):
        return False
    if len(found.numbers) < 2:
        return True
    amounts = reading.document.row_amounts(row)
    return not any(a.decimals or a.percent for a in amounts) and found.marker != "position"


def _is_far(document: Document, previous: Row, row: Row) -> bool:
    distance = row.box.center_y - previous.box.center_y
    return distance > _MOST_LINES_APART * document.page(row.page).line_height


def ends_table(reading: TableReading, found: TableRow) -> bool:
    """A row of totals or of payment details; a row that fills the table does not end it."""
    document, head = reading.document, reading.head
    hits = document.labels.in_row(found.row)
    if reading.closing_sums() and _is_below_sum(reading, found, hits):
        return True
    if len(found.numbers) >= 3:
        return False
    rates = {
        id(p.segment) for place in head.places("taxRate", "taxAmount") for p in found.cells.get(place, [])
    }
    if found.marker != "position" and _is_tax(reading, found):
        return True
    stops = (*_STOPS, *_PAYMENTS) if document.has_money(found.row) else _STOPS
    return any(
        hit.is_label(*stops)
        and (_leads(hit) or (hit.first == 1 and hit.is_label("total", "subtotal")))
        and hit.strength >= 0.7
        and id(hit.segment) not in rates
        and not _follows_amounts(document, found.row, hit)
        for hit in hits
    )


def _follows_amounts(document: Document, row: Row, hit: Hit) -> bool:
    """Whether all amounts of the row stand left of the label, as of a code of tax behind an item."""
    money = [amount for amount in document.row_amounts(row) if amount.is_money]
    return bool(money) and all(amount.box.right <= hit.box.x for amount in money)


def _leads(hit: Hit) -> bool:
    """Whether nothing but numbers and signs stands before the label: "+ 19 % MwSt."."""
    return letters_in(hit.segment.text[: hit.start]) == 0


def _is_tax(reading: TableReading, found: TableRow) -> bool:
    """Whether the row is a printed percentage of all items, in whatever words."""
    document, head = reading.document, reading.head
    amounts = [draft_amount(document, head, draft) for draft in (*reading.earlier, *reading.drafts)]
    base = sum((amount for amount in amounts if amount is not None), Decimal(0))
    printed = document.row_amounts(found.row)
    positive = any(amount.is_money and amount.value > 0 for amount in printed)
    return positive and bool(base) and is_rate_of(printed, base)


def _is_below_sum(reading: TableReading, found: TableRow, hits: Sequence[Hit]) -> bool:
    """Whether a row below a sum is a tax, a charge or a payment, and not an item of a further section."""
    amounts = reading.document.row_amounts(found.row)
    if not any(amount.is_money for amount in amounts):
        return False
    if any(hit.is_label("tax") for hit in hits):
        return True
    if found.marker == "position":
        return False
    if any(hit.is_label(*_CHARGES, *_STOPS, *_PAYMENTS) for hit in hits):
        return True
    return any(amount.percent for amount in amounts) or any(a.is_money and a.value < 0 for a in amounts)
