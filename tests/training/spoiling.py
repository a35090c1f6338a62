"""Whole pages as scanners, fax machines and telephones see them."""

from __future__ import annotations

import random

import numpy as np

from tests.generator import degrade
from tests.generator.degrade import Homography, Moved
from tests.generator.render import Page, Pixels

WAYS = ("clean", "clean", "scan", "scan", "scan", "photo", "fax", "pale")
LEAST_FAX_DPI = 150
"""Below it, a fax's black and white leaves nothing to read."""


def spoilt(rng: random.Random, noise: np.random.Generator, page: Page) -> tuple[Pixels, Homography]:
    """The page (blue-green-red) after scanning, faxing or photographing, and where its points went."""
    way = rng.choice(WAYS)
    moved = Moved(page.image, np.eye(3))
    if way in ("scan", "fax"):
        moved = degrade.rotate(page.image, rng.uniform(-1.6, 1.6))
    elif way == "photo":
        moved = degrade.photograph(page.image, noise, tilt=0.012, degrees=rng.uniform(-3, 3), margin=0.06)
    image = moved.image
    if way == "scan":
        image = _scanned(rng, noise, image)
    elif way == "photo":
        image = degrade.light_unevenly(image, noise, strength=rng.uniform(0.1, 0.4))
        image = degrade.compress(degrade.blur(image, rng.uniform(0.3, 0.9)), rng.randrange(40, 90))
    elif way == "fax" and page.dpi >= LEAST_FAX_DPI:
        image = degrade.add_specks(degrade.fax(image), noise, share=0.0006)
    elif way == "pale":
        image = degrade.fade(degrade.blur(image, rng.uniform(0.2, 0.9)), contrast=rng.uniform(0.25, 0.8))
    if rng.random() < 0.5:
        image = degrade.to_grey(image)
    return np.ascontiguousarray(image[..., ::-1]), moved.transform


def _scanned(rng: random.Random, noise: np.random.Generator, image: Pixels) -> Pixels:
    image = degrade.blur(image, rng.uniform(0.2, 0.9))
    image = degrade.add_noise(image, noise, rng.uniform(1, 10))
    image = degrade.add_specks(image, noise, rng.choice((0.0, 0.00015, 0.001)))
    return degrade.compress(image, rng.randrange(30, 90))
