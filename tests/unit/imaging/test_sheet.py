"""Sheets of paper are found on photos, exactly, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.engine.imaging.geometry import Flattening
from services.engine.imaging.sheet import find_sheet
from tests.generator import degrade
from tests.unit.ocr.drawing import invoice_page


@pytest.mark.parametrize(("tilt", "degrees"), [(0.01, 1), (0.05, 3), (0.08, -8)])
def test_the_corners_of_a_photographed_sheet_are_found(tilt: float, degrees: float) -> None:
    page = invoice_page().pixels
    photo = degrade.photograph(page, np.random.default_rng(5), tilt, degrees, margin=0.25)
    found = find_sheet(photo.image)
    assert found is not None
    height, width = page.shape[:2]
    true = cv2.perspectiveTransform(
        np.array([[[0, 0], [width, 0], [width, height], [0, height]]], dtype=np.float64), photo.transform
    )[0]
    assert np.abs(found - true).max() < 5


def test_a_scan_has_no_sheet() -> None:
    page = invoice_page().pixels
    assert find_sheet(page) is None
    assert find_sheet(degrade.rotate_whole(page, 4).image) is None


def test_a_sheet_that_is_cut_off_is_left_alone() -> None:
    page = invoice_page().pixels
    photo = degrade.photograph(page, np.random.default_rng(5), 0.02, 2, margin=0.2).image
    assert find_sheet(photo[:, photo.shape[1] // 3 :]) is None


def test_a_bright_box_on_a_page_is_no_sheet() -> None:
    page = np.full((900, 700, 3), 225, dtype=np.uint8)
    page[100:800, 60:640] = 240
    assert find_sheet(page) is None


def test_a_blank_image_has_no_sheet() -> None:
    for level in (0, 255):
        assert find_sheet(np.full((60, 40, 3), level, dtype=np.uint8)) is None


def test_a_sheet_is_flat_afterwards() -> None:
    page = invoice_page()
    photo = degrade.photograph(page.pixels, np.random.default_rng(5), 0.05, 3, margin=0.25)
    corners = find_sheet(photo.image)
    assert corners is not None
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
    height, width = photo.image.shape[:2]
    flattening = Flattening(width, height, (first, second, third, fourth))
    flat = cv2.resize(flattening.flatten(photo.image), page.pixels.shape[1::-1])
    for text, box in page.words:
        inside = flat[round(box.y) : round(box.bottom), round(box.x) : round(box.right)]
        assert inside.min() < 130, text
    assert np.median(flat) > 200
