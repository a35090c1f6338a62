"""A small HTTP server that stands for the gateway's files, or for a client's server of documents."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(slots=True)
class FileServer:
    """Gives and takes files; answers with the statuses in `failures` first, `cut` breaks off the body."""

    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    failures: deque[int | str] = field(default_factory=deque)
    requests: list[str] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path_qs}")
        failure = self.failures.popleft() if self.failures else None
        if isinstance(failure, int):
            return web.Response(status=failure)
        if request.method == "PUT":
            self.files[request.path] = await request.read()
            self.types[request.path] = request.content_type
            return web.Response(status=201)
        body = self.files.get(request.path)
        if body is None:
            return web.Response(status=404)
        if failure == "cut":
            response = web.StreamResponse(headers={"Content-Length": str(len(body))})
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
            assert request.transport is not None
            request.transport.close()
            return response
        return web.Response(body=body)


@asynccontextmanager
async def serving() -> AsyncIterator[FileServer]:
    """A running server on a free port of this machine."""
    files = FileServer()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", files.handle)
    async with TestServer(app) as server:
        files.url = str(server.make_url("")).rstrip("/")
        yield files
