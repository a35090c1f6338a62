"""Whether a PDF page is painted in grays only, told from its objects without drawing it."""

from __future__ import annotations

import ctypes
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium_c

from services.engine.documents.page_images import COLOR_DIFFERENCE
from services.engine.documents.pdf_calls import INT, POINTER, declared

PLAIN_OBJECTS = frozenset({pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH})


def paints_plainly(page: pikepdf.Page) -> bool:
    """Whether colours of text and paths say how they look.

    Patterns have colours of their own, and so have the letters of Type 3 fonts (ISO 32000-1, 9.6.5), which
    are drawings. What a page inherits, qpdf has given it.
    """
    resources = page.obj.get("/Resources")
    if not isinstance(resources, pikepdf.Dictionary) or "/Pattern" in resources:
        return False
    fonts = resources.get("/Font", pikepdf.Dictionary())
    return all(font.get("/Subtype") != pikepdf.Name.Type3 for _, font in fonts.items())


class GrayPaint:
    """Follows the objects of a page and tells whether all of them are painted in grays for certain.

    Images, shadings and forms may hold any colour, so that a page with one of them counts as coloured.
    """

    def __init__(self, *, plainly: bool) -> None:
        self.so_far = plainly
        colour = (ctypes.c_uint * 4)()
        self._colour = colour
        start = ctypes.addressof(colour)
        self._places = tuple(start + index * ctypes.sizeof(ctypes.c_uint) for index in range(4))
        parameters = (INT, POINTER, *(POINTER,) * 4)
        self._askers = (
            declared(pdfium_c.FPDFPageObj_GetFillColor, *parameters),
            declared(pdfium_c.FPDFPageObj_GetStrokeColor, *parameters),
        )

    def see(self, kind: int, handle: Any) -> None:
        """Take the next object into account: its type and its address."""
        if self.so_far:
            self.so_far = kind in PLAIN_OBJECTS and all(self._is_gray(ask, handle) for ask in self._askers)

    def _is_gray(self, ask: Any, handle: Any) -> bool:
        """Whether the colour that `ask` gives is a gray; what has none is black."""
        if not ask(handle, *self._places):
            return True
        red, green, blue, _ = self._colour
        return max(red, green, blue) - min(red, green, blue) <= COLOR_DIFFERENCE
