"""Watched background tasks: started again when they die, seen in the health, gone after a stop."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable

import pytest

from shared import supervision
from shared.supervision import Supervisor, set_within


@pytest.fixture
async def supervisor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Supervisor]:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    made = Supervisor()
    yield made
    await made.stop()


async def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 2
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.002)
    assert condition()


class _Work:
    """Ends in the given way for its first `failures` runs, then works on."""

    def __init__(self, failures: int, end: Callable[[], None]) -> None:
        self.runs = 0
        self._failures = failures
        self._end = end

    async def __call__(self) -> None:
        self.runs += 1
        if self.runs <= self._failures:
            self._end()
            return
        await asyncio.Event().wait()


def _fail() -> None:
    raise RuntimeError("no more")


def _return() -> None:
    return


def _cut_off() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("end", [_fail, _return, _cut_off])
async def test_work_that_ends_is_started_again(
    supervisor: Supervisor, end: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    work = _Work(2, end)
    with caplog.at_level(logging.ERROR):
        supervisor.run("relay", work)
        await _until(lambda: work.runs == 3)
    assert supervisor.healthy
    assert [record.getMessage().count("'relay'") for record in caplog.records] == [1, 1]


async def test_health_shows_work_that_waits_to_be_started_again(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.1)
    steady, failing = _Work(0, _fail), _Work(1, _fail)
    supervisor.run("steady", steady)
    supervisor.run("failing", failing)
    assert supervisor.healthy
    await _until(lambda: not supervisor.healthy)
    assert failing.runs == 1
    await _until(lambda: supervisor.healthy)
    await _until(lambda: failing.runs == 2)
    assert steady.runs == 1


async def test_pauses_grow_up_to_a_bound(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "LONGEST_PAUSE_SECONDS", 0.04)
    moments: list[float] = []
    loop = asyncio.get_running_loop()

    async def work() -> None:
        moments.append(loop.time())
        raise RuntimeError

    supervisor.run("failing", work)
    await _until(lambda: len(moments) == 5)
    pauses = [after - before for before, after in itertools.pairwise(moments)]
    assert all(pause >= least for pause, least in zip(pauses, [0.009, 0.019, 0.039, 0.039], strict=True))
    assert pauses[3] < 0.4


async def test_stop_cancels_and_waits() -> None:
    cleaned: list[str] = []
    supervisor = Supervisor()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append("done")

    supervisor.run("one", work)
    supervisor.run("two", work)
    await asyncio.sleep(0)
    await supervisor.stop()
    assert cleaned == ["done", "done"]


async def test_stop_ends_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 60.0)
    supervisor = Supervisor()
    supervisor.run("failing", _Work(9, _fail))
    await _until(lambda: not supervisor.healthy)
    async with asyncio.timeout(1):
        await supervisor.stop()


async def test_waiting_for_an_event_is_bounded() -> None:
    event = asyncio.Event()
    assert not await set_within(event, 0.01)
    event.set()
    assert await set_within(event, 60)
