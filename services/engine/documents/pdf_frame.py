"""From the coordinates of a PDF page to pixels of its rendering."""

from __future__ import annotations

import ctypes

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium_c

from services.engine.documents.pdf import PdfPage

Floats = npt.NDArray[np.float64]


def to_pixels(page: PdfPage, dpi: int, corners: Floats) -> Floats:
    """Boxes of two opposite corners in page units, a row each, as left, top, right, bottom in pixels."""
    matrix = _page_to_pixels(page, dpi)
    ones = np.ones(len(corners))
    first = np.column_stack([corners[:, :2], ones]) @ matrix
    second = np.column_stack([corners[:, 2:], ones]) @ matrix
    return np.hstack([np.minimum(first, second), np.maximum(first, second)])


def _page_to_pixels(page: PdfPage, dpi: int) -> Floats:
    """The 3 x 2 matrix from (x, y, 1) in page coordinates to pixels; it knows rotation and crop box."""
    width, height = page.pixel_size(dpi)
    # PDFium answers in whole units, so they are made fine: at least a hundredth of a pixel.
    fineness = max(1, min(100, 1_000_000_000 // max(width, height)))
    span = 1000.0
    points = np.array([_to_device(page, x, y, fineness, dpi) for x, y in ((0, 0), (span, 0), (0, span))])
    origin = points[0]
    return np.array([(points[1] - origin) / span, (points[2] - origin) / span, origin])


def _to_device(page: PdfPage, x: float, y: float, fineness: int, dpi: int) -> Floats:
    width, height = page.pixel_size(dpi)
    column, row = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page.handle, 0, 0, width * fineness, height * fineness, 0, x, y, column, row)
    return np.array([column.value, row.value], dtype=np.float64) / fineness
