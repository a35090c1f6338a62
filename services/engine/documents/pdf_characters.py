"""The characters of a PDF page: code points and boxes, read one by one as PDFium gives them.

A page has a few thousand, and every call costs: the functions are declared once more, with addresses as
plain numbers, so that a call converts next to nothing. Measured, a page takes a third of the time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

# PDFium reports a hyphen at the end of a line as one of these.
HYPHEN_CODES = (0x02, 0xFFFE)
LAST_CODE = 0x10FFFF
REPLACEMENT = 0xFFFD
# Fonts lack a meaning for most of their characters or for none: this many tell which.
SAMPLED_CHARACTERS = 250
POINTER = ctypes.c_void_p
# Bytes from the start of a row of four numbers to each of its numbers, and to the next row.
BOTTOM, RIGHT, TOP, NEXT_ROW = 8, 16, 24, 32


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a page: code points, and boxes (left, bottom, right, top) in page coordinates.

    `unmapped` of them have no meaning given by their fonts; few of these in a long text may go unnoticed.
    """

    codes: Codes
    boxes: Floats
    unmapped: int


def read_characters(handle: pdfium.PdfTextPage) -> Characters:
    """All characters of the page in the document's order."""
    count = max(0, pdfium_c.FPDFText_CountChars(handle))
    page = ctypes.cast(handle.raw, POINTER).value
    code_of = _declared(pdfium_c.FPDFText_GetUnicode, ctypes.c_uint, ())
    codes = np.fromiter((code_of(page, index) for index in range(count)), np.int64, count)
    boxes = np.zeros((count, 4), dtype=np.float64)
    box_of = _declared(pdfium_c.FPDFText_GetCharBox, ctypes.c_int, (POINTER,) * 4)
    row = boxes.ctypes.data
    for index in range(count):
        box_of(page, index, row, row + RIGHT, row + BOTTOM, row + TOP)
        row += NEXT_ROW
    codes[np.isin(codes, HYPHEN_CODES)] = ord("-")
    codes[codes > LAST_CODE] = REPLACEMENT
    return Characters(codes, boxes, _unmapped(page, count))


def _unmapped(page: int | None, count: int) -> int:
    """How many characters have no meaning; all are asked only where some of a sample have none."""
    is_unmapped = _declared(pdfium_c.FPDFText_HasUnicodeMapError, ctypes.c_int, ())
    step = max(1, count // SAMPLED_CHARACTERS)
    if not any(is_unmapped(page, index) == 1 for index in range(0, count, step)):
        return 0
    return sum(is_unmapped(page, index) == 1 for index in range(count))


def _declared(function: Any, result: type, more: tuple[type, ...]) -> Callable[..., int]:
    """The same C function taking the page and the index, and `more`, as plain numbers."""
    address = ctypes.cast(function, POINTER).value
    prototype = ctypes.CFUNCTYPE(result, POINTER, ctypes.c_int, *more)
    declared: Callable[..., int] = prototype(address or 0)
    return declared
