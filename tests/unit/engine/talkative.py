"""Runs a pool whose worker logs one line within a job's context; a test reads what this process prints."""

from __future__ import annotations

import asyncio

from services.engine.workers import WorkerPool
from shared.logs import log_context
from tests.unit.engine.light_worker import Log, light_pool


async def main() -> None:
    with log_context(jobId="j7"):
        async with WorkerPool(light_pool()) as pool:
            await pool.run(Log("half done"), 10)


if __name__ == "__main__":
    asyncio.run(main())
