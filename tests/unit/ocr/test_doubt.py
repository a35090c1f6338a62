"""What a first reader was not sure of is found by its word and by the blanks of the print."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from services.engine.ocr.doubt import FEWEST, SURE, SURE_OF_NUMBER, Part, doubtful_parts, whole
from services.engine.ocr.recogniser import Character, Image, RecognisedLine

SIZE = 30
CERTAIN = 0.99
UNSURE = SURE - 0.1
UNSURE_OF_NUMBER = (SURE + SURE_OF_NUMBER) / 2


def printed(text: str, font_file: Path | None = None) -> tuple[Image, list[float]]:
    """A line of print, and where the middle of each of its characters is, in shares of the length."""
    font = ImageFont.load_default(SIZE) if font_file is None else ImageFont.truetype(str(font_file), SIZE)
    width = round(font.getlength(text)) + 20
    picture = Picture.new("RGB", (width, 44), "white")
    ImageDraw.Draw(picture).text((10, 4), text, fill="black", font=font)
    edges = [10 + font.getlength(text[:place]) for place in range(len(text) + 1)]
    return np.asarray(picture), [(left + right) / 2 / width for left, right in pairwise(edges)]


def read(
    text: str, shown: str | None = None, doubts: Mapping[str, float] | None = None
) -> tuple[RecognisedLine, Image]:
    """The print `shown` as it was read: `text`, with the confidences of single characters in `doubts`."""
    shown, doubts = shown or text, doubts or {}
    picture, places = printed(shown)
    if text != shown and text.replace(" ", "") == shown.replace(" ", ""):
        seen = iter([place for sign, place in zip(shown, places, strict=True) if sign != " "])
        places = [next(seen) if sign != " " else 0.0 for sign in text]
    characters = tuple(
        Character(sign, place, doubts.get(sign, CERTAIN)) for sign, place in zip(text, places, strict=True)
    )
    return RecognisedLine(characters), picture


def text_of(line: RecognisedLine, part: Part) -> str:
    return line.text[part.first : part.last]


def test_what_is_read_for_sure_is_not_read_again() -> None:
    for text in ("Invoice number 4711", "12.50", "Total due: 1,238.50", "Bahnhofstraße 12", "INV-2044"):
        line, picture = read(text)
        assert doubtful_parts(line, picture) == [], text


def test_only_the_doubtful_word_is_read_again_cut_in_the_blanks() -> None:
    line, picture = read("Delivery and zzzembly of tables", doubts={"z": UNSURE})
    (part,) = doubtful_parts(line, picture)
    assert text_of(line, part) == "zzzembly"
    before, first = line.characters[11].position, line.characters[13].position
    last, after = line.characters[20].position, line.characters[22].position
    assert before < part.start < first < last < part.end < after


def test_a_short_word_is_read_with_its_neighbours() -> None:
    line, picture = read("Open Monday q Friday evening", doubts={"q": 0.4})
    (part,) = doubtful_parts(line, picture)
    assert text_of(line, part) == "Monday q Friday"
    assert part.last - part.first >= FEWEST


def test_two_parts_do_not_overlap() -> None:
    line, picture = read("Qarterly report for the zupply of steel", doubts={"Q": 0.3, "z": 0.3})
    first, second = doubtful_parts(line, picture)
    assert text_of(line, first).startswith("Qarterly")
    assert (first.start, first.end < second.start) == (0.0, True)


def test_a_line_that_is_mostly_doubtful_is_read_as_a_whole() -> None:
    line, picture = read("zzzzzzzz zzzzzz a", doubts={"z": UNSURE})
    assert doubtful_parts(line, picture) == [whole(line)]


def test_where_nothing_was_read_the_whole_line_is_read_again() -> None:
    assert doubtful_parts(RecognisedLine(), printed("12.50")[0]) == [Part(0, 0, 0.0, 1.0)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("3x 0,81", "3   x 0,81"), ("€8,12", "€   8,12"), ("GST6%", "GST   6  %")],
)
def test_a_missed_space_is_suspected_from_the_print(text: str, shown: str) -> None:
    line, picture = read(text, shown)
    assert doubtful_parts(line, picture)


def test_what_was_left_out_between_two_spaces_is_read_again() -> None:
    seen, picture = read("Discount % granted today")
    left_out = tuple(character for character in seen.characters if character.text != "%")
    (part,) = doubtful_parts(RecognisedLine(left_out), picture)
    assert part.start < seen.characters[9].position < part.end


@pytest.mark.parametrize("text", ["发票号码", "08.30 一 12.30", "（B"])
def test_other_scripts_are_left_to_the_thorough_reader(text: str) -> None:
    shown = "".join(sign if sign.isascii() else "M" for sign in text)
    line, picture = read(text, shown) if len(text) == len(shown) else read(text)
    assert doubtful_parts(line, picture)


@pytest.mark.parametrize("text", ["S", "47.11"])
def test_numbers_and_single_signs_need_more_certainty(text: str) -> None:
    line, picture = read(text, doubts={text[0]: UNSURE_OF_NUMBER})
    assert doubtful_parts(line, picture) == [whole(line)]
    word, picture = read("Sum", doubts={"S": UNSURE_OF_NUMBER})
    assert doubtful_parts(word, picture) == []
