"""A large page must not take much more memory than a small one: detection sees it reduced."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from services.engine.ocr.models import BundledModels
from services.engine.ocr.paddle import PaddleRecogniser
from services.engine.ocr.reader import PageReader
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
