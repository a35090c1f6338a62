"""The gateway in this process, against a private database and broker; the tests play the engine."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from deploy.local.stack import Backing, StackOptions, running_backing
from services.gateway import app_keys
from services.gateway.app import create_app
from services.gateway.settings import Settings
from services.gateway.store.api_keys import new_key
from shared.broker import Broker
from tests.api_client import ApiClient
from tests.integration.engine import PlayedEngine
from tests.integration.tenant import Tenant

KEY = "ll_" + "k" * 43
SECRET = b"a secret of the integration tests only"


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that serves in this process."""

    app: web.Application
    url: str
    settings: Settings


@pytest_asyncio.fixture(scope="package")
async def backing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Backing]:
    options = StackOptions(data_dir=tmp_path_factory.mktemp("backing"), environment=os.environ)
    async with running_backing(options) as running:
        yield running


@pytest_asyncio.fixture(scope="package")
async def gateway(backing: Backing) -> AsyncIterator[RunningGateway]:
    settings = Settings(
        secret_key=SECRET, mongo_url=backing.mongo_url, amqp_url=backing.amqp_url, api_key=KEY
    )
    app = create_app(settings)
    async with TestServer(app, host="127.0.0.1") as server:
        yield RunningGateway(app, f"http://127.0.0.1:{server.port}", settings)


@pytest_asyncio.fixture(scope="package")
async def client(gateway: RunningGateway) -> AsyncIterator[ApiClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield ApiClient(session, gateway.url, KEY, "integration")


@pytest_asyncio.fixture(scope="package")
async def template(client: ApiClient) -> str:
    return await client.create_template()


@pytest_asyncio.fixture(scope="package")
async def broker(backing: Backing) -> AsyncIterator[Broker]:
    async with Broker(backing.amqp_url, "tests") as connected:
        yield connected


@pytest_asyncio.fixture
async def engine(gateway: RunningGateway, broker: Broker) -> AsyncIterator[PlayedEngine]:
    """Tasks go to the test instead of an engine; results come from the test."""
    async with PlayedEngine(broker, gateway.url) as played:
        yield played


@pytest.fixture
async def tenant(gateway: RunningGateway, engine: PlayedEngine) -> AsyncIterator[Tenant]:
    """A tenant without suppliers and jobs."""
    name, key = f"tenant-{uuid.uuid4().hex[:12]}", new_key()
    await gateway.app[app_keys.API_KEYS].accept(key, name, "test")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        own = ApiClient(session, gateway.url, key, name)
        yield Tenant(own, await own.create_template(), engine)
