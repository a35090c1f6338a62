"""PDFs that ask for more drawing than a page may have are refused before they are drawn."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import numpy as np
import pytest

from services.engine.documents.limits import MEBIBYTE, Limits
from services.engine.documents.pdf import open_pdf
from services.engine.documents.pdf_drawing import (
    MOST_KEPT_BYTES,
    Canvas,
    DrawingTooLong,
    draw,
    drawing_bytes,
)
from services.engine.documents.pdf_rendering import drawn
from services.engine.documents.pdf_structure import QPDF_ERRORS, open_structure
from services.engine.einvoice.embedded import find_embedded
from shared.errors import LimitExceeded
from tests.fuzz.attacks import attacks
from tests.memory import peak_memory
from tests.unit.documents.samples import pdf_with_lines


def opened(name: str, path: Path) -> Path:
    path.write_bytes(attacks()[name]())
    return path


@pytest.mark.parametrize("name", ["pdf content of 256 MiB", "pdf forms that multiply"])
def test_endless_drawing_is_refused_at_once(name: str, tmp_path: Path) -> None:
    path = opened(name, tmp_path / "a.pdf")
    began = time.process_time()
    with (
        open_pdf(path, Limits()) as document,
        pytest.raises(LimitExceeded, match=r"^Page 1 of the PDF has more to draw than a page may have\.$"),
        document.page(1),
    ):
        pass
    assert time.process_time() - began < 3


def test_a_form_that_draws_itself_is_read(tmp_path: Path) -> None:
    path = opened("pdf form that draws itself", tmp_path / "a.pdf")
    with open_pdf(path, Limits()) as document, document.page(1) as page, drawn(page, 72) as pixels:
        assert pixels.shape == (280, 200, 3)


def test_drawing_ends_when_its_time_is_up(tmp_path: Path) -> None:
    path = opened("pdf content of many paths", tmp_path / "a.pdf")
    with open_pdf(path, Limits()) as document, document.page(1) as page:
        memory = np.empty(drawing_bytes(600, 800, gray=True), dtype=np.uint8)
        began = time.process_time()
        with pytest.raises(DrawingTooLong):
            draw(page.handle, 600, 800, time.monotonic() + 0.2, memory, gray=True)
        assert time.process_time() - began < 2


def test_what_is_drawn_is_what_the_page_shows(tmp_path: Path) -> None:
    with open_pdf(pdf_with_lines(tmp_path / "a.pdf"), Limits()) as document, document.page(1) as page:
        expected = page.handle.render(scale=1.5)
        with drawn(page, 108) as pixels:
            assert (pixels == expected.to_numpy()).all()
        expected = page.handle.render(scale=1.5, grayscale=True)
        with drawn(page, 108, gray=True) as pixels:
            assert (pixels == expected.to_numpy().reshape(pixels.shape)).all()


def test_pages_drawn_on_one_canvas_do_not_show_each_other(tmp_path: Path) -> None:
    canvas = Canvas()
    path = pdf_with_lines(tmp_path / "a.pdf")
    with open_pdf(path, Limits(), canvas) as document, document.page(1) as page:
        with drawn(page, 108) as pixels:
            first = pixels.copy()
        with drawn(page, 108) as pixels, drawn(page, 72, gray=True) as beside:
            assert not np.shares_memory(pixels, beside)
            assert (pixels == first).all()


def test_a_canvas_keeps_the_memory_of_ordinary_pages_only() -> None:
    canvas = Canvas()
    with canvas.lend(1000) as memory:
        address = memory.ctypes.data
    with canvas.lend(900) as memory:
        assert (memory.ctypes.data, memory.size) == (address, 900)
    with canvas.lend(MOST_KEPT_BYTES + 1):
        pass
    with canvas.lend(1000) as memory:
        assert memory.ctypes.data == address


def test_tables_that_claim_gigabytes_are_not_believed(tmp_path: Path) -> None:
    path = opened("pdf cross-reference of wide rows", tmp_path / "a.pdf")
    before = peak_memory()
    with pytest.raises(QPDF_ERRORS):
        open_structure(path)
    assert find_embedded(path, Limits()).xml is None
    assert peak_memory() - before < 700 * MEBIBYTE
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY
