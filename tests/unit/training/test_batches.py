"""Lines are drawn beside, and learnt in batches of like widths."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import numpy as np
import psutil
import pytest

from tests.training.batches import BATCH_WIDTH, DRAWN_TOGETHER, DrawingStopped, drawn_aside, of_like_width
from tests.training.pictures import HEIGHT, LinePicture


def line(width: int, text: str = "a") -> LinePicture:
    return LinePicture(np.zeros((HEIGHT, width), np.uint8), text)


def test_batches_hold_every_line_once_and_are_as_wide_as_allowed() -> None:
    rng = random.Random(2)
    bundle = [line(rng.randrange(20, 1400), str(place)) for place in range(DRAWN_TOGETHER)]
    batches = of_like_width(bundle, rng)
    assert sorted(int(one.text) for batch in batches for one in batch) == list(range(DRAWN_TOGETHER))
    for batch in batches:
        widest = max(one.pixels.shape[1] for one in batch)
        assert widest * len(batch) <= BATCH_WIDTH
        assert widest - min(one.pixels.shape[1] for one in batch) < 400
    widths = [batch[0].pixels.shape[1] for batch in batches]
    assert widths != sorted(widths)


def test_a_line_too_wide_for_any_batch_has_its_own() -> None:
    batches = of_like_width([line(30), line(BATCH_WIDTH + 1), line(BATCH_WIDTH + 2)], random.Random(1))
    assert sorted(len(batch) for batch in batches) == [1, 1, 1]


def test_bundles_are_drawn_by_another_process() -> None:
    def draw() -> Iterator[LinePicture]:
        return (line(10 + place, str(os.getpid())) for place in count())

    with drawn_aside(draw) as bundles:
        first, second = next(bundles), next(bundles)
    assert [one.pixels.shape[1] for one in (*first, *second)] == list(range(10, 10 + 2 * DRAWN_TOGETHER))
    assert first[0].text != str(os.getpid())


def test_it_is_told_when_no_more_lines_are_drawn() -> None:
    with drawn_aside(lambda: iter([line(10)])) as bundles:
        assert len(next(bundles)) == 1
        with pytest.raises(DrawingStopped):
            next(bundles)


LEARNER = """
import os, time
from itertools import count
import numpy as np
import psutil
from tests.training.batches import drawn_aside
from tests.training.pictures import LinePicture

pixels = np.zeros((48, 10), np.uint8)
with drawn_aside(lambda: (LinePicture(pixels, str(os.getpid())) for _ in count())) as bundles:
    print(next(bundles)[0].text, flush=True)
    time.sleep(60)
"""


def test_drawing_ends_with_a_learner_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", LEARNER], stdout=subprocess.PIPE, text=True) as learner:
        assert learner.stdout is not None
        drawing = psutil.Process(int(learner.stdout.readline()))
        learner.kill()
        drawing.wait(timeout=20)
    assert not drawing.is_running()
