"""Damaged and hostile documents in a real worker process: a result or a refusal, never a dead worker."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path

from services.engine.documents.limits import MEBIBYTE, Limits
from services.engine.work import PrepareWork
from services.engine.workers import PoolOptions, WorkerPool
from shared.errors import DocumentError
from tests.fuzz.campaign import (
    Case,
    Measured,
    damaged_documents,
    fuzzing_pool,
    hostile_documents,
    try_all,
)

MUTATIONS = 180
# The models take 400 MiB, decoding what the limits below allow some hundreds more.
MOST_MEMORY = 1100 * MEBIBYTE
LIMITS = Limits(max_pixels=20_000_000, max_decoded_bytes=128 * MEBIBYTE)
SLOW = ("pdf content of many paths",)


async def test_no_document_harms_a_worker(tmp_path: Path) -> None:
    hostile = [case for case in hostile_documents() if case.name not in SLOW]
    cases = chain(hostile, damaged_documents(MUTATIONS, seed=20_261_121))
    async with fuzzing_pool(tmp_path / "models", LIMITS) as pool:
        report = await try_all(pool, cases, tmp_path / "document")
    assert report.failures == []
    assert report.cases == len(hostile) + MUTATIONS
    assert report.read > 40
    assert report.refused.total() > 40
    assert {"unsafeXml", "xmlTooLarge", "tooManyPixels", "pageTooComplex"} <= report.refused.keys()
    assert 0 < report.peak_memory < MOST_MEMORY


async def test_a_document_that_kills_its_worker_is_a_failure_and_the_last_one_is_not(tmp_path: Path) -> None:
    options = PoolOptions(size=1, max_tasks=100, max_memory=2**40, make_worker=FrailWorker)
    cases = [Case("deadly", b"die"), Case("harmless", b"live")]
    async with WorkerPool(options) as pool:
        report = await try_all(pool, cases, tmp_path / "document", tmp_path / "kept")
    assert report.failures == ["deadly: WorkerDied The worker process ended unexpectedly."]
    assert (tmp_path / "kept" / "deadly").read_bytes() == b"die"
    assert (report.cases, report.refused) == (2, {"brokenPdf": 1})


class FrailWorker:
    """A worker that one document ends."""

    def do(self, work: PrepareWork) -> Measured:
        if work.path.read_bytes() == b"die":
            os._exit(1)
        return Measured(DocumentError("brokenPdf", "The PDF is damaged."), 1)
