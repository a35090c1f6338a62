"""The item table as a template describes it: which columns there are, and where heading and data begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.engine.extraction.columns import Column, Head
from services.engine.extraction.document import Document
from services.engine.extraction.text import key_of
from shared.readings import BoundingBox, Cell, PageReading
from shared.template import ColumnRule, LineItemRules

_CONCEPTS = frozenset(
    {
        *("position", "sku", "description", "quantity", "unit", "unitPrice", "taxRate", "taxAmount"),
        *("discount", "amount", "grossAmount", "date"),
    }
)


def template_heads(
    document: Document, pages: Sequence[PageReading], heads: list[Head], rules: LineItemRules
) -> list[Head]:
    """The headings, as far as the template describes the table; otherwise as they were found.

    With `header_row`, the heading is that row of each table the reading found, if there is one; rows
    between heading and `data_start_row` are passed over. `columns` name the columns by their place.
    """
    if rules.header_row is not None and any(page.cells for page in pages):
        heads = [
            head
            for number, page in enumerate(pages, 1)
            for head in _heads_of_cells(document, number, page, rules.header_row)
        ] or heads
    if rules.columns:
        heads = [_renamed(document, head, rules.columns) for head in heads]
    skipped = _skipped_rows(rules)
    return [replace(head, last_row=head.last_row + skipped) for head in heads]


def _skipped_rows(rules: LineItemRules) -> int:
    if rules.data_start_row is None:
        return 0
    return max(rules.data_start_row - (rules.header_row or 0) - 1, 0)


def _heads_of_cells(document: Document, number: int, page: PageReading, header_row: int) -> list[Head]:
    tables: dict[int, list[Cell]] = {}
    for cell in page.cells:
        if cell.row == header_row:
            tables.setdefault(cell.table, []).append(cell)
    heads = []
    for table in sorted(tables):
        cells = sorted(tables[table], key=lambda cell: cell.column)
        around = BoundingBox.around(cell.box for cell in cells)
        rows = [
            row.index for row in document.page(number).rows if around.y <= row.box.center_y <= around.bottom
        ]
        if rows:
            columns = tuple(Column(_concept_of(document, cell.text), cell.box, cell.text) for cell in cells)
            heads.append(Head(number, rows[0], rows[-1], columns))
    return heads


def _renamed(document: Document, head: Head, rules: tuple[ColumnRule, ...]) -> Head:
    """`head` with the template's names at the places it gives, each concept once."""
    named = {
        rule.index: _concept_of(document, rule.name) for rule in rules if 0 <= rule.index < len(head.columns)
    }
    columns = []
    for place, column in enumerate(head.columns):
        concept = named.get(place)
        if concept is None:
            concept = "other" if column.concept in named.values() else column.concept
        columns.append(replace(column, concept=concept))
    return replace(head, columns=tuple(columns))


def _concept_of(document: Document, name: str) -> str:
    """The column a name stands for: the contract's own name, or any word of the vocabulary."""
    if name in _CONCEPTS:
        return name
    for meaning in document.lexicon.meanings(key_of(name), tolerant=False):
        if meaning.section == "columns":
            return meaning.concept
    return "other"
