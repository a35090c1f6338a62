"""What stands below the item table: the sums, and how to pay."""

from __future__ import annotations

from dataclasses import dataclass

from tests.generator.identifiers import format_iban
from tests.generator.invoice import Invoice
from tests.generator.languages import Label
from tests.generator.presentation import Presentation
from tests.generator.sheet import BLACK, GREY, LIGHT, WHITE, Sheet

ROW = 15.0


@dataclass(frozen=True, slots=True)
class Sum:
    """One row of the totals."""

    label: str
    value: str
    strong: bool = False


def list_sums(invoice: Invoice, look: Presentation) -> list[Sum]:
    """The totals in the order they are printed."""
    words, notation, amounts = look.wording, look.notation, invoice.amounts
    sums = [Sum(words[Label.SUBTOTAL], notation.money(amounts.subtotal))]
    if amounts.discount is not None:
        sums.append(Sum(words[Label.DISCOUNT], f"-{notation.money(amounts.discount)}"))
    if amounts.shipping is not None:
        sums.append(Sum(words[Label.SHIPPING], notation.money(amounts.shipping)))
    with_base = len(invoice.taxes) > 1 or amounts.discount is not None or amounts.shipping is not None
    for tax in invoice.taxes:
        label = words[Label.TAX].format(rate=notation.percent(tax.rate))
        if with_base:
            label = f"{label} {words[Label.TAX_BASE].format(base=notation.number(tax.base))}"
        sums.append(Sum(label, notation.money(tax.amount)))
    sums.append(Sum(words[Label.TOTAL], notation.money(amounts.total), strong=True))
    if amounts.paid is not None and amounts.due is not None:
        sums.append(Sum(words[Label.PAID], f"-{notation.money(amounts.paid)}"))
        sums.append(Sum(words[Label.DUE], notation.money(amounts.due), strong=True))
    return sums


def totals_height(invoice: Invoice, look: Presentation) -> float:
    """The height in points that the totals need."""
    return len(list_sums(invoice, look)) * ROW + 16


def draw_totals(sheet: Sheet, invoice: Invoice, look: Presentation, right: float, y: float) -> float:
    """The totals at the right edge; gives where the next thing may begin."""
    sums = list_sums(invoice, look)
    size = look.text_size + 0.5
    widest = max(sheet.width_of(each.label, size, bold=True) for each in sums)
    left = right - max(widest + 110, 210)
    y += 6
    for each in sums:
        if each.strong:
            _draw_emphasis(sheet, look, left, right, y)
        colour = WHITE if each.strong and look.layout == "banner" else BLACK
        sheet.text(left + 5, y + ROW - 4.5, each.label, size, bold=each.strong, colour=colour)
        sheet.text(right - 5, y + ROW - 4.5, each.value, size, bold=each.strong, align="right", colour=colour)
        if look.layout == "boxed":
            sheet.box(left, y, right - left, ROW, stroke=BLACK)
        y += ROW
    return y + 10


def _draw_emphasis(sheet: Sheet, look: Presentation, left: float, right: float, y: float) -> None:
    if look.layout == "banner":
        sheet.box(left, y, right - left, ROW, fill=look.accent)
    elif look.layout == "boxed":
        sheet.box(left, y, right - left, ROW, fill=LIGHT)
    elif look.layout != "plain":
        sheet.rule(left, y + 0.5, right, 0.9)
        sheet.rule(left, y + ROW + 0.5, right, 0.9)


def closing_lines(invoice: Invoice, look: Presentation) -> list[str]:
    """Payment terms, account and a last word, as lines of text."""
    words, lines = look.wording, []
    if invoice.payment_terms is not None:
        label = words[Label.PAYMENT_TERMS]
        named = invoice.payment_terms.startswith(label)
        lines.append(invoice.payment_terms if named else f"{label}: {invoice.payment_terms}")
    if invoice.payment is not None:
        payment = invoice.payment
        lines.append(f"{words[Label.BANK]}: {payment.bank}")
        lines.append(f"IBAN: {format_iban(payment.iban)}   BIC: {payment.bic}")
        if payment.reference is not None:
            lines.append(f"{words[Label.REFERENCE]}: {payment.reference}")
    if invoice.closing is not None:
        lines += ["", invoice.closing]
    return lines


def draw_footer(
    sheet: Sheet, invoice: Invoice, look: Presentation, page: int, pages: int, *, left: float, right: float
) -> None:
    """The foot of every page: who the supplier is, and the page number where there are several."""
    y = sheet.size.height - 46
    sheet.rule(left, y - 11, right, 0.4, GREY)
    supplier, contact = invoice.supplier, invoice.contact
    first = f"{supplier.name} · {look.wording[Label.TAX_ID]} {supplier.tax_id}"
    second = f"{look.wording[Label.PHONE]} {contact.phone} · {contact.email} · {contact.website}"
    sheet.text(left, y, first, 7.5, colour=GREY)
    sheet.text(left, y + 10, second, 7.5, colour=GREY)
    if pages > 1:
        label = look.wording[Label.PAGE].format(page=page, pages=pages)
        sheet.text(right, y, label, 7.5, align="right", colour=GREY)
