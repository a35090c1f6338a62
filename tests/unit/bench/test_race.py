from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.bench.pages import generated_pages
from tests.bench.race import Lap, Result
from tests.bench.report import summary, table
from tests.bench.scores import score


def test_generated_pages_come_with_their_text(tmp_path: Path) -> None:
    pages = generated_pages(tmp_path, count=2, seed=3)
    assert [page.name.rsplit(".", 1)[1] for page in pages] == ["pdf", "tiff"]
    for page in pages:
        assert page.pixels.dtype == np.uint8
        assert page.pixels.shape[2] == 3
        assert len(page.text.split()) > 20


def test_figures_of_an_engine_that_reads_on_two_cores(tmp_path: Path) -> None:
    page = generated_pages(tmp_path, count=1, seed=3)[0]
    laps = [
        Lap(page, seconds, 0.5, 400.0, score(text, page.text))
        for seconds, text in ((1.0, page.text), (3.0, ""))
    ]
    figures = summary(Result("one", "One", 2, 4.0, 512.0, laps))
    assert figures["pagesPerSecond"] == 1.0
    assert figures["secondsP50"] == 2.0
    assert figures["secondsP95"] == 2.9
    assert figures["wordF1"] == round(2 / 3, 4)
    assert figures["characterErrorRate"] == 0.5
    assert "| One " in table([figures])
