"""A pool of worker processes: one task each at a time, a deadline per task, and replacement of the dead.

PaddleOCR keeps state between calls and leaks with changing shapes, so each worker is one process with
one thread, forked from a process that does nothing else, and replaced after a number of tasks or past a
memory limit.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

import psutil

from services.engine.allocator import FreedMemory
from shared.errors import LedgerLensError
from shared.logs import configure_logging, current_log_context, log_context

_log = logging.getLogger(__name__)

START_SECONDS = 120.0
STOP_SECONDS = 5.0
RESTART_PAUSE_SECONDS = 5.0

IDLE_SECONDS = 2.0
"""Seconds without work after which a worker gives back all memory that it can."""


class WorkerDied(LedgerLensError):
    """The worker process ended while it worked on the task."""


class WorkFailed(LedgerLensError):
    """The work raised what nobody expected; the worker's log has the details."""


class WorkTimedOut(LedgerLensError):
    """The task took longer than it may; its worker was ended."""


class Worker(Protocol):
    """What does the work in a worker process."""

    def do(self, work: Any) -> Any:
        """Do one piece of work; work, answer and errors must be picklable."""


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """Size of the pool, and when a worker is replaced: after `max_tasks`, or past `max_memory` bytes.

    `make_worker` is called once in each process, and is picklable.
    """

    size: int
    max_tasks: int
    max_memory: int
    make_worker: Callable[[], Worker]
    log_level: str = "info"


class WorkerPool:
    """Runs work in child processes; use as an async context manager."""

    def __init__(self, options: PoolOptions) -> None:
        self._options = options
        self._idle: asyncio.Queue[_Child] = asyncio.Queue()
        self._children: set[_Child] = set()
        self._ready: set[_Child] = set()
        self._replacements: set[asyncio.Task[None]] = set()
        self._closing = False
        # Each child may keep one thread waiting for an answer while another thread ends it.
        self._threads = ThreadPoolExecutor(2 * options.size, thread_name_prefix="worker-pipe")

    async def __aenter__(self) -> WorkerPool:
        try:
            await asyncio.gather(*(self._add() for _ in range(self._options.size)))
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    @property
    def size(self) -> int:
        return self._options.size

    @property
    def healthy(self) -> bool:
        """Whether all workers are there; false for the moment in which one is being replaced."""
        return len(self._ready) == self._options.size

    async def run(self, work: Any, seconds: float) -> Any:
        """Have a worker do `work`; waits for an idle one first.

        Raises the work's LedgerLensErrors, WorkFailed for any other of its exceptions, WorkTimedOut past
        `seconds`, and WorkerDied when the process ends.
        """
        child = await self._living_child()
        try:
            return await self._in_thread(child.ask, work, seconds, current_log_context())
        finally:
            if child.worn(self._options):
                self._replace(child)
            else:
                self._idle.put_nowait(child)

    async def _living_child(self) -> _Child:
        """An idle worker; one that died while it was idle must not be blamed on the next document."""
        while True:
            child = await self._idle.get()
            if child.alive:
                return child
            _log.warning("An idle worker process ended; it is replaced.")
            self._replace(child)

    def _replace(self, child: _Child) -> None:
        """End `child` and start another in the background, so that nobody waits for it to load."""
        self._ready.discard(child)
        if self._closing:
            return  # all are ended, and none takes its place
        task = asyncio.create_task(self._renew(child))
        self._replacements.add(task)
        task.add_done_callback(self._replacements.discard)

    async def _renew(self, child: _Child) -> None:
        await self._in_thread(child.stop)
        self._children.discard(child)
        while True:
            try:
                return await self._add()
            except (LedgerLensError, OSError):
                _log.exception("A worker could not be replaced; trying again.")
            await asyncio.sleep(RESTART_PAUSE_SECONDS)

    async def _add(self) -> None:
        child = _Child(self._options)
        self._children.add(child)
        try:
            await self._in_thread(child.start)
        except (LedgerLensError, OSError):
            await self._in_thread(child.stop)
            self._children.discard(child)
            raise
        self._ready.add(child)
        self._idle.put_nowait(child)

    async def _close(self) -> None:
        self._closing = True
        for task in self._replacements:
            task.cancel()
        await asyncio.gather(*self._replacements, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(child.stop) for child in self._children))
        self._children.clear()
        self._ready.clear()
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


class _Child:
    """One worker process and the pipe to it; its methods block."""

    def __init__(self, options: PoolOptions) -> None:
        context = multiprocessing.get_context("forkserver")
        self._pipe, self._other_end = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve,
            args=(self._other_end, options),
            daemon=True,
            name="ledgerlens-worker",
        )
        self._lock = threading.Lock()
        self._stopped = False
        self._tasks = 0
        self._owes_answer = False

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def start(self) -> None:
        """Start the process and wait until its models are loaded."""
        with self._lock:
            if self._stopped:
                raise WorkerDied("The worker was stopped before it was started.")
            self._process.start()
        self._other_end.close()
        if self._receive(START_SECONDS) != _READY:
            raise WorkerDied("A worker process could not start; its log says why.")

    def ask(self, work: Any, seconds: float, context: Mapping[str, str]) -> Any:
        """Send work, with the log context that it belongs to, and wait for its answer."""
        self._tasks += 1
        self._owes_answer = True
        try:
            self._pipe.send((work, context))
            answer = self._receive(seconds)
        except OSError as error:
            raise WorkerDied("The worker process ended unexpectedly.") from error
        self._owes_answer = False
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def worn(self, options: PoolOptions) -> bool:
        """Whether to replace the process: dead, busy with what was given up, old, or grown too large."""
        if self._owes_answer or self._tasks >= options.max_tasks or not self.alive:
            return True
        try:
            return bool(psutil.Process(self._process.pid).memory_info().rss > options.max_memory)
        except psutil.NoSuchProcess:
            return True

    def stop(self) -> None:
        """End the process, by force if it does not go; may be called twice."""
        with self._lock:
            self._stopped = True
            if self._process.is_alive():
                self._process.terminate()
                self._process.join(STOP_SECONDS)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(STOP_SECONDS)
            if not self._owes_answer:  # else a thread still listens, and hears that the process has gone
                self._pipe.close()

    def _receive(self, seconds: float) -> Any:
        if not self._pipe.poll(seconds):
            raise WorkTimedOut(f"It took longer than {seconds:g} seconds.")
        try:
            return self._pipe.recv()
        except EOFError:
            raise WorkerDied("The worker process ended unexpectedly.") from None


_READY = "ready"


def _serve(pipe: Connection, options: PoolOptions) -> None:
    """The worker process: load, say so, then answer one piece of work after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    configure_logging("engine", options.log_level)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    worker = options.make_worker()
    freed_memory = FreedMemory(options.max_memory)
    pipe.send(_READY)
    while True:
        if not pipe.poll(IDLE_SECONDS):
            freed_memory.give_back()
        try:
            work, context = pipe.recv()
        except EOFError:
            return  # the parent is gone
        with log_context(**context):
            try:
                answer = worker.do(work)
            except LedgerLensError as error:
                answer = error
            except MemoryError:
                return  # a fresh process is the only safe way on
            except Exception as error:
                logging.getLogger(__name__).exception("A task failed unexpectedly.")
                answer = WorkFailed(type(error).__name__)
        freed_memory.after_task()
        pipe.send(answer)


def _end_with_parent() -> None:
    """End this process when its parent has, even in the middle of work that nobody waits for any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
