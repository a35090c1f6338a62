"""Reading back what the generator drew."""

from __future__ import annotations

import random

import pypdfium2 as pdfium

from tests.generator.compose import compose_invoice
from tests.generator.fonts import HELVETICA
from tests.generator.invoice import DocumentKind, Invoice
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import LayoutName, Presentation, choose_presentation


def draw(
    seed: int,
    *,
    kind: DocumentKind = "invoice",
    country: str = "DE",
    item_count: int | None = None,
    layout: LayoutName | None = None,
) -> tuple[Invoice, Presentation, bytes]:
    """An invoice, its look, and its PDF, set in Helvetica unless it is Polish or a receipt."""
    rng = random.Random(seed)
    invoice = compose_invoice(rng, kind, country, item_count)
    typeface = None if country == "PL" or kind == "receipt" else HELVETICA
    look = choose_presentation(rng, invoice, layout, typeface)
    return invoice, look, draw_invoice(invoice, look)


def page_texts(content: bytes) -> list[str]:
    """The text layer of each page, with all white space made single spaces."""
    with pdfium.PdfDocument(content) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
