"""What scanners, fax machines and telephones do to a page, reproducibly.

Every effect takes and gives RGB pixels. Random effects draw from a numpy generator, so the same seed gives
the same pixels. Effects that move pixels also give the 3 × 3 homography from old to new positions.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tests.generator.fonts import font_path
from tests.generator.render import Pixels

Homography = npt.NDArray[np.float64]
PAPER_WHITE = (252, 251, 248)


@dataclass(frozen=True, slots=True)
class Moved:
    """Pixels after an effect that moved them, and how."""

    image: Pixels
    transform: Homography


def rotate(image: Pixels, degrees: float, background: tuple[int, int, int] = PAPER_WHITE) -> Moved:
    """Turn the page counter-clockwise about its centre within the same frame, as a crooked scan does."""
    height, width = image.shape[:2]
    affine = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(image, affine, (width, height), flags=cv2.INTER_LINEAR, borderValue=background)
    return Moved(_pixels(turned), np.vstack([affine, [0, 0, 1]]).astype(np.float64))


def rotate_whole(image: Pixels, degrees: float, background: tuple[int, int, int] = PAPER_WHITE) -> Moved:
    """Turn the page counter-clockwise on a frame that has grown to hold all of it."""
    height, width = image.shape[:2]
    affine = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(affine[0, 0]), abs(affine[0, 1])
    frame = round(width * cosine + height * sine), round(width * sine + height * cosine)
    affine[:, 2] = affine[:, 2] + ((frame[0] - width) / 2, (frame[1] - height) / 2)
    turned = cv2.warpAffine(image, affine, frame, flags=cv2.INTER_LINEAR, borderValue=background)
    return Moved(_pixels(turned), np.vstack([affine, [0, 0, 1]]).astype(np.float64))


def photograph(image: Pixels, rng: np.random.Generator, tilt: float, degrees: float, margin: float) -> Moved:
    """Lay the page on a dark desk and look at it askew.

    `tilt` and `margin` are shares of the page's size; corners move by up to `tilt`, `degrees` turn the page.
    """
    height, width = image.shape[:2]
    border = margin * width
    frame_width, frame_height = round(width + 2 * border), round(height + 2 * border)
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    shift = rng.uniform(-tilt, tilt, (4, 2)) * (width, height)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = source @ turn[:, :2].T + turn[:, 2]
    target = (turned + border + shift).astype(np.float32)
    transform = cv2.getPerspectiveTransform(source, target)
    desk = _desk(rng, frame_height, frame_width)
    size = (frame_width, frame_height)
    page = cv2.warpPerspective(image, transform, size, flags=cv2.INTER_LINEAR)
    solid = np.full((height, width), 255, dtype=np.uint8)
    mask = cv2.warpPerspective(solid, transform, size, flags=cv2.INTER_LINEAR)
    shade = cv2.GaussianBlur(mask, (0, 0), border / 4)
    shaded = desk * (1 - 0.45 * shade[..., None] / 255)
    alpha = mask[..., None].astype(np.float32) / 255
    return Moved(_pixels(page * alpha + shaded * (1 - alpha)), transform.astype(np.float64))


def _desk(rng: np.random.Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    """Grained dark wood: noise drawn out along the width."""
    noise = rng.normal(0, 1, (height // 2 + 1, width // 16 + 1)).astype(np.float32)
    grain = cv2.GaussianBlur(cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 1.5)
    tone = np.array([92, 68, 50], dtype=np.float32)
    return np.asarray(tone + grain[..., None] * 11, dtype=np.float32)


def resample(image: Pixels, scale: float) -> Moved:
    """Shrink or grow the page by `scale`."""
    height, width = image.shape[:2]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=method)
    transform = np.diag([resized.shape[1] / width, resized.shape[0] / height, 1.0])
    return Moved(_pixels(resized), transform)


def add_noise(image: Pixels, rng: np.random.Generator, deviation: float) -> Pixels:
    """Gaussian sensor noise of this standard deviation (grey levels), alike in all channels."""
    noise = rng.standard_normal(image.shape[:2], dtype=np.float32) * np.float32(deviation)
    return _pixels(image + noise[..., None])


def add_specks(image: Pixels, rng: np.random.Generator, share: float) -> Pixels:
    """Dust: this share of the pixels turned black or white."""
    specked = image.copy()
    height, width = image.shape[:2]
    count = int(height * width * share)
    rows, columns = rng.integers(0, height, count), rng.integers(0, width, count)
    specked[rows, columns] = rng.choice(np.array([30, 255], dtype=np.uint8), count)[:, None]
    return specked


def blur(image: Pixels, radius: float) -> Pixels:
    """Soft focus of this standard deviation in pixels."""
    return _pixels(cv2.GaussianBlur(image, (0, 0), radius))


def compress(image: Pixels, quality: int) -> Pixels:
    """JPEG artefacts of this quality, 1..100."""
    _, encoded = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("The compressed page could not be read back.")
    return _pixels(decoded[..., ::-1])


def light_unevenly(image: Pixels, rng: np.random.Generator, strength: float) -> Pixels:
    """Light from one side and a soft shadow; `strength` is the share of light lost at the darkest, 0..1."""
    height, width = image.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[-1:1:32j, -1:1:32j]
    slope = (columns * np.cos(angle) + rows * np.sin(angle) + 1.5) / 3
    centre_x, centre_y = rng.uniform(-0.7, 0.7, 2)
    shadow = np.exp(-((columns - centre_x) ** 2 + (rows - centre_y) ** 2) / 0.35)
    field = 1 - strength * np.clip(0.7 * slope + 0.5 * shadow, 0, 1)
    light = cv2.resize(field.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return _pixels(image * light[..., None])


def fade(image: Pixels, contrast: float) -> Pixels:
    """Pale print: ink and paper move together until `contrast` (0..1) of their distance is left."""
    return _pixels(235 - (235 - image.astype(np.float32)) * contrast)


def to_grey(image: Pixels) -> Pixels:
    """A colourless scan, still with three channels."""
    return _pixels(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def fax(image: Pixels, threshold: int = 160) -> Pixels:
    """Black and white only, at half the vertical resolution of the image, as a fax machine sends it."""
    height, width = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    coarse = cv2.resize(grey, (width, height // 2), interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(coarse, threshold, 255, cv2.THRESH_BINARY)
    restored = cv2.resize(ink, (width, height), interpolation=cv2.INTER_NEAREST)
    return _pixels(cv2.cvtColor(restored, cv2.COLOR_GRAY2RGB))


def dot_matrix(image: Pixels, pitch: float, contrast: float) -> Pixels:
    """Print made of faint dots, `pitch` pixels apart, as a worn ribbon leaves it."""
    height, width = image.shape[:2]
    rows = np.cos(np.arange(height) * 2 * np.pi / pitch)[:, None]
    columns = np.cos(np.arange(width) * 2 * np.pi / pitch)[None, :]
    dots = np.clip(0.75 + 0.5 * (rows + columns), 0, 1)[..., None]
    ink = 255 - image.astype(np.float32)
    return fade(blur(_pixels(255 - ink * dots), 0.5), contrast)


def stamp(image: Pixels, rng: np.random.Generator, text: str, colour: tuple[int, int, int]) -> Pixels:
    """A rubber stamp, slightly turned, in the lower half of the page; print shows through it."""
    height, width = image.shape[:2]
    size = round(width * 0.045)
    font = ImageFont.truetype(str(font_path("VeraBd")), size)
    text_width = round(font.getlength(text))
    patch = Image.new("L", (text_width + 2 * size, size * 2 + size // 2), 0)
    pen = ImageDraw.Draw(patch)
    pen.rounded_rectangle((3, 3, patch.width - 4, patch.height - 4), size // 3, outline=255, width=size // 9)
    pen.text((size, size * 0.62), text, fill=255, font=font)
    turned = np.array(patch.rotate(float(rng.uniform(4, 14)), expand=True), dtype=np.float32) / 255
    wear = cv2.GaussianBlur(rng.random(turned.shape, dtype=np.float32), (0, 0), 1.2)
    strength = turned * np.clip(wear * 4 - 1.0, 0.25, 0.85)
    top = int(rng.uniform(0.60, 0.74) * height)
    left = int(rng.uniform(0.1, 0.4) * width)
    stamped = image.astype(np.float32)
    area = stamped[top : top + turned.shape[0], left : left + turned.shape[1]]
    strength = strength[: area.shape[0], : area.shape[1], None]
    area *= 1 - strength * (1 - np.array(colour, dtype=np.float32) / 255)
    return _pixels(stamped)


def _pixels(values: npt.NDArray[np.generic]) -> Pixels:
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values, dtype=np.uint8)
    return np.clip(np.rint(values.astype(np.float32)), 0, 255).astype(np.uint8)
