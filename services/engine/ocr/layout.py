"""From words to what a page looks like: lines in reading order, blocks and table cells.

The same for recognised words and for those of a PDF's text layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.engine.ocr.columns import reading_order
from services.engine.ocr.rows import Row, visual_rows
from services.engine.ocr.tables import find_tables, table_cells
from shared.readings import Block, BlockType, BoundingBox, Cell, Line, Word, mean_confidence


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines and blocks in reading order, and the cells of all tables."""

    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    cells: tuple[Cell, ...] = ()


def arrange(words: Sequence[Word], width: int, height: int) -> Layout:
    """Arrange the words of an upright page of width × height pixels.

    Words of one visual row of a table make one line; blocks that stand side by side are read one after the
    other. Words without text, without extent or wholly outside the page are left out.
    """
    page = BoundingBox(0, 0, width, height)
    rows = visual_rows([word for word in words if _counts(word, page)])
    lines: list[Line] = []
    blocks: list[Block] = []
    cells: list[Cell] = []
    tables = 0
    for part in find_tables(rows):
        inside = rows[part.start : part.end]
        if part.is_table:
            cells += table_cells(inside, tables)
            tables += 1
        for group in [inside] if part.is_table else reading_order(inside):
            lines += [Line(row.words) for row in group]
            blocks.append(_block(group, "table" if part.is_table else "text"))
    return Layout(tuple(lines), tuple(blocks), tuple(cells))


def _counts(word: Word, page: BoundingBox) -> bool:
    box = word.box
    inside = box.right > page.x and box.bottom > page.y and box.x < page.right and box.y < page.bottom
    return bool(word.text.strip()) and box.width > 0 and box.height > 0 and inside


def _block(rows: Sequence[Row], kind: BlockType) -> Block:
    words = [word for row in rows for word in row.words]
    return Block(
        text="\n".join(" ".join(word.text for word in row.words) for row in rows),
        confidence=mean_confidence(words),
        box=BoundingBox.around(word.box for word in words),
        type=kind,
    )
