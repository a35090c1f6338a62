"""The narrow receipt of a till."""

from __future__ import annotations

from tests.generator.invoice import Invoice
from tests.generator.languages import Label
from tests.generator.letterheads import document_facts, document_title
from tests.generator.presentation import Presentation
from tests.generator.sheet import PageSize, Sheet
from tests.generator.totals import list_sums

WIDTH = 227.0
MARGIN = 14.0
SIZE = 8.5
STEP = 11.5
LONGEST = 4000.0


def draw_receipt(invoice: Invoice, look: Presentation) -> bytes:
    """A receipt as a PDF page of 80 mm paper, as long as it needs to be."""
    endless = Sheet(PageSize(WIDTH, LONGEST), look.typeface, "")
    height = _draw(endless, invoice, look)
    sheet = Sheet(PageSize(WIDTH, height), look.typeface, document_title(invoice, look))
    _draw(sheet, invoice, look)
    return sheet.finish()


def _draw(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    """Draw the receipt; gives the length of paper it takes."""
    middle, right = WIDTH / 2, WIDTH - MARGIN
    y = 32.0
    for line in sheet.wrap(invoice.supplier.name, WIDTH - 50, 11):
        sheet.text(middle, y, line, 11, bold=True, align="center")
        y += 14
    tax_line = f"{look.wording[Label.TAX_ID]} {invoice.supplier.tax_id}"
    for line in (*invoice.supplier.address, invoice.contact.phone, tax_line):
        sheet.text(middle, y, line, SIZE, align="center")
        y += STEP
    y += 10
    sheet.text(middle, y, document_title(invoice, look), 10, bold=True, align="center")
    y += STEP + 4
    for label, value in document_facts(invoice, look):
        sheet.text(MARGIN, y, f"{label} {value}", SIZE)
        y += STEP
    y -= STEP - 8
    y = _draw_items(sheet, invoice, look, right, y)
    for each in list_sums(invoice, look):
        size = SIZE + 2.5 if each.strong else SIZE
        y += 4 if each.strong else 0
        sheet.text(MARGIN, y, each.label, size, bold=each.strong)
        sheet.text(right, y, each.value, size, bold=each.strong, align="right")
        y += STEP + (4 if each.strong else 0)
    if invoice.tendered is not None:
        change = invoice.tendered - invoice.amounts.total
        for name, money in ((Label.CASH, invoice.tendered), (Label.CHANGE, change)):
            sheet.text(MARGIN, y, look.wording[name], SIZE)
            sheet.text(right, y, look.notation.money(money), SIZE, align="right")
            y += STEP
    sheet.dashes(MARGIN, y - 4, right)
    if invoice.closing is not None:
        for line in sheet.wrap(invoice.closing, WIDTH - 2 * MARGIN, SIZE):
            sheet.text(middle, y + 12, line, SIZE, align="center")
            y += STEP
    return y + 30


def _draw_items(sheet: Sheet, invoice: Invoice, look: Presentation, right: float, y: float) -> float:
    sheet.dashes(MARGIN, y, right)
    y += STEP + 3
    for item in invoice.items:
        sheet.text(MARGIN, y, item.description, SIZE)
        y += STEP
        detail = f"{look.notation.quantity(item.quantity)} x {look.notation.number(item.unit_price)}"
        sheet.text(MARGIN + 12, y, detail, SIZE)
        sheet.text(right, y, look.notation.number(item.amount), SIZE, align="right")
        y += STEP
    sheet.dashes(MARGIN, y - 5, right)
    return y + STEP
