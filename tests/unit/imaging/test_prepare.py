"""Every step acts where it is needed, and only there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.engine.imaging.measure import Pixels, measure
from services.engine.imaging.prepare import binarize, even_out_light, prepare, smooth_grain
from services.engine.imaging.quality import quality_score
from shared.template import PreprocessingSettings

SETTINGS = PreprocessingSettings()
NOTHING = PreprocessingSettings(image_enhancement=False, deskew=False, denoising=False)


def page() -> Pixels:
    image = np.full((600, 500, 3), 250, dtype=np.uint8)
    for row in range(12):
        cv2.putText(
            image, "Invoice 2041", (40, 60 + 40 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (10, 10, 10), 2
        )
    return image


def grainy(image: Pixels, deviation: float) -> Pixels:
    grain = np.random.default_rng(1).normal(0, deviation, image.shape[:2])[..., None]
    return np.clip(image * 0.8 + 20 + grain, 0, 255).astype(np.uint8)


def speckled(image: Pixels) -> Pixels:
    random = np.random.default_rng(2)
    image = image.copy()
    dots = random.random(image.shape[:2])
    image[dots < 0.01] = 0
    image[dots > 0.99] = 255
    return image


def shadowed(image: Pixels) -> Pixels:
    light = np.linspace(0.3, 1.0, image.shape[1])[None, :, None]
    return (image * light).astype(np.uint8)


def faint(image: Pixels) -> Pixels:
    return (200 + image * 0.2).astype(np.uint8)


def test_a_clean_page_is_left_alone() -> None:
    image = page()
    prepared = prepare(image, SETTINGS)
    assert (prepared.enhanced, prepared.denoised, prepared.binarized) == (False, False, False)
    assert np.array_equal(prepared.pixels, image)


@pytest.mark.parametrize("deviation", [4.0, 12.0, 25.0])
def test_grain_is_measured(deviation: float) -> None:
    assert measure(grainy(page(), deviation)).noise == pytest.approx(deviation, rel=0.2)


def test_grain_is_smoothed() -> None:
    image = grainy(page(), 20)
    prepared = prepare(image, SETTINGS)
    assert prepared.denoised
    assert measure(prepared.pixels).noise < 0.6 * measure(image).noise
    assert measure(smooth_grain(image, 20)).sharpness > 0.5


def test_speckle_is_taken_away() -> None:
    image = speckled(page())
    prepared = prepare(image, SETTINGS)
    assert prepared.denoised
    assert measure(prepared.pixels).speckle < 0.1 * measure(image).speckle


def test_shadow_is_evened_out() -> None:
    image = shadowed(page())
    prepared = prepare(image, SETTINGS)
    assert prepared.enhanced
    assert measure(prepared.pixels).unevenness < 0.05 < measure(image).unevenness
    assert measure(even_out_light(image)).contrast > 0.8


def test_faint_print_is_made_dark() -> None:
    image = faint(page())
    prepared = prepare(image, SETTINGS)
    assert prepared.enhanced
    assert measure(prepared.pixels).contrast > 0.8 > measure(image).contrast


def test_settings_switch_the_steps_off() -> None:
    for image in (grainy(page(), 20), speckled(page()), shadowed(page()), faint(page())):
        prepared = prepare(image, NOTHING)
        assert (prepared.enhanced, prepared.denoised, prepared.binarized) == (False, False, False)
        assert np.array_equal(prepared.pixels, image)


def test_binarisation_is_done_when_asked_for() -> None:
    prepared = prepare(page(), PreprocessingSettings(binarization=True))
    assert prepared.binarized
    assert set(np.unique(prepared.pixels)) == {0, 255}


def test_binarisation_follows_the_light() -> None:
    truth = page()[..., 0] < 128
    black = binarize(shadowed(page()))[..., 0] == 0
    assert (black & truth).sum() > 0.9 * truth.sum()
    assert (black & ~truth).sum() < 0.2 * truth.sum()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_image_is_no_trouble(value: int) -> None:
    image = np.full((40, 30, 3), value, dtype=np.uint8)
    prepared = prepare(image, SETTINGS)
    assert not prepared.denoised
    assert np.array_equal(prepared.pixels, image)


def test_quality_falls_with_every_defect() -> None:
    best = quality_score(measure(page()), 20, 0.99)
    assert best > 0.9
    blurred = np.asarray(cv2.GaussianBlur(page(), (0, 0), 4), dtype=np.uint8)
    assert quality_score(measure(blurred), 20, 0.99) < best
    assert quality_score(measure(faint(page())), 20, 0.99) < best
    assert quality_score(measure(grainy(page(), 20)), 20, 0.99) < best
    assert quality_score(measure(page()), 9, 0.99) < best
    assert quality_score(measure(page()), 20, 0.6) < best - 0.3
    assert quality_score(measure(np.zeros((20, 20, 3), dtype=np.uint8)), 0, 0) >= 0
