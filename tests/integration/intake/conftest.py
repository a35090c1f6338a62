"""A private broker and database for all tests here, gateways in this process, and a tenant for each test."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from deploy.local.ports import free_port
from deploy.local.stack import Backing, StackOptions, running_backing
from services.gateway import app_keys
from services.gateway.app import create_app
from services.gateway.pipeline.reaper import Reaper
from services.gateway.settings import Settings
from services.gateway.store.api_keys import new_key
from services.gateway.store.database import Database
from shared.broker import Broker
from tests.integration.intake.client import Api
from tests.integration.intake.mail_server import MailServer
from tests.integration.intake.simulated_engine import SimulatedEngine

MAX_DOCUMENT_BYTES = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway."""

    url: str
    app: web.Application
    settings: Settings


@pytest.fixture(scope="package")
async def backing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Backing]:
    options = StackOptions(data_dir=tmp_path_factory.mktemp("intake"), environment=os.environ)
    async with running_backing(options) as backing:
        yield backing


@pytest.fixture(scope="package")
async def mail_server() -> AsyncIterator[MailServer]:
    """Where every gateway hands its mails over."""
    async with MailServer.running() as server:
        yield server


@asynccontextmanager
async def running_gateway(backing: Backing, mail_server: MailServer) -> AsyncIterator[Gateway]:
    port = free_port()
    settings = Settings(
        secret_key=b"a secret of the tests alone, of 32 characters",
        mongo_url=backing.mongo_url,
        amqp_url=backing.amqp_url,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        max_document_bytes=MAX_DOCUMENT_BYTES,
        max_body_bytes=256 * 1024,
        retry_pause_seconds=0.2,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        mail_from="ocr@example.org",
    )
    app = create_app(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield Gateway(settings.public_url, app, settings)
    finally:
        await runner.cleanup()


@pytest.fixture(scope="package")
async def gateway(backing: Backing, mail_server: MailServer) -> AsyncIterator[Gateway]:
    async with running_gateway(backing, mail_server) as gateway:
        yield gateway


@pytest.fixture
async def second_gateway(backing: Backing, mail_server: MailServer) -> AsyncIterator[Gateway]:
    """Another replica, on the same broker and database."""
    async with running_gateway(backing, mail_server) as gateway:
        yield gateway


@pytest.fixture(scope="package")
async def broker(backing: Backing) -> AsyncIterator[Broker]:
    """A connection of the tests' own."""
    async with Broker(backing.amqp_url, "tests") as broker:
        yield broker


@pytest.fixture(scope="package")
async def engine(broker: Broker) -> SimulatedEngine:
    engine = SimulatedEngine(broker)
    await engine.start()
    return engine


@pytest.fixture(scope="package")
def database(gateway: Gateway) -> Database:
    """The gateway's database, for looking at what no interface shows."""
    return gateway.app[app_keys.DATABASE]


@pytest.fixture(scope="package")
def reaper(gateway: Gateway) -> Reaper:
    """The gateway's reaper, to be called without waiting for its next sweep."""
    return gateway.app[app_keys.REAPER]


@pytest.fixture(scope="package")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def api(gateway: Gateway, session: aiohttp.ClientSession) -> Api:
    """A client of the gateway, with a tenant of its own."""
    return await new_tenant(gateway, session)


async def new_tenant(gateway: Gateway, session: aiohttp.ClientSession) -> Api:
    tenant, key = f"tenant-{uuid.uuid4().hex[:12]}", new_key()
    await gateway.app[app_keys.API_KEYS].accept(key, tenant, "test")
    return Api(session, gateway.url, key, tenant)
