"""The top of the first page in each layout: the supplier, the buyer, and the document's own facts."""

from __future__ import annotations

from tests.generator.invoice import Invoice, Party
from tests.generator.languages import Label
from tests.generator.presentation import Presentation
from tests.generator.sheet import BLACK, GREY, LIGHT, WHITE, Align, Colour, Sheet

LEFT_MARGIN = 56.0
RIGHT_MARGIN = 50.0

Fact = tuple[str, str]


def document_title(invoice: Invoice, look: Presentation) -> str:
    """What the document calls itself."""
    titles = {"invoice": Label.INVOICE, "creditNote": Label.CREDIT_NOTE, "receipt": Label.RECEIPT}
    return look.wording[titles[invoice.kind]]


def document_facts(invoice: Invoice, look: Presentation) -> list[Fact]:
    """Number, dates and references as (label, value)."""
    words, notation = look.wording, look.notation
    number_labels = {
        "invoice": Label.NUMBER,
        "creditNote": Label.CREDIT_NUMBER,
        "receipt": Label.RECEIPT_NUMBER,
    }
    facts = [
        (words[number_labels[invoice.kind]], invoice.number),
        (words[Label.DATE], notation.date(invoice.issued)),
    ]
    if invoice.due is not None:
        facts.append((words[Label.DUE_DATE], notation.date(invoice.due)))
    if invoice.delivered is not None:
        facts.append((words[Label.DELIVERY_DATE], notation.date(invoice.delivered)))
    if invoice.purchase_order is not None:
        facts.append((words[Label.PURCHASE_ORDER], invoice.purchase_order))
    if invoice.customer_number is not None:
        facts.append((words[Label.CUSTOMER_NUMBER], invoice.customer_number))
    return facts


