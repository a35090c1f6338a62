"""Words become lines, and lines follow their image."""

from __future__ import annotations

import numpy as np
import pytest

from shared.readings import BoundingBox, Line, Word
from tests.generator.render import group_lines, image_only_pdf, line_text, move_lines, render_pages
from tests.unit.generator.documents import draw


def word(text: str, x: float, y: float, width: float = 30, height: float = 10) -> Word:
    return Word(text, 1.0, BoundingBox(x, y, width, height))


def test_words_of_one_height_make_a_line_from_left_to_right() -> None:
    lines = group_lines([word("b", 50, 101), word("c", 10, 120), word("a", 10, 100)])
    assert [line.text for line in lines] == ["a b", "c"]


def test_a_comma_sized_word_stays_on_its_line() -> None:
    lines = group_lines([word("Total", 10, 100), word("·", 44, 104, 2, 2), word("due", 50, 100)])
    assert [line.text for line in lines] == ["Total · due"]


def test_columns_are_set_apart_by_spaces() -> None:
    line = Line((word("Widget", 10, 100), word("A", 43, 100, 8), word("3", 200, 100, 6)))
    assert line_text(line) == "Widget A    3"


def test_boxes_move_with_a_shift_and_a_scale() -> None:
    transform = np.array([[2, 0, 5], [0, 2, 7], [0, 0, 1]], dtype=np.float64)
    (moved,) = move_lines([Line((word("a", 10, 20, 30, 10),))], transform)
    assert moved.box == BoundingBox(25, 47, 60, 20)


def test_pages_have_the_size_of_the_paper_at_the_dpi() -> None:
    (page,) = render_pages(draw(3, item_count=2)[2], dpi=72)
    assert (page.width, page.height) == pytest.approx((595, 842), abs=1)
    (finer,) = render_pages(draw(3, item_count=2)[2], dpi=144)
    assert [line.text for line in finer.lines] == [line.text for line in page.lines]
    assert finer.lines[0].box.x == pytest.approx(page.lines[0].box.x * 2, abs=0.1)


def test_an_image_only_pdf_shows_the_image_and_no_text() -> None:
    shade = np.full((220, 170, 3), (200, 60, 60), dtype=np.uint8)
    (page,) = render_pages(image_only_pdf([shade], dpi=72, quality=95), dpi=72)
    assert page.lines == ()
    assert page.image.mean(axis=(0, 1)) == pytest.approx((200, 60, 60), abs=4)
