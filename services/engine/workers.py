"""A pool of worker processes: one task each at a time, a deadline per task, and replacement of the dead.

PaddleOCR keeps state between calls and leaks with changing shapes, so each worker is one process with
one thread, started with `spawn`, and replaced after a number of tasks or past a memory limit.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import psutil

from services.engine.work import Work, Worker, WorkerOptions
from shared.errors import LedgerLensError

_log = logging.getLogger(__name__)

START_SECONDS = 120.0
STOP_SECONDS = 5.0


class WorkerDied(LedgerLensError):
    """The worker process ended while it worked on the task."""


class WorkFailed(LedgerLensError):
    """The work raised what nobody expected; the worker's log has the details."""


class WorkTimedOut(LedgerLensError):
    """The task took longer than it may; its worker was ended."""


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """Size of the pool, and when a worker is replaced: after `max_tasks`, or past `max_memory` bytes."""

    size: int
    max_tasks: int
    max_memory: int
    worker: WorkerOptions


class WorkerPool:
    """Runs work in child processes; use as an async context manager."""

    def __init__(self, options: PoolOptions) -> None:
        self._options = options
        self._idle: asyncio.Queue[_Child] = asyncio.Queue()
        self._children: set[_Child] = set()
        self._threads = ThreadPoolExecutor(options.size + 1, thread_name_prefix="worker-pipe")

    async def __aenter__(self) -> WorkerPool:
        await asyncio.gather(*(self._add() for _ in range(self._options.size)))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(self._in_thread(child.stop) for child in list(self._children)))
        self._children.clear()
        self._threads.shutdown(wait=True, cancel_futures=True)

    @property
    def size(self) -> int:
        return self._options.size

    @property
    def healthy(self) -> bool:
        """Whether all workers are there; false for the moment in which one is being replaced."""
        return len(self._children) == self._options.size

    async def run(self, work: Work, seconds: float) -> Any:
        """Have a worker do `work`; waits for an idle one first.

        Raises the work's LedgerLensErrors, WorkFailed for any other of its exceptions, WorkTimedOut past
        `seconds`, and WorkerDied when the process ends.
        """
        child = await self._idle.get()
        keep = False
        try:
            answer = await self._in_thread(child.ask, work, seconds)
            keep = not child.worn(self._options)
        except (WorkerDied, WorkTimedOut):
            raise
        except asyncio.CancelledError:
            raise
        except Exception:
            keep = not child.worn(self._options)
            raise
        finally:
            if keep:
                self._idle.put_nowait(child)
            else:
                await asyncio.shield(self._replace(child))
        return answer

    async def _replace(self, child: _Child) -> None:
        self._children.discard(child)
        await self._in_thread(child.stop)
        await self._add()

    async def _add(self) -> None:
        child = _Child(self._options.worker)
        await self._in_thread(child.start)
        self._children.add(child)
        self._idle.put_nowait(child)

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


class _Child:
    """One worker process and the pipe to it; its methods block."""

    def __init__(self, options: WorkerOptions) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, self._other_end = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(self._other_end, options), daemon=True, name="ledgerlens-worker"
        )
        self._tasks = 0

    def start(self) -> None:
        """Start the process and wait until its models are loaded."""
        self._process.start()
        self._other_end.close()
        if self._receive(START_SECONDS) != "ready":
            raise WorkerDied("A worker process could not start; its log says why.")

    def ask(self, work: Work, seconds: float) -> Any:
        """Send work and wait for its answer."""
        self._tasks += 1
        try:
            self._pipe.send(work)
            answer = self._receive(seconds)
        except OSError as error:
            raise WorkerDied("The worker process ended unexpectedly.") from error
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def worn(self, options: PoolOptions) -> bool:
        """Whether the process has done enough tasks, or holds too much memory, to be replaced."""
        if self._tasks >= options.max_tasks or not self._process.is_alive():
            return True
        try:
            return bool(psutil.Process(self._process.pid).memory_info().rss > options.max_memory)
        except psutil.NoSuchProcess:
            return True

    def stop(self) -> None:
        """End the process, by force if it does not go."""
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(STOP_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(STOP_SECONDS)
        self._pipe.close()

    def _receive(self, seconds: float) -> Any:
        if not self._pipe.poll(seconds):
            raise WorkTimedOut(f"It took longer than {seconds:g} seconds.")
        try:
            return self._pipe.recv()
        except EOFError:
            raise WorkerDied("The worker process ended unexpectedly.") from None


def _serve(pipe: Connection, options: WorkerOptions) -> None:
    """The worker process: load, say so, then answer one piece of work after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    worker = Worker(options)
    pipe.send("ready")
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return  # the parent is gone
        try:
            answer = worker.do(work)
        except LedgerLensError as error:
            answer = error
        except MemoryError:
            return  # a fresh process is the only safe way on
        except Exception as error:
            logging.getLogger(__name__).exception("A task failed unexpectedly.")
            answer = WorkFailed(type(error).__name__)
        pipe.send(answer)
