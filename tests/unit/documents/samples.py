"""Small documents made on the spot, for the tests of this folder."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)
INVOICE_LINES = (
    "Invoice 2026-0417",
    "Northwind Paper Supplies Ltd, 12 Harbour Street, Bristol",
    "Date 14 March 2026, payable within thirty days",
    "Copy paper A4, eighty grams, white    10    4.50    45.00",
    "Envelopes with window, box of 500      2   11.20    22.40",
    "Total amount due EUR 67.40",
)


@contextmanager
def drawing(path: Path, size: tuple[float, float] = A4) -> Iterator[Canvas]:
    """A canvas of pages of `size` in points; at the end of the context it is the PDF at `path`."""
    canvas = Canvas(str(path), pagesize=size)
    yield canvas
    canvas.save()


def pdf_with_lines(path: Path, lines: Sequence[str] = INVOICE_LINES, pages: int = 1) -> Path:
    """A born-digital PDF with `lines` from the top of each page."""
    with drawing(path) as canvas:
        for _ in range(pages):
            draw_lines(canvas, lines)
            canvas.showPage()
    return path


def pdf_with_missing_page(path: Path) -> Path:
    """A PDF of two pages whose first is a reference to nothing."""
    content = pdf_with_lines(path, pages=2).read_bytes()
    path.write_bytes(re.sub(rb"/Kids \[ \d+ 0 R", b"/Kids [ 99 0 R", content))
    return path


def draw_lines(
    canvas: Canvas, lines: Sequence[str] = INVOICE_LINES, mode: Literal[0, 3] | None = None
) -> None:
    """Draw `lines` from 72 points left and 770 points up, in text render mode `mode`."""
    text = canvas.beginText(72, 770)
    text.setFont("Helvetica", 11)
    if mode is not None:
        text.setTextRenderMode(mode)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)


def scan(width: int = 850, height: int = 1200, lines: Sequence[str] = INVOICE_LINES) -> Image.Image:
    """A page as a scanner gives it, in grayscale."""
    image = Image.new("L", (width, height), 250)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((width // 8, height // 10 + row * height // 30), line, fill=20, font_size=height // 50)
    return image


def draw_scan(canvas: Canvas, image: Image.Image, size: tuple[float, float] = A4) -> None:
    """Draw `image` over the whole page."""
    stored = io.BytesIO()
    image.save(stored, "PNG")
    stored.seek(0)
    canvas.drawImage(ImageReader(stored), 0, 0, *size)


def image_bytes(image: Image.Image, image_format: str, **options: Any) -> bytes:
    """`image` as a file of `image_format` in Pillow's naming."""
    stored = io.BytesIO()
    image.save(stored, image_format, **options)
    return stored.getvalue()
