from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from services.engine.ocr.models import BundledModels
from services.engine.ocr.paddle import PaddleRecogniser
from services.engine.ocr.recogniser import Image
from services.engine.ocr.words import words_of
from tests.unit.ocr.drawing import DrawnPage, draw_page


def picture(text: str) -> Image:
    return draw_page([(8, 6, text)], size=(40 + 16 * len(text), 40)).pixels


def test_lines_of_any_width_come_back_in_order(recogniser: PaddleRecogniser) -> None:
    texts = [
        "7",
        "Total 12.50",
        "Greetings from York",
        "A rather long line of text that names goods: " * 3,
        "EUR",
    ]
    read = recogniser.recognise([picture(text.strip()) for text in texts])
    assert [line.text for line in read] == [text.strip() for text in texts]
    assert all(line.confidence > 0.9 for line in read)


def test_characters_stand_where_they_are_printed(recogniser: PaddleRecogniser) -> None:
    page = draw_page([(8, 6, "Total amount due 1,258.50")], size=(500, 40))
    (line,) = recogniser.recognise([page.pixels])
    quad = np.array([[0, 0], [500, 0], [500, 40], [0, 40]], dtype=np.float32)
    words = words_of(line, page.pixels, quad)
    assert [word.text for word in words] == [text for text, _ in page.words]
    for word, (text, box) in zip(words, page.words, strict=True):
        assert word.box.x == pytest.approx(box.x, abs=3), text
        assert word.box.right == pytest.approx(box.right, abs=3), text


def test_languages_keep_other_scripts_out(recogniser: PaddleRecogniser) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (40, 400, 3), dtype=np.uint8)
    stars = picture("* * * * * * * * * *")
    read = recogniser.recognise([noise, stars, picture("Summe 12,00 €")], ("de",))
    assert read[-1].text.startswith("Summe 12,00")
    assert all(ord(character) < 0x2200 for line in read for character in line.text)


def test_nothing_to_read_is_no_error(recogniser: PaddleRecogniser) -> None:
    blank = np.full((48, 200, 3), 255, dtype=np.uint8)
    assert recogniser.recognise([]) == []
    assert recogniser.recognise([blank])[0].text == ""
    assert recogniser.detect(np.full((64, 64, 3), 255, dtype=np.uint8), 960) == []


def test_lines_are_found_where_they_are(recogniser: PaddleRecogniser, invoice: DrawnPage) -> None:
    quads = recogniser.detect(invoice.pixels, 960)
    boxes = [(*quad.min(axis=0), *quad.max(axis=0)) for quad in quads]
    for text, box in invoice.words:
        assert any(
            left <= box.center_x <= right and top <= box.center_y <= bottom
            for left, top, right, bottom in boxes
        ), text


def test_another_thread_is_refused(recogniser: PaddleRecogniser) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="thread that made it"):
        pool.submit(recogniser.recognise, []).result()


def test_loading_reaches_for_no_network(models: BundledModels, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("The engine reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert PaddleRecogniser(models).recognise([picture("offline")])[0].text == "offline"


def test_threads_are_bounded(models: BundledModels) -> None:
    process = psutil.Process()
    before = process.num_threads()
    bounded = PaddleRecogniser(models, threads=1)
    bounded.recognise([picture("one")])
    assert process.num_threads() == before
    wider = PaddleRecogniser(models, threads=3)
    wider.recognise([picture("three")])
    # A pool of three is two threads beside the caller's, for each of the two models.
    assert process.num_threads() == before + 4
