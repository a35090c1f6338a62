"""Background tasks that are watched: one that dies is logged, started again, and shows in the health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait until `event` is set, at most `seconds`; whether it was."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


class Supervisor:
    """Runs named coroutines for ever; `healthy` is false while any of them waits to be started again."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._failing: set[str] = set()

    @property
    def healthy(self) -> bool:
        return not self._failing and all(not task.done() for task in self._tasks)

    def run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Keep `work` running until `stop`; it is expected never to return."""
        self._tasks.append(asyncio.create_task(self._keep_running(name, work), name=name))

    async def stop(self) -> None:
        """Cancel every task and wait until they are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep_running(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE_SECONDS
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await work()
                _log.error("The background task '%s' ended; it is started again.", name)
            except asyncio.CancelledError:
                if _is_cancelled():
                    raise
                # A client library cancels its futures when its connection goes: no wish to stop us.
                _log.exception("The background task '%s' was cut off; it is started again.", name)
            except Exception:
                _log.exception("The background task '%s' failed; it is started again.", name)
            if loop.time() - began > LONGEST_PAUSE_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self._failing.add(name)
            await asyncio.sleep(pause)
            self._failing.discard(name)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _is_cancelled() -> bool:
    """Whether somebody asked the running task itself to stop."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
