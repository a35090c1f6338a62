"""One page image from a file, as the recogniser wants it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from services.engine.documents.limits import Limits, check_size
from services.engine.documents.raster import READERS, open_raster
from services.engine.documents.sniff import sniff
from shared.errors import DocumentError


def read_single_image(path: Path, limits: Limits) -> npt.NDArray[np.uint8]:
    """The image at `path`, height × width × 3 (blue-green-red, 0..255); a file of several gives its first.

    Raises DocumentError when it is no image, damaged, or over a limit.
    """
    check_size(path.stat().st_size, limits)
    image_format = sniff(path)
    if image_format not in READERS:
        raise DocumentError("unsupportedFormat", f"The page is a {image_format.upper()} file, not an image.")
    with open_raster(path, image_format, limits) as raster:
        pixels = raster.read(1).image.pixels
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    return pixels
