"""The engine's composition root: worker processes, broker, health page."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from aiohttp import web

from services.engine.consumer import TaskConsumer
from services.engine.cores import usable_cores
from services.engine.documents.fetch import Fetcher
from services.engine.files import GatewayFiles
from services.engine.maker import identify
from services.engine.settings import Settings
from services.engine.tasks import Tasks
from services.engine.work import Worker, WorkerOptions
from services.engine.workers import PoolOptions, WorkerPool
from shared.broker import Broker

_log = logging.getLogger(__name__)

SLOTS_BEYOND_WORKERS = 1


async def run_engine(settings: Settings) -> None:
    """Serve tasks until SIGTERM or SIGINT, then finish those in hand and return."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    async with AsyncExitStack() as parts:
        workers = settings.workers or usable_cores()
        identifying = asyncio.create_task(  # while the workers load
            asyncio.to_thread(
                identify, Path(settings.model_dir), settings.ocr_runtime, settings.reads_quickly
            )
        )
        parts.callback(identifying.cancel)
        pool = await parts.enter_async_context(WorkerPool(_pool_options(settings, workers)))
        files = await parts.enter_async_context(GatewayFiles(settings.gateway_url))
        fetcher = await parts.enter_async_context(Fetcher(settings.fetch_policy))
        broker = await parts.enter_async_context(Broker(settings.amqp_url, "ledgerlens-engine"))
        tasks = Tasks(settings, fetcher, files, pool, await identifying)
        consumer = TaskConsumer(broker, tasks, workers + SLOTS_BEYOND_WORKERS)
        await _serve_health(parts, settings, broker, pool)
        await consumer.start()
        _log.info("Ready with %d workers.", workers)
        await stopping.wait()
        _log.info("Stopping: tasks in hand are finished first.")
        await consumer.stop(settings.shutdown_seconds)


def _pool_options(settings: Settings, workers: int) -> PoolOptions:
    options = WorkerOptions(
        Path(settings.model_dir),
        settings.limits,
        runtime=settings.ocr_runtime,
        quick=settings.reads_quickly,
    )
    return PoolOptions(
        size=workers,
        max_tasks=settings.worker_tasks,
        max_memory=settings.worker_memory_bytes,
        make_worker=partial(Worker, options),
        log_level=settings.log_level,
    )


async def _serve_health(parts: AsyncExitStack, settings: Settings, broker: Broker, pool: WorkerPool) -> None:
    """`/healthz`: this process works. `/readyz`: it can take tasks now."""

    async def liveness(_: web.Request) -> web.Response:
        alive = broker.consuming
        return web.json_response({"status": "ok" if alive else "failing"}, status=200 if alive else 503)

    async def readiness(_: web.Request) -> web.Response:
        state = {"broker": broker.connected, "workers": pool.healthy}
        ready = all(state.values())
        body = {"status": "ok" if ready else "waiting", "parts": state}
        return web.json_response(body, status=200 if ready else 503)

    app = web.Application()
    app.add_routes([web.get("/healthz", liveness), web.get("/readyz", readiness)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    parts.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, settings.health_host, settings.health_port).start()
