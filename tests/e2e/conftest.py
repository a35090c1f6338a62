"""The whole system, started once per run: database, broker, gateway and engine as processes."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from deploy.local.stack import Stack, StackOptions, running_stack
from services.gateway.store.api_keys import SCOPES, ApiKeys
from services.gateway.store.database import Database
from tests.api_client import ApiClient
from tests.document_server import DocumentServer, serving_documents
from tests.generator.samples import Sample, make_demo_samples

NewClient = Callable[[], Awaitable[ApiClient]]

PAGE_SECONDS = "60"
FETCH_SECONDS = "3"


@pytest_asyncio.fixture(scope="package")
async def documents() -> AsyncIterator[DocumentServer]:
    async with serving_documents() as server:
        yield server


@pytest_asyncio.fixture(scope="package")
async def stack(documents: DocumentServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    options = StackOptions(
        data_dir=tmp_path_factory.mktemp("stack"),
        environment=os.environ,
        gateway_settings={"PRICE_PER_PAGE": "0.25", "CURRENCY": "EUR"},
        engine_settings={
            "FETCH_ALLOW_HOSTS": documents.address,
            "FETCH_SECONDS": FETCH_SECONDS,
            "PAGE_SECONDS": PAGE_SECONDS,
        },
    )
    async with running_stack(options) as running:
        yield running


@pytest_asyncio.fixture(scope="package")
async def client(stack: Stack) -> AsyncIterator[ApiClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield ApiClient(session, stack.gateway_url, stack.api_key, "e2e")


@pytest_asyncio.fixture
async def new_client(stack: Stack, client: ApiClient) -> AsyncIterator[NewClient]:
    """Makes clients of tenants without records, where what was read before would change the findings."""
    database = Database(stack.mongo_url)
    keys = ApiKeys(database, stack.gateway.environment["SECRET_KEY"].encode())

    async def make() -> ApiClient:
        tenant = f"e2e-{uuid.uuid4().hex[:12]}"
        _, key = await keys.create(tenant, "e2e", list(SCOPES), None)
        return ApiClient(client.session, client.base_url, key, tenant)

    try:
        yield make
    finally:
        database.close()


@pytest_asyncio.fixture(scope="package")
async def template(client: ApiClient) -> str:
    return await client.create_template()


@pytest.fixture(scope="package")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    """The three demo samples by kind: digital, scan, photo."""
    folder: Path = tmp_path_factory.mktemp("samples")
    return {sample.kind: sample for sample in make_demo_samples(folder)}
