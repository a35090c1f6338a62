"""Pages of a PDF as images: at which resolution, within which limits, and drawn on which memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

from services.engine.documents.limits import MILLION, Limits, check_decoded_bytes
from services.engine.documents.pdf import POINTS_PER_INCH, PdfPage
from services.engine.documents.pdf_drawing import MOST_SECONDS, DrawingTooLong, draw, drawing_bytes
from shared.errors import DocumentError, LimitExceeded

# Below this the print of an ordinary page can no longer be read, by people or by machines.
LEAST_READABLE_DPI = 72
# Encoders of JPEG images take no longer side than this.
LONGEST_SIDE = 65_000


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as an image: BGR, uint8, height x width x 3, upright as a reader shows it."""

    image: npt.NDArray[np.uint8]
    dpi: int


def render(page: PdfPage, dpi: int, limits: Limits) -> RenderedPage:
    """Render `page` at `dpi`, or lower where more would only enlarge a scan or break a limit.

    Raises LimitExceeded `pageTooLarge` or `tooManyPixels`, and DocumentError `brokenPage`.
    """
    check_images(page, limits)
    used = rendering_dpi(page, dpi, limits)
    with drawn(page, used) as pixels:
        return RenderedPage(np.array(pixels, dtype=np.uint8, order="C"), used)


@contextmanager
def drawn(page: PdfPage, dpi: int, *, gray: bool = False) -> Iterator[npt.NDArray[np.uint8]]:
    """The pixels of `page` at `dpi` (height x width x 3, BGR, or height x width), gone with the context.

    Raises DocumentError `brokenPage`, and LimitExceeded `pageTooComplex`.
    """
    width, height = page.pixel_size(dpi)
    with ExitStack() as lent:
        try:
            memory = lent.enter_context(page.canvas.lend(drawing_bytes(width, height, gray=gray)))
            pixels = draw(page.handle, width, height, page.deadline, memory, gray=gray)
        except DrawingTooLong:
            raise LimitExceeded(
                "pageTooComplex",
                f"Page {page.number} of the PDF takes longer than {MOST_SECONDS:g} seconds to draw.",
            ) from None
        except (pdfium.PdfiumError, ValueError, MemoryError) as error:
            raise DocumentError("brokenPage", f"Page {page.number} of the PDF can't be rendered.") from error
        yield pixels


def check_images(page: PdfPage, limits: Limits) -> None:
    """Raise LimitExceeded `tooManyPixels` when an image on `page` is too large to decode."""
    for image in page.content.images:
        check_decoded_bytes(image.pixel_width, image.pixel_height, image.bits_per_pixel / 8, limits)


def rendering_dpi(page: PdfPage, requested: int, limits: Limits) -> int:
    """The resolution at which `page` is rendered when `requested` dots per inch are asked for.

    A page that is a scan is not enlarged beyond the pixels it has; a page that is too large for the
    limits is rendered smaller, down to what can still be read. Raises LimitExceeded `pageTooLarge`.
    """
    dpi = requested
    native = page.content.scan_resolution
    if native is not None:
        dpi = min(dpi, max(1, math.ceil(native / page.user_unit)))
    width, height = page.width / POINTS_PER_INCH, page.height / POINTS_PER_INCH
    possible = min(math.sqrt(limits.max_pixels / (width * height)), LONGEST_SIDE / max(width, height))
    if dpi <= possible:
        return dpi
    if possible < LEAST_READABLE_DPI and native is None:
        raise LimitExceeded(
            "pageTooLarge",
            f"Page {page.number} measures {width:,.0f} x {height:,.0f} inches; rendered within the limit of "
            f"{limits.max_pixels / MILLION:,.1f} million pixels it could not be read.",
        )
    if possible < 1:
        raise LimitExceeded("pageTooLarge", f"Page {page.number} is too large to be rendered.")
    return math.floor(possible)
