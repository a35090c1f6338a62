"""Drawing a PDF page into pixels, for no longer than a page may take.

A page of a few megabytes may ask for so many strokes that drawing takes hours; PDFium lets itself be
paused between them (`FPDF_RenderPageBitmap_Start`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Pixels = npt.NDArray[np.uint8]

# For all renderings of one page: drawings of buildings take a few seconds, invoices milliseconds.
MOST_SECONDS = 20.0
WHITE = 255
# A4 and Letter in colour at 150 dpi.
MOST_KEPT_BYTES = 8 * 1024 * 1024


class DrawingTooLong(Exception):
    """The page was not drawn by its deadline."""


class Canvas:
    """Memory that pages are drawn on, one after the other.

    What an ordinary page takes is kept: the system clears every fresh block, which costs as much as drawing
    the page's text.
    """

    def __init__(self) -> None:
        self._kept = np.empty(0, dtype=np.uint8)
        self._is_lent = False

    @contextmanager
    def lend(self, size: int) -> Iterator[Pixels]:
        """`size` bytes of no particular content, for as long as the context lasts."""
        if self._is_lent or size > MOST_KEPT_BYTES:
            yield np.empty(size, dtype=np.uint8)
            return
        if self._kept.size < size:
            self._kept = np.empty(size, dtype=np.uint8)
        self._is_lent = True
        try:
            yield self._kept[:size]
        finally:
            self._is_lent = False


def drawing_bytes(width: int, height: int, *, gray: bool) -> int:
    """The memory that `draw` needs for a page of width x height pixels."""
    return _bytes_per_row(width, gray) * height


def draw(
    page: pdfium.PdfPage, width: int, height: int, deadline: float, memory: Pixels, *, gray: bool
) -> Pixels:
    """The page in width x height pixels, BGR or gray, its form fields included, drawn in `memory`.

    Raises DrawingTooLong past `deadline` (of the monotonic clock), and pdfium.PdfiumError when that fails.
    """
    row = _bytes_per_row(width, gray)
    bitmap_format = pdfium_c.FPDFBitmap_Gray if gray else pdfium_c.FPDFBitmap_BGR
    memory.fill(WHITE)
    bitmap = pdfium_c.FPDFBitmap_CreateEx(width, height, bitmap_format, memory.ctypes.data, row)
    if not bitmap:
        raise pdfium.PdfiumError("The page is too large to be drawn.")
    try:
        flags = pdfium_c.FPDF_ANNOT | (pdfium_c.FPDF_GRAYSCALE if gray else 0)
        _render(page, bitmap, (0, 0, width, height, 0, flags), deadline)
    finally:
        pdfium_c.FPDFBitmap_Destroy(bitmap)
    if gray:
        return np.ndarray((height, width), np.uint8, memory, strides=(row, 1))
    return np.ndarray((height, width, 3), np.uint8, memory, strides=(row, 3, 1))


def _bytes_per_row(width: int, gray: bool) -> int:
    """Rows begin at multiples of four bytes."""
    return -(-width * (1 if gray else 3) // 4) * 4


def _render(page: pdfium.PdfPage, bitmap: Any, area_and_flags: tuple[int, ...], deadline: float) -> None:
    declared = dict(pdfium_c.IFSDK_PAUSE._fields_)
    # Bound to a name, as the callback must live as long as the drawing.
    is_late = declared["NeedToPauseNow"](lambda _: time.monotonic() > deadline)
    pause: Any = pdfium_c.IFSDK_PAUSE(version=1, NeedToPauseNow=is_late)
    status = pdfium_c.FPDF_RenderPageBitmap_Start(bitmap, page, *area_and_flags, pause)
    pdfium_c.FPDF_RenderPage_Close(page)
    if status == pdfium_c.FPDF_RENDER_TOBECONTINUED:
        raise DrawingTooLong
    if status != pdfium_c.FPDF_RENDER_DONE:
        raise pdfium.PdfiumError("The page could not be drawn.")
    if page.formenv:
        pdfium_c.FPDF_FFLDraw(page.formenv, bitmap, page, *area_and_flags)
