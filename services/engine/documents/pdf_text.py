"""The text layer of a PDF page as words with boxes in pixels of the rendered page.

PDFium gives single characters in page coordinates; it inserts blanks where the document only moves the
pen. Words are runs between blanks, cut again where characters lie too far apart to belong together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.engine.documents.pdf import PdfPage
from services.engine.documents.pdf_calls import INT, POINTER, address_of, declared
from services.engine.documents.pdf_characters import Characters, Floats, read_characters
from services.engine.documents.pdf_content import PageContent
from services.engine.documents.pdf_frame import to_pixels
from services.engine.documents.print_coverage import PrintCoverage, measure_print
from services.engine.documents.text_layer import TextLayer
from services.engine.documents.text_pages import TextPicture
from services.engine.documents.text_plausibility import implausibility
from shared.readings import BoundingBox, Word

# Each row is a word: the place of its first character, and the place after its last.
Spans = npt.NDArray[np.int64]

# No invoice page carries this many characters; a page that does would take minutes to walk through.
MOST_CHARACTERS = 200_000
# Characters of one word follow each other within this many character heights.
WIDEST_GAP = 0.9
# From this share of the page on, an image may hold print that the text layer lacks.
IMAGE_SHARE_TO_SUSPECT = 0.25
LEAST_EXPLAINED_PRINT = 0.4
LEAST_EXPLAINED_PRINT_WITH_IMAGES = 0.5


def text_layer(picture: TextPicture) -> TextLayer:
    """The words of a page in pixels of its picture, and whether they may replace OCR.

    They are trusted when they are visible, plausible text, and account for the print on the page; only
    then the picture is drawn.
    """
    page, dpi = picture.page, picture.dpi
    with _text_page(page.handle) as handle:
        if pdfium_c.FPDFText_CountChars(handle) > MOST_CHARACTERS:
            return TextLayer((), False, "The page has more text than can be read from it.")
        characters = read_characters(handle)
        spans = _word_spans(characters)
        visible = _visible(handle, spans)
        boxes = _pixel_boxes(handle, page, characters, visible, dpi)
    if len(visible) * 2 < len(spans):
        return TextLayer((), False, "The text layer is invisible, as an earlier OCR leaves it under a scan.")
    text = characters.text
    words = _words(text, visible, boxes, page.pixel_size(dpi))
    reason = implausibility(text, [word.text for word in words], characters.unmapped)
    if reason is not None:
        return TextLayer(tuple(words), False, reason)
    coverage = _coverage(picture, words)
    printed = tuple(word for word, has_ink in zip(words, coverage.has_ink, strict=True) if has_ink)
    reason = _missing_print(page.content, coverage, printed)
    if reason is not None:
        return TextLayer(printed, False, reason)
    return TextLayer(printed, True, "The text layer is visible, plausible and accounts for the print.")


@contextmanager
def _text_page(page: pdfium.PdfPage) -> Iterator[pdfium.PdfTextPage]:
    handle = page.get_textpage()
    try:
        yield handle
    finally:
        handle.close()


def _word_spans(characters: Characters) -> Spans:
    codes, boxes = characters.codes, characters.boxes
    if not codes.size:
        return np.zeros((0, 2), dtype=np.int64)
    blank_codes = [code for code in set(codes.tolist()) if _is_blank(chr(code))]
    inside = ~np.isin(codes, blank_codes)
    starts = inside.copy()
    starts[1:] &= ~inside[:-1] | _gaps(boxes)
    firsts = np.flatnonzero(starts)
    ends = np.flatnonzero(inside & np.append(~inside[1:] | starts[1:], True)) + 1
    return np.column_stack([firsts, ends])


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs")


def _gaps(boxes: Floats) -> npt.NDArray[np.bool_]:
    """Whether each character but the first is too far from the one before to be in the same word."""
    before, after = boxes[:-1], boxes[1:]
    size = np.maximum((boxes[:, 2:] - boxes[:, :2]).max(axis=1), 0)
    height = np.maximum(size[:-1], size[1:])
    distance = np.maximum(after[:, :2] - before[:, 2:], before[:, :2] - after[:, 2:]).max(axis=1)
    return np.asarray((distance > WIDEST_GAP * height) & (height > 0))


def _visible(handle: pdfium.PdfTextPage, spans: Spans) -> Spans:
    page = address_of(handle.raw)
    object_of = declared(pdfium_c.FPDFText_GetTextObject, POINTER, POINTER, INT)
    mode_of = declared(pdfium_c.FPDFTextObj_GetTextRenderMode, INT, POINTER)
    painters = [object_of(page, first) for first in spans[:, 0].tolist()]
    modes = {painter: mode_of(painter) for painter in set(painters) if painter}
    invisible = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
    return spans[[modes.get(painter) != invisible for painter in painters]]


def _pixel_boxes(
    handle: pdfium.PdfTextPage, page: PdfPage, characters: Characters, spans: Spans, dpi: int
) -> Floats:
    """One row of left, top, right, bottom in pixels per span."""
    if not len(spans):
        return np.zeros((0, 4))
    corners = _reaching_over_lines(_around(characters.boxes, spans), _line_boxes(handle, spans))
    return to_pixels(page, dpi, corners)


def _around(boxes: Floats, spans: Spans) -> Floats:
    """The box around the characters of each span."""
    # Each second stretch of reduceat lies between two words; a row more lets the last word end there.
    edges = spans.ravel()
    padded = np.vstack([boxes, boxes[-1:]])
    low = np.minimum.reduceat(padded[:, :2], edges)[::2]
    high = np.maximum.reduceat(padded[:, 2:], edges)[::2]
    return np.hstack([low, high])


def _line_boxes(handle: pdfium.PdfTextPage, spans: Spans) -> npt.NDArray[np.float32]:
    """Left, top, right, bottom of the line at the first character of each span; NaN where it is not known."""
    page = address_of(handle.raw)
    boxes = np.full((len(spans), 4), np.nan, dtype=np.float32)
    box_of = declared(pdfium_c.FPDFText_GetLooseCharBox, INT, POINTER, INT, POINTER)
    start, step = boxes.ctypes.data, boxes.strides[0]
    for place, first in enumerate(spans[:, 0].tolist()):
        box_of(page, first, start + place * step)
    return boxes


def _reaching_over_lines(boxes: Floats, lines: npt.NDArray[np.float32]) -> Floats:
    """The `boxes` with those of low characters only, such as a dash, reaching over the middle of their line.

    Words of one line then overlap vertically, whatever characters they are made of.
    """
    top, bottom = lines[:, 1].astype(np.float64), lines[:, 3].astype(np.float64)
    height = top - bottom
    is_low = boxes[:, 3] - boxes[:, 1] < height / 2
    reaching = boxes.copy()
    reaching[is_low, 1] = np.minimum(boxes[:, 1], bottom + height * 0.25)[is_low]
    reaching[is_low, 3] = np.maximum(boxes[:, 3], bottom + height * 0.75)[is_low]
    return reaching


def _words(characters: str, spans: Spans, boxes: Floats, size: tuple[int, int]) -> list[Word]:
    """Words whose centre lies on the page, each once: bold print is at times two prints of one word."""
    words: dict[tuple[str, int, int], Word] = {}
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    on_page = np.asarray(((centers >= 0) & (centers < np.array(size))).all(axis=1))
    clipped = np.clip(boxes, 0, np.array([*size, *size]))
    places = zip(spans.tolist(), on_page.tolist(), clipped.tolist(), centers.tolist(), strict=True)
    for (first, end), is_on_page, (left, top, right, bottom), (center_x, center_y) in places:
        text = _readable(characters[first:end]) if is_on_page else ""
        if not text:
            continue
        same = max(1.0, (bottom - top) * 0.25)
        key = (text, round(center_x / same), round(center_y / same))
        if key not in words:
            words[key] = Word(text, 1.0, BoundingBox(left, top, right - left, bottom - top))
    return list(words.values())


def _readable(text: str) -> str:
    """The word in composed form, ligatures spelled out, without characters that mean nothing."""
    if text.isascii() and text.isprintable():
        return text
    spelled = "".join(
        unicodedata.normalize("NFKC", character) if "\ufb00" <= character <= "\ufb06" else character
        for character in text
    )
    kept = (c for c in spelled if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    return unicodedata.normalize("NFC", "".join(kept))


def _coverage(picture: TextPicture, words: list[Word]) -> PrintCoverage:
    """How the words fit what is seen on the page."""
    boxes = np.array([(w.box.x, w.box.y, w.box.right, w.box.bottom) for w in words]).reshape(-1, 4)
    return measure_print(picture.small_gray, boxes / picture.reduction)


def _missing_print(content: PageContent, coverage: PrintCoverage, printed: tuple[Word, ...]) -> str | None:
    """Why the words do not stand for the page, or None if they do."""
    if not printed:
        return "The page has no visible text."
    if content.is_covered and not content.texts_over_images:
        return "The text lies under an image that covers the page."
    suspect = content.image_share >= IMAGE_SHARE_TO_SUSPECT
    least = LEAST_EXPLAINED_PRINT_WITH_IMAGES if suspect else LEAST_EXPLAINED_PRINT
    if coverage.explained < least:
        return (
            f"The text layer accounts for only {coverage.explained:.0%} of what looks like print on the page."
        )
    return None
