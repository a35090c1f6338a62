"""From a document file to page images and text layers, one page at a time.

Runs in a worker process, on one thread, as PDFium demands. A page that can't be rendered is reported
with its error and does not cost the other pages; no page is left out.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from services.engine.documents.limits import Limits, check_size
from services.engine.documents.page_images import (
    ColorSpace,
    ImageFormat,
    PageFile,
    PageImage,
    without_empty_color,
    write_page,
)
from services.engine.documents.pdf import PdfDocument, open_pdf
from services.engine.documents.pdf_drawing import Canvas
from services.engine.documents.pdf_pictures import picture_blocks
from services.engine.documents.pdf_rendering import check_images, render
from services.engine.documents.pdf_text import text_layer
from services.engine.documents.raster import Raster, RasterPage, open_raster
from services.engine.documents.sniff import DocumentFormat, declaration_warning, sniff
from services.engine.documents.text_layer import write_text_layer
from services.engine.documents.text_pages import TEXT_PAGE_DPI, picture_of, text_page_dpi
from services.engine.einvoice.embedded import Embedded, find_embedded
from services.engine.einvoice.read import read_einvoice
from shared.errors import DocumentError

# Pages with this share of images or more are photographs or scans, which JPEG stores well.
PHOTOGRAPHIC_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """One page, number from 1, as files; sizes in pixels, `size` in bytes.

    `dpi` is None where an image file does not say. `text_layer_path` is set where the text layer may
    replace OCR, and `text_layer_reason` says why it may or not. With `error` set there is no image, and
    `error_code` names the kind of error.
    """

    number: int
    image_path: Path | None = None
    width: int = 0
    height: int = 0
    dpi: int | None = None
    color_space: ColorSpace | None = None
    format: ImageFormat | None = None
    size: int = 0
    text_layer_path: Path | None = None
    text_layer_reason: str | None = None
    error: str | None = None
    error_code: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document whose pages lie as files in a folder, and its e-invoice's XML if it has one."""

    format: DocumentFormat
    size: int
    sha256: str
    notes: tuple[str, ...]
    pages: tuple[PreparedPage, ...]
    einvoice_path: Path | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """An open document; `read` writes the page of a number, from 1, and describes it."""

    page_count: int
    notes: tuple[str, ...]
    read: Callable[[int], PreparedPage]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Where to, and how, the pages are drawn."""

    folder: Path
    limits: Limits
    resolution_dpi: int
    text_dpi: int
    canvas: Canvas


def prepare(
    path: Path,
    folder: Path,
    limits: Limits,
    resolution_dpi: int,
    *,
    declared_format: str | None = None,
    text_dpi: int = TEXT_PAGE_DPI,
    canvas: Canvas | None = None,
) -> PreparedDocument:
    """Write all pages of the document at `path` into `folder` and describe them.

    Pages of a PDF are drawn at `resolution_dpi`; those whose text layer is good at `text_dpi` at most. They
    are drawn on `canvas`, where one is kept from document to document.
    Raises DocumentError (and LimitExceeded) when the document as a whole, or its only page, can't be read.
    """
    size = path.stat().st_size
    check_size(size, limits)
    document_format = sniff(path)
    drawing = _Drawing(folder, limits, resolution_dpi, text_dpi, canvas or Canvas())
    with _opened(path, document_format, drawing) as source:
        einvoice = _einvoice(path, document_format, limits)
        pages = tuple(_every_page(source))
    einvoice_path = folder / "einvoice.xml" if einvoice.xml is not None else None
    if einvoice_path is not None and einvoice.xml is not None:
        einvoice_path.write_bytes(einvoice.xml)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    warnings = (declaration_warning(declared_format, document_format), *source.notes, einvoice.note)
    notes = tuple(warning for warning in warnings if warning)
    return PreparedDocument(document_format, size, sha256, notes, pages, einvoice_path)


def _einvoice(path: Path, document_format: DocumentFormat, limits: Limits) -> Embedded:
    """The e-invoice that the document is or holds; raises DocumentError for an XML file that is none."""
    if document_format is DocumentFormat.PDF:
        return find_embedded(path, limits)
    if document_format is DocumentFormat.XML:
        xml = path.read_bytes()
        read_einvoice(xml)
        return Embedded(xml=xml)
    return Embedded()


@contextmanager
def _opened(path: Path, document_format: DocumentFormat, drawing: _Drawing) -> Iterator[_Source]:
    """The document's pages; an XML file has none. Raises DocumentError when it can't be opened."""
    if document_format is DocumentFormat.PDF:
        with open_pdf(path, drawing.limits, drawing.canvas) as document:
            read = partial(_pdf_page, document, drawing)
            yield _Source(document.page_count, document.warnings, read)
    elif document_format is DocumentFormat.XML:
        yield _Source(0, (), PreparedPage)
    else:
        with open_raster(path, document_format, drawing.limits) as raster:
            read = partial(_raster_page, raster, path, document_format, drawing.folder)
            yield _Source(raster.page_count, (), read)


def _every_page(source: _Source) -> Iterator[PreparedPage]:
    """The pages in order; the error of one page of several becomes its result."""
    for number in range(1, source.page_count + 1):
        try:
            page = source.read(number)
        except DocumentError as error:
            if source.page_count == 1:
                raise
            page = PreparedPage(number, error=str(error), error_code=error.code)
        yield page


def _pdf_page(document: PdfDocument, drawing: _Drawing, number: int) -> PreparedPage:
    stem, limits = _stem(drawing.folder, number), drawing.limits
    with document.page(number) as page:
        check_images(page, limits)
        text_dpi = text_page_dpi(page, drawing.resolution_dpi, limits, drawing.text_dpi)
        with picture_of(page, text_dpi) as picture:
            layer = text_layer(picture)
            if layer.trusted:
                write_text_layer(stem.with_suffix(".json"), layer.words, picture_blocks(picture))
                return replace(
                    _described(number, picture.image, picture.write(stem)),
                    dpi=text_dpi,
                    text_layer_path=stem.with_suffix(".json"),
                    text_layer_reason=layer.reason,
                )
        rendered = render(page, drawing.resolution_dpi, limits)
        is_photographic = page.content.image_share >= PHOTOGRAPHIC_SHARE
    image = without_empty_color(rendered.image)
    described = _described(number, image, write_page(image, stem, lossless=not is_photographic))
    return replace(described, dpi=rendered.dpi, text_layer_reason=layer.reason)


def _raster_page(
    raster: Raster, path: Path, document_format: DocumentFormat, folder: Path, number: int
) -> PreparedPage:
    page = raster.read(number)
    file = _kept(page, path, document_format, _stem(folder, number))
    if file is None:
        is_lossless = document_format in (DocumentFormat.PNG, DocumentFormat.BMP)
        file = write_page(page.image, _stem(folder, number), lossless=is_lossless)
    return replace(_described(number, page.image, file), dpi=page.dpi)


def _kept(page: RasterPage, path: Path, document_format: DocumentFormat, stem: Path) -> PageFile | None:
    """The file itself as the page image where it is one already, so that nothing is lost in compression."""
    if not page.is_plain or document_format not in (DocumentFormat.JPG, DocumentFormat.PNG):
        return None
    image_format: ImageFormat = "jpg" if document_format is DocumentFormat.JPG else "png"
    target = stem.with_suffix(f".{image_format}")
    shutil.copyfile(path, target)
    return PageFile(target, image_format, target.stat().st_size)


def _described(number: int, image: PageImage, file: PageFile) -> PreparedPage:
    return PreparedPage(
        number=number,
        image_path=file.path,
        width=image.width,
        height=image.height,
        color_space=image.color_space,
        format=file.format,
        size=file.size,
    )


def _stem(folder: Path, number: int) -> Path:
    return folder / f"page-{number:04d}"
