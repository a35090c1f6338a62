"""From a PDF to page images, and to the words and lines that stand on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from shared.readings import BoundingBox, Line, Word

Pixels = npt.NDArray[np.uint8]

POINTS_PER_INCH = 72
COLUMN_GAP = 1.5
"""Words further apart than this many times their height stand in different columns of one line."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page image (RGB, height × width × 3) with the visual lines on it, boxes in its pixels."""

    image: Pixels
    dpi: int
    lines: tuple[Line, ...]

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        return int(self.image.shape[0])


def render_pages(content: bytes, dpi: int) -> list[Page]:
    """Every page of a PDF as an image at `dpi`, with the words of its text layer."""
    with pdfium.PdfDocument(content) as document:
        return [_render_page(page, dpi) for page in document]


def _render_page(page: pdfium.PdfPage, dpi: int) -> Page:
    scale = dpi / POINTS_PER_INCH
    picture = page.render(scale=scale).to_pil().convert("RGB")
    words = _read_words(page, scale)
    return Page(np.array(picture, dtype=np.uint8), dpi, group_lines(words))


def _read_words(page: pdfium.PdfPage, scale: float) -> list[Word]:
    text_page = page.get_textpage()
    height = page.get_height()
    words: list[Word] = []
    letters: list[str] = []
    boxes: list[BoundingBox] = []

    def end_word() -> None:
        if letters:
            words.append(Word("".join(letters), 1.0, BoundingBox.around(boxes)))
            letters.clear()
            boxes.clear()

    text = text_page.get_text_range()
    for index, sign in enumerate(text):
        if sign.isspace():
            end_word()
            continue
        left, bottom, right, top = text_page.get_charbox(index)
        box = BoundingBox(
            left * scale, (height - top) * scale, (right - left) * scale, (top - bottom) * scale
        )
        letters.append(sign)
        boxes.append(box)
    end_word()
    return words


def group_lines(words: Sequence[Word]) -> tuple[Line, ...]:
    """Words into visual lines from the top down, each from left to right.

    A word belongs to the line that already holds a word whose height it overlaps by more than half.
    """
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.bottom):
        row = next((row for row in reversed(rows[-6:]) if _share_line(row[-1].box, word.box)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    ordered = [sorted(row, key=lambda word: word.box.x) for row in rows]
    ordered.sort(key=lambda row: BoundingBox.around(word.box for word in row).center_y)
    return tuple(Line(tuple(row)) for row in ordered)


def _share_line(first: BoundingBox, second: BoundingBox) -> bool:
    overlap = min(first.bottom, second.bottom) - max(first.y, second.y)
    return overlap > 0.5 * min(first.height, second.height)


def line_text(line: Line) -> str:
    """The line as printed: columns are set apart by four spaces."""
    parts = [line.words[0].text]
    for before, word in pairwise(line.words):
        gap = word.box.x - before.box.right
        parts.append("    " if gap > COLUMN_GAP * max(before.box.height, word.box.height) else " ")
        parts.append(word.text)
    return "".join(parts)


def encode_jpeg(image: Pixels, quality: int, dpi: int) -> bytes:
    """A JPEG file; a grey image (height × width) stays grey."""
    target = BytesIO()
    Image.fromarray(image).save(target, "JPEG", quality=quality, dpi=(dpi, dpi))
    return target.getvalue()


def encode_image(image: Pixels, suffix: str, dpi: int) -> bytes:
    """A PNG or BMP file, by suffix without the dot."""
    target = BytesIO()
    Image.fromarray(image).save(target, suffix.upper(), dpi=(dpi, dpi))
    return target.getvalue()


def encode_tiff(images: Sequence[Pixels], dpi: int) -> bytes:
    """A TIFF file with one page for each image."""
    target = BytesIO()
    first, *others = [Image.fromarray(image) for image in images]
    first.save(target, "TIFF", save_all=True, append_images=others, compression="tiff_lzw", dpi=(dpi, dpi))
    return target.getvalue()


def image_only_pdf(images: Sequence[Pixels], dpi: int, quality: int) -> bytes:
    """A PDF as a scanner makes it: one JPEG on each page and no text layer."""
    target = BytesIO()
    canvas = Canvas(target, invariant=1)
    for image in images:
        height, width = image.shape[:2]
        size = (width * POINTS_PER_INCH / dpi, height * POINTS_PER_INCH / dpi)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(BytesIO(encode_jpeg(image, quality, dpi))), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def move_lines(lines: Sequence[Line], transform: npt.NDArray[np.float64]) -> tuple[Line, ...]:
    """The lines after their image was mapped by a 3 × 3 homography: upright boxes around the mapped ones."""
    return tuple(
        Line(tuple(Word(word.text, word.confidence, _move_box(word.box, transform)) for word in line.words))
        for line in lines
    )


def _move_box(box: BoundingBox, transform: npt.NDArray[np.float64]) -> BoundingBox:
    corners = np.array(
        [[[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]]], dtype=np.float64
    )
    moved = cv2.perspectiveTransform(corners, transform)[0]
    left, top = moved.min(axis=0)
    right, bottom = moved.max(axis=0)
    return BoundingBox(float(left), float(top), float(right - left), float(bottom - top))
