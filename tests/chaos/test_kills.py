"""`kill -9` of any process, while jobs are in work, loses nothing and duplicates nothing visible."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from deploy.local.process import ManagedProcess
from deploy.local.stack import Stack, StackOptions, running_stack
from tests.api_client import FINISHED, ApiClient
from tests.document_server import DocumentServer, serving_documents
from tests.generator.samples import make_demo_samples

JOBS = 6
# RabbitMQ 3.10 writes a fresh queue's registration half a second late; a broker that is killed before
# that loses the queue's leader for good.
SETTLED_SECONDS = 3.0


@pytest_asyncio.fixture(scope="module")
async def documents() -> AsyncIterator[DocumentServer]:
    async with serving_documents() as server:
        yield server


@pytest_asyncio.fixture(scope="module")
async def stack(documents: DocumentServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    options = StackOptions(
        data_dir=tmp_path_factory.mktemp("chaos"),
        environment=os.environ,
        engine_settings={"FETCH_ALLOW_HOSTS": documents.address, "WORKERS": "1"},
    )
    async with running_stack(options) as running:
        await asyncio.sleep(SETTLED_SECONDS)
        yield running


@pytest_asyncio.fixture(scope="module")
async def client(stack: Stack) -> AsyncIterator[ApiClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield ApiClient(session, stack.gateway_url, stack.api_key, "chaos")


@pytest.mark.parametrize("victim", ["engine", "gateway", "broker", "database"])
async def test_killed_while_jobs_are_in_work(
    stack: Stack,
    client: ApiClient,
    documents: DocumentServer,
    tmp_path_factory: pytest.TempPathFactory,
    victim: str,
) -> None:
    sample = make_demo_samples(tmp_path_factory.mktemp("sample"))[0]
    url = documents.offer("invoice.pdf", sample.document.read_bytes())
    template = await client.create_template()
    jobs = [await client.create_job(url, template) for _ in range(JOBS)]
    for job in jobs:
        await client.process(job["_id"])
    await _until_one_is_done(client, [job["_id"] for job in jobs])
    await _kill_and_restart(stack.processes[victim])
    for job in jobs:
        ended = await _finished(client, job["_id"])
        assert ended["status"] == "completed", ended.get("errorLog")
        pages = await client.pages(job["_id"])
        assert [page["pageNumber"] for page in pages] == list(range(1, sample.page_count + 1))
        assert {page["status"] for page in pages} == {"completed"}
        assert ended["extractedData"]["invoice"]["number"] == sample.invoice.number


async def _until_one_is_done(client: ApiClient, job_ids: list[str]) -> None:
    """Wait until the work is well under way: one job done, the others not all."""
    async with asyncio.timeout(60):
        while not any([(await client.job(job_id))["status"] in FINISHED for job_id in job_ids]):
            await asyncio.sleep(0.05)


async def _kill_and_restart(process: ManagedProcess) -> None:
    process.kill()
    await asyncio.sleep(0.5)
    process.start()
    await process.wait_ready()


async def _finished(client: ApiClient, job_id: str) -> dict[str, Any]:
    """The job's end, asked for with the patience of a client whose gateway was just restarted."""
    async with asyncio.timeout(120):
        while True:
            try:
                return await client.finished(job_id, 110)
            except (aiohttp.ClientError, AssertionError):
                await asyncio.sleep(0.3)
