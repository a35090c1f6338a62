"""A gateway in this process, against a private database and broker."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from deploy.local.stack import Backing, StackOptions, running_backing
from services.gateway import app_keys
from services.gateway.app import create_app
from services.gateway.settings import Settings
from services.gateway.store.api_keys import SCOPES

SECRET_KEY = "0123456789abcdef0123456789abcdef"
# Longer than by default, so that overlong parameters reach the gateway and not only the HTTP library.
LONGEST_REQUEST_LINE = 128 * 1024
FIRST_KEY = "first-key-of-the-settings"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A served gateway and a client without a key of its own."""

    app: web.Application
    session: aiohttp.ClientSession

    async def key(self, tenant: str = "acme", scopes: tuple[str, ...] = SCOPES, **options: Any) -> str:
        """A fresh key."""
        _, key = await self.app[app_keys.API_KEYS].create(
            tenant, "test", list(scopes), options.pop("expires_at", None)
        )
        return key

    async def call(
        self, method: str, path: str, key: str | None = None, **options: Any
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON body of one request."""
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["api-key"] = key
        async with self.session.request(method, path, headers=headers, **options) as response:
            return response.status, await response.json()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Gateway]:
    """Serve a gateway with `settings` on a free port."""
    app = create_app(settings)
    server = TestServer(app)
    await server.start_server(max_line_size=LONGEST_REQUEST_LINE)
    try:
        async with aiohttp.ClientSession(server.make_url("/")) as session:
            yield Gateway(app, session)
    finally:
        await server.close()


@pytest.fixture(scope="package")
async def backing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Backing]:
    options = StackOptions(data_dir=tmp_path_factory.mktemp("stack"), environment=os.environ)
    async with running_backing(options) as running:
        yield running


@pytest.fixture(scope="package")
def settings(backing: Backing) -> Settings:
    return Settings(
        secret_key=SECRET_KEY.encode(),
        mongo_url=backing.mongo_url,
        amqp_url=backing.amqp_url,
        api_key=FIRST_KEY,
        rate_limit_per_minute=0,
    )


@pytest.fixture(scope="package")
async def gateway(settings: Settings) -> AsyncIterator[Gateway]:
    async with serving(settings) as running:
        yield running
