"""A loopback web server of test documents, which can also misbehave as real servers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(slots=True)
class DocumentServer:
    """Serves `documents` by name; names that are not there answer 404."""

    address: str = ""
    documents: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def offer(self, name: str, content: bytes) -> str:
        """Serve `content` under `name`; its URL."""
        self.documents[name] = content
        return self.url(name)

    def url(self, name: str) -> str:
        return f"http://{self.address}/{name}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.requests.append(name)
        if name == "never-answers":
            await asyncio.sleep(3600)
        if name == "redirects-inside":
            raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")
        if name not in self.documents:
            raise web.HTTPNotFound
        return web.Response(body=self.documents[name])


@asynccontextmanager
async def serving_documents() -> AsyncIterator[DocumentServer]:
    """A running document server; `address` is what an engine must be allowed to fetch from."""
    documents = DocumentServer()
    app = web.Application()
    app.router.add_get("/{name:.*}", documents.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        documents.address = f"127.0.0.1:{server.port}"
        yield documents
