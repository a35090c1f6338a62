"""Page images as pixels and as files: what the gateway serves as `pageUrl` and the engine reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

ColorSpace = Literal["rgb", "grayscale", "binary"]
ImageFormat = Literal["jpg", "png"]
Pixels = npt.NDArray[np.uint8]

JPEG_QUALITY = 92
# Print compresses best without PNG's filters, at the lowest level too: measured three to four times
# faster than with them, and smaller.
PNG_OPTIONS = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE)
LONGEST_JPEG_SIDE = 65_000
# A page counts as coloured from this share of clearly coloured pixels on; scanners tint edges a little.
COLORED_SHARE = 0.0002
COLOR_DIFFERENCE = 30
COLOR_STEP = 3


@dataclass(frozen=True, slots=True)
class PageImage:
    """`pixels` are uint8: height x width x 3 (BGR) for `rgb`, height x width otherwise."""

    pixels: Pixels
    color_space: ColorSpace

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class PageFile:
    """A stored page image; `size` in bytes."""

    path: Path
    format: ImageFormat
    size: int


def without_empty_color(image: Pixels) -> PageImage:
    """A rendered BGR page as grayscale where it has no colour, and as binary where it has no grays."""
    if is_colored(image[::COLOR_STEP, ::COLOR_STEP]):
        return PageImage(image, "rgb")
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    return PageImage(gray, "binary" if _has_two_tones(gray) else "grayscale")


def is_colored(image: Pixels) -> bool:
    """Whether a BGR page shows colour, edges that a scanner tints a little aside."""
    blue, green, red = cv2.split(np.ascontiguousarray(image))
    brightest = cv2.max(cv2.max(blue, green), red)
    difference = cv2.subtract(brightest, cv2.min(cv2.min(blue, green), red))
    return bool(np.count_nonzero(difference > COLOR_DIFFERENCE) > COLORED_SHARE * difference.size)


def write_page(image: PageImage, stem: Path, lossless: bool) -> PageFile:
    """Write `image` to `stem` plus its suffix: PNG where `lossless` or black and white, JPEG otherwise."""
    too_long_for_jpeg = max(image.width, image.height) > LONGEST_JPEG_SIDE
    if image.color_space == "binary":
        return _encode(image.pixels, stem, "png", [cv2.IMWRITE_PNG_BILEVEL, 1, *PNG_OPTIONS])
    if lossless or too_long_for_jpeg:
        return _encode(image.pixels, stem, "png", PNG_OPTIONS)
    return _encode(image.pixels, stem, "jpg", [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def _encode(pixels: Pixels, stem: Path, image_format: ImageFormat, options: Sequence[int]) -> PageFile:
    done, encoded = cv2.imencode(f".{image_format}", pixels, options)
    if not done:
        raise RuntimeError(f"OpenCV could not encode a page of shape {pixels.shape} as {image_format}.")
    path = stem.with_suffix(f".{image_format}")
    path.write_bytes(encoded.tobytes())
    return PageFile(path, image_format, int(encoded.size))


def _has_two_tones(gray: Pixels) -> bool:
    histogram = np.bincount(gray[::COLOR_STEP, ::COLOR_STEP].ravel(), minlength=256)
    if histogram[1:255].any():
        return False
    return not np.any((gray > 0) & (gray < 255))
