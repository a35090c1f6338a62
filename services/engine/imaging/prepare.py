"""OpenCV steps that make a page easier to read, each taken only where its need was measured."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from services.engine.imaging.measure import ImageMeasures, Pixels, measure, paper_brightness
from shared.template import PreprocessingSettings

LOW_CONTRAST = 0.45
"""Contrast between paper and ink below which it is stretched."""

UNEVEN_LIGHT = 0.2
"""Unevenness of the paper's brightness from which the light is evened out."""

GRAINY = 12.0
"""Standard deviation in grey levels from which grain is smoothed."""

SPECKLED = 0.002
"""Share of single dots from which they are taken away."""


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A page image of the same size as it came, what was measured of it, and which steps were taken."""

    pixels: Pixels
    measures: ImageMeasures
    enhanced: bool = False
    denoised: bool = False
    binarized: bool = False


def prepare(image: Pixels, settings: PreprocessingSettings) -> PreparedImage:
    """Clean a page image (height × width × 3, blue-green-red) as far as `settings` allow and it needs."""
    measures = measure(image)
    speckled, grainy = measures.speckle > SPECKLED, measures.noise > GRAINY
    denoise = settings.denoising and (speckled or grainy)
    if denoise:
        # Strong grain looks speckled, too, but a median filter blurs its letters.
        image = smooth_grain(image, measures.noise) if grainy else remove_speckle(image)
    uneven, faint = measures.unevenness > UNEVEN_LIGHT, measures.contrast < LOW_CONTRAST
    has_print = measures.contrast > 0
    enhance = settings.image_enhancement and has_print and (uneven or faint)
    if enhance:
        image = even_out_light(image) if uneven else image
        image = stretch_contrast(image)
    if settings.binarization:
        image = binarize(image)
    return PreparedImage(image, measures, enhance, denoise, settings.binarization)


def remove_speckle(image: Pixels) -> Pixels:
    """Take away single black and white dots (median of three by three pixels)."""
    return np.asarray(cv2.medianBlur(image, 3), dtype=np.uint8)


def smooth_grain(image: Pixels, noise: float) -> Pixels:
    """Smooth grain of deviation `noise` but not edges (bilateral filter, Tomasi and Manduchi 1998)."""
    return np.asarray(cv2.bilateralFilter(image, 5, 3 * noise, 2), dtype=np.uint8)


def even_out_light(image: Pixels) -> Pixels:
    """Divide by the paper's brightness, so that paper is equally white in shadow and light."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    height, width = gray.shape
    paper = cv2.resize(paper_brightness(gray), (width, height), interpolation=cv2.INTER_CUBIC)
    divisor = cv2.merge([np.maximum(paper, 1)] * 3)
    return np.asarray(cv2.divide(image, divisor, scale=245), dtype=np.uint8)


def stretch_contrast(image: Pixels) -> Pixels:
    """Spread the brightness so that ink is black and paper is white."""
    darkest, brightest = np.percentile(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), [0.5, 70])
    if brightest - darkest < 8:
        return image
    levels = (np.arange(256) - darkest) * 245 / (brightest - darkest)
    return np.asarray(cv2.LUT(image, np.clip(levels, 0, 255).astype(np.uint8)), dtype=np.uint8)


def binarize(image: Pixels) -> Pixels:
    """Pure black on pure white, by a threshold that follows the page's light.

    J. Sauvola and M. Pietikäinen, Adaptive document image binarization, 2000: the threshold is
    mean * (1 + k * (deviation / 128 - 1)) of the surroundings, with k = 0.2.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    size = max(15, max(gray.shape) // 60) | 1
    mean = cv2.blur(gray, (size, size))
    variance = cv2.blur(gray * gray, (size, size)) - mean * mean
    deviation = np.sqrt(np.maximum(variance, 0))
    threshold = mean * (1 + 0.2 * (deviation / 128 - 1))
    black_on_white = np.where(gray > threshold, 255, 0).astype(np.uint8)
    return np.asarray(cv2.cvtColor(black_on_white, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
