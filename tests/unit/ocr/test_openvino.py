"""OpenVINO reads what ONNX Runtime, PaddleOCR's own runtime, reads, and keeps its bounds."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from services.engine.allocator import FreedMemory
from services.engine.ocr.models import BundledModels
from services.engine.ocr.openvino import KEPT_ALPHABETS, OpenVinoRecogniser
from services.engine.ocr.paddle import PaddleRecogniser
from services.engine.ocr.reader import PageReader
from services.engine.ocr.recogniser import Image
from shared.template import PreprocessingSettings
from tests.generator.samples import make_samples
from tests.unit.ocr.drawing import draw_page

SETTINGS = PreprocessingSettings()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Image]:
    """A clean page and a faded one."""
    samples = make_samples(tmp_path_factory.mktemp("pages"), 2, seed=4, kinds=("png", "bmp"))
    return [pixels(sample.document) for sample in samples]


def pixels(path: Path) -> Image:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), dtype=np.uint8)


def picture(text: str) -> Image:
    return draw_page([(8, 6, text)], size=(40 + 16 * len(text), 40)).pixels


@pytest.mark.parametrize("languages", [(), ("de", "en", "fr")], ids=["any language", "Latin alphabet"])
def test_both_runtimes_read_the_same(
    pages: list[Image],
    recogniser: PaddleRecogniser,
    openvino_recogniser: OpenVinoRecogniser,
    languages: tuple[str, ...],
) -> None:
    for page in pages:
        expected = PageReader(recogniser).read(page, SETTINGS, languages)
        read = PageReader(openvino_recogniser).read(page, SETTINGS, languages)
        assert len(expected.words) > 20
        assert read.text == expected.text
        for word, other in zip(read.words, expected.words, strict=True):
            assert word.confidence == pytest.approx(other.confidence, abs=0.02)
            assert word.box.x == pytest.approx(other.box.x, abs=2)
            assert word.box.y == pytest.approx(other.box.y, abs=2)


def test_languages_choose_the_alphabet(openvino_recogniser: OpenVinoRecogniser) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (40, 400, 3), dtype=np.uint8)
    lines = [noise, picture("Summe 12,00 €"), picture("* * * * * *")]
    read = openvino_recogniser.recognise(lines, ("de",))
    assert read[1].text.startswith("Summe 12,00")
    assert all(ord(character) < 0x2200 for line in read for character in line.text)


def test_an_alphabet_that_gave_way_is_loaded_again(openvino_recogniser: OpenVinoRecogniser) -> None:
    alphabets = [(), ("en",), ("ru",), ("el",), ("th",), ()]
    assert len(set(alphabets)) > KEPT_ALPHABETS
    for languages in alphabets:
        (line,) = openvino_recogniser.recognise([picture("Total 12.50")], languages)
        assert line.text == "Total 12.50"


def test_nothing_to_read_is_no_error(openvino_recogniser: OpenVinoRecogniser) -> None:
    assert openvino_recogniser.recognise([]) == []
    assert openvino_recogniser.recognise([np.full((48, 200, 3), 255, dtype=np.uint8)])[0].text == ""
    assert openvino_recogniser.detect(np.full((64, 64, 3), 255, dtype=np.uint8), 960) == []
    assert openvino_recogniser.detect(np.full((1, 1, 3), 255, dtype=np.uint8), 960) == []


def test_another_thread_is_refused(openvino_recogniser: OpenVinoRecogniser) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="thread that made it"):
        pool.submit(openvino_recogniser.recognise, []).result()


def test_loading_reaches_for_no_network(models: BundledModels, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("The engine reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert OpenVinoRecogniser(models).recognise([picture("offline")])[0].text == "offline"


def memory_of_shapes(models: BundledModels) -> tuple[int, int]:
    """The memory in bytes of a process that has read some shapes of input, and then others."""
    recogniser = OpenVinoRecogniser(models)
    freed_memory = FreedMemory(2**40)

    def memory_after(sides: range, lengths: range) -> int:
        for side in sides:
            recogniser.detect(np.full((side, 1600, 3), 255, dtype=np.uint8), 1600)
        recogniser.recognise([picture("x" * length) for length in lengths])
        freed_memory.give_back()
        return psutil.Process().memory_info().rss

    first = memory_after(range(1600, 900, -600), range(90, 4, -16))
    return first, memory_after(range(1500, 800, -220), range(84, 4, -9))


def test_memory_does_not_grow_with_new_shapes(models: BundledModels) -> None:
    """The runtime must not keep buffers or code for every shape of input that it has seen."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        first, later = pool.submit(memory_of_shapes, models).result()
    assert later - first < 100 * 2**20


def test_an_inference_keeps_to_no_core(openvino_recogniser: OpenVinoRecogniser) -> None:
    """Processes that each bind their thread, all bind it to the first core and take turns there."""
    thread = threading.get_native_id()
    allowed = os.sched_getaffinity(thread)
    done = threading.Event()

    def watch() -> set[frozenset[int]]:
        seen = set()
        while not done.wait(0.001):
            seen.add(frozenset(os.sched_getaffinity(thread)))
        return seen

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        openvino_recogniser.recognise([picture("Invoice 2024-117, total 1,234.50")] * 20)
        done.set()
    assert watching.result() == {frozenset(allowed)}
