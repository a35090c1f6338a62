"""Boxes must survive the way from the upright frame to the served one and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.imaging.geometry import Flattening, Rotation, served, upright
from shared.readings import Block, BoundingBox, Cell, Line, PageReading, Preprocessing, Word
from shared.schemas.reading import reading_from_json, reading_to_json

sizes = st.integers(min_value=1, max_value=5000)
quarters = st.sampled_from([-180, -90, 0, 90, 180, 270])
skews = st.floats(min_value=-15, max_value=15)
places = st.floats(min_value=-100, max_value=5000)
extents = st.floats(min_value=0, max_value=3000)
boxes = st.builds(BoundingBox, places, places, extents, extents)
rotations = st.builds(
    lambda w, h, quarter, skew: Rotation(w, h, quarter + skew), sizes, sizes, quarters, skews
)


def close(left: BoundingBox, right: BoundingBox) -> bool:
    ours = (left.x, left.y, left.width, left.height)
    return ours == pytest.approx((right.x, right.y, right.width, right.height), abs=1e-6)


@settings(deadline=None)
@given(rotations, boxes)
def test_a_box_comes_back_from_the_served_frame(rotation: Rotation, box: BoundingBox) -> None:
    assert close(rotation.to_upright(rotation.to_served(box)), box)


@settings(deadline=None)
@given(rotations)
def test_the_canvas_holds_the_turned_image(rotation: Rotation) -> None:
    width, height = rotation.upright_size
    corners = np.array(
        [[x, y, 1] for x in (0, rotation.width) for y in (0, rotation.height)], dtype=np.float64
    )
    turned = corners @ rotation.matrix.T
    assert turned.min() >= -1e-5
    assert (turned <= np.array([width, height]) + 1e-5).all()


@settings(deadline=None)
@given(rotations, st.lists(boxes, min_size=1, max_size=4))
def test_a_reading_comes_back(rotation: Rotation, where: list[BoundingBox]) -> None:
    width, height = rotation.upright_size
    reading = PageReading(
        width,
        height,
        lines=tuple(Line((Word("word", 0.9, box),)) for box in where),
        blocks=(Block("block", 0.9, where[0]),),
        cells=(Cell(0, 0, 0, "cell", 0.9, where[-1]),),
        preprocessing=Preprocessing(deskewed=True),
    )
    again = upright(served(reading, rotation))
    assert (again.width, again.height) == (width, height)
    assert again.preprocessing == reading.preprocessing
    assert all(close(ours.box, box) for ours, box in zip(again.words, where, strict=True))
    assert close(again.blocks[0].box, where[0])
    assert close(again.cells[0].box, where[-1])


@pytest.mark.parametrize("angle", [0, 90, 180, 270, -90, 7.5, 97.5])
def test_pixels_and_boxes_turn_alike(angle: float) -> None:
    image = np.full((300, 400, 3), 255, dtype=np.uint8)
    rotation = Rotation(400, 300, angle)
    mark = BoundingBox(60, 40, 80, 30)
    image[40:70, 60:140] = 0
    turned = rotation.turn(image)
    assert turned.shape[1::-1] == rotation.upright_size
    rows, columns = np.nonzero(turned[..., 0] < 128)
    x, y = rotation.matrix @ (mark.center_x, mark.center_y, 1)
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx((x, y), abs=0.6)


def test_a_turn_is_counter_clockwise() -> None:
    image = np.full((10, 20, 3), 255, dtype=np.uint8)
    image[:, 15:] = 0
    turned = Rotation(20, 10, 90).turn(image)
    assert turned[:5].max() == 0
    assert turned[5:].min() == 255


def test_half_a_quarter_turn_is_refused() -> None:
    with pytest.raises(ValueError, match="skew is at most"):
        Rotation(10, 10, 45)


@pytest.mark.parametrize("angle", [0.0, 2.5, 90.0, 180.0, -90.0])
def test_boxes_of_a_photographed_sheet_go_there_and_back(angle: float) -> None:
    frame = Flattening(1400, 1900, ((150, 130), (1250, 60), (1330, 1800), (60, 1700)), angle)
    width, height = frame.upright_size
    for x, y, w, h in (
        (10, 20, 90, 22),
        (width / 2, height / 2, 160, 30),
        (width - 130, height - 60, 100, 25),
    ):
        there = frame.to_served(BoundingBox(x, y, w, h))
        assert 0 <= there.x <= there.right <= 1400
        assert 0 <= there.y <= there.bottom <= 1900
        back = frame.to_upright(there)
        assert (back.x, back.y, back.width, back.height) == pytest.approx((x, y, w, h), abs=2.5)


def test_a_reading_remembers_its_sheet() -> None:
    frame = Flattening(1400, 1900, ((150, 130), (1250, 60), (1330, 1800), (60, 1700)), 1.5)
    word = Word("Total", 1.0, BoundingBox(300, 400, 90, 24))
    flat = PageReading(*frame.upright_size, (Line((word,)),))
    stored = reading_from_json(reading_to_json(served(flat, frame)))
    assert (stored.width, stored.height) == (1400, 1900)
    assert stored.preprocessing.sheet == frame.corners
    again = upright(stored)
    assert (again.width, again.height) == frame.upright_size
    box = again.words[0].box
    assert (box.x, box.y, box.width, box.height) == pytest.approx((300, 400, 90, 24), abs=1)
    assert upright(again) == again
