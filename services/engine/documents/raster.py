"""Reading PNG, JPEG, TIFF and BMP files as upright 8-bit pages, with their size checked before decoding."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import BmpImagePlugin, Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin

from services.engine.documents.limits import Limits, check_page_count, check_pixels
from services.engine.documents.page_images import ColorSpace, PageImage
from services.engine.documents.sniff import DocumentFormat
from shared.errors import DocumentError, LedgerLensError

# The classes are used directly, not through Image.open, whose own limit hides the size it refuses.
READERS: Mapping[DocumentFormat, type[ImageFile.ImageFile]] = {
    DocumentFormat.PNG: PngImagePlugin.PngImageFile,
    DocumentFormat.JPG: JpegImagePlugin.JpegImageFile,
    DocumentFormat.TIFF: TiffImagePlugin.TiffImageFile,
    DocumentFormat.BMP: BmpImagePlugin.BmpImageFile,
}

BYTES_PER_PIXEL: Mapping[str, int] = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
MOST_BYTES_PER_PIXEL = 4
WIDE_MODES = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})

NEW_SUBFILE_TYPE = 254
REDUCED_COPY = 1
BITS_PER_SAMPLE = 258

# The Exif tag for how the camera was held, and its values with width and height exchanged.
ORIENTATION = 0x0112
UPRIGHT = 1
SIDEWAYS = frozenset({5, 6, 7, 8})

BELIEVABLE_DPI = (50, 2400)
# Cameras write 72 dpi into large photos; a page longer than this (inches) shows that it means nothing.
LONGEST_PAGE = 40
# Fax machines have unequal resolutions, up to 408 x 98 dpi.
UNEQUAL_DPI = (1.1, 4.5)


@dataclass(frozen=True, slots=True)
class RasterPage:
    """One page: its pixels, and whether the file's own pixels are the same, so that it can be kept as is.

    `dpi` is None where the file does not say, or says what can't be.
    """

    image: PageImage
    dpi: int | None
    is_plain: bool


class Raster:
    """An open image file with one or more pages."""

    def __init__(self, image: ImageFile.ImageFile, frames: tuple[int, ...], limits: Limits) -> None:
        self._image = image
        self._frames = frames
        self._limits = limits

    @property
    def page_count(self) -> int:
        """The number of pages; reduced copies of pages in a TIFF are none."""
        return len(self._frames)

    def read(self, number: int) -> RasterPage:
        """Decode page `number` (from 1), upright and on white.

        Raises LimitExceeded `tooManyPixels` before decoding, and DocumentError `brokenImage`.
        """
        with _decoding("The image is damaged or cut off and can't be decoded."):
            self._image.seek(self._frames[number - 1])
            width, height = self._image.size
            check_pixels(
                width, height, BYTES_PER_PIXEL.get(self._image.mode, MOST_BYTES_PER_PIXEL), self._limits
            )
            mode = self._image.mode
            orientation = _orientation(self._image)
            resolution = _resolution(self._image)
            if resolution is not None and orientation in SIDEWAYS:
                resolution = resolution[1], resolution[0]
            upright = ImageOps.exif_transpose(self._image)
            has_alpha = _has_alpha(upright)
            page = _squared(_page_image(upright), resolution)
            check_pixels(page.width, page.height, 1, self._limits)
        is_plain = mode in ("L", "RGB") and orientation == UPRIGHT and not has_alpha
        is_plain = is_plain and (page.width, page.height) == (width, height)
        return RasterPage(page, _believable_dpi(resolution, page), is_plain)


@contextmanager
def open_raster(path: Path, document_format: DocumentFormat, limits: Limits) -> Iterator[Raster]:
    """Open the image at `path`, of which only the header is read yet.

    Raises DocumentError `brokenImage`, and LimitExceeded `tooManyPages` for a TIFF.
    """
    with path.open("rb") as file:
        with _decoding("The image is damaged: its header can't be read."):
            image = READERS[document_format](file, path.name)
        with image:
            if isinstance(image, TiffImagePlugin.TiffImageFile):
                yield Raster(image, _tiff_frames(image, limits), limits)
            else:
                yield Raster(image, (0,), limits)


@contextmanager
def _decoding(message: str) -> Iterator[None]:
    """Turn whatever Pillow's decoders raise on broken input into DocumentError `brokenImage`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except LedgerLensError:
        raise
    except Exception as error:
        # Hostile files make decoders raise nearly anything: OSError, SyntaxError, struct.error, KeyError …
        raise DocumentError("brokenImage", message) from error


