"""Runs a pool with one busy worker and prints the worker's process id; to be killed by a test."""

from __future__ import annotations

import asyncio

from services.engine.workers import WorkerPool
from tests.unit.engine.light_worker import Echo, Sleep, light_pool


async def main() -> None:
    async with WorkerPool(light_pool()) as pool:
        _, pid = await pool.run(Echo(None), 10)
        print(pid, flush=True)
        await pool.run(Sleep(300), 300)


if __name__ == "__main__":
    asyncio.run(main())
