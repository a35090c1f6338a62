"""The image of a page whose text layer stands for it: people look at it, nobody reads it by machine.

It is therefore made small and fast; the resolution that a template asks for acts where pages are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from services.engine.documents.limits import Limits
from services.engine.documents.page_images import ColorSpace, PageFile, PageImage, is_colored, write_page
from services.engine.documents.pdf import PdfPage, drawn, rendering_dpi

# Print of six points is still easily read by people.
TEXT_PAGE_DPI = 150
# Colour is looked for on a small rendering: a gray page is drawn and stored in half the time.
COLOR_DPI = 36


@dataclass(frozen=True, slots=True)
class TextPage:
    """A stored page image; `width` and `height` in pixels."""

    width: int
    height: int
    color_space: ColorSpace
    file: PageFile


def text_page_dpi(page: PdfPage, requested: int, limits: Limits, most: int = TEXT_PAGE_DPI) -> int:
    """The resolution of the page's image, at `most` that, when `requested` dots per inch are asked for.

    Raises LimitExceeded `pageTooLarge`.
    """
    return rendering_dpi(page, min(requested, most), limits)


def write_text_page(page: PdfPage, dpi: int, stem: Path) -> TextPage:
    """Render `page` at `dpi` and store it at `stem` plus its suffix; raises DocumentError `brokenPage`."""
    with drawn(page, min(dpi, COLOR_DPI)) as small:
        gray = not is_colored(small)
    with drawn(page, dpi, gray=gray) as pixels:
        image = PageImage(pixels, "grayscale" if gray else "rgb")
        file = write_page(image, stem, lossless=False)
        return TextPage(image.width, image.height, image.color_space, file)