def _tiff_frames(image: TiffImagePlugin.TiffImageFile, limits: Limits) -> tuple[int, ...]:
    """The frames that are pages; a damaged directory counts as one more page, which can't be read."""
    frames: list[int] = []
    reduced: list[int] = []
    frame = 0
    while True:
        try:
            with _decoding("The TIFF has a damaged directory."):
                image.seek(frame)
                is_reduced = int(image.tag_v2.get(NEW_SUBFILE_TYPE, 0)) & REDUCED_COPY
        except DocumentError as error:
            if not isinstance(error.__cause__, EOFError):
                frames.append(frame)
            break
        (reduced if is_reduced else frames).append(frame)
        frame += 1
        check_page_count(len(frames), limits)
        check_page_count(len(reduced), limits)
    return tuple(frames or reduced)


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(ORIENTATION, UPRIGHT) or UPRIGHT)


def _has_alpha(image: Image.Image) -> bool:
    return "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa")


def _page_image(image: Image.Image) -> PageImage:
    """The pixels as 8-bit grayscale or BGR; transparent parts become white."""
    if image.mode == "1":
        return PageImage(np.asarray(image.convert("L")), "binary")
    if image.mode in WIDE_MODES:
        return PageImage(_eight_bits(image), "grayscale")
    if _has_alpha(image):
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        flat = Image.alpha_composite(paper, layer).convert("RGB")
        return _from_rgb(flat, "grayscale" if image.mode in ("L", "LA", "La") else "rgb")
    if image.mode == "L":
        return PageImage(np.asarray(image), "grayscale")
    return _from_rgb(image.convert("RGB"), "rgb")


def _from_rgb(image: Image.Image, color_space: ColorSpace) -> PageImage:
    code = cv2.COLOR_RGB2BGR if color_space == "rgb" else cv2.COLOR_RGB2GRAY
    return PageImage(cv2.cvtColor(np.asarray(image), code).astype(np.uint8, copy=False), color_space)


def _eight_bits(image: Image.Image) -> npt.NDArray[np.uint8]:
    """Samples of more than 8 bits scaled to 0..255: by their declared depth, or by the values in use."""
    samples = np.asarray(image).astype(np.float32)
    np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(samples.min()), float(samples.max())
    if image.mode.startswith("I") and low >= 0 and high <= 0xFFFF:
        low, high = 0.0, float(max(_declared_white(image), high))
    if high <= low:
        return np.full(samples.shape, 255, dtype=np.uint8)
    return ((samples - low) * (255.0 / (high - low)) + 0.5).astype(np.uint8)


def _declared_white(image: Image.Image) -> int:
    """The brightest value of the sample depth that a TIFF declares; 65,535 where nothing is declared."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        bits = image.tag_v2.get(BITS_PER_SAMPLE, (16,))
        if isinstance(bits, tuple) and bits and 8 < int(bits[0]) < 16:
            return int((1 << int(bits[0])) - 1)
    return 0xFFFF


def _resolution(image: Image.Image) -> tuple[float, float] | None:
    """Horizontal and vertical dots per inch as the file gives them."""
    try:
        horizontal, vertical = map(float, image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    lowest, highest = BELIEVABLE_DPI
    if not (lowest <= horizontal <= highest and lowest <= vertical <= highest):
        return None
    return horizontal, vertical


def _squared(page: PageImage, resolution: tuple[float, float] | None) -> PageImage:
    """Stretch a fax, whose pixels are not square, to the finer of its two resolutions."""
    if resolution is None:
        return page
    horizontal, vertical = resolution
    ratio = max(resolution) / min(resolution)
    if not UNEQUAL_DPI[0] < ratio <= UNEQUAL_DPI[1]:
        return page
    if horizontal < vertical:
        size = (round(page.width * ratio), page.height)
    else:
        size = (page.width, round(page.height * ratio))
    is_binary = page.color_space == "binary"
    method = cv2.INTER_NEAREST if is_binary else cv2.INTER_CUBIC
    stretched = cv2.resize(page.pixels, size, interpolation=method)
    return PageImage(stretched.astype(np.uint8, copy=False), page.color_space)


def _believable_dpi(resolution: tuple[float, float] | None, page: PageImage) -> int | None:
    if resolution is None:
        return None
    dpi = round(max(resolution))
    return dpi if max(page.width, page.height) <= dpi * LONGEST_PAGE else None
