"""What a PDF page is made of: its images, where they lie, and whether text is painted over them."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Matrix = npt.NDArray[np.float64]

# Drawings may have hundreds of thousands of paths; images and text come early or not at all.
MOST_OBJECTS = 50_000
DEEPEST_FORM = 8
# An image covers the page from this share of its area on: scans are often placed with a margin.
COVERING_SHARE = 0.8
# Images below this share of the page are logos, stamps and codes, which say nothing about a scan.
NOTABLE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image on a page: pixels as stored, the share of the page it covers (0..1), pixels per unit."""

    pixel_width: int
    pixel_height: int
    bits_per_pixel: int
    share: float
    pixels_per_unit: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """A summary of what is painted on a page.

    `texts` counts text objects, `texts_over_images` those painted after the last notable image,
    `paths` counts drawings.
    """

    images: tuple[PlacedImage, ...]
    texts: int
    texts_over_images: int
    paths: int

    @property
    def image_share(self) -> float:
        """Share of the page that images cover, 0..1; overlapping images count once each, up to 1."""
        return min(1.0, sum(image.share for image in self.images))

    @property
    def is_covered(self) -> bool:
        """Whether images cover practically the whole page."""
        return self.image_share >= COVERING_SHARE

    @property
    def scan_resolution(self) -> float | None:
        """Dots per inch of the scan that this page is, for a user unit of 1; None when it is no scan.

        The finest notable image counts: mixed raster scans put a coarse background behind sharp text.
        """
        if not self.is_covered or self.texts_over_images:
            return None
        notable = [image.pixels_per_unit for image in self.images if image.share >= NOTABLE_SHARE]
        if not notable:
            notable = [image.pixels_per_unit for image in self.images]
        return max(notable) * 72


def read_content(page: pdfium.PdfPage) -> PageContent:
    """Summarise the objects of `page`, those inside form XObjects included."""
    images = []
    texts = texts_over_images = paths = 0
    box = page.get_bbox()
    for _, (kind, handle, matrix) in zip(range(MOST_OBJECTS), _objects(page), strict=False):
        if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            image = _placed_image(handle, matrix, box, page)
            if image is None:
                continue
            images.append(image)
            if image.share >= NOTABLE_SHARE:
                texts_over_images = 0
        elif kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            texts += 1
            visible = pdfium_c.FPDFTextObj_GetTextRenderMode(handle) != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
            texts_over_images += visible
        elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths += 1
    return PageContent(tuple(images), texts, texts_over_images, paths)


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[int, ctypes.c_void_p, Matrix]]:
    """Type, handle and matrix to page coordinates of each object, in the order of painting."""
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        yield from _object_and_parts(pdfium_c.FPDFPage_GetObject(page, index), np.eye(3), 0)


def _object_and_parts(
    handle: ctypes.c_void_p, outer: Matrix, depth: int
) -> Iterator[tuple[int, ctypes.c_void_p, Matrix]]:
    if not handle:
        return
    kind = pdfium_c.FPDFPageObj_GetType(handle)
    if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
        if depth < DEEPEST_FORM:
            matrix = _matrix(handle) @ outer
            for index in range(pdfium_c.FPDFFormObj_CountObjects(handle)):
                yield from _object_and_parts(pdfium_c.FPDFFormObj_GetObject(handle, index), matrix, depth + 1)
        return
    needs_matrix = kind == pdfium_c.FPDF_PAGEOBJ_IMAGE
    yield kind, handle, _matrix(handle) @ outer if needs_matrix else outer


def _matrix(handle: ctypes.c_void_p) -> Matrix:
    raw = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(handle, raw):
        return np.eye(3)
    return np.array([[raw.a, raw.b, 0], [raw.c, raw.d, 0], [raw.e, raw.f, 1]], dtype=np.float64)


def _placed_image(
    handle: ctypes.c_void_p, matrix: Matrix, box: tuple[float, float, float, float], page: pdfium.PdfPage
) -> PlacedImage | None:
    """The image as it lies in the page's visible `box` (left, bottom, right, top); None if it is not seen."""
    if not np.isfinite(matrix).all():
        return None
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium_c.FPDFImageObj_GetImagePixelSize(handle, width, height) or not (
        width.value and height.value
    ):
        return None
    corners = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]], dtype=np.float64) @ matrix
    left, bottom = np.maximum(corners[:, :2].min(axis=0), box[:2])
    right, top = np.minimum(corners[:, :2].max(axis=0), box[2:])
    if right <= left or top <= bottom:
        return None
    page_area = (box[2] - box[0]) * (box[3] - box[1])
    across = math.hypot(matrix[0, 0], matrix[0, 1])
    up = math.hypot(matrix[1, 0], matrix[1, 1])
    return PlacedImage(
        width.value,
        height.value,
        _bits_per_pixel(handle, page),
        float((right - left) * (top - bottom) / page_area) if page_area > 0 else 0.0,
        max(width.value / across if across else 0.0, height.value / up if up else 0.0),
    )


def _bits_per_pixel(handle: ctypes.c_void_p, page: pdfium.PdfPage) -> int:
    metadata = pdfium_c.FPDF_IMAGEOBJ_METADATA()
    if pdfium_c.FPDFImageObj_GetImageMetadata(handle, page, metadata) and metadata.bits_per_pixel:
        return int(metadata.bits_per_pixel)
    return 24
