"""`make bench-system`: pages per second of the engine alone and of the whole system, on the same scans.

The engine alone is its pool of worker processes with files on disk; the whole system has HTTP, database and
broker around it, on the same cores. Memory is that of the workers of the engine alone, after every tenth of
the pages; they are not replaced meanwhile. At the end stands who used the processor while the whole system
was at work.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from deploy.local.interrupts import run_command
from deploy.local.stack import StackOptions, running_stack
from services.engine.cores import instruction_sets, usable_cores
from services.engine.documents.limits import MEBIBYTE, Limits
from services.engine.ocr.runtimes import fastest_runtime
from services.engine.work import ExtractWork, PrepareWork, ReadWork, Worker, WorkerOptions
from services.engine.workers import PoolOptions, WorkerPool
from shared.schemas.reading import reading_to_json
from shared.template import ExtractionSettings, PreprocessingSettings
from tests.bench.accuracy.documents import BenchDocument, generated_document
from tests.bench.accuracy.grades import Answer
from tests.bench.accuracy.service import read_all
from tests.bench.processors import processor_seconds, shares, table
from tests.generator.samples import SampleKind, make_samples

KINDS: tuple[SampleKind, ...] = ("scan", "photo", "fax", "png", "tiff", "bmp")
OUT = Path("build/bench")
DPI = 300
WORK_SECONDS = 600.0
JOB_SECONDS = 3600.0
SAMPLES = 10
AT_ONCE = 8
# A document takes some ten seconds here; a client that asks more often measures itself.
POLL_SECONDS = 1.0
CLIENT = "client"
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class EngineRun:
    """How long the engine alone took, and the memory of its largest worker in MiB, tenth by tenth."""

    seconds: float
    memory: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SystemRun:
    """How long the whole system took, how many documents failed, and who used the processor (`shares`)."""

    seconds: float
    failed: int
    processors: dict[str, tuple[float, float]]


async def measure(options: argparse.Namespace) -> int:
    """Make the documents, time both, print and write what came out; 1 when a document failed."""
    with tempfile.TemporaryDirectory(prefix="ledgerlens-system-") as name:
        folder = Path(name)
        documents, pages = await asyncio.to_thread(_documents, folder, options.pages, options.seed)
        print(f"{pages} pages in {len(documents)} documents.", flush=True)
        alone = await _engine(documents, folder, pages)
        print(f"The engine alone: {pages / alone.seconds:.3f} pages/s in {alone.seconds:.0f} s.", flush=True)
        print("Its largest worker, MiB: " + ", ".join(f"{one:.0f}" for one in alone.memory), flush=True)
        result: dict[str, Any] = {
            "pages": pages,
            "workers": usable_cores(),
            "enginePagesPerSecond": round(pages / alone.seconds, 3),
            "memoryMiB": [round(one) for one in alone.memory],
        }
        failed = 0
        if not options.engine_only:
            whole = await _system(documents, folder / "stack", pages)
            failed = whole.failed
            result |= {
                "systemPagesPerSecond": round(pages / whole.seconds, 3),
                "failed": failed,
                "processorSeconds": {name: round(used, 1) for name, (used, _) in whole.processors.items()},
            }
            speed = f"{pages / whole.seconds:.3f} pages/s in {whole.seconds:.0f} s"
            print(f"The whole system: {speed}, {failed} failed.")
            print(f"That is {alone.seconds / whole.seconds:.1%} of the engine alone.")
            print(table(whole.processors))
    await asyncio.to_thread(_write, result)
    return 1 if failed else 0


def _write(result: Mapping[str, Any]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "system.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _documents(folder: Path, pages: int, seed: int) -> tuple[list[BenchDocument], int]:
    """Generated scans, faxes and photos of at least `pages` pages together; how many they are."""
    documents: list[BenchDocument] = []
    count = 0
    while count < pages:
        for sample in make_samples(folder / "documents", len(KINDS), seed + len(documents), KINDS):
            if count < pages:
                documents.append(generated_document(sample))
                count += sample.page_count
    return documents, count


async def _engine(documents: Sequence[BenchDocument], folder: Path, pages: int) -> EngineRun:
    """All documents through a pool of workers that are loaded already."""
    runtime = fastest_runtime(instruction_sets())
    make_worker = partial(Worker, WorkerOptions(folder / "models", Limits(), runtime=runtime))
    options = PoolOptions(usable_cores(), max_tasks=2**31, max_memory=2**40, make_worker=make_worker)
    run = _Run(folder, every=max(1, pages // SAMPLES))
    async with WorkerPool(options) as pool:
        slots = asyncio.Semaphore(options.size + 1)
        began = time.monotonic()
        await asyncio.gather(*(run.read(pool, slots, document) for document in documents))
        return EngineRun(time.monotonic() - began, tuple(run.memory))


class _Run:
    """Documents on their way through a pool, and the memory its workers have meanwhile."""

    def __init__(self, folder: Path, every: int) -> None:
        self._folder = folder
        self._every = every
        self._done = 0
        self.memory: list[float] = []

    async def read(self, pool: WorkerPool, slots: asyncio.Semaphore, document: BenchDocument) -> None:
        """One document: prepared, each page read, extracted."""
        files = self._folder / f"{document.name}-pages"
        async with slots:
            files.mkdir()
            prepared = await pool.run(PrepareWork(document.path, files, DPI, None), WORK_SECONDS)
            lines = []
            for page in prepared.pages:
                size, preprocessing = (page.width, page.height), PreprocessingSettings()
                work = ReadWork(page.image_path, page.text_layer_path, *size, preprocessing, ())
                reading = await pool.run(work, WORK_SECONDS)
                lines.append(json.dumps({"pageNumber": page.number, "reading": reading_to_json(reading)}))
                self._count()
            listed = files / "readings"
            listed.write_text("\n".join(lines), encoding="utf-8")
            await pool.run(ExtractWork(listed, ExtractionSettings()), WORK_SECONDS)

    def _count(self) -> None:
        self._done += 1
        if self._done % self._every == 0:
            children = psutil.Process().children(recursive=True)
            self.memory.append(max(child.memory_info().rss for child in children) / MEBIBYTE)


async def _system(documents: Sequence[BenchDocument], folder: Path, pages: int) -> SystemRun:
    """All documents over REST, some at a time, until the last is read."""
    async with running_stack(StackOptions(folder, os.environ)) as stack:
        processes = {name: process.pid for name, process in stack.processes.items()}
        before, began = _used(processes), time.monotonic()
        answers = await read_all(
            stack.gateway_url,
            stack.api_key,
            documents,
            at_once=AT_ONCE,
            seconds=JOB_SECONDS,
            told=_tell,
            poll_seconds=POLL_SECONDS,
        )
        seconds = time.monotonic() - began
        used = shares(before, _used(processes), pages)
        return SystemRun(seconds, sum(answer.error is not None for answer in answers), used)


def _used(processes: Mapping[str, int]) -> dict[str, float]:
    return {**processor_seconds(processes), CLIENT: time.process_time()}


def _tell(document: BenchDocument, answer: Answer) -> None:
    if answer.error is not None:
        print(f"{document.name}: {answer.error}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.system", description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine-only", action="store_true", help="leave the whole system out")
    sys.exit(run_command(measure(parser.parse_args()), INTERRUPTED))


if __name__ == "__main__":
    main()
