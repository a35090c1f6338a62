"""Single lines and documents come in turn, those worth learning from are kept, and the network gets them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, islice, repeat

import numpy as np
import pytest

from tests.training.lines import SINGLE_LINES, WIDEST, LineDraws, instructive, network_input
from tests.training.pictures import HEIGHT, LinePicture
from tests.unit.training.printers import line_printer, page_printer
from tests.unit.training.readers import FixedReader


def labelled(text: str, count: int) -> Iterator[LinePicture]:
    return repeat(LinePicture(np.zeros((HEIGHT, 100), np.uint8), text), count)


def kept(read: str, text: str) -> float:
    """Share of lines saying `text` that are kept when `read` is read on them."""
    count = 1000
    lines = instructive(labelled(text, count), FixedReader(read), random.Random(4))
    return sum(1 for _ in lines) / count


@pytest.fixture(scope="module")
def draws() -> LineDraws:
    return LineDraws(line_printer(), page_printer())


def test_single_lines_and_documents_come_in_turn(draws: LineDraws) -> None:
    lines = list(islice(draws.lines(5), SINGLE_LINES + 10))
    assert all(line.pixels.ndim == 2 for line in lines[:SINGLE_LINES])
    assert all(line.pixels.ndim == 3 for line in lines[SINGLE_LINES:])
    assert max(line.pixels.shape[1] for line in lines) <= WIDEST


def test_lines_are_the_same_for_a_seed(draws: LineDraws) -> None:
    count = SINGLE_LINES + 5
    first, again = (list(islice(draws.lines(9), count)) for _ in range(2))
    assert [line.text for line in first] == [line.text for line in again]
    assert first[0].text != next(draws.lines(10)).text
    assert np.array_equal(first[-1].pixels, again[-1].pixels)


def test_misread_lines_are_all_kept() -> None:
    assert kept("Tota1 12.50", "Total 12.50") == 1


def test_half_of_the_lines_read_right_are_kept() -> None:
    assert kept("Total 12.50", "Total 12.50") == pytest.approx(0.5, abs=0.06)


def test_hopeless_lines_are_mostly_left_out() -> None:
    assert kept("~", "Total 12.50") == pytest.approx(0.1, abs=0.04)


def test_what_is_kept_stays_in_order() -> None:
    lines = chain(labelled("first", 1), labelled("fairest", 1), labelled("finest", 1))
    found = [line.text for line in instructive(lines, FixedReader("firest"), random.Random(1))]
    assert found == ["first", "fairest", "finest"]


def test_the_network_gets_lines_of_one_width() -> None:
    made = network_input([np.full((HEIGHT, 70), 255, np.uint8), np.zeros((HEIGHT, 33), np.uint8)])
    assert made.shape == (2, 3, HEIGHT, 96)
    assert made.dtype == np.float32
    assert (made[0, :, :, :70] == 1).all()
    assert (made[1, :, :, :33] == -1).all()
    assert not made[0, :, :, 70:].any()
    assert not made[1, :, :, 33:].any()


def test_the_network_gets_colours_in_their_order() -> None:
    line = np.zeros((HEIGHT, 32, 3), np.uint8)
    line[..., 2] = 255
    made = network_input([line])
    assert made[0].min(axis=(1, 2)).tolist() == made[0].max(axis=(1, 2)).tolist() == [-1, -1, 1]
