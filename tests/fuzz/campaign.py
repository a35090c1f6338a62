"""Damaged documents through a worker pool: what came of each, and what it took."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from services.engine.documents.limits import MEBIBYTE, Limits
from services.engine.documents.prepare import PreparedDocument
from services.engine.work import ExtractWork, PrepareWork, ReadWork, Work, Worker, WorkerOptions
from services.engine.workers import PoolOptions, WorkerDied, WorkerPool, WorkFailed, WorkTimedOut
from shared.errors import DocumentError
from shared.schemas.reading import reading_to_json
from shared.template import ExtractionSettings, PreprocessingSettings
from tests.fuzz.attacks import attacks
from tests.fuzz.mutations import mutated
from tests.fuzz.originals import originals
from tests.memory import peak_memory

DPI = 100
# Twenty seconds of drawing are allowed; the machine may be busy with other things, too.
MOST_SECONDS = 120.0
READ_EVERY = 100
"""Of the page images one in so many is read: reading takes a thousand times longer than decoding."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document to try; `name` says how to make it again."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Measured:
    """What a worker answered, and the most memory its process ever had, in bytes."""

    answer: Any
    peak_memory: int


class MeasuringWorker:
    """The engine's own worker; its answers, refusals too, come with the process's peak of memory."""

    def __init__(self, options: WorkerOptions) -> None:
        self._worker = Worker(options)

    def do(self, work: Work) -> Measured:
        """What the worker answers; exceptions but DocumentError are left to the process's entry."""
        try:
            answer = self._worker.do(work)
        except DocumentError as error:
            answer = error
        return Measured(answer, peak_memory())


@dataclass(slots=True)
class Report:
    """What came of all cases so far; `failures` are those that neither gave a result nor were refused."""

    cases: int = 0
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    peak_memory: int = 0
    largest: str = ""
    slowest: str = ""
    slowest_seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The report as one line of JSON shows it."""
        return {
            "cases": self.cases,
            "read": self.read,
            "refused": dict(self.refused.most_common()),
            "failures": self.failures,
            "peakMemoryMiB": round(self.peak_memory / MEBIBYTE),
            "largest": self.largest,
            "slowest": self.slowest,
            "slowestSeconds": round(self.slowest_seconds, 2),
        }


def damaged_documents(count: int, seed: int) -> Iterator[Case]:
    """`count` damaged documents, of each original in turn."""
    made = {name: make() for name, make in originals().items()}
    for number, name in enumerate(islice(cycle(made), count)):
        chance = random.Random(f"{seed}/{number}")
        yield Case(f"{name}, mutation {number} of seed {seed}", mutated(made[name], chance))


def hostile_documents() -> Iterator[Case]:
    """Every attack once."""
    for name, make in attacks().items():
        yield Case(name, make())


def fuzzing_pool(models: Path, limits: Limits) -> WorkerPool:
    """One worker process that is replaced only when it dies or is ended for being late."""
    options = WorkerOptions(models, limits)
    return WorkerPool(
        PoolOptions(
            size=1,
            max_tasks=1_000_000,
            max_memory=2**40,
            make_worker=partial(MeasuringWorker, options),
            log_level="error",
        )
    )


async def try_all(pool: WorkerPool, cases: Iterable[Case], folder: Path, kept: Path | None = None) -> Report:
    """Put `cases` one by one through `pool`, using `folder`; documents that failed are kept in `kept`."""
    report = Report()
    for case in cases:
        report.cases += 1
        began = time.perf_counter()
        try:
            await _Trial(pool, folder, report, case.name).take(case)
        except (WorkerDied, WorkFailed, WorkTimedOut) as error:
            report.failures.append(f"{case.name}: {type(error).__name__} {error}")
            if kept is not None:
                await asyncio.to_thread(_keep, case, kept)
        seconds = time.perf_counter() - began
        if seconds > report.slowest_seconds:
            report.slowest, report.slowest_seconds = case.name, seconds
    return report


def _keep(case: Case, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    (kept / case.name.replace(" ", "-").replace(",", "")).write_bytes(case.content)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One document on its way through the engine's steps."""

    pool: WorkerPool
    folder: Path
    report: Report
    name: str

    async def take(self, case: Case) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        document = self.folder / "document"
        document.write_bytes(case.content)
        prepared = await self._do(PrepareWork(document, self.folder, DPI, None))
        if isinstance(prepared, DocumentError):
            self._check_refusal(case, prepared)
            return
        lines = await self._readings(prepared)
        self.report.read += 1
        if lines or prepared.einvoice_path:
            listed = self.folder / "readings"
            listed.write_text("\n".join(lines), encoding="utf-8")
            await self._do(ExtractWork(listed, ExtractionSettings(), prepared.einvoice_path))

    async def _readings(self, prepared: PreparedDocument) -> list[str]:
        """The readings of the pages with a text layer, and of few others."""
        lines = []
        for page in prepared.pages:
            if page.text_layer_path is None and self.report.cases % READ_EVERY:
                continue
            if page.image_path is None:
                continue
            reading = await self._do(
                ReadWork(
                    page.image_path,
                    page.text_layer_path,
                    page.width,
                    page.height,
                    PreprocessingSettings(),
                    (),
                )
            )
            lines.append(json.dumps({"pageNumber": page.number, "reading": reading_to_json(reading)}))
        return lines

    async def _do(self, work: Work) -> Any:
        measured: Measured = await self.pool.run(work, MOST_SECONDS)
        if measured.peak_memory > self.report.peak_memory:
            self.report.peak_memory, self.report.largest = measured.peak_memory, self.name
        return measured.answer

    def _check_refusal(self, case: Case, error: DocumentError) -> None:
        """Count the refusal; one that is no sentence is a failure."""
        self.report.refused[error.code] += 1
        if not str(error).endswith(".") or error.code == "internalError":
            self.report.failures.append(f"{case.name}: refused without a sentence: {error}")
