"""The table of line items: which columns it has, how wide they are, and drawing its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.generator.invoice import Invoice, LineItem
from tests.generator.languages import Label
from tests.generator.presentation import Presentation
from tests.generator.sheet import BLACK, GREY, LIGHT, WHITE, Align, Sheet

GAP = 5.0
LEAST_DESCRIPTION = 110.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `cell` writes what it shows of the item at a position counted from 1."""

    header: str
    align: Align
    cell: Callable[[int, LineItem], str]
    flexible: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A column with its left edge and width in points."""

    column: Column
    x: float
    width: float

    def anchor(self, align: Align) -> float:
        """Where text of this alignment stands."""
        if align == "right":
            return self.x + self.width - GAP
        if align == "center":
            return self.x + self.width / 2
        return self.x + GAP


class ItemTable:
    """Draws header and rows between two edges of a sheet."""

    def __init__(self, sheet: Sheet, invoice: Invoice, look: Presentation, left: float, right: float) -> None:
        self._sheet = sheet
        self._invoice = invoice
        self._look = look
        self._left = left
        self._right = right
        self._size, self._columns = self._place(choose_columns(invoice, look))

    @property
    def line_height(self) -> float:
        return self._size * 1.25

    def row_height(self, index: int) -> float:
        """The height in points of the row of item `index`, counted from 0."""
        return len(self._description(index)) * self.line_height + self._padding * 2

    @property
    def header_height(self) -> float:
        return self.line_height + self._padding * 2 + 2

    def draw_header(self, y: float) -> float:
        """The header with its top at `y`; gives the top of the first row."""
        look, height = self._look, self.header_height
        filled = look.layout in ("banner", "classic")
        if filled:
            self._sheet.box(self._left, y, self._right - self._left, height, fill=look.accent)
        elif look.layout == "boxed":
            self._sheet.box(self._left, y, self._right - self._left, height, fill=LIGHT, stroke=BLACK)
            self._draw_uprights(y, height)
        elif look.layout != "plain":
            self._sheet.rule(self._left, y, self._right, 0.9)
            self._sheet.rule(self._left, y + height, self._right, 0.9)
        colour = WHITE if filled else (look.accent if look.layout == "plain" else BLACK)
        baseline = y + self._padding + self._size + 0.5
        for placed in self._columns:
            column = placed.column
            self._sheet.text(
                placed.anchor(column.align),
                baseline,
                column.header,
                self._size,
                bold=True,
                align=column.align,
                colour=colour,
            )
        return y + height

    def draw_row(self, index: int, y: float) -> float:
        """Item `index` with its top at `y`; gives the top of the next row."""
        height = self.row_height(index)
        width = self._right - self._left
        if self._look.layout == "banner" and index % 2:
            self._sheet.box(self._left, y, width, height, fill=LIGHT)
        baseline = y + self._padding + self._size
        item = self._invoice.items[index]
        for placed in self._columns:
            column = placed.column
            cell = self._description(index) if column.flexible else [column.cell(index + 1, item)]
            for offset, line in enumerate(cell):
                self._sheet.text(
                    placed.anchor(column.align),
                    baseline + offset * self.line_height,
                    line,
                    self._size,
                    align=column.align,
                )
        if self._look.layout == "boxed":
            self._sheet.box(self._left, y, width, height, stroke=BLACK)
            self._draw_uprights(y, height)
        elif self._look.layout in ("classic", "centred"):
            self._sheet.rule(self._left, y + height, self._right, 0.3, GREY)
        return y + height

    def draw_carry(self, label: str, value: Decimal, y: float) -> float:
        """A line that carries the sum so far over a page break."""
        height = self.line_height + self._padding * 2
        baseline = y + self._padding + self._size
        last = self._columns[-1]
        self._sheet.text(self._left + GAP, baseline, label, self._size, bold=True)
        amount = self._look.notation.number(value)
        self._sheet.text(last.anchor("right"), baseline, amount, self._size, bold=True, align="right")
        return y + height

    def draw_end(self, y: float) -> None:
        """What closes the table below its last row."""
        if self._look.layout in ("right", "centred"):
            self._sheet.rule(self._left, y, self._right, 0.9)

    @property
    def _padding(self) -> float:
        return 2.4 if self._look.layout == "boxed" else 3.2

    def _description(self, index: int) -> list[str]:
        placed = next(each for each in self._columns if each.column.flexible)
        return self._sheet.wrap(self._invoice.items[index].description, placed.width - 2 * GAP, self._size)

    def _draw_uprights(self, y: float, height: float) -> None:
        for placed in self._columns[1:]:
            self._sheet.upright(placed.x, y, y + height)

    def _place(self, columns: list[Column]) -> tuple[float, list[Placed]]:
        size = self._look.text_size
        while True:
            widths = [0.0 if column.flexible else self._natural_width(column, size) for column in columns]
            rest = self._right - self._left - sum(widths)
            if rest >= LEAST_DESCRIPTION or size <= 6.5:
                break
            size -= 0.5
        placed, x = [], self._left
        for column, width in zip(columns, widths, strict=True):
            placed.append(Placed(column, x, rest if column.flexible else width))
            x = placed[-1].x + placed[-1].width
        return size, placed

    def _natural_width(self, column: Column, size: float) -> float:
        cells = (column.cell(index + 1, item) for index, item in enumerate(self._invoice.items))
        widest = max(self._sheet.width_of(cell, size) for cell in cells)
        return max(widest, self._sheet.width_of(column.header, size, bold=True)) + 2 * GAP + 3


def choose_columns(invoice: Invoice, look: Presentation) -> list[Column]:
    """The columns that the invoice's items fill, in the usual order."""
    words, notation, items = look.wording, look.notation, invoice.items
    price = notation.money if look.signed_prices else notation.number
    columns = []
    if look.layout in ("classic", "right", "boxed"):
        columns.append(Column(words[Label.POSITION], "left", lambda position, _: str(position)))
    if any(item.sku for item in items):
        columns.append(Column(words[Label.SKU], "left", lambda _, item: item.sku or ""))
    columns.append(Column(words[Label.DESCRIPTION], "left", lambda _, item: item.description, flexible=True))
    columns.append(Column(words[Label.QUANTITY], "right", lambda _, item: notation.quantity(item.quantity)))
    if any(item.unit for item in items):
        columns.append(Column(words[Label.UNIT], "left", lambda _, item: item.unit or ""))
    columns.append(Column(words[Label.UNIT_PRICE], "right", lambda _, item: price(item.unit_price)))
    if any(item.discount is not None for item in items):
        columns.append(Column(words[Label.ITEM_DISCOUNT], "right", _percent_of(look, "discount")))
    if any(item.tax_rate is not None for item in items):
        columns.append(Column(words[Label.TAX_RATE], "right", _percent_of(look, "tax_rate")))
    if any(item.tax_amount is not None for item in items):
        columns.append(
            Column(
                words[Label.ITEM_TAX], "right", lambda _, item: notation.number(item.tax_amount or Decimal(0))
            )
        )
    columns.append(Column(words[Label.AMOUNT], "right", lambda _, item: price(item.amount)))
    return columns


def _percent_of(look: Presentation, field: str) -> Callable[[int, LineItem], str]:
    def cell(_: int, item: LineItem) -> str:
        value: Decimal | None = getattr(item, field)
        return "" if value is None else look.notation.percent(value)

    return cell
