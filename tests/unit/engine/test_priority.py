"""Slots by priority: the order, how waiting counts, and that no slot is ever lost or given twice."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine import priority
from services.engine.priority import PrioritySlots
from shared.topology import PRIORITIES


class _Queue:
    """Callers that hold a slot until they are told to let go, and note when they got it."""

    def __init__(self, slots: int) -> None:
        self.slots = PrioritySlots(slots)
        self.order: list[str] = []
        self.release = asyncio.Event()

    async def caller(self, name: str, level: str) -> None:
        async with self.slots.hold(level):
            self.order.append(name)
            await self.release.wait()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def _order_of(levels: list[str]) -> list[str]:
    """In which order callers who came while the only slot was held get it."""
    queue = _Queue(1)
    tasks = [asyncio.create_task(queue.caller("first", "low"))]
    await _settle()
    for number, level in enumerate(levels):
        tasks.append(asyncio.create_task(queue.caller(f"{level}{number}", level)))
        await _settle()
    queue.release.set()
    await asyncio.gather(*tasks)
    assert queue.order[0] == "first"
    return queue.order[1:]


async def test_the_most_urgent_goes_first_then_the_first_to_come() -> None:
    assert await _order_of(["low", "medium", "urgent", "high", "medium", "urgent"]) == [
        "urgent2",
        "urgent5",
        "high3",
        "medium1",
        "medium4",
        "low0",
    ]


async def test_an_unknown_priority_goes_last() -> None:
    assert await _order_of(["soon", "low"]) == ["low1", "soon0"]


async def test_long_waiting_counts_as_urgency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "SECONDS_PER_STEP", 0.02)
    queue = _Queue(1)
    first = asyncio.create_task(queue.caller("first", "low"))
    await _settle()
    old = asyncio.create_task(queue.caller("old", "low"))
    await asyncio.sleep(0.03)
    steps = [asyncio.create_task(queue.caller(level, level)) for level in ("high", "urgent")]
    await asyncio.sleep(0.05)
    late = asyncio.create_task(queue.caller("late", "urgent"))
    await _settle()
    queue.release.set()
    await asyncio.gather(first, old, late, *steps)
    assert queue.order == ["first", "urgent", "high", "old", "late"]


async def test_a_slot_is_given_back_after_an_error() -> None:
    slots = PrioritySlots(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="odd"):
            async with slots.hold("high"):
                raise ValueError("odd")
    async with asyncio.timeout(1), slots.hold("low"):
        pass


async def test_a_caller_cancelled_at_the_moment_of_its_turn_passes_the_slot_on() -> None:
    slots = PrioritySlots(1)
    entered: list[str] = []

    async def caller(name: str) -> None:
        async with slots.hold("high"):
            entered.append(name)

    async with slots.hold("high"):
        first, second = asyncio.create_task(caller("first")), asyncio.create_task(caller("second"))
        await _settle()
    first.cancel()  # its turn is set, but it has not run yet
    async with asyncio.timeout(1):
        await asyncio.gather(first, second, return_exceptions=True)
    assert entered == ["second"]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**32))
def test_cancellation_never_loses_or_doubles_a_slot(count: int, seed: int) -> None:
    asyncio.run(_stress(count, random.Random(seed)))


async def _stress(count: int, chance: random.Random) -> None:
    slots = PrioritySlots(count)
    inside = 0
    most = 0

    async def caller() -> None:
        nonlocal inside, most
        async with slots.hold(chance.choice(PRIORITIES)):
            inside += 1
            most = max(most, inside)
            try:
                for _ in range(chance.randrange(3)):
                    await asyncio.sleep(0)
            finally:
                inside -= 1

    tasks = []
    for _ in range(40):
        tasks.append(asyncio.create_task(caller()))
        if chance.random() < 0.5:
            chance.choice(tasks).cancel()
        if chance.random() < 0.5:
            await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert most <= count
    assert inside == 0
    async with asyncio.timeout(5):  # every slot is still there, and no more than that
        holding = asyncio.Barrier(count + 1)
        holders = [asyncio.create_task(_hold_at(slots, holding)) for _ in range(count)]
        await holding.wait()
        await asyncio.gather(*holders)


async def _hold_at(slots: PrioritySlots, barrier: asyncio.Barrier) -> None:
    async with slots.hold("low"):
        await barrier.wait()
