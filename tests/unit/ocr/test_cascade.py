"""The quick reader's answer stands where it was sure, and the thorough one's elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from services.engine.ocr.alphabet import UNREADABLE
from services.engine.ocr.cascade import CascadeRecogniser
from services.engine.ocr.models import BundledModels
from services.engine.ocr.reader import PageReader
from services.engine.ocr.recogniser import Character, Image, LineRecogniser, Quad, RecognisedLine
from services.engine.ocr.runtimes import RUNTIMES, Runtime, open_recogniser
from shared.template import PreprocessingSettings
from tests.generator.fonts import font_path
from tests.unit.ocr.drawing import DrawnPage
from tests.unit.ocr.test_doubt import UNSURE, printed, read


class Written:
    """Reads what it was told to, and remembers which pictures it was shown."""

    smallest_letter = 8.0

    def __init__(self, *answers: RecognisedLine) -> None:
        self._answers = list(answers)
        self.shown: list[Image] = []

    def detect(self, page: Image, longest_side: int) -> list[Quad]:
        return [np.array([[0, 0], [longest_side, 0], [longest_side, 9], [0, 9]], dtype=np.float32)]

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        self.shown.extend(lines)
        return [self._answers.pop(0) for _ in lines]


def spoken(text: str, confidence: float = 0.95) -> RecognisedLine:
    step = 1 / max(1, len(text))
    return RecognisedLine(
        tuple(Character(sign, (place + 0.5) * step, confidence) for place, sign in enumerate(text))
    )


def test_a_sure_line_is_shown_to_the_first_reader_alone() -> None:
    line, picture = read("Total due: 1,238.50")
    thorough = Written()
    assert CascadeRecogniser(Written(line), thorough, 6.0).recognise([picture]) == [line]
    assert thorough.shown == []


def test_a_doubtful_word_is_replaced_where_it_stands() -> None:
    line, picture = read("Delivery and azzenbly of tables", doubts={"z": UNSURE})
    thorough = Written(spoken("assembly"))
    (mended,) = CascadeRecogniser(Written(line), thorough, 6.0).recognise([picture])
    assert mended.text == "Delivery and assembly of tables"
    positions = [character.position for character in mended.characters if character.text != " "]
    assert positions == sorted(positions)
    (shown,) = thorough.shown
    assert shown.shape[0] == picture.shape[0]
    assert shown.shape[1] < picture.shape[1] / 3


def test_parts_are_replaced_independently_of_each_other() -> None:
    line, picture = read("Qarterly report for the zupply of steel", doubts={"Q": 0.3, "z": 0.3})
    thorough = Written(spoken("Quarterly"), spoken("the supply of"))
    (mended,) = CascadeRecogniser(Written(line), thorough, 6.0).recognise([picture])
    assert "Quarterly report" in mended.text
    assert mended.text.endswith("supply of steel")


def test_the_surer_of_two_readings_of_a_part_is_kept() -> None:
    line, picture = read("Delivery and azzembly of tables", doubts={"z": UNSURE})
    thorough = Written(spoken("asse?bly", confidence=UNSURE - 0.1))
    assert CascadeRecogniser(Written(line), thorough, 6.0).recognise([picture]) == [line]


@pytest.mark.parametrize(("thorough_text", "kept"), [("SA-28,", "SA - 28,"), ("S A - 28 ,", "S A - 28 ,")])
def test_of_two_readings_that_differ_in_spaces_the_one_with_more_is_taken(
    thorough_text: str, kept: str
) -> None:
    line, picture = read("Paysages du Sud SA - 28, quai de la Corderie", doubts={"-": UNSURE})
    (mended,) = CascadeRecogniser(Written(line), Written(spoken(thorough_text)), 6.0).recognise([picture])
    assert kept in mended.text


def test_what_the_first_reader_has_no_characters_for_is_taken_from_the_thorough_one() -> None:
    line, picture = read(f"Payable to {UNREADABLE * 5} Ltd")
    thorough = Written(spoken("to 东方公司 Ltd", confidence=UNSURE))
    (mended,) = CascadeRecogniser(Written(line), thorough, 6.0).recognise([picture])
    assert mended.text == "Payable to 东方公司 Ltd"


def test_nothing_is_made_of_a_line_that_neither_reads() -> None:
    picture = np.full((40, 200, 3), 255, dtype=np.uint8)
    recogniser = CascadeRecogniser(Written(RecognisedLine()), Written(RecognisedLine()), 6.0)
    assert recogniser.recognise([picture]) == [RecognisedLine()]
    assert recogniser.recognise([]) == []


@pytest.mark.parametrize("languages", [("ru",), ("de", "el"), ("zh-CN",)])
def test_other_alphabets_are_left_to_the_thorough_reader(languages: tuple[str, ...]) -> None:
    line, picture = read("Total 12.50")
    front, thorough = Written(), Written(replace(line))
    assert CascadeRecogniser(front, thorough, 6.0).recognise([picture], languages) == [line]
    assert front.shown == []


def test_lines_are_found_by_the_thorough_reader() -> None:
    (quad,) = CascadeRecogniser(Written(), Written(), 6.0).detect(np.zeros((9, 9, 3), dtype=np.uint8), 640)
    assert quad[1].tolist() == [640, 0]


@pytest.fixture(scope="module", params=RUNTIMES)
def cascade(
    models: BundledModels, tiny_models: BundledModels, request: pytest.FixtureRequest
) -> LineRecogniser:
    runtime: Runtime = request.param
    return open_recogniser(runtime, models, quick=tiny_models)


def test_print_is_read_by_both_models_together(cascade: LineRecogniser) -> None:
    texts = ["Northwind Furniture Ltd", "Number: INV-20417", "Oak table 2 x 450.00", "Summe 1.238,50 EUR"]
    pictures = [printed(text)[0] for text in texts]
    assert [line.text for line in cascade.recognise(pictures)] == texts
    assert [line.text for line in cascade.recognise(pictures, ("en", "de"))] == texts
    assert cascade.recognise(pictures) == cascade.recognise(pictures)


def test_latin_languages_rule_out_what_cannot_be_read(cascade: LineRecogniser) -> None:
    (line,) = cascade.recognise([printed("Итого", font_path("Lato-Regular"))[0]], ("en",))
    assert UNREADABLE not in line.text


def test_places_along_the_line_are_the_thorough_readers(
    models: BundledModels, tiny_models: BundledModels
) -> None:
    lines = [printed("Repair and assembly")[0], printed("Total 1,238.50")[0]]
    quick = open_recogniser("openvino", models, quick=tiny_models).recognise(lines)
    thorough = open_recogniser("openvino", models).recognise(lines)
    assert [line.text for line in quick] == [line.text for line in thorough]
    for line, other in zip(quick, thorough, strict=True):
        for character, same in zip(line.characters, other.characters, strict=True):
            assert character.position == pytest.approx(same.position, abs=0.05)


def test_a_page_is_read_quickly(cascade: LineRecogniser, invoice: DrawnPage) -> None:
    reading = PageReader(cascade).read(invoice.pixels, PreprocessingSettings(), ("en",))
    assert [word.text for word in reading.words].count("INV-20417") == 1
    read = Counter(word.text for word in reading.words)
    printed_words = Counter(word for word, _ in invoice.words)
    assert (read & printed_words).total() >= 0.95 * printed_words.total()
