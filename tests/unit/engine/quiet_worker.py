"""Loads a worker, alone or forked as an engine's are, and reports which network addresses it asked for."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, get_args

from services.engine.documents.limits import Limits
from services.engine.ocr.runtimes import Runtime
from services.engine.preload import start_fork_server
from services.engine.work import Worker, WorkerOptions
from services.engine.workers import PoolOptions, WorkerPool

NETWORK_EVENTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"})
PATIENCE_SECONDS = 0.5


class WatchedWorker(Worker):
    """A worker that tells, whatever it is asked, which addresses were asked for since it began to load."""

    def __init__(self, options: WorkerOptions) -> None:
        self._asked: list[str] = []
        sys.addaudithook(self._watch)
        super().__init__(options)

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in NETWORK_EVENTS:
            self._asked.append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")

    def do(self, work: Any) -> list[str]:
        time.sleep(PATIENCE_SECONDS)  # whoever reports home does it from another thread
        return self._asked


async def _forked(options: WorkerOptions) -> Any:
    start_fork_server(options.runtime)
    async with WorkerPool(PoolOptions(1, 10, 2**40, partial(WatchedWorker, options))) as pool:
        return await pool.run(None, 60)


def main(way: str, runtime: Runtime, models: Path) -> None:
    options = WorkerOptions(models, Limits(), runtime=runtime)
    asked = asyncio.run(_forked(options)) if way == "forked" else WatchedWorker(options).do(None)
    print(json.dumps(asked))


if __name__ == "__main__":
    (chosen,) = [name for name in get_args(Runtime) if name == sys.argv[2]]
    main(sys.argv[1], chosen, Path(sys.argv[3]))
