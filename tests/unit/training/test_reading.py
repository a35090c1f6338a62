"""What is read on lines is counted by line and by character."""

from __future__ import annotations

import numpy as np

from tests.training.model import untrained_model
from tests.training.pictures import HEIGHT, LinePicture
from tests.training.reading import Reading, reading_report
from tests.unit.training.readers import FixedReader


def test_mistakes_are_counted() -> None:
    blank = np.zeros((HEIGHT, 64), np.uint8)
    lines = [LinePicture(blank, text) for text in ("Total", "Totals", "Subtotal", "Total")]
    report = reading_report(FixedReader("Total"), lines)
    assert report == "50.0% of 4 lines right, 20.83% of their characters wrong."


def test_nothing_is_read_on_an_empty_line() -> None:
    model = untrained_model()
    reader = Reading(model.weights.read_bytes(), model.characters)
    assert reader.text(np.full((HEIGHT, 200), 255, np.uint8)) == ""
