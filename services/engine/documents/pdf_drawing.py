"""Drawing a PDF page into pixels, for no longer than a page may take.

A page of a few megabytes may ask for so many strokes that drawing takes hours; PDFium lets itself be
paused between them (`FPDF_RenderPageBitmap_Start`).
"""

from __future__ import annotations

import math
import time
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# For all renderings of one page: drawings of buildings take a few seconds, invoices milliseconds.
MOST_SECONDS = 20.0
WHITE = (255, 255, 255, 255)


class DrawingTooLong(Exception):
    """The page was not drawn by its deadline."""


def draw(page: pdfium.PdfPage, scale: float, deadline: float, *, gray: bool) -> pdfium.PdfBitmap:
    """The page as a bitmap with `scale` pixels per unit, BGR or gray, its form fields included.

    Raises DrawingTooLong past `deadline` (of the monotonic clock), and pdfium.PdfiumError when that fails.
    """
    width, height = math.ceil(page.get_width() * scale), math.ceil(page.get_height() * scale)
    bitmap_format = pdfium_c.FPDFBitmap_Gray if gray else pdfium_c.FPDFBitmap_BGR
    bitmap = pdfium.PdfBitmap.new_native(width, height, bitmap_format)
    try:
        bitmap.fill_rect(WHITE, 0, 0, width, height)
        _render(page, bitmap, deadline)
    except BaseException:
        bitmap.close()
        raise
    return bitmap


def _render(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, deadline: float) -> None:
    area = (0, 0, bitmap.width, bitmap.height, 0)
    flags = pdfium_c.FPDF_ANNOT | (pdfium_c.FPDF_GRAYSCALE if bitmap.n_channels == 1 else 0)
    declared = dict(pdfium_c.IFSDK_PAUSE._fields_)
    # Bound to a name, as the callback must live as long as the drawing.
    is_late = declared["NeedToPauseNow"](lambda _: time.monotonic() > deadline)
    pause: Any = pdfium_c.IFSDK_PAUSE(version=1, NeedToPauseNow=is_late)
    status = pdfium_c.FPDF_RenderPageBitmap_Start(bitmap, page, *area, flags, pause)
    pdfium_c.FPDF_RenderPage_Close(page)
    if status == pdfium_c.FPDF_RENDER_TOBECONTINUED:
        raise DrawingTooLong
    if status != pdfium_c.FPDF_RENDER_DONE:
        raise pdfium.PdfiumError("The page could not be drawn.")
    if page.formenv:
        pdfium_c.FPDF_FFLDraw(page.formenv, bitmap, page, *area, flags)
