"""A PDF's structure as qpdf sees it, opened with care for what a file may claim of itself."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from services.engine.documents.limits import MEBIBYTE
from services.engine.documents.memory import bounded_memory

# The tables of a document of 50 MiB and a million objects.
MOST_STRUCTURE_BYTES = 512 * MEBIBYTE
# What pikepdf raises on hostile files, beside its own errors.
QPDF_ERRORS = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RuntimeError,
    OverflowError,
    MemoryError,
)


def open_structure(path: Path) -> pikepdf.Pdf:
    """Open the PDF at `path` with qpdf, which believes what a file says of the size of its tables.

    Raises what QPDF_ERRORS lists, also where the file asks for more than MOST_STRUCTURE_BYTES.
    """
    with bounded_memory(MOST_STRUCTURE_BYTES):
        return pikepdf.open(path)
