"""Words in any order become lines, blocks and cells as a person would read them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.ocr.layout import arrange
from services.engine.ocr.rows import Row, Segment, visual_rows
from shared.readings import BoundingBox, Word

HEIGHT = 20.0


def words(x: float, y: float, text: str) -> list[Word]:
    """Words of a line in print that is ten pixels wide and twenty high."""
    placed = []
    for part in text.split(" "):
        placed.append(Word(part, 0.9, BoundingBox(x, y, 10.0 * len(part), HEIGHT)))
        x += 10.0 * len(part) + 8
    return placed


def page(*lines: tuple[float, float, str]) -> list[Word]:
    return [word for line in lines for word in words(*line)]


def text_of(given_words: list[Word]) -> list[str]:
    return [line.text for line in arrange(given_words, 1000, 1400).lines]


def test_addresses_side_by_side_are_read_one_after_the_other() -> None:
    lines = page(
        (50, 50, "Bill to"), (600, 50, "Ship to"),
        (50, 80, "Ada Byron"), (600, 80, "Mary Shelley"),
        (50, 110, "3 Mill Lane"), (600, 110, "9 Castle Road"),
        (50, 140, "Leeds"), (600, 140, "Bath"),
    )  # fmt: skip
    left, right = (
        ["Bill to", "Ada Byron", "3 Mill Lane", "Leeds"],
        ["Ship to", "Mary Shelley", "9 Castle Road", "Bath"],
    )
    assert text_of(lines) == left + right


def test_labels_stay_with_their_values() -> None:
    lines = page(
        (50, 50, "Supplier Ltd"), (500, 50, "Invoice number"), (750, 50, "A-1041"),
        (50, 80, "Mill Lane"), (500, 80, "Invoice date"), (750, 80, "2026-03-14"),
        (50, 110, "Leeds"), (500, 110, "Customer:"), (750, 110, "Shelley"),
    )  # fmt: skip
    assert text_of(lines) == [
        "Supplier Ltd", "Mill Lane", "Leeds",
        "Invoice number A-1041", "Invoice date 2026-03-14", "Customer: Shelley",
    ]  # fmt: skip


def test_columns_that_are_not_level_are_columns() -> None:
    lines = page(
        (50, 50, "One"), (50, 80, "two"), (50, 110, "three"),
        (600, 63, "Four"), (600, 93, "five"), (600, 123, "six"),
    )  # fmt: skip
    assert text_of(lines) == ["One", "two", "three", "Four", "five", "six"]


def test_three_columns_are_read_in_turn() -> None:
    lines = page(*[(50 + 320 * column, 50 + 30 * row, f"text {'abc'[column]}{'xyz'[row]}")
                   for row in range(3) for column in range(3)])  # fmt: skip
    assert text_of(lines) == [f"text {column}{row}" for column in "abc" for row in "xyz"]


ITEMS = [
    (50, 300, "Description"), (500, 300, "Quantity"), (650, 300, "Price"), (800, 300, "Amount"),
    (50, 340, "Oak table"), (500, 340, "2"), (650, 340, "450.00"), (800, 340, "900.00"),
    (50, 380, "Desk lamp of brass"), (500, 380, "3"), (650, 380, "79.50"), (800, 380, "238.50"),
    (50, 403, "with a green shade"),
    (50, 440, "Delivery"), (500, 440, "1"), (650, 440, "120.00"), (800, 440, "120.00"),
]  # fmt: skip


def test_a_row_of_a_table_is_one_line() -> None:
    assert text_of(page(*ITEMS)) == [
        "Description Quantity Price Amount",
        "Oak table 2 450.00 900.00",
        "Desk lamp of brass 3 79.50 238.50",
        "with a green shade",
        "Delivery 1 120.00 120.00",
    ]


def test_cells_have_rows_and_columns() -> None:
    layout = arrange(page(*ITEMS), 1000, 1400)
    cells = {(cell.row, cell.column): cell.text for cell in layout.cells}
    assert cells[0, 0] == "Description"
    assert cells[0, 3] == "Amount"
    assert cells[2, 0] == "Desk lamp of brass with a green shade"
    assert cells[2, 3] == "238.50"
    assert cells[3, 1] == "1"
    assert {cell.table for cell in layout.cells} == {0}
    assert [block.type for block in layout.blocks] == ["table"]
    assert layout.cells[0].box == BoundingBox(50, 300, 110, HEIGHT)


def test_text_around_a_table_keeps_its_place() -> None:
    around = [(50, 100, "Dear customer"), *ITEMS, (50, 700, "Payable in 30 days")]
    layout = arrange(page(*around), 1000, 1400)
    assert [block.type for block in layout.blocks] == ["text", "table", "text"]
    assert layout.blocks[0].text == "Dear customer"
    assert layout.blocks[2].text == "Payable in 30 days"


def test_a_paragraph_is_one_block_and_a_gap_parts_two() -> None:
    layout = arrange(page((50, 50, "first line"), (50, 75, "second line"), (50, 160, "apart")), 1000, 1400)
    assert [block.text for block in layout.blocks] == ["first line\nsecond line", "apart"]


def test_large_and_small_print_of_one_line_stay_together() -> None:
    big = Word("Total", 0.9, BoundingBox(50, 50, 120, 44))
    small = Word("EUR", 0.9, BoundingBox(200, 66, 40, 20))
    below = Word("next", 0.9, BoundingBox(50, 100, 40, 20))
    assert text_of([big, small, below]) == ["Total EUR", "next"]


def test_words_without_place_or_text_are_left_out() -> None:
    odd = [
        Word(" ", 0.9, BoundingBox(10, 10, 20, 20)),
        Word("outside", 0.9, BoundingBox(2000, 10, 20, 20)),
        Word("flat", 0.9, BoundingBox(10, 10, 20, 0)),
    ]
    assert arrange(odd, 1000, 1400).lines == ()
    assert arrange([], 1000, 1400).blocks == ()


@pytest.mark.parametrize(
    "text", ["12.50", "1.234,56", "€ 5", "-3,00", "1,000", "19 %", "12,00 EUR", "$1,250.00"]
)
def test_amounts_are_known(text: str) -> None:
    assert Segment.of(words(0, 0, text)).is_amount


@pytest.mark.parametrize(
    "text", ["01.02.2026", "INV-2041", "12", "2026-03-14", "Total", "01/02/2026", "+33 4 72 07"]
)
def test_dates_and_codes_are_no_amounts(text: str) -> None:
    assert not Segment.of(words(0, 0, text)).is_amount


boxes = st.builds(
    BoundingBox,
    st.floats(min_value=0, max_value=900),
    st.floats(min_value=0, max_value=1300),
    st.floats(min_value=1, max_value=200),
    st.floats(min_value=1, max_value=60),
)
any_words = st.lists(
    st.builds(Word, st.text("ab1.,:", min_size=1, max_size=6), st.just(0.5), boxes), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(any_words, st.randoms(use_true_random=False))
def test_every_word_is_kept_once(given_words: list[Word], order: random.Random) -> None:
    layout = arrange(given_words, 1000, 1400)
    kept = sorted((word.text, word.box.x, word.box.y) for line in layout.lines for word in line.words)
    assert kept == sorted((word.text, word.box.x, word.box.y) for word in given_words)
    assert all(cell.row >= 0 and cell.column >= 0 for cell in layout.cells)
    shuffled = list(given_words)
    order.shuffle(shuffled)
    assert sum(len(row.words) for row in visual_rows(shuffled)) == len(given_words)


def test_a_row_is_read_from_left_to_right() -> None:
    row = Row.of(reversed(words(0, 0, "one two three")))
    assert [word.text for word in row.words] == ["one", "two", "three"]
    assert len(row.segments) == 1
