"""A loopback web server that offers the sample documents to the engine, as a customer's server would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from deploy.local.ports import LOOPBACK, free_port


@dataclass(frozen=True, slots=True)
class FileServer:
    """`address` is the host and port that the engine must be allowed to fetch from."""

    address: str

    def url(self, file_name: str) -> str:
        return f"http://{self.address}/{file_name}"


@asynccontextmanager
async def serving_files(folder: Path) -> AsyncIterator[FileServer]:
    """Serve the files of `folder` on a free loopback port."""
    application = web.Application()
    application.router.add_static("/", folder)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        port = free_port()
        await web.TCPSite(runner, LOOPBACK, port).start()
        yield FileServer(f"{LOOPBACK}:{port}")
    finally:
        await runner.cleanup()
