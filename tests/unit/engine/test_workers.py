"""The pool of worker processes, with a worker that needs no models."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import psutil
import pytest

from services.engine import workers
from services.engine.workers import PoolOptions, WorkerDied, WorkerPool, WorkFailed, WorkTimedOut
from shared.errors import DocumentError, LedgerLensError
from tests.unit.engine.light_worker import (
    Borrow,
    Die,
    Echo,
    Fail,
    Grow,
    Sleep,
    fail_to_start,
    light_pool,
)
from tests.unit.engine.waiting import until


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool(light_pool()) as started:
        yield started


async def _pid(pool: WorkerPool) -> int:
    _, pid = await pool.run(Echo(None), 10)
    assert isinstance(pid, int)
    return pid


def _gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_one_process_does_one_piece_of_work_after_the_other(pool: WorkerPool) -> None:
    answers = [await pool.run(Echo(value), 10) for value in ("a", None, {"b": (1, 2)})]
    assert [value for value, _ in answers] == ["a", None, {"b": (1, 2)}]
    assert len({pid for _, pid in answers}) == 1
    assert answers[0][1] != os.getpid()
    assert pool.healthy


async def test_several_workers_work_at_the_same_time() -> None:
    async with WorkerPool(light_pool(size=2)) as pool:
        began = time.monotonic()
        pids = await asyncio.gather(*(pool.run(Sleep(0.3), 10) for _ in range(4)))
        assert len(set(pids)) == 2
        assert 0.6 <= time.monotonic() - began < 1.1
    assert all(_gone(pid) for pid in pids)


async def test_a_document_s_error_comes_back_whole_and_costs_no_worker(pool: WorkerPool) -> None:
    before = await _pid(pool)
    with pytest.raises(DocumentError) as caught:
        await pool.run(Fail("document"), 10)
    assert (caught.value.code, str(caught.value)) == ("emptyPdf", "The PDF has no pages.")
    assert await _pid(pool) == before


async def test_an_unexpected_error_names_itself(pool: WorkerPool) -> None:
    before = await _pid(pool)
    with pytest.raises(WorkFailed, match="ValueError"):
        await pool.run(Fail("value"), 10)
    assert await _pid(pool) == before


@pytest.mark.parametrize("work", [Die(), Fail("memory")])
async def test_a_worker_that_dies_is_replaced(pool: WorkerPool, work: Die | Fail) -> None:
    before = await _pid(pool)
    with pytest.raises(WorkerDied):
        await pool.run(work, 10)
    assert not pool.healthy
    assert await _pid(pool) != before
    assert pool.healthy


async def test_work_that_takes_too_long_is_ended(pool: WorkerPool) -> None:
    before = await _pid(pool)
    began = time.monotonic()
    with pytest.raises(WorkTimedOut, match=r"0\.2 seconds"):
        await pool.run(Sleep(60), 0.2)
    assert time.monotonic() - began < 1, "the caller must not wait for the replacement"
    assert await _pid(pool) != before
    assert _gone(before)


async def test_a_cancelled_caller_frees_the_worker(pool: WorkerPool) -> None:
    before = await _pid(pool)
    running = asyncio.create_task(pool.run(Sleep(60), 60))
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await _pid(pool) != before
    assert _gone(before)


async def test_a_caller_cancelled_while_it_waits_takes_no_worker(pool: WorkerPool) -> None:
    before = await _pid(pool)
    busy = asyncio.create_task(pool.run(Sleep(0.2), 10))
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(pool.run(Echo(1), 10))
    await asyncio.sleep(0.05)
    waiting.cancel()
    assert await busy == before
    assert await _pid(pool) == before


async def test_a_worker_is_replaced_after_its_share_of_tasks() -> None:
    async with WorkerPool(light_pool(max_tasks=2)) as pool:
        pids = [await _pid(pool) for _ in range(5)]
    assert pids[0] == pids[1]
    assert pids[2] == pids[3]
    assert len(set(pids)) == 3


async def test_a_worker_that_grew_is_replaced_and_its_answer_kept() -> None:
    async with WorkerPool(light_pool(max_memory=200 * 2**20)) as pool:
        before = await _pid(pool)
        assert await pool.run(Grow(2**20), 10) == before
        assert await pool.run(Grow(250 * 2**20), 10) == before
        assert await _pid(pool) != before


async def test_an_idle_worker_gives_the_memory_of_large_pages_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with WorkerPool(light_pool()) as pool:
        pid = await _pid(pool)
        held = psutil.Process(pid).memory_info
        before = held().rss
        await pool.run(Borrow(20 * 2**20), 10)
        assert held().rss > before + 15 * 2**20
        await until(lambda: held().rss < before + 2 * 2**20)


async def test_a_worker_that_died_while_idle_is_not_blamed_on_the_next_document(pool: WorkerPool) -> None:
    before = await _pid(pool)
    (child,) = pool._children
    os.kill(before, signal.SIGKILL)
    await until(lambda: not child.alive)
    assert await _pid(pool) != before


async def test_a_replacement_that_does_not_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "RESTART_PAUSE_SECONDS", 0.05)
    start, failures = workers._Child.start, 2

    def fail_at_first(child: workers._Child) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise WorkerDied("not yet")
        start(child)

    async with WorkerPool(light_pool()) as pool:
        monkeypatch.setattr(workers._Child, "start", fail_at_first)
        with pytest.raises(WorkerDied):
            await pool.run(Die(), 10)
        assert isinstance(await _pid(pool), int)
        assert failures == 0
        assert pool.healthy


async def test_a_pool_whose_workers_can_not_start_says_so_and_leaves_nothing() -> None:
    async with WorkerPool(light_pool()) as other:  # the process that workers are forked from is there now
        before = await _pid(other)
        with pytest.raises(LedgerLensError):
            async with WorkerPool(PoolOptions(2, 10, 2**40, fail_to_start)):
                pytest.fail("must not start")
        server = psutil.Process(before).parent()
        assert server is not None
        assert [child.pid for child in server.children() if not _gone(child.pid)] == [before]


async def test_nothing_is_left_when_the_pool_closes_during_work_and_replacement() -> None:
    unexpected: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unexpected.append(context))
    async with WorkerPool(light_pool(size=2)) as pool:
        pids = [child._process.pid for child in pool._children]
        running = asyncio.create_task(pool.run(Sleep(60), 60))
        with pytest.raises(WorkerDied):
            await pool.run(Die(), 10)
        replacing = list(pool._children)
        began = time.monotonic()
    assert time.monotonic() - began < 10
    with pytest.raises(WorkerDied):
        await running
    assert all(_gone(pid) for pid in pids if pid is not None)
    assert not any(child.alive for child in replacing)
    await asyncio.sleep(0.05)
    gc.collect()  # a task whose exception nobody retrieved says so when it goes
    assert not unexpected


async def test_a_worker_s_log_lines_name_the_job() -> None:
    pool = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.engine.talkative", stdout=subprocess.PIPE
    )
    printed, _ = await pool.communicate()
    lines = [json.loads(line) for line in printed.splitlines() if b"half done" in line]
    assert [(line["jobId"], line["service"], line["level"]) for line in lines] == [
        ("j7", "engine", "warning")
    ]


async def test_workers_end_with_their_parent_even_at_work() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.engine.orphan", stdout=subprocess.PIPE
    )
    try:
        assert parent.stdout is not None
        worker = int(await parent.stdout.readline())
        assert not _gone(worker)
    finally:
        parent.kill()
        await parent.wait()
    await until(lambda: _gone(worker))
