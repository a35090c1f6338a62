"""From a page image, or the words of a PDF's text layer, to a page reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np

from services.engine.imaging.geometry import Flattening, Frame, Rotation, served
from services.engine.imaging.measure import letter_height
from services.engine.imaging.prepare import PreparedImage, prepare
from services.engine.imaging.quality import quality_score
from services.engine.imaging.sheet import find_sheet
from services.engine.imaging.skew import lines_stand_upright, skew_angle
from services.engine.ocr.crops import cut, is_standing, lying, reversed_quad
from services.engine.ocr.layout import Layout, arrange
from services.engine.ocr.recogniser import Image, LineRecogniser, Quad, RecognisedLine
from services.engine.ocr.words import words_of
from shared.readings import Block, PageReading, Preprocessing, Word, mean_confidence
from shared.template import PreprocessingSettings

DOUBTFUL = 0.8
"""Mean confidence of a page below which it is worth trying whether it is upside down."""

MARKEDLY = 0.1
"""How much more confident an upside-down reading must be before the page is turned."""

SIDE_STEP = 160
"""The longer side of the image that detection sees is a multiple of this, in pixels."""

MOST_BESIDE = 0.04
"""Share of the text lines that may lie beside a sheet: the grain of a desk is at times taken for text."""

SAMPLE = 8
"""How many of the longest lines are read upside down to find out."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page on its way to being read: turned as `rotation` says, with its text lines found."""

    image: Image
    quads: list[Quad]
    rotation: Rotation


@dataclass(frozen=True, slots=True)
class _ReadLine:
    line: RecognisedLine
    picture: Image
    quad: Quad


