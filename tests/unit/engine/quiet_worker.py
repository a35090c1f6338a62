"""Loads a worker and reports which network addresses that asked for; to be run by a test as a process."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, get_args

from services.engine.documents.limits import Limits
from services.engine.ocr.runtimes import Runtime
from services.engine.work import Worker, WorkerOptions

NETWORK_EVENTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"})
PATIENCE_SECONDS = 0.5


def main(runtime: Runtime, models: Path) -> None:
    asked: list[str] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in NETWORK_EVENTS:
            asked.append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")

    sys.addaudithook(watch)
    Worker(WorkerOptions(models, Limits(), runtime=runtime))
    time.sleep(PATIENCE_SECONDS)  # whoever reports home does it from another thread
    print(json.dumps(asked))


if __name__ == "__main__":
    (chosen,) = [name for name in get_args(Runtime) if name == sys.argv[1]]
    main(chosen, Path(sys.argv[2]))
