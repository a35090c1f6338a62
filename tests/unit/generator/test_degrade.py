"""Effects change pages as they say, and the same way for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.generator import degrade
from tests.generator.render import Pixels


@pytest.fixture
def page() -> Pixels:
    """White paper with one black bar from (100, 60) to (160, 80)."""
    image = np.full((300, 240, 3), 255, dtype=np.uint8)
    image[60:80, 100:160] = 0
    return image


def ink_centre(image: Pixels) -> tuple[float, float]:
    rows, columns = np.nonzero(image[..., 0] < 90)
    return float(columns.mean()), float(rows.mean())


def moved_point(transform: degrade.Homography, x: float, y: float) -> tuple[float, float]:
    column, row, scale = transform @ np.array([x, y, 1.0])
    return float(column / scale), float(row / scale)


@pytest.mark.parametrize("degrees", [-3.0, 1.5])
def test_rotation_says_where_pixels_went(page: Pixels, degrees: float) -> None:
    moved = degrade.rotate(page, degrees)
    assert ink_centre(moved.image) == pytest.approx(moved_point(moved.transform, 129.5, 69.5), abs=1.0)
    assert ink_centre(moved.image) != pytest.approx((129.5, 69.5), abs=1.0)


def test_a_photograph_says_where_pixels_went(page: Pixels) -> None:
    page[...] = 255
    page[60:80, 100:160] = (0, 0, 255)
    moved = degrade.photograph(page, np.random.default_rng(3), tilt=0.02, degrees=2.5, margin=0.1)
    blue = (moved.image[..., 2] > 200) & (moved.image[..., 0] < 60)
    rows, columns = np.nonzero(blue)
    centre = (float(columns.mean()), float(rows.mean()))
    assert centre == pytest.approx(moved_point(moved.transform, 129.5, 69.5), abs=1.5)
    assert moved.image[2, 2].max() < 150


def test_resampling_scales_positions(page: Pixels) -> None:
    moved = degrade.resample(page, 0.5)
    assert moved.image.shape == (150, 120, 3)
    assert ink_centre(moved.image) == pytest.approx(moved_point(moved.transform, 129.5, 69.5), abs=1.0)


def test_noise_has_the_strength_asked_for() -> None:
    grey = np.full((200, 200, 3), 128, dtype=np.uint8)
    noisy = degrade.add_noise(grey, np.random.default_rng(1), deviation=9)
    assert noisy.std() == pytest.approx(9, abs=0.5)
    assert noisy.mean() == pytest.approx(128, abs=0.5)


def test_specks_touch_the_share_asked_for() -> None:
    grey = np.full((400, 400, 3), 128, dtype=np.uint8)
    specked = degrade.add_specks(grey, np.random.default_rng(1), share=0.01)
    assert (specked[..., 0] != 128).mean() == pytest.approx(0.01, abs=0.001)


def test_blur_fading_and_compression_keep_the_shape_and_lose_contrast(page: Pixels) -> None:
    for changed in (degrade.blur(page, 2), degrade.fade(page, 0.4), degrade.compress(page, 30)):
        assert changed.shape == page.shape
        assert changed.dtype == np.uint8
    assert degrade.blur(page, 2).std() < page.std()
    assert np.ptp(degrade.fade(page, 0.4)) == pytest.approx(0.4 * 255, abs=2)


def test_uneven_light_darkens_one_part_more_than_another(page: Pixels) -> None:
    lit = degrade.light_unevenly(page, np.random.default_rng(5), strength=0.4)
    paper = lit[page[..., 0] == 255]
    assert paper.max() - paper.min() > 40
    assert paper.min() > 255 * 0.5


def test_a_fax_is_black_and_white(page: Pixels) -> None:
    grey = degrade.add_noise(degrade.blur(page, 1.5), np.random.default_rng(2), 10)
    assert set(np.unique(degrade.fax(grey))) == {0, 255}


def test_a_stamp_colours_the_paper_and_spares_the_top(page: Pixels) -> None:
    large = np.full((1200, 900, 3), 255, dtype=np.uint8)
    stamped = degrade.stamp(large, np.random.default_rng(4), "PAID", (178, 34, 40))
    changed = (stamped != 255).any(axis=2)
    assert changed.mean() > 0.002
    assert not changed[:600].any()
    assert stamped[changed].mean(axis=0)[0] > stamped[changed].mean(axis=0)[2]


def test_a_grey_page_has_equal_channels() -> None:
    colourful = np.random.default_rng(1).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    grey = degrade.to_grey(colourful)
    assert (grey[..., 0] == grey[..., 1]).all()
    assert (grey[..., 1] == grey[..., 2]).all()


def test_the_same_seed_gives_the_same_pixels(page: Pixels) -> None:
    def shoot(seed: int) -> Pixels:
        rng = np.random.default_rng(seed)
        moved = degrade.photograph(page, rng, tilt=0.02, degrees=1, margin=0.1)
        return degrade.add_noise(degrade.light_unevenly(moved.image, rng, 0.3), rng, 4)

    assert (shoot(9) == shoot(9)).all()
    assert (shoot(9) != shoot(10)).any()


@pytest.mark.parametrize("degrees", [90.0, 15.0, -15.0])
def test_a_page_turned_as_a_whole_loses_nothing(page: Pixels, degrees: float) -> None:
    moved = degrade.rotate_whole(page, degrees)
    assert ink_centre(moved.image) == pytest.approx(moved_point(moved.transform, 129.5, 69.5), abs=1.0)
    ink = (moved.image[..., 0] < 128).sum()
    assert ink == pytest.approx((page[..., 0] < 128).sum(), rel=0.05)
    assert moved.image.shape[0] * moved.image.shape[1] >= page.shape[0] * page.shape[1]


def test_dot_matrix_print_is_faint_and_broken(page: Pixels) -> None:
    printed = degrade.dot_matrix(page, 4.0, 0.4)
    bar = printed[60:80, 100:160, 0]
    assert int(bar.min()) > 100
    assert int(bar.max()) - int(bar.min()) > 20
    assert int(np.median(printed)) > 225
