"""A worker keeps freed memory for its next task, within bounds, and gives it back when it is told to."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import psutil
import pytest

from services.engine.allocator import KEPT, FreedMemory

PAGES = 20
PAGE = 10 * 2**20
NO_LIMIT = 2**40


def work(size: int = PAGE) -> None:
    """Take and free memory as a page does: buffers side by side, all filled."""
    buffers = [np.full(size, 7, dtype=np.uint8) for _ in range(8)]
    buffers.clear()


def faults_of_pages(keep: bool) -> int:
    """How often the kernel hands out memory while pages are read, after the first few."""
    memory = FreedMemory(NO_LIMIT)
    before = 0
    for page in range(PAGES + 2):
        if page == 2:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        work()
        memory.after_task() if keep else memory.give_back()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def held_after(size: int, limit: int) -> tuple[int, int, int]:
    """Bytes that are held before a task that takes eight times `size`, after it, and when idle."""
    memory = FreedMemory(limit)
    process = psutil.Process()
    before = process.memory_info().rss
    work(size)
    memory.after_task()
    after = process.memory_info().rss
    memory.give_back()
    return before, after, process.memory_info().rss


@pytest.fixture
def process() -> Iterator[Executor]:
    """A process of its own: what is told to the allocator holds for all that follows in it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        yield pool


def test_memory_that_is_kept_is_not_taken_anew_for_every_page(process: Executor) -> None:
    given_back, kept = process.map(faults_of_pages, (False, True))
    assert given_back > PAGES * 1000
    assert kept < given_back / 20


def test_what_is_kept_is_given_back_when_idle(process: Executor) -> None:
    before, after, idle = process.submit(held_after, 10 * 2**20, NO_LIMIT).result()
    assert after > before + 70 * 2**20
    assert idle < before + 5 * 2**20


def test_no_more_than_what_may_be_kept_is_kept(process: Executor) -> None:
    before, after, _ = process.submit(held_after, KEPT // 8 + 2 * 2**20, NO_LIMIT).result()
    assert after < before + KEPT


def test_a_low_limit_of_memory_leaves_less_to_keep(process: Executor) -> None:
    before, after, _ = process.submit(held_after, 20 * 2**20, 200 * 2**20).result()
    assert after < before + 5 * 2**20
