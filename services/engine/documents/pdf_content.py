"""What a PDF page is made of: its images, where they lie, and whether text is painted over them."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.engine.documents.pdf_annotations import Edges
from services.engine.documents.pdf_calls import INT, POINTER, address_of, declared
from services.engine.documents.pdf_paint import GrayPaint

Matrix = npt.NDArray[np.float64]

# Drawings may have hundreds of thousands of paths; images and text come early or not at all.
MOST_OBJECTS = 50_000
DEEPEST_FORM = 8
PLACED_OBJECTS = frozenset({pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM})
# An image covers the page from this share of its area on: scans are often placed with a margin.
COVERING_SHARE = 0.8
# Images below this share of the page are logos, stamps and codes, which say nothing about a scan.
NOTABLE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image on a page: pixels as stored, the share of the page it covers (0..1), pixels per unit.

    `seen` is the part of it that the page and a clipping path show: left, bottom, right, top in page
    coordinates, the right left of the left where nothing is seen.
    """

    pixel_width: int
    pixel_height: int
    bits_per_pixel: int
    share: float
    pixels_per_unit: float
    seen: Edges


@dataclass(frozen=True, slots=True)
class PageContent:
    """A summary of what is painted on a page.

    `texts` counts text objects, `texts_over_images` those painted after the last notable image,
    `paths` counts drawings. `is_gray` tells that nothing on the page can show colour.
    """

    images: tuple[PlacedImage, ...]
    texts: int
    texts_over_images: int
    paths: int
    is_gray: bool

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


def read_content(page: pdfium.PdfPage, *, paints_plainly: bool) -> PageContent:
    """Summarise the objects of `page`, those inside form XObjects included.

    `paints_plainly` says that the colours of its text and paths are all there is to how they look.
    """
    images = []
    texts = texts_over_images = paths = 0
    box = page.get_bbox()
    paint = GrayPaint(plainly=paints_plainly)
    mode_of = declared(pdfium_c.FPDFTextObj_GetTextRenderMode, INT, POINTER)
    for number, (kind, handle, matrix, outer) in enumerate(_Objects(page)):
        if number >= MOST_OBJECTS:
            paint.so_far = False
            break
        paint.see(kind, handle)
        if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            pointer = ctypes.cast(handle, pdfium_c.FPDF_PAGEOBJECT)
            image = _placed_image(pointer, matrix, _clipped(pointer, outer, box), box, page)
            if image is None:
                continue
            images.append(image)
            if image.share >= NOTABLE_SHARE:
                texts_over_images = 0
        elif kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            texts += 1
            texts_over_images += mode_of(handle) != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths += 1
    return PageContent(tuple(images), texts, texts_over_images, paths, paint.so_far)


class _Objects:
    """The objects of a page in the order of painting, each as its type, its address and two matrices.

    One leads from the object to page coordinates, the other from the form that it is part of. The parts of a
    form come before the form itself.
    """

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = address_of(page.raw)
        self._count = pdfium_c.FPDFPage_CountObjects(page)
        self._type_of = declared(pdfium_c.FPDFPageObj_GetType, INT, POINTER)
        self._matrix_of = declared(pdfium_c.FPDFPageObj_GetMatrix, INT, POINTER, POINTER)
        self._part_of_page = declared(pdfium_c.FPDFPage_GetObject, POINTER, POINTER, INT)
        self._count_of_form = declared(pdfium_c.FPDFFormObj_CountObjects, INT, POINTER)
        self._part_of_form = declared(pdfium_c.FPDFFormObj_GetObject, POINTER, POINTER, INT)

    def __iter__(self) -> Iterator[tuple[int, int, Matrix, Matrix]]:
        parts = (self._part_of_page(self._page, index) for index in range(self._count))
        return self._placed(parts, np.eye(3), 0)

    def _placed(
        self, handles: Iterable[int | None], outer: Matrix, depth: int
    ) -> Iterator[tuple[int, int, Matrix, Matrix]]:
        for handle in handles:
            if not handle:
                continue
            kind = self._type_of(handle)
            matrix = self._matrix(handle) @ outer if kind in PLACED_OBJECTS else outer
            if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
                count = self._count_of_form(handle)
                parts = (self._part_of_form(handle, index) for index in range(count))
                yield from self._placed(parts, matrix, depth + 1)
            yield kind, handle, matrix, outer

    def _matrix(self, handle: int) -> Matrix:
        raw = pdfium_c.FS_MATRIX()
        if not self._matrix_of(handle, ctypes.addressof(raw)):
            return np.eye(3)
        return np.array([[raw.a, raw.b, 0], [raw.c, raw.d, 0], [raw.e, raw.f, 1]], dtype=np.float64)


def _placed_image(
    handle: Any, matrix: Matrix, clip: Edges, box: Edges, page: pdfium.PdfPage
) -> PlacedImage | None:
    """The image as it lies in the page's visible `box` (left, bottom, right, top); None if it is not seen.

    `clip` is the part of the box that its clipping path leaves.
    """
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
        _common((float(left), float(bottom), float(right), float(top)), clip),
    )


def _clipped(handle: Any, outer: Matrix, box: Edges) -> Edges:
    """The part of the page's `box` around what the clipping path of an object lets through."""
    path = pdfium_c.FPDFPageObj_GetClipPath(handle)
    for index in range(max(0, pdfium_c.FPDFClipPath_CountPaths(path)) if path else 0):
        count = pdfium_c.FPDFClipPath_CountPathSegments(path, index)
        points = [_point(pdfium_c.FPDFClipPath_GetPathSegment(path, index, part)) for part in range(count)]
        if points:
            placed = (np.array([(x, y, 1) for x, y in points], dtype=np.float64) @ outer)[:, :2]
            (left, bottom), (right, top) = placed.min(axis=0).tolist(), placed.max(axis=0).tolist()
            box = _common(box, (left, bottom, right, top))
    return box


def _point(segment: Any) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
    return x.value, y.value


def _common(one: Edges, other: Edges) -> Edges:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _bits_per_pixel(handle: Any, page: pdfium.PdfPage) -> int:
    metadata = pdfium_c.FPDF_IMAGEOBJ_METADATA()
    if pdfium_c.FPDFImageObj_GetImageMetadata(handle, page, metadata) and metadata.bits_per_pixel:
        return int(metadata.bits_per_pixel)
    return 24