def draw_letterhead(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    """The top of the first page; gives where the item table may begin."""
    painters = {
        "classic": _classic,
        "right": _right,
        "centred": _centred,
        "boxed": _boxed,
        "plain": _plain,
        "banner": _banner,
    }
    return painters[look.layout](sheet, invoice, look)


def _classic(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    right = sheet.size.width - RIGHT_MARGIN
    _draw_mark(sheet, LEFT_MARGIN + 16, 62, look.accent, invoice.supplier.name)
    sheet.text(LEFT_MARGIN + 42, 58, invoice.supplier.name, 14, bold=True, colour=look.accent)
    sheet.text(LEFT_MARGIN + 42, 72, ", ".join(invoice.supplier.address), 8.5, colour=GREY)
    sheet.rule(LEFT_MARGIN, 90, right, 1.2, look.accent)
    parties_end = _draw_party(sheet, invoice, look, LEFT_MARGIN, 128)
    sheet.text(right, 132, document_title(invoice, look), 20, bold=True, align="right")
    facts_end = _draw_facts(sheet, document_facts(invoice, look), look, 158, left=right - 190, right=right)
    return _draw_ship_to(sheet, invoice, look, LEFT_MARGIN, max(parties_end, facts_end) + 14)


def _right(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    right = sheet.size.width - RIGHT_MARGIN
    sheet.text(right, 56, invoice.supplier.name, 13, bold=True, align="right")
    contact = (
        *invoice.supplier.address,
        invoice.contact.phone,
        invoice.contact.email,
        invoice.contact.website,
    )
    facts_top = sheet.lines(right, 72, contact, 8.5, align="right") + 24
    sender = " · ".join((invoice.supplier.name, *invoice.supplier.address))
    sheet.text(LEFT_MARGIN, 132, sender, 6.5, colour=GREY)
    sheet.rule(LEFT_MARGIN, 135, LEFT_MARGIN + sheet.width_of(sender, 6.5), 0.3, GREY)
    party_end = _draw_party(sheet, invoice, look, LEFT_MARGIN, 150, labelled=False)
    facts_end = _draw_facts(
        sheet, document_facts(invoice, look), look, facts_top, left=right - 180, right=right
    )
    y = _draw_ship_to(sheet, invoice, look, LEFT_MARGIN, max(party_end, facts_end) + 18)
    sheet.text(LEFT_MARGIN, y + 8, f"{document_title(invoice, look)} {invoice.number}", 15, bold=True)
    return y + 26


def _centred(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    middle, right = sheet.size.width / 2, sheet.size.width - RIGHT_MARGIN
    sheet.text(middle, 58, invoice.supplier.name, 17, bold=True, align="center", colour=look.accent)
    sheet.text(middle, 74, " · ".join(invoice.supplier.address), 8.5, align="center")
    contact = f"{look.wording[Label.PHONE]} {invoice.contact.phone} · {invoice.contact.email}"
    sheet.text(middle, 86, contact, 8.5, align="center")
    sheet.rule(LEFT_MARGIN, 97, right, 0.5)
    sheet.rule(LEFT_MARGIN, 99.5, right, 1.4)
    sheet.text(middle, 130, document_title(invoice, look), 16, bold=True, align="center")
    party_end = _draw_party(sheet, invoice, look, LEFT_MARGIN, 160)
    facts_end = _draw_facts(sheet, document_facts(invoice, look), look, 160, left=right - 200, right=right)
    return _draw_ship_to(sheet, invoice, look, LEFT_MARGIN, max(party_end, facts_end) + 14)


def _boxed(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    right = sheet.size.width - RIGHT_MARGIN
    sheet.text(LEFT_MARGIN, 56, invoice.supplier.name, 13, bold=True)
    sheet.lines(LEFT_MARGIN, 70, (*invoice.supplier.address, invoice.contact.phone), 8.5)
    sheet.text(right, 60, document_title(invoice, look), 20, bold=True, align="right")
    width = (right - LEFT_MARGIN - 12) / 2
    boxes = [(look.wording[Label.BILL_TO], invoice.customer), (look.wording[Label.SHIP_TO], invoice.ship_to)]
    parties = [(label, _party_lines(party, look)) for label, party in boxes if party is not None]
    height = 30 + max(len(lines) for _, lines in parties) * 12
    for number, (label, lines) in enumerate(parties):
        x = LEFT_MARGIN + number * (width + 12)
        sheet.box(x, 126, width, height, stroke=BLACK)
        sheet.box(x, 126, width, 16, fill=LIGHT, stroke=BLACK)
        sheet.text(x + 6, 137.5, label, 8.5, bold=True)
        sheet.lines(x + 6, 155, lines, 9)
    facts = document_facts(invoice, look)
    return _draw_facts_grid(sheet, facts, LEFT_MARGIN, right, 126 + height + 12) + 14


def _plain(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    right = sheet.size.width - RIGHT_MARGIN
    sheet.text(LEFT_MARGIN, 76, document_title(invoice, look), 28, colour=look.accent)
    sheet.text(right, 58, invoice.supplier.name, 10, bold=True, align="right")
    sheet.lines(
        right, 71, (*invoice.supplier.address, invoice.contact.email), 8.5, align="right", colour=GREY
    )
    facts = document_facts(invoice, look)
    column = (right - LEFT_MARGIN) / 4
    for number, (label, value) in enumerate(facts):
        x = LEFT_MARGIN + (number % 4) * column
        y = 128 + (number // 4) * 34
        sheet.text(x, y, label, 7.5, colour=GREY)
        sheet.text(x, y + 13, value, 9.5)
    top = 128 + ((len(facts) - 1) // 4) * 34 + 50
    left_end = _draw_party(sheet, invoice, look, LEFT_MARGIN, top)
    if invoice.ship_to is None:
        return left_end + 18
    x = LEFT_MARGIN + (right - LEFT_MARGIN) / 2
    sheet.text(x, top, look.wording[Label.SHIP_TO], 8, colour=GREY)
    return max(left_end, sheet.lines(x, top + 14, _party_lines(invoice.ship_to, look), 9.5)) + 18


def _banner(sheet: Sheet, invoice: Invoice, look: Presentation) -> float:
    right = sheet.size.width - RIGHT_MARGIN
    sheet.box(0, 0, sheet.size.width, 84, fill=look.accent)
    sheet.text(LEFT_MARGIN, 42, invoice.supplier.name, 15, bold=True, colour=WHITE)
    sheet.text(LEFT_MARGIN, 60, " | ".join(invoice.supplier.address), 8.5, colour=WHITE)
    sheet.text(right, 46, document_title(invoice, look), 19, bold=True, align="right", colour=WHITE)
    party_end = _draw_party(sheet, invoice, look, LEFT_MARGIN, 116)
    facts_end = _draw_facts(sheet, document_facts(invoice, look), look, 116, left=right - 195, right=right)
    return _draw_ship_to(sheet, invoice, look, LEFT_MARGIN, max(party_end, facts_end) + 14)


def _draw_party(
    sheet: Sheet, invoice: Invoice, look: Presentation, x: float, y: float, *, labelled: bool = True
) -> float:
    if invoice.customer is None:
        return y
    if labelled:
        sheet.text(x, y, look.wording[Label.BILL_TO], 8.5, bold=True, colour=look.accent)
        y += 15
    return sheet.lines(x, y, _party_lines(invoice.customer, look), 10)


def _draw_ship_to(sheet: Sheet, invoice: Invoice, look: Presentation, x: float, y: float) -> float:
    if invoice.ship_to is None:
        return y
    line = ", ".join(_party_lines(invoice.ship_to, look))
    sheet.text(x, y, f"{look.wording[Label.SHIP_TO]}:", 8.5, bold=True)
    offset = sheet.width_of(f"{look.wording[Label.SHIP_TO]}: ", 8.5, bold=True) + 3
    sheet.text(x + offset, y, line, 8.5)
    return y + 18


def _draw_facts(
    sheet: Sheet, facts: list[Fact], look: Presentation, y: float, *, left: float, right: float
) -> float:
    colon = "" if look.layout == "banner" else ":"
    align: Align = "left" if look.layout in ("right", "centred") else "right"
    for label, value in facts:
        sheet.text(left, y, label + colon, 9, bold=look.layout == "banner")
        sheet.text(right if align == "right" else left + 100, y, value, 9, align=align)
        y += 14
    return y


def _draw_facts_grid(sheet: Sheet, facts: list[Fact], left: float, right: float, y: float) -> float:
    for start in range(0, len(facts), 4):
        row = facts[start : start + 4]
        width = (right - left) / len(row)
        for number, (label, value) in enumerate(row):
            x = left + number * width
            sheet.box(x, y, width, 30, stroke=BLACK)
            sheet.text(x + 5, y + 10.5, label, 7.5, colour=GREY)
            sheet.text(x + 5, y + 23.5, value, 9.5, bold=True)
        y += 30
    return y


def _party_lines(party: Party, look: Presentation) -> tuple[str, ...]:
    if party.tax_id is None:
        return (party.name, *party.address)
    return (party.name, *party.address, f"{look.wording[Label.TAX_ID]}: {party.tax_id}")


def _draw_mark(sheet: Sheet, x: float, y: float, colour: Colour, name: str) -> None:
    sheet.disc(x, y, 16, colour)
    sheet.disc(x + 9, y - 9, 5, WHITE)
    sheet.text(x - 1, y + 5.5, name[0], 15, bold=True, align="center", colour=WHITE)
