"""A worker without models, for tests of the pool: it does what the work says."""

from __future__ import annotations

import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.engine.workers import PoolOptions
from shared.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Echo:
    """Answers `value` and the process's id."""

    value: Any


@dataclass(frozen=True, slots=True)
class Sleep:
    seconds: float


@dataclass(frozen=True, slots=True)
class Die:
    """Ends the process as the kernel does when memory runs out; only so often if `counter` is given."""

    counter: Path | None = None
    times: int = 0


@dataclass(frozen=True, slots=True)
class Fail:
    error: str


@dataclass(frozen=True, slots=True)
class Grow:
    """Keeps `size` bytes of memory for ever."""

    size: int


@dataclass(frozen=True, slots=True)
class Log:
    text: str


@dataclass(frozen=True, slots=True)
class Borrow:
    """Takes `size` bytes of memory and frees them, twice."""

    size: int


class LightWorker:
    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def do(self, work: Any) -> Any:
        match work:
            case Echo():
                return work.value, os.getpid()
            case Sleep():
                time.sleep(work.seconds)
            case Die():
                self._die(work)
            case Fail():
                raise self._error(work.error)
            case Grow():
                self._kept.append(b"x" * work.size)
            case Borrow():
                self._borrow(work.size)
            case Log():
                logging.getLogger("light").warning(work.text)
        return os.getpid()

    def _borrow(self, size: int) -> None:
        for _ in range(2):
            borrowed = b"x" * size
            del borrowed

    def _die(self, work: Die) -> None:
        if work.counter is not None:
            deaths = int(work.counter.read_text())
            if deaths >= work.times:
                return
            work.counter.write_text(str(deaths + 1))
        os.kill(os.getpid(), signal.SIGKILL)

    def _error(self, kind: str) -> Exception:
        errors: dict[str, Exception] = {
            "document": DocumentError("emptyPdf", "The PDF has no pages."),
            "memory": MemoryError(),
            "value": ValueError("odd"),
        }
        return errors[kind]


def fail_to_start() -> LightWorker:
    raise RuntimeError("no models here")


def light_pool(size: int = 1, max_tasks: int = 1000, max_memory: int = 2**40) -> PoolOptions:
    return PoolOptions(size, max_tasks, max_memory, LightWorker)
