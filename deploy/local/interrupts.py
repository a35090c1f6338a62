"""Running a command until it ends or the user stops it with Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine

from shared.errors import LedgerLensError

FAILURE = 1


def run_command(command: Coroutine[None, None, int], stopped_status: int) -> int:
    """Run `command` and return its exit status, or `stopped_status` when a signal stopped it.

    A signal cancels the command, so its context managers stop what they started. An error that a
    user can act on is printed as its sentence.
    """
    try:
        return asyncio.run(_until_stopped(command, stopped_status))
    except LedgerLensError as error:
        print(f"\nFailed: {error}", file=sys.stderr, flush=True)
        return FAILURE


async def _until_stopped(command: Coroutine[None, None, int], stopped_status: int) -> int:
    task = asyncio.ensure_future(command)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return stopped_status
