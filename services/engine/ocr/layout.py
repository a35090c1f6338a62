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

STANDING = 1.8
"""Height by width from which a word of three characters and more is vertical text."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines and blocks in reading order, and the cells of all tables."""

    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    cells: tuple[Cell, ...] = ()


def arrange(words: Sequence[Word], width: int, height: int) -> Layout:
    """Arrange the words of an upright page of width × height pixels.

    Words of one visual row of a table make one line; blocks that stand side by side are read one after the
    other, vertical text last. Words without text, without extent or wholly outside the page are left out.
    """
    page = BoundingBox(0, 0, width, height)
    printed = [word for word in words if _counts(word, page)]
    standing = [word for word in printed if _stands(word)]
    rows = visual_rows([word for word in printed if not _stands(word)])
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
    for line in _standing_lines(standing):
        lines.append(line)
        blocks.append(Block(line.text, line.confidence, line.box))
    return Layout(tuple(lines), tuple(blocks), tuple(cells))


def _counts(word: Word, page: BoundingBox) -> bool:
    box = word.box
    inside = box.right > page.x and box.bottom > page.y and box.x < page.right and box.y < page.bottom
    return bool(word.text.strip()) and box.width > 0 and box.height > 0 and inside


def _stands(word: Word) -> bool:
    return len(word.text) > 2 and word.box.height >= STANDING * word.box.width


def _standing_lines(words: Sequence[Word]) -> list[Line]:
    """Lines of vertical words, which come in the order they are read in: up or down can't be seen."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1][-1].box if lines else None
        if (
            last is None
            or not last.x < word.box.center_x < last.right
            or _distance(last, word.box) > last.width
        ):
            lines.append([])
        lines[-1].append(word)
    return [Line(tuple(line)) for line in lines]


def _distance(one: BoundingBox, other: BoundingBox) -> float:
    """White between two boxes from top to bottom; negative where they overlap."""
    return max(one.y, other.y) - min(one.bottom, other.bottom)


def _block(rows: Sequence[Row], kind: BlockType) -> Block:
    words = [word for row in rows for word in row.words]
    return Block(
        text="\n".join(" ".join(word.text for word in row.words) for row in rows),
        confidence=mean_confidence(words),
        box=BoundingBox.around(word.box for word in words),
        type=kind,
    )
