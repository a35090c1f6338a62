"""`make bench-memory`: what a worker process holds while it reads pages of mixed sizes, one after the other.

The pages are pieces of generated scans, photos and faxes, cut and scaled at random, so that hardly two have
the same size. The worker is never replaced. It keeps freed memory for its next page and gives it back
when it has nothing to do: what it holds then is what it needs, and would grow if anything leaked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import cv2
import psutil

from deploy.local.interrupts import run_command
from services.engine.cores import instruction_sets
from services.engine.documents.limits import MEBIBYTE, Limits
from services.engine.ocr.recogniser import Image
from services.engine.ocr.runtimes import fastest_runtime
from services.engine.work import ReadWork, Worker, WorkerOptions
from services.engine.workers import IDLE_SECONDS, PoolOptions, WorkerPool
from shared.template import PreprocessingSettings
from tests.bench.pages import generated_pages

OUT = Path("build/bench/memory.json")
PAGE_SECONDS = 600.0
SAMPLES = 20
SETTLING_SECONDS = 0.5
SOURCES = 24
SCALES = (0.4, 1.3)
SHARES = (0.1, 0.45)
"""How much of a source's width and height a piece takes."""
INTERRUPTED = 130


async def measure(pages: int, seed: int) -> int:
    """Read, print and write what the worker holds in MiB, at most and idle, by twentieths of the pages."""
    held: list[int] = []
    idle: list[int] = []
    with tempfile.TemporaryDirectory(prefix="ledgerlens-memory-") as name:
        folder = Path(name)
        sources = await asyncio.to_thread(_sources, folder, seed)
        options = WorkerOptions(folder / "models", Limits(), runtime=fastest_runtime(instruction_sets()))
        async with WorkerPool(PoolOptions(1, 2**31, 2**40, partial(Worker, options))) as pool:
            most = 0
            for number, work in enumerate(_pieces(sources, folder, pages, random.Random(seed)), 1):
                await pool.run(work, PAGE_SECONDS)
                most = max(most, _largest_child())
                if number % max(1, pages // SAMPLES) == 0:
                    held.append(most // MEBIBYTE)
                    await asyncio.sleep(IDLE_SECONDS + SETTLING_SECONDS)
                    idle.append(_largest_child() // MEBIBYTE)
                    print(f"After {number} pages: at most {held[-1]} MiB, idle {idle[-1]}.", flush=True)
                    most = 0
    growth = {"held": _growth(held), "idle": _growth(idle)}
    print(f"Growth since the first twentieth: {growth['held']:.1%}, idle {growth['idle']:.1%}.")
    result = {"pages": pages, "heldMiB": held, "idleMiB": idle, "growth": growth}
    await asyncio.to_thread(_write, json.dumps(result, indent=1))
    return 0


def _growth(memory: Sequence[int]) -> float:
    return round(memory[-1] / memory[0] - 1, 4)


def _sources(folder: Path, seed: int) -> list[Image]:
    return [page.pixels for page in generated_pages(folder / "documents", SOURCES, seed)]


def _write(result: str) -> None:
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(result + "\n", encoding="utf-8")


def _pieces(sources: Sequence[Image], folder: Path, count: int, chance: random.Random) -> Iterator[ReadWork]:
    """So many pieces of the sources, one file for all: each is read before the next is asked for."""
    path = folder / "page.png"
    for _ in range(count):
        page = chance.choice(sources)
        height, width = (int(side) for side in page.shape[:2])
        tall, wide = (round(chance.uniform(*SHARES) * side) for side in (height, width))
        top, left = chance.randrange(height - tall), chance.randrange(width - wide)
        scale = chance.uniform(*SCALES)
        piece = cv2.resize(page[top : top + tall, left : left + wide], None, fx=scale, fy=scale)
        cv2.imwrite(str(path), piece)
        yield ReadWork(path, None, piece.shape[1], piece.shape[0], PreprocessingSettings(), ())


def _largest_child() -> int:
    return max(int(child.memory_info().rss) for child in psutil.Process().children(recursive=True))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.exit(run_command(measure(options.pages, options.seed), INTERRUPTED))


if __name__ == "__main__":
    main()
