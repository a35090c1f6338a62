"""Laying an invoice out on as many pages as it needs."""

from __future__ import annotations

from decimal import Decimal

from tests.generator.invoice import Invoice
from tests.generator.itemtable import ItemTable
from tests.generator.languages import Label
from tests.generator.letterheads import (
    LEFT_MARGIN,
    RIGHT_MARGIN,
    document_facts,
    document_title,
    draw_letterhead,
)
from tests.generator.presentation import Presentation
from tests.generator.sheet import GREY, Sheet
from tests.generator.tillreceipt import draw_receipt
from tests.generator.totals import closing_lines, draw_footer, draw_totals, totals_height

FOOTER_HEIGHT = 78.0


def draw_invoice(invoice: Invoice, look: Presentation) -> bytes:
    """The invoice as a PDF file with a text layer."""
    if look.layout == "receipt":
        return draw_receipt(invoice, look)
    first_try = _Document(invoice, look, pages=1)
    if first_try.page == 1:
        return first_try.content
    # Page numbers name the last page, which is known only once all is laid out.
    return _Document(invoice, look, pages=first_try.page).content


class _Document:
    """One run through the pages, from letterhead to last line."""

    def __init__(self, invoice: Invoice, look: Presentation, pages: int) -> None:
        self._invoice = invoice
        self._look = look
        self._pages = pages
        self.page = 1
        self._sheet = Sheet(look.page, look.typeface, f"{document_title(invoice, look)} {invoice.number}")
        self._left = LEFT_MARGIN
        self._right = look.page.width - RIGHT_MARGIN
        self._limit = look.page.height - FOOTER_HEIGHT
        self._table = ItemTable(self._sheet, invoice, look, self._left, self._right)
        self._draw_footer()
        y = draw_letterhead(self._sheet, invoice, look)
        y = self._draw_items(y + 6)
        self._draw_ending(y)
        self.content = self._sheet.finish()

    def _draw_items(self, y: float) -> float:
        y = self._table.draw_header(y)
        so_far = Decimal(0)
        carry = self._table.line_height + 8 if self._look.carries_forward else 0
        for index, item in enumerate(self._invoice.items):
            if y + self._table.row_height(index) + carry > self._limit:
                y = self._break_table(y, so_far)
            y = self._table.draw_row(index, y)
            so_far += item.amount
        self._table.draw_end(y)
        return y

    def _break_table(self, y: float, so_far: Decimal) -> float:
        words = self._look.wording
        if self._look.carries_forward:
            self._table.draw_carry(words[Label.CARRIED_FORWARD], so_far, y)
        y = self._table.draw_header(self._begin_page())
        if self._look.carries_forward:
            y = self._table.draw_carry(words[Label.BROUGHT_FORWARD], so_far, y)
        return y

    def _begin_page(self) -> float:
        self._sheet.next_page()
        self.page += 1
        self._draw_footer()
        label, number = document_facts(self._invoice, self._look)[0]
        self._sheet.text(self._left, 52, self._invoice.supplier.name, 9, bold=True)
        self._sheet.text(self._right, 52, f"{label} {number}", 9, align="right", colour=GREY)
        return 74

    def _draw_ending(self, y: float) -> None:
        size = self._look.text_size
        lines = [
            part
            for line in closing_lines(self._invoice, self._look)
            for part in (self._sheet.wrap(line, self._right - self._left, size) if line else [""])
        ]
        if y + totals_height(self._invoice, self._look) > self._limit:
            y = self._begin_page()
        y = draw_totals(self._sheet, self._invoice, self._look, self._right, y) + 14
        if y + len(lines) * size * 1.32 > self._limit:
            y = self._begin_page()
        self._sheet.lines(self._left, y, lines, size)

    def _draw_footer(self) -> None:
        draw_footer(
            self._sheet,
            self._invoice,
            self._look,
            self.page,
            self._pages,
            left=self._left,
            right=self._right,
        )
