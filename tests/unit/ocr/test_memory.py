"""A large page must not take much more memory than a small one, and a worker must keep none of it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import psutil

from services.engine.allocator import FreedMemory
from services.engine.documents.limits import Limits
from services.engine.ocr.models import BundledModels
from services.engine.ocr.paddle import PaddleRecogniser
from services.engine.ocr.reader import PageReader
from services.engine.work import ReadWork, Worker, WorkerOptions
from shared.template import PreprocessingSettings
from tests.memory import peak_memory
from tests.unit.ocr.drawing import draw_page


def peak_of_a_large_page(models: BundledModels) -> tuple[str, int]:
    """Read an A4 page at 300 dpi; the first line of it, and the process's peak memory in MiB."""
    lines = [(200, 200 + 400 * row, f"Position {row} of the invoice") for row in range(8)]
    page = draw_page(lines, size=(2480, 3508), font_size=50)
    reading = PageReader(PaddleRecogniser(models)).read(page.pixels, PreprocessingSettings())
    return reading.lines[0].text, peak_memory() // 2**20


def test_peak_memory_of_a_large_page(models: BundledModels) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        text, peak = pool.submit(peak_of_a_large_page, models).result()
    assert text == "Position 0 of the invoice"
    assert peak < 1200


def memory_after_pages(models: Path) -> list[int]:
    """Read scans of ever new sizes as a worker process does; its memory in MiB after each."""
    worker = Worker(WorkerOptions(models, Limits()))
    freed_memory = FreedMemory(2**40)
    memory = []
    for number, width in enumerate((1240, 1654, 900, 1400, 1100, 1550)):
        text = [(80, 80 + 60 * row, f"Position {row} of invoice {number}") for row in range(6 + 3 * number)]
        page = draw_page(text, size=(width, width * 3 // 2), font_size=28)
        image = models.parent / "page.png"
        cv2.imwrite(str(image), page.pixels)
        worker.do(ReadWork(image, None, width, width * 3 // 2, PreprocessingSettings(), ()))
        freed_memory.give_back()
        memory.append(psutil.Process().memory_info().rss // 2**20)
    return memory


def test_nothing_of_a_page_is_kept(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        memory = pool.submit(memory_after_pages, tmp_path / "models").result()
    assert max(memory) < 1.05 * memory[0]
