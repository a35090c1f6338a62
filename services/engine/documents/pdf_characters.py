"""The characters of a PDF page: code points and boxes, as PDFium gives them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.engine.documents.pdf_calls import INT, POINTER, UNSIGNED, address_of, declared

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

# PDFium reports a hyphen at the end of a line as one of these.
HYPHEN_CODES = (0x02, 0xFFFE)
LAST_CODE = 0x10FFFF
REPLACEMENT = 0xFFFD
# Fonts lack a meaning for most of their characters or for none: this many tell which.
SAMPLED_CHARACTERS = 250
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

    @property
    def text(self) -> str:
        """The characters as one string, in which each has the place that it has in `codes`."""
        return "".join(map(chr, self.codes.tolist()))


def read_characters(handle: pdfium.PdfTextPage) -> Characters:
    """All characters of the page in the document's order."""
    count = max(0, pdfium_c.FPDFText_CountChars(handle))
    page = address_of(handle.raw)
    codes = _codes(page, count)
    codes[np.isin(codes, HYPHEN_CODES)] = ord("-")
    codes[codes > LAST_CODE] = REPLACEMENT
    return Characters(codes, _boxes(page, count), _unmapped(page, count))


def _codes(page: int | None, count: int) -> Codes:
    """The text in one piece where it has a unit of UTF-16 for every character, else one by one."""
    units = np.zeros(count + 1, dtype=np.uint16)
    text_of = declared(pdfium_c.FPDFText_GetText, INT, POINTER, INT, INT, POINTER)
    if text_of(page, 0, count, units.ctypes.data) == count + 1:
        return units[:count].astype(np.int64)
    code_of = declared(pdfium_c.FPDFText_GetUnicode, UNSIGNED, POINTER, INT)
    return np.fromiter(map(code_of, repeat(page, count), range(count)), np.int64, count)


def _boxes(page: int | None, count: int) -> Floats:
    boxes = np.zeros((count, 4), dtype=np.float64)
    box_of = declared(pdfium_c.FPDFText_GetCharBox, INT, POINTER, INT, *(POINTER,) * 4)
    start = boxes.ctypes.data
    left, bottom, right, top = (
        range(start + offset, start + offset + count * NEXT_ROW, NEXT_ROW)
        for offset in (0, BOTTOM, RIGHT, TOP)
    )
    calls = map(box_of, repeat(page, count), range(count), left, right, bottom, top)
    deque(calls, maxlen=0)
    return boxes


def _unmapped(page: int | None, count: int) -> int:
    """How many characters have no meaning; all are asked only where some of a sample have none."""
    is_unmapped = declared(pdfium_c.FPDFText_HasUnicodeMapError, INT, POINTER, INT)
    step = max(1, count // SAMPLED_CHARACTERS)
    if 1 not in map(is_unmapped, repeat(page), range(0, count, step)):
        return 0
    return sum(is_unmapped(page, index) == 1 for index in range(count))
