from __future__ import annotations

from services.engine.extraction.layout import lay_out
from shared.readings import BoundingBox, Line, PageReading, Word
from tests.unit.extraction.pages import page


def test_wide_gaps_part_a_row_into_segments() -> None:
    (row,) = lay_out([page("Invoice No:  4711      Date: 1.2.2024")])[0].rows
    assert [segment.text for segment in row.segments] == ["Invoice No:", "4711", "Date: 1.2.2024"]


def test_a_value_glued_to_its_label_becomes_a_token_of_its_own() -> None:
    segment = lay_out([page("Datum:05.03.2018")])[0].rows[0].segments[0]
    assert [token.text for token in segment.tokens] == ["Datum:", "05.03.2018"]
    assert segment.tokens[1].box.x > segment.tokens[0].box.x


def test_a_time_of_day_stays_whole() -> None:
    segment = lay_out([page("at 10:35")])[0].rows[0].segments[0]
    assert [token.text for token in segment.tokens] == ["at", "10:35"]


def test_words_of_one_row_given_as_several_lines_come_together() -> None:
    left, right = (
        Word("Total", 0.9, BoundingBox(10, 100, 50, 20)),
        Word("9.00", 0.8, BoundingBox(400, 104, 40, 20)),
    )
    reading = PageReading(500, 500, (Line((right,)), Line((left,))))
    (row,) = lay_out([reading])[0].rows
    assert [segment.text for segment in row.segments] == ["Total", "9.00"]


def test_slight_skew_does_not_mix_rows() -> None:
    lines = tuple(
        Line(
            (
                Word(
                    f"r{row}c{column}",
                    1.0,
                    BoundingBox(50 + 200 * column, 100 + 30 * row + 4 * column, 80, 20),
                ),
            )
        )
        for row in range(6)
        for column in range(5)
    )
    rows = lay_out([PageReading(1200, 600, lines)])[0].rows
    assert [row.text.split() for row in rows] == [
        [f"r{row}c{column}" for column in range(5)] for row in range(6)
    ]


def test_an_empty_page_has_no_rows() -> None:
    assert lay_out([PageReading(100, 100)])[0].rows == ()


def test_boxes_of_any_height_and_scale_read_alike() -> None:
    drawing = page("Invoice No:  4711      Bill to: Acme Ltd")
    for height, scale in ((12.0, 1.0), (22.0, 1.0), (16.0, 0.4), (16.0, 3.0)):
        lines = tuple(
            Line(tuple(Word(w.text, 1.0, _resized(w.box, height, scale)) for w in line.words))
            for line in drawing.lines
        )
        (row,) = lay_out([PageReading(2000, 2000, lines)])[0].rows
        assert [segment.text for segment in row.segments] == ["Invoice No:", "4711", "Bill to: Acme Ltd"]


def _resized(box: BoundingBox, height: float, scale: float) -> BoundingBox:
    top = box.center_y - height / 2
    return BoundingBox(box.x * scale, top * scale, box.width * scale, height * scale)


def test_a_short_word_glued_to_a_number_becomes_a_token_of_its_own() -> None:
    (row,) = lay_out([page("Rechnung Nr. 471102vom  05.03.2018  a3f9c123ab")])[0].rows
    tokens = [token.text for segment in row.segments for token in segment.tokens]
    assert tokens == ["Rechnung", "Nr.", "471102", "vom", "05.03.2018", "a3f9c123ab"]
