"""Child processes that are started with a log file, waited for, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from shared.errors import LedgerLensError

POLL_SECONDS = 0.05
SUPERVISION_SECONDS = 0.5
LOG_TAIL_LINES = 15
# Sends the child SIGTERM when its parent dies, however that happens; util-linux is on every Debian.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")

Probe = Callable[[], Awaitable[bool]]


class ProcessError(LedgerLensError):
    """A child process did not start, did not become ready, or ended by itself."""


@dataclass(slots=True)
class ManagedProcess:
    """A program that runs as a child in a process group of its own.

    `probe` answers whether it is ready to serve; `ready_seconds` and `stop_seconds` bound how long it
    may take to become ready, and to end after SIGTERM before SIGKILL follows. `inherited` are file
    descriptors that stay open in the child. A process may be started again after it has ended.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    working_folder: Path
    log: Path
    probe: Probe
    ready_seconds: float = 60.0
    stop_seconds: float = 30.0
    inherited: tuple[int, ...] = ()
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """Start the program; its output goes to `log`, that of the run before is kept beside it.

        To be called from the main thread: the kernel ties the child's life to the calling thread.
        """
        if self.running:
            raise ProcessError(f"The {self.name} is already running.")
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".previous.log"))
        with self.log.open("wb") as output:
            try:
                self._child = subprocess.Popen(
                    [*DIE_WITH_PARENT, *self.command],
                    cwd=self.working_folder,
                    env=dict(self.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=self.inherited,
                )
            except OSError as error:
                raise ProcessError(f"The {self.name} could not be started: {error}.") from error

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        """The process id; raises ProcessError before the first start."""
        if self._child is None:
            raise ProcessError(f"The {self.name} has not been started.")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """The exit status, negative for a signal; None while it runs or was never started."""
        return None if self._child is None else self._child.poll()

    async def wait_ready(self) -> None:
        """Wait until the probe answers yes; raises ProcessError when the program ends or takes too long."""
        await wait_all_ready([self])

    async def wait_ended(self, seconds: float) -> bool:
        """Whether the program has ended before `seconds` were over."""
        deadline = time.monotonic() + seconds
        while True:
            if not self.running or time.monotonic() > deadline:
                return not self.running
            await asyncio.sleep(POLL_SECONDS)

    async def stop(self) -> None:
        """End the program and all of its process group: SIGTERM first, SIGKILL after `stop_seconds`."""
        if self._child is None:
            return
        try:
            if self.running:
                self._child.terminate()
                await self.wait_ended(self.stop_seconds)
        finally:
            self.kill()

    def kill(self) -> None:
        """End the program and its whole process group at once, as `kill -9` does."""
        if self._child is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def failure(self, what: str) -> ProcessError:
        """An error that says what happened, where the log is, and how it ends."""
        lines = [f"The {self.name} {what}. Its log is {self.log}"]
        tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL_LINES:]
        if tail:
            lines[0] += " and ends with:"
            lines += [f"    {line}" for line in tail]
        return ProcessError("\n".join(lines))


async def wait_all_ready(processes: Sequence[ManagedProcess]) -> None:
    """Wait until all are ready; raises ProcessError as soon as one of them can't become so."""
    started = time.monotonic()
    waiting = list(processes)
    while waiting:
        for process in processes:
            if not process.running:
                raise process.failure(f"ended with status {process.exit_code} before it was ready")
        for process in tuple(waiting):
            if await process.probe():
                waiting.remove(process)
            elif time.monotonic() - started > process.ready_seconds:
                raise process.failure(f"was not ready after {process.ready_seconds:.0f} seconds")
        await asyncio.sleep(POLL_SECONDS)


async def first_to_end(processes: Sequence[ManagedProcess]) -> ManagedProcess:
    """Wait until one of the processes ends, and return that one."""
    while True:
        for process in processes:
            if not process.running:
                return process
        await asyncio.sleep(SUPERVISION_SECONDS)


@asynccontextmanager
async def running(*processes: ManagedProcess) -> AsyncIterator[None]:
    """Start the processes together, wait until all are ready, and stop them at the end."""
    try:
        for process in processes:
            process.start()
        await wait_all_ready(processes)
        yield
    finally:
        await asyncio.gather(*(process.stop() for process in processes))


def answers_ok(url: str) -> Probe:
    """A probe that is true once a GET of `url` answers 200."""

    async def probe() -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=3)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    return probe
