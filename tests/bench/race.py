"""Reads the same pages with all engines, interleaved page by page, each engine in processes of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from services.engine.cores import usable_cores
from services.engine.ocr.recogniser import Image
from tests.bench.engines import Contestant, contestants
from tests.bench.pages import BenchPage
from tests.bench.scores import Score, score
from tests.memory import peak_memory

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Lap:
    """One page by one engine: `seconds` until all its processes had read it, and what one of them needed.

    `processor_seconds` are of one process; `memory` is what it holds after the page, in MiB.
    """

    page: BenchPage
    seconds: float
    processor_seconds: float
    memory: float
    score: Score


@dataclass(slots=True)
class Result:
    """How an engine did; `processes` read each page at the same time, one per core or one for all cores."""

    name: str
    title: str
    processes: int
    ready_seconds: float
    peak_memory: float = 0.0
    laps: list[Lap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    processor_seconds: float
    memory: float
    peak_memory: float


def race(names: Sequence[str], pages: Sequence[BenchPage], models: Path) -> list[Result]:
    """Let the engines read all pages in turn; the first page is read once more before, to warm up."""
    runners = [_Runner(name, contestants()[name], models) for name in names]
    try:
        for runner in runners:
            runner.read(pages[0].pixels)
        for page in pages:
            for runner in runners:
                runner.lap(page)
        return [runner.result for runner in runners]
    finally:
        for runner in runners:
            runner.stop()


class _Runner:
    """An engine's processes and the pipes to them."""

    def __init__(self, name: str, contestant: Contestant, models: Path) -> None:
        context = multiprocessing.get_context("spawn")
        count = usable_cores() if contestant.process_per_core else 1
        self._pipes: list[Connection] = []
        self._processes = []
        began = time.perf_counter()
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, name, models), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()
        self.result = Result(name, contestant.title, count, time.perf_counter() - began)

    def read(self, page: Image) -> tuple[float, _Answer]:
        """Have all processes read the page at once; seconds until the last was done, and one answer."""
        began = time.perf_counter()
        for pipe in self._pipes:
            pipe.send(page)
        answers: list[Any] = [pipe.recv() for pipe in self._pipes]
        return time.perf_counter() - began, answers[0]

    def lap(self, page: BenchPage) -> None:
        seconds, answer = self.read(page.pixels)
        self.result.peak_memory = answer.peak_memory
        self.result.laps.append(
            Lap(page, seconds, answer.processor_seconds, answer.memory, score(answer.text, page.text))
        )

    def stop(self) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()


def _serve(pipe: Connection, name: str, models: Path) -> None:
    """A process of an engine: open it, say so, and read pages until the pipe is closed."""
    read = contestants()[name].open(models)
    pipe.send("ready")
    while True:
        try:
            page = pipe.recv()
        except EOFError:
            return
        began = _processor_seconds()
        text = read(page)
        used = _processor_seconds() - began
        pipe.send(_Answer(text, used, psutil.Process().memory_info().rss / MEBIBYTE, _peak_memory()))


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _peak_memory() -> float:
    """MiB at the peak, of this process or of a program that it ran."""
    of_programs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return max(peak_memory(), of_programs) / MEBIBYTE
