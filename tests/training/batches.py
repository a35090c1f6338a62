"""Batches of lines of like widths, drawn by a process of its own while the network learns."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing.queues import Queue
from queue import Empty, Full

from tests.training.pictures import LinePicture

DRAWN_TOGETHER = 256
"""Lines that are sorted by width and dealt out to batches."""

WAITING_BUNDLES = 20
"""Bundles that may lie ready, so that neither drawing nor learning waits for long."""

BATCH_WIDTH = 6400
"""Summed width of a batch, padding included, in pixels."""

PATIENCE = 1.0
"""Seconds after which it is looked whether lines are still being drawn."""

Draw = Callable[[], Iterator[LinePicture]]


class DrawingStopped(RuntimeError):
    """The process that draws lines has ended."""


@contextmanager
def drawn_aside(draw: Draw) -> Iterator[Iterator[list[LinePicture]]]:
    """Bundles of the lines that `draw` gives in another process, without end.

    Asking for one raises DrawingStopped when that process has died: what it died of is on its standard error.
    """
    # Forked, so that what `draw` holds need not be sent over.
    context = multiprocessing.get_context("fork")
    bundles: Queue[list[LinePicture]] = context.Queue(WAITING_BUNDLES)
    process = context.Process(target=_fill, args=(bundles, draw), daemon=True)
    process.start()
    try:
        yield _received(bundles, process.is_alive)
    finally:
        process.terminate()
        process.join()


def of_like_width(bundle: Sequence[LinePicture], rng: random.Random) -> list[list[LinePicture]]:
    """The lines of a bundle in batches up to BATCH_WIDTH (a wider line has its own), in random order."""
    batches: list[list[LinePicture]] = [[]]
    for line in sorted(bundle, key=lambda line: line.pixels.shape[1]):
        if batches[-1] and line.pixels.shape[1] * (len(batches[-1]) + 1) > BATCH_WIDTH:
            batches.append([])
        batches[-1].append(line)
    rng.shuffle(batches)
    return batches


def _fill(bundles: Queue[list[LinePicture]], draw: Draw) -> None:
    lines = draw()
    parent = multiprocessing.parent_process()
    while bundle := list(islice(lines, DRAWN_TOGETHER)):
        while True:
            try:
                bundles.put(bundle, timeout=PATIENCE)
                break
            except Full:
                # A learner that was killed ends neither this process nor the thread that writes to it.
                if parent is None or not parent.is_alive():
                    bundles.cancel_join_thread()
                    return


def _received(bundles: Queue[list[LinePicture]], is_alive: Callable[[], bool]) -> Iterator[list[LinePicture]]:
    while True:
        try:
            yield bundles.get(timeout=PATIENCE)
        except Empty:
            if not is_alive():
                raise DrawingStopped("No more lines are drawn: the process that drew them ended.") from None