class PageReader:
    """Reads pages with one line recogniser, in the thread that made it.

    Text lines are looked for on an image whose longer side is between the two `detection_sides`, in pixels:
    as large as the size of the print asks for.
    """

    def __init__(self, recogniser: LineRecogniser, detection_sides: tuple[int, int] = (960, 1600)) -> None:
        self._recogniser = recogniser
        self._detection_sides = detection_sides

    def read(
        self, image: Image, settings: PreprocessingSettings, languages: Sequence[str] = ()
    ) -> PageReading:
        """Read a page image of height × width × 3 (blue-green-red, 0..255).

        Boxes of the answer are in the frame of `image`. `languages` (ISO 639-1), where they are known, keep
        characters of other scripts out. A page without text gives an empty reading.
        """
        flattening = self._flattening(image) if settings.deskew else None
        prepared = prepare(image if flattening is None else flattening.flatten(image), settings)
        page = self._deskewed(self._found(prepared.pixels), settings)
        lines = self._read_lines(page, languages)
        if self._is_upside_down(lines, languages):
            page = _turned(page, 180)
            lines = self._read_lines(page, languages)
        words = [word for line in lines for word in words_of(line.line, line.picture, line.quad)]
        layout = arrange(words, *page.rotation.upright_size)
        frame = page.rotation if flattening is None else replace(flattening, angle=page.rotation.angle)
        return _reading(prepared, frame, layout)

    def read_text_layer(
        self, words: Sequence[Word], width: int, height: int, pictures: Sequence[Block] = ()
    ) -> PageReading:
        """Arrange the words of a PDF's text layer on a page image of width × height pixels.

        `pictures` are further blocks, without text; they come after the others.
        """
        layout = arrange(words, width, height)
        return PageReading(
            width,
            height,
            lines=layout.lines,
            blocks=(*layout.blocks, *pictures),
            cells=layout.cells,
            source="textLayer" if layout.lines else "none",
            quality_score=1.0 if layout.lines else 0.0,
        )

    def _flattening(self, photo: Image) -> Flattening | None:
        """The way to a flat sheet, where one is plain to see on a photo and all text stands on it."""
        corners = find_sheet(photo)
        if corners is None:
            return None
        outline = corners.astype(np.float32)
        quads = self._recogniser.detect(photo, self._side_for(photo))
        beside = sum(cv2.pointPolygonTest(outline, quad.mean(axis=0).tolist(), False) < 0 for quad in quads)
        if not quads or beside > MOST_BESIDE * len(quads):
            return None
        height, width = photo.shape[:2]
        first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
        return Flattening(width, height, (first, second, third, fourth))

    def _found(self, image: Image) -> _Page:
        """The page with its text lines, turned by a quarter when they stand."""
        height, width = image.shape[:2]
        side = self._side_for(image)
        quads = self._recogniser.detect(image, side)
        if not lines_stand_upright(quads):
            return _Page(image, quads, Rotation(width, height, 0.0))
        rotation = Rotation(width, height, 90.0)
        turned = rotation.turn(image)
        return _Page(turned, self._recogniser.detect(turned, side), rotation)

    def _side_for(self, image: Image) -> int:
        """The longer side at which letters of the page's usual size are as high as detection needs."""
        smallest, largest = self._detection_sides
        height = letter_height(image)
        if not height:
            return smallest
        wanted = self._recogniser.smallest_letter * max(int(side) for side in image.shape[:2]) / height
        # Few different sizes, so that the runtime sees few different input shapes.
        return min(largest, max(smallest, math.ceil(wanted / SIDE_STEP) * SIDE_STEP))

    def _deskewed(self, page: _Page, settings: PreprocessingSettings) -> _Page:
        skew = skew_angle(page.quads) if settings.deskew else 0.0
        return _turned(page, skew) if skew else page

    def _read_lines(self, page: _Page, languages: Sequence[str]) -> list[_ReadLine]:
        quads = [lying(quad) if is_standing(quad) else quad for quad in page.quads]
        pictures = [cut(page.image, quad) for quad in quads]
        read = self._recogniser.recognise(pictures, languages)
        lines = [_ReadLine(*parts) for parts in zip(read, pictures, quads, strict=True)]
        return [
            self._better_way_round(line, languages) if is_standing(quad) else line
            for line, quad in zip(lines, page.quads, strict=True)
        ]

    def _better_way_round(self, line: _ReadLine, languages: Sequence[str]) -> _ReadLine:
        """A standing line may run upwards: take the way round that reads better."""
        quad = reversed_quad(line.quad)
        picture = np.ascontiguousarray(line.picture[::-1, ::-1])
        (other,) = self._recogniser.recognise([picture], languages)
        return _ReadLine(other, picture, quad) if other.confidence > line.line.confidence else line

    def _is_upside_down(self, lines: Sequence[_ReadLine], languages: Sequence[str]) -> bool:
        """Whether the longest lines read markedly better upside down, asked only of doubtful pages."""
        sample = sorted(lines, key=lambda line: line.picture.shape[1], reverse=True)[:SAMPLE]
        if not sample or _confidence(lines) >= DOUBTFUL:
            return False
        flipped = [np.ascontiguousarray(line.picture[::-1, ::-1]) for line in sample]
        other = self._recogniser.recognise(flipped, languages)
        gain = sum(line.confidence for line in other) / len(sample) - _confidence(sample)
        return gain > MARKEDLY


def _confidence(lines: Sequence[_ReadLine]) -> float:
    return sum(line.line.confidence for line in lines) / len(lines) if lines else 0.0


def _turned(page: _Page, angle: float) -> _Page:
    """The page turned by a further angle in degrees; its lines turn with it."""
    height, width = page.image.shape[:2]
    step = Rotation(width, height, angle)
    matrix = step.matrix
    quads = [(quad @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32) for quad in page.quads]
    if angle == 180:
        quads = [reversed_quad(quad) for quad in quads]
    total = (page.rotation.angle + angle + 180) % 360 - 180
    rotation = replace(page.rotation, angle=total)
    return _Page(step.turn(page.image), quads, rotation)


def _reading(prepared: PreparedImage, frame: Frame, layout: Layout) -> PageReading:
    width, height = frame.upright_size
    words = [word for line in layout.lines for word in line.words]
    text_height = median(word.box.height for word in words) if words else 0.0
    skew = (frame.angle + 45) % 90 - 45
    reading = PageReading(
        width,
        height,
        lines=layout.lines,
        blocks=layout.blocks,
        cells=layout.cells,
        source="ocr" if words else "none",
        preprocessing=Preprocessing(
            enhanced=prepared.enhanced,
            deskewed=skew != 0 or isinstance(frame, Flattening),
            denoised=prepared.denoised,
            binarized=prepared.binarized,
        ),
        quality_score=quality_score(prepared.measures, text_height, mean_confidence(words)) if words else 0.0,
    )
    return served(reading, frame)
