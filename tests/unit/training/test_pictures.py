"""Single lines are drawn the same for a seed, with labels that can be learnt."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from tests.training.fonts import FontChoice, opened
from tests.training.ink import printed
from tests.training.pictures import HEIGHT, STEP, WIDEST, LinePicture, at_height, readable
from tests.training.scanning import coloured, on_paper, scanned
from tests.training.surroundings import add_neighbour, add_rules, askew, framed
from tests.unit.training.printers import KNOWN, line_printer, packaged_font


@pytest.fixture(scope="module")
def lines() -> list[LinePicture]:
    printer = line_printer()
    return [printer.draw(seed) for seed in range(150)]


def test_a_line_is_the_same_for_a_seed(lines: list[LinePicture]) -> None:
    printer = line_printer()
    for seed in (0, 41, 17):
        again = printer.draw(seed)
        assert again.text == lines[seed].text
        assert np.array_equal(again.pixels, lines[seed].pixels)
    assert len({line.text for line in lines}) > 130


def test_labels_hold_known_characters_alone(lines: list[LinePicture]) -> None:
    assert KNOWN.issuperset("".join(line.text for line in lines))
    digits = frozenset("0123456789")
    assert digits.issuperset(line_printer(digits).draw(1).text)


def test_labels_hold_no_spaces_that_can_not_be_seen(lines: list[LinePicture]) -> None:
    assert not [line.text for line in lines if "  " in line.text or line.text != line.text.strip()]


def test_lines_have_the_readers_height_and_room_for_their_labels(lines: list[LinePicture]) -> None:
    for line in lines:
        height, width = line.pixels.shape
        repeated = sum(one == next_one for one, next_one in pairwise(line.text))
        assert height == HEIGHT
        assert (len(line.text) + repeated) * STEP <= width <= WIDEST


def test_lines_are_as_long_as_their_texts(lines: list[LinePicture]) -> None:
    """As far as margins, spacing and stretching, which are random, let them."""
    lengths = [len(line.text) for line in lines]
    widths = [line.pixels.shape[1] for line in lines]
    assert np.corrcoef(lengths, widths)[0, 1] > 0.75


def test_ctc_needs_a_step_between_like_signs() -> None:
    assert readable("abc", 24)
    assert not readable("abb", 24)
    assert readable("abb", 32)


def test_lines_are_brought_to_height_as_wide_as_they_were() -> None:
    assert at_height(np.zeros((20, 33), np.uint8)).shape == (HEIGHT, 80)
    assert at_height(np.zeros((96, 200, 3), np.uint8)).shape == (HEIGHT, 100, 3)


def test_ink_is_what_the_font_draws() -> None:
    font = packaged_font("Lato-Regular")
    found = 0
    for seed in range(60):
        ink = printed(random.Random(seed), np.random.default_rng(seed), "Invoice 7", font)
        assert ink is not None
        assert 0 <= ink.min() < 0.1
        assert 0.35 < ink.max() < 1.001
        plain = _plainly_drawn("Invoice 7", ink.shape[1], ink.shape[0])
        found += np.corrcoef(plain.ravel(), ink.ravel())[0, 1] > 0.6
    assert found > 40


def _plainly_drawn(text: str, width: int, height: int) -> npt.NDArray[np.uint8]:
    face = opened(packaged_font("Lato-Regular").path, 60)
    left, top, right, bottom = face.getbbox(text)
    picture = Image.new("L", (round(right - left), round(bottom - top)))
    ImageDraw.Draw(picture).text((-left, -top), text, fill=255, font=face)
    return np.asarray(picture.resize((width, height)), dtype=np.uint8)


def test_a_space_leaves_no_ink() -> None:
    font = packaged_font("Vera")
    assert not [
        seed
        for seed in range(30)
        if printed(random.Random(seed), np.random.default_rng(seed), " ", font) is not None
    ]


def test_fonts_that_lack_a_character_are_not_chosen() -> None:
    vera, lato = packaged_font("Vera"), packaged_font("Lato-Regular")
    choice = FontChoice([vera, lato])
    rng = random.Random(1)
    assert "ж" not in vera.characters
    assert {font.package for font in (choice.draw(rng, "ж") for _ in range(40)) if font} == {"Lato-Regular"}
    assert choice.draw(rng, "漢") is None


def test_margins_are_around_the_ink() -> None:
    ink = np.ones((20, 100), np.float32)
    areas = [framed(random.Random(seed), ink) for seed in range(100)]
    assert all(area.sum() >= 0.85 * ink.sum() for area in areas)
    assert np.median([area.shape[0] for area in areas]) == pytest.approx(27, abs=2)


def test_neighbours_and_rules_only_add_ink() -> None:
    for seed in range(50):
        area = np.zeros((30, 80), np.float32)
        add_neighbour(random.Random(seed), area, np.ones((20, 60), np.float32))
        rows = np.flatnonzero(area.any(axis=1))
        assert 1 <= len(rows) <= 4
        assert rows[0] == 0 or rows[-1] == 29
        add_rules(random.Random(seed), area)
        assert area.max() == 1


def test_crooked_lines_keep_their_ink() -> None:
    area = np.zeros((40, 200), np.float32)
    area[15:25, 40:160] = 1
    turned = [askew(random.Random(seed), area) for seed in range(30)]
    assert all(one.sum() == pytest.approx(area.sum(), rel=0.1) for one in turned)
    assert any(np.abs(one - area).max() > 0.5 for one in turned)


def test_ink_stands_out_from_paper_however_it_was_scanned() -> None:
    ink = np.zeros((30, 120), np.float32)
    ink[8:22, 20:100] = 1
    for seed in range(100):
        rng, noise = random.Random(seed), np.random.default_rng(seed)
        grey = scanned(rng, noise, on_paper(rng, noise, ink))
        height, width = grey.shape
        assert width / height == pytest.approx(4, rel=0.1)
        outside = float(np.median(grey[: height // 6]))
        inside = float(np.median(grey[height // 3 : height * 2 // 3, width // 4 : width * 3 // 4]))
        assert abs(inside - outside) > 25


def test_coloured_lines_keep_their_ink() -> None:
    line = np.full((HEIGHT, 60), 255, np.uint8)
    line[10:30, 10:50] = 0
    for seed in range(10):
        made = coloured(line, np.random.default_rng(seed))
        assert made.shape == (HEIGHT, 60, 3)
        assert made[10:30, 10:50].max() <= 60
        assert made[:10].min() >= 189
