from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.imaging.skew import lines_stand_upright, skew_angle

Quad = npt.NDArray[np.float32]


def quad(x: float, y: float, length: float, height: float, degrees: float) -> Quad:
    """A line whose right end lies lower by `degrees`."""
    along = length * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    across = height * np.array([-np.sin(np.radians(degrees)), np.cos(np.radians(degrees))])
    start = np.array([x, y])
    return np.array([start, start + along, start + along + across, start + across], dtype=np.float32)


@settings(deadline=None)
@given(st.floats(min_value=0.5, max_value=14.5), st.sampled_from([-1, 1]))
def test_the_common_direction_is_the_skew(degrees: float, sign: int) -> None:
    quads = [quad(50, 40 * row, 300 + 10 * row, 20, sign * degrees) for row in range(8)]
    assert skew_angle(quads) == pytest.approx(sign * degrees, abs=0.05)


def test_one_slanted_stamp_does_not_turn_a_page() -> None:
    level = [quad(50, 40 * row, 300, 20, 0.05) for row in range(8)]
    assert skew_angle([*level, quad(400, 300, 320, 40, 12)]) == 0


def test_lines_that_disagree_are_no_skew() -> None:
    assert skew_angle([quad(0, 50 * row, 300, 20, degrees) for row, degrees in enumerate((-8, 1, 4, 9))]) == 0


@pytest.mark.parametrize("degrees", [0.1, 0.29, 20, -30])
def test_angles_that_are_no_skew_are_left(degrees: float) -> None:
    assert skew_angle([quad(50, 40 * row, 300, 20, degrees) for row in range(8)]) == 0


def test_short_lines_tell_no_direction() -> None:
    assert skew_angle([quad(50, 40 * row, 40, 20, 5) for row in range(8)]) == 0
    assert skew_angle([]) == 0


def test_lines_stand_when_most_text_does() -> None:
    standing = [quad(40 * row, 50, 20, 300, 0) for row in range(5)]
    level = [quad(50, 40 * row, 300, 20, 0) for row in range(5)]
    assert lines_stand_upright(standing)
    assert lines_stand_upright([*standing, level[0]])
    assert not lines_stand_upright(level)
    assert not lines_stand_upright([*level, standing[0]])
    assert not lines_stand_upright([])


def test_single_digits_are_no_standing_lines() -> None:
    assert not lines_stand_upright([quad(50, 40 * row, 12, 24, 0) for row in range(9)])
