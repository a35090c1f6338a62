"""The image of a page whose text layer stands for it: people look at it, nobody reads it by machine.

It is therefore made small and fast; the resolution that a template asks for acts where pages are read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from services.engine.documents.limits import Limits
from services.engine.documents.page_images import PageFile, PageImage, Pixels, is_colored, write_page
from services.engine.documents.pdf import PdfPage
from services.engine.documents.pdf_rendering import drawn, rendering_dpi

# Print of six points is still easily read by people.
TEXT_PAGE_DPI = 150
# Colour, and whether words are printed, is looked for on the page made smaller to about this.
SMALL_DPI = 72
LONGEST_SMALL_SIDE = 3000


def text_page_dpi(page: PdfPage, requested: int, limits: Limits, most: int = TEXT_PAGE_DPI) -> int:
    """The resolution of the page's image, at `most` that, when `requested` dots per inch are asked for.

    Raises LimitExceeded `pageTooLarge`.
    """
    return rendering_dpi(page, min(requested, most), limits)


class TextPicture:
    """A page as people see it, drawn when it is first asked for and only once.

    Drawing raises DocumentError `brokenPage`, and LimitExceeded `pageTooComplex`.
    """

    def __init__(self, page: PdfPage, dpi: int, drawing: ExitStack) -> None:
        """What is drawn is gone when `drawing` is closed."""
        self.page = page
        self.dpi = dpi
        self._drawing = drawing

    @cached_property
    def image(self) -> PageImage:
        """The page, gray where it shows no colour."""
        if self.page.content.is_gray:
            return PageImage(self._drawn, "grayscale")
        if is_colored(self._small):
            return PageImage(self._drawn, "rgb")
        return PageImage(_gray(self._drawn), "grayscale")

    @cached_property
    def small_gray(self) -> Pixels:
        """The page in gray, its sides divided by `reduction`."""
        return self._small if self._small.ndim == 2 else _gray(self._small)

    @cached_property
    def reduction(self) -> int:
        """How many pixels of the page's image are one of the small image, along each side."""
        longest = max(self.page.pixel_size(self.dpi))
        return max(1, round(self.dpi / SMALL_DPI), math.ceil(longest / LONGEST_SMALL_SIDE))

    def write(self, stem: Path) -> PageFile:
        """Store the image at `stem` plus its suffix."""
        return write_page(self.image, stem, lossless=False)

    @cached_property
    def _drawn(self) -> Pixels:
        gray = self.page.content.is_gray
        return self._drawing.enter_context(drawn(self.page, self.dpi, gray=gray))

    @cached_property
    def _small(self) -> Pixels:
        # Whole pixels are averaged, which is fast: what is left over at the right and below is cut off.
        width, height = (max(1, side // self.reduction) for side in self._drawn.shape[1::-1])
        whole = self._drawn[: height * self.reduction, : width * self.reduction]
        small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.uint8)


@contextmanager
def picture_of(page: PdfPage, dpi: int) -> Iterator[TextPicture]:
    """The picture of `page` at `dpi`, whose pixels are gone with the context."""
    with ExitStack() as drawing:
        yield TextPicture(page, dpi, drawing)


def _gray(colored: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(colored, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
