"""Opening a PDF and its pages, one at a time, with pypdfium2.

PDFium is not thread-safe: use it from one thread of a process only.
"""

from __future__ import annotations

import io
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.engine.documents.limits import Limits, check_page_count
from services.engine.documents.pdf_annotations import Edges, read_annotations
from services.engine.documents.pdf_content import PageContent, read_content
from services.engine.documents.pdf_drawing import MOST_SECONDS, Canvas
from services.engine.documents.pdf_paint import paints_plainly
from services.engine.documents.pdf_size import DrawingTooLarge, check_drawing
from services.engine.documents.pdf_structure import QPDF_ERRORS, open_structure
from shared.errors import DocumentError, LimitExceeded

POINTS_PER_INCH = 72
MOST_USER_UNIT = 1000


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One open page: `number` counts from 1, `user_unit` is the size of its unit in 1/72 inch.

    `signatures` are the places of its signature fields: left, bottom, right, top in its own coordinates. It
    is drawn on `canvas`; all its renderings together end by `deadline`, a moment of the monotonic clock in
    seconds.
    """

    handle: pdfium.PdfPage
    number: int
    user_unit: float
    content: PageContent
    signatures: tuple[Edges, ...]
    canvas: Canvas
    deadline: float

    @property
    def width(self) -> float:
        """Width in points (1/72 inch) as shown, after /Rotate."""
        return float(self.handle.get_width()) * self.user_unit

    @property
    def height(self) -> float:
        """Height in points (1/72 inch) as shown, after /Rotate."""
        return float(self.handle.get_height()) * self.user_unit

    def pixel_size(self, dpi: int) -> tuple[int, int]:
        """Width and height in pixels of the page rendered at `dpi`."""
        scale = self.scale(dpi)
        return math.ceil(self.handle.get_width() * scale), math.ceil(self.handle.get_height() * scale)

    def scale(self, dpi: int) -> float:
        """Pixels per unit of the page's own coordinates."""
        return dpi / POINTS_PER_INCH * self.user_unit


class PdfDocument:
    """An open PDF. Close it, or use it as a context manager."""

    def __init__(
        self,
        handle: pdfium.PdfDocument,
        page_count: int,
        canvas: Canvas,
        structure: pikepdf.Pdf | None = None,
    ) -> None:
        """`structure` is the same document as qpdf sees it, where it can open it."""
        self._handle = handle
        self._canvas = canvas
        self._structure = structure
        self.page_count = page_count

    def __enter__(self) -> PdfDocument:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free what PDFium holds of the document."""
        self._handle.close()
        if self._structure is not None:
            self._structure.close()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the result should know about the document as a whole."""
        if self._handle.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL:
            return (
                "The PDF is a dynamic XFA form, of which only the fallback pages can be shown; "
                "print it to a PDF file if its content is missing.",
            )
        return ()

    @contextmanager
    def page(self, number: int) -> Iterator[PdfPage]:
        """Open page `number` (from 1), with form fields and annotations made part of it.

        Raises DocumentError `brokenPage` when the page can't be loaded, and LimitExceeded `pageTooComplex`.
        """
        user_unit, plainly = self._checked_structure(number)
        handle = self._load(number)
        try:
            annotations = read_annotations(handle)
            if self._handle.formenv and annotations.has_visible:
                handle.flatten()
                handle.close()
                handle = self._load(number)
            content = read_content(handle, paints_plainly=plainly)
            deadline = time.monotonic() + MOST_SECONDS
            yield PdfPage(handle, number, user_unit, content, annotations.signatures, self._canvas, deadline)
        finally:
            handle.close()

    def _checked_structure(self, number: int) -> tuple[float, bool]:
        """The page's /UserUnit, which PDFium does not apply, and whether it paints plainly.

        How much there is to draw is checked as well. A page that qpdf can't read counts as without a unit.
        """
        if self._structure is None:
            return 1.0, False
        try:
            page = self._structure.pages[number - 1]
            check_drawing(page)
            unit = float(page.obj.get("/UserUnit", 1))
            plainly = paints_plainly(page)
        except DrawingTooLarge as error:
            raise LimitExceeded(
                "pageTooComplex", f"Page {number} of the PDF has more to draw than a page may have."
            ) from error
        except QPDF_ERRORS:
            return 1.0, False
        return (unit if 0 < unit < MOST_USER_UNIT else 1.0), plainly

    def _load(self, number: int) -> pdfium.PdfPage:
        try:
            return self._handle.get_page(number - 1)
        except pdfium.PdfiumError as error:
            raise DocumentError("brokenPage", f"Page {number} of the PDF is damaged.") from error


def open_pdf(path: Path, limits: Limits, canvas: Canvas | None = None) -> PdfDocument:
    """Open the PDF at `path`; a PDF that opens with the empty user password is not encrypted for us.

    Its pages are drawn on `canvas`, where one is kept from document to document.
    Raises DocumentError `encryptedPdf`, `brokenPdf` or `noPages`, and LimitExceeded `tooManyPages`.
    """
    try:
        handle = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        handle = _open_repaired(path)
    try:
        _prepare_forms(handle)
        page_count = _checked_page_count(handle, limits)
    except BaseException:
        handle.close()
        raise
    return PdfDocument(handle, page_count, canvas or Canvas(), _structure(path))


def _checked_page_count(handle: pdfium.PdfDocument, limits: Limits) -> int:
    page_count = len(handle)
    if page_count <= 0:
        raise DocumentError("noPages", "The PDF has no pages.")
    check_page_count(page_count, limits)
    return page_count


def _prepare_forms(handle: pdfium.PdfDocument) -> None:
    """Set up what draws form fields and flattens annotations, which pages without a form have too."""
    try:
        if handle.init_forms():
            return
    except pdfium.PdfiumError as error:
        raise DocumentError("brokenPdf", "The form of the PDF is damaged.") from error
    config: Any = pdfium_c.FPDF_FORMFILLINFO(version=2)
    raw = pdfium_c.FPDFDOC_InitFormFillEnvironment(handle, config)
    if raw:
        handle.formenv = pdfium.PdfFormEnv(raw, config)


def _open_repaired(path: Path) -> pdfium.PdfDocument:
    """Open a PDF that PDFium refuses by way of qpdf, which rebuilds what is lost or says what is wrong.

    PDFium's own error codes are no help: after one protected file, they call empty ones protected too.
    """
    rebuilt = io.BytesIO()
    try:
        with open_structure(path) as pdf:
            is_empty = not len(pdf.pages)
            pdf.save(rebuilt)
    except pikepdf.PasswordError as error:
        raise DocumentError(
            "encryptedPdf", "The PDF is protected by a password; send it without the protection."
        ) from error
    except QPDF_ERRORS as error:
        raise _broken_pdf() from error
    if is_empty:
        raise DocumentError("noPages", "The PDF has no pages.")
    try:
        return pdfium.PdfDocument(rebuilt.getvalue())
    except pdfium.PdfiumError as error:
        raise _broken_pdf() from error


def _broken_pdf() -> DocumentError:
    return DocumentError("brokenPdf", "The PDF is damaged and can't be opened.")


def _structure(path: Path) -> pikepdf.Pdf | None:
    """The PDF as qpdf opens it; PDFium opens damaged files that qpdf refuses."""
    try:
        return open_structure(path)
    except QPDF_ERRORS:
        return None
