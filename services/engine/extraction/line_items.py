"""Line items: the rows of the item table, across pages, with wrapped descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.engine.extraction.amounts import Amount
from services.engine.extraction.columns import Column, Head, column_of, find_heads
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row, Segment
from services.engine.extraction.model import LineItem
from services.engine.extraction.text import letters_in

_STOPS = (
    "subtotal", "itemsTotal", "total", "due", "tax", "paid", "cash", "change", "notTotal",
    "paymentTerms", "iban", "dueDate", "rounding",
)  # fmt: skip
_CENT = Decimal("0.011")


@dataclass(frozen=True)
class ItemTable:
    """The items, and the rows (page, row) they and their headings take up."""

    items: tuple[LineItem, ...]
    rows: frozenset[tuple[int, int]]


@dataclass
class _Draft:
    """An item while its rows are being read."""

    description: list[str] = field(default_factory=list)
    cells: dict[str, list[Segment]] = field(default_factory=dict)
    rows: list[tuple[int, int]] = field(default_factory=list)

    def has(self, *concepts: str) -> bool:
        return any(self.cells.get(concept) for concept in concepts)


def read_items(document: Document) -> ItemTable:
    """Items below every heading of an item table; where a heading is repeated, the table goes on."""
    heads = [head for head in find_heads(document) if not _is_tax_table(head)]
    drafts: list[_Draft] = []
    rows: set[tuple[int, int]] = set()
    for place, head in enumerate(heads):
        following = heads[place + 1] if place + 1 < len(heads) else None
        rows.update((head.page, index) for index in range(head.first_row, head.last_row + 1))
        found = _read_body(document, head, following)
        drafts += found
        rows.update(row for draft in found for row in draft.rows)
    items = [_finish(document, draft) for draft in drafts]
    kept = tuple(item for item in items if item.amount is not None or item.unit_price is not None)
    return ItemTable(kept, frozenset(rows) if kept else frozenset())


def _is_tax_table(head: Head) -> bool:
    """A tax breakdown has rates and sums but neither quantities nor descriptions nor prices."""
    concepts = {column.concept for column in head.columns}
    return not concepts & {"description", "quantity", "unitPrice", "sku"}


def _body_rows(document: Document, head: Head, following: Head | None) -> Iterator[Row]:
    """Rows from under the heading to the next heading, over page ends."""
    for page in document.pages[head.page - 1 :]:
        for row in page.rows:
            if page.number == head.page and row.index <= head.last_row:
                continue
            if following is not None and (page.number, row.index) >= (following.page, following.first_row):
                return
            yield row


def _read_body(document: Document, head: Head, following: Head | None) -> list[_Draft]:
    drafts: list[_Draft] = []
    waiting: list[str] = []
    previous: Row | None = None
    for row in _body_rows(document, head, following):
        cells = _cells(document, head, row)
        if _ends(document, row, cells):
            break
        if previous is not None and row.page != previous.page and not _fits(cells):
            continue
        if (
            previous is not None
            and row.page == previous.page
            and drafts
            and _far(document, previous, row)
            and not _fits(cells)
        ):
            break
        if any(hit.is_label("carried") for hit in document.labels.in_row(row)):
            continue
        previous = row
        if _starts_item(cells, drafts):
            draft = _Draft(description=waiting if not cells.get("description") or not drafts else [])
            waiting = []
            drafts.append(draft)
        elif not drafts:
            waiting += [s.text for s in cells.get("description", [])]
            continue
        _add(drafts[-1], row, cells)
    return drafts


def _cells(document: Document, head: Head, row: Row) -> dict[str, list[Segment]]:
    cells: dict[str, list[Segment]] = {}
    for segment in row.segments:
        numeric = bool(document.amounts_in(segment)) and letters_in(segment.text) <= 4
        column = column_of(head, segment, numeric)
        cells.setdefault(column.concept, []).append(segment)
    return cells


def _ends(document: Document, row: Row, cells: dict[str, list[Segment]]) -> bool:
    """A row of totals or of payment details; a full row of the table never ends it."""
    if cells.get("quantity") and cells.get("unitPrice") and cells.get("amount"):
        return False
    return any(
        hit.is_label(*_STOPS) and hit.strength >= 0.7 and hit.first == 0
        for hit in document.labels.in_row(row)
    )


def _fits(cells: dict[str, list[Segment]]) -> bool:
    return sum(bool(cells.get(c)) for c in ("quantity", "unitPrice", "amount", "grossAmount", "taxRate")) >= 2


def _far(document: Document, previous: Row, row: Row) -> bool:
    return row.box.center_y - previous.box.center_y > 4.5 * document.page(row.page).line_height


def _starts_item(cells: dict[str, list[Segment]], drafts: list[_Draft]) -> bool:
    money = [c for c in ("amount", "grossAmount", "unitPrice") if _number_in(cells.get(c, []))]
    if not money:
        return False
    if not drafts or cells.get("position") or cells.get("quantity") and "unitPrice" in money:
        return True
    last = drafts[-1]
    return last.has("amount", "grossAmount") or any(last.has(concept) for concept in money)


def _number_in(segments: list[Segment]) -> bool:
    return any(any(c.isdigit() for c in segment.text) for segment in segments)


def _add(draft: _Draft, row: Row, cells: dict[str, list[Segment]]) -> None:
    draft.rows.append((row.page, row.index))
    draft.description += [segment.text for segment in cells.get("description", [])]
    for concept, segments in cells.items():
        if concept != "description" and concept not in draft.cells:
            draft.cells[concept] = segments


def _finish(document: Document, draft: _Draft) -> LineItem:
    quantity = _number(document, draft, "quantity")
    price = _number(document, draft, "unitPrice")
    amount = _number(document, draft, "amount") or _number(document, draft, "grossAmount")
    rate = _number(document, draft, "taxRate")
    tax = _number(document, draft, "taxAmount")
    discount = _number(document, draft, "discount")
    return LineItem(
        description=" ".join(draft.description) or None,
        quantity=quantity.value if quantity else None,
        unit_price=price.value if price else None,
        amount=amount.value if amount else None,
        sku=_text(draft, "sku"),
        unit=_unit(draft),
        tax_rate=rate.value if rate else None,
        tax_amount=tax.value if tax else None,
        discount=discount.value if discount else None,
    )


def _number(document: Document, draft: _Draft, concept: str) -> Amount | None:
    for segment in draft.cells.get(concept, []):
        for amount in document.amounts_in(segment):
            return amount
    return None


def _text(draft: _Draft, concept: str) -> str | None:
    return " ".join(segment.text for segment in draft.cells.get(concept, [])) or None


def _unit(draft: _Draft) -> str | None:
    text = _text(draft, "unit")
    if text is None:
        match = re.search(r"\d\s*([^\W\d_]{1,8}\.?)$", _text(draft, "quantity") or "")
        text = match[1] if match else None
    return text


def heading_of(column: Column) -> str:
    return column.heading
