"""Which task a free worker takes: the most urgent, while long waiting raises the less urgent."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.topology import PRIORITIES

SECONDS_PER_STEP = 60.0
"""A task that waits this long counts as one step more urgent, so that none waits for ever."""


class PrioritySlots:
    """A semaphore whose waiters are let in by priority, then in order of arrival."""

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._arrivals = 0

    @asynccontextmanager
    async def hold(self, priority: str) -> AsyncIterator[None]:
        """Wait for a slot and hold it; an unknown priority counts as the lowest."""
        await self._acquire(priority)
        try:
            yield
        finally:
            self._free += 1
            self._let_in()

    async def _acquire(self, priority: str) -> None:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        step = PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES)
        self._arrivals += 1
        heapq.heappush(self._waiting, (loop.time() + step * SECONDS_PER_STEP, self._arrivals, turn))
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free += 1
            turn.cancel()
            self._let_in()
            raise

    def _let_in(self) -> None:
        while self._free and self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self._free -= 1
                turn.set_result(None)
