"""The gateway's part in e-invoices: where the XML is put and got, and what it means for the job's life."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest

from shared.messages.results import PreparedPage
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from tests.api_client import ApiClient
from tests.integration.conftest import RunningGateway
from tests.integration.engine import PlayedEngine, page_of, prepared_message

XML = b"<Invoice/>"


@pytest.fixture
async def prepare(client: ApiClient, engine: PlayedEngine, template: str) -> PrepareTask:
    """The first task of a fresh job."""
    job = await client.create_job("https://files.example.com/invoice", template)
    await client.process(job["_id"])
    return await engine.next(PrepareTask, job["_id"])


async def _put(
    gateway: RunningGateway, path: str | None, content: bytes = XML, kind: str = "application/xml"
) -> int:
    assert path is not None
    async with (
        aiohttp.ClientSession() as session,
        session.put(gateway.url + path, data=content, headers={"Content-Type": kind}) as response,
    ):
        return response.status


async def _got(gateway: RunningGateway, path: str | None) -> bytes:
    assert path is not None
    async with aiohttp.ClientSession() as session, session.get(gateway.url + path) as response:
        assert response.status == 200
        return await response.read()


async def _prepared(engine: PlayedEngine, task: PrepareTask, *pages: PreparedPage) -> None:
    await engine.report(replace(prepared_message(task, pages), has_einvoice=True))


async def test_the_xml_comes_back_in_the_task_to_extract(
    gateway: RunningGateway, client: ApiClient, engine: PlayedEngine, prepare: PrepareTask
) -> None:
    assert await _put(gateway, prepare.einvoice_upload_path) == 201
    await _prepared(engine, prepare, page_of(1))
    await engine.recognised(await engine.next(RecogniseTask, prepare.job_id))
    extract = await engine.next(ExtractTask, prepare.job_id)
    assert await _got(gateway, extract.einvoice_path) == XML
    await engine.extracted(extract)
    assert (await client.finished(prepare.job_id))["status"] == "completed"


async def test_a_document_without_pages_goes_straight_to_extraction(
    gateway: RunningGateway, client: ApiClient, engine: PlayedEngine, prepare: PrepareTask
) -> None:
    await _put(gateway, prepare.einvoice_upload_path)
    await _prepared(engine, prepare)
    extract = await engine.next(ExtractTask, prepare.job_id)
    assert await _got(gateway, extract.pages_path) == b""
    await engine.extracted(extract)
    job = await client.finished(prepare.job_id)
    assert job["status"] == "completed"
    assert job["documentInfo"]["pages"] == 0
    assert job["cost"] == 0


async def test_an_einvoice_completes_although_no_page_could_be_read(
    gateway: RunningGateway, client: ApiClient, engine: PlayedEngine, prepare: PrepareTask
) -> None:
    await _put(gateway, prepare.einvoice_upload_path)
    await _prepared(engine, prepare, page_of(1))
    await engine.failed(await engine.next(RecogniseTask, prepare.job_id), "recognise", "Too dark.")
    await engine.extracted(await engine.next(ExtractTask, prepare.job_id))
    job = await client.finished(prepare.job_id)
    assert job["status"] == "completed"
    assert job["validationResults"]["isValid"] is False
    assert [one["field"] for one in job["validationResults"]["errors"]] == ["pages.1"]


async def test_without_einvoice_the_task_to_extract_names_none(
    engine: PlayedEngine, prepare: PrepareTask
) -> None:
    await engine.prepared(prepare)
    await engine.recognised(await engine.next(RecogniseTask, prepare.job_id))
    assert (await engine.next(ExtractTask, prepare.job_id)).einvoice_path is None


async def test_processing_again_forgets_the_einvoice(
    gateway: RunningGateway, client: ApiClient, engine: PlayedEngine, prepare: PrepareTask
) -> None:
    await _put(gateway, prepare.einvoice_upload_path)
    await _prepared(engine, prepare)
    await engine.extracted(await engine.next(ExtractTask, prepare.job_id))
    await client.finished(prepare.job_id)
    await client.process(prepare.job_id)
    await engine.prepared(await engine.next(PrepareTask, prepare.job_id))
    await engine.recognised(await engine.next(RecogniseTask, prepare.job_id))
    assert (await engine.next(ExtractTask, prepare.job_id)).einvoice_path is None


async def test_only_the_xml_of_a_job_in_work_is_taken(
    gateway: RunningGateway, client: ApiClient, prepare: PrepareTask
) -> None:
    path = prepare.einvoice_upload_path
    assert path is not None
    assert await _put(gateway, path, kind="text/html") == 404
    assert await _put(gateway, path.replace("signature=", "signature=0")) == 401
    assert await _put(gateway, path.replace("/einvoice", "/document")) == 401
    await client.post(f"/ocr-invoice-job/{prepare.job_id}/cancel")
    assert await _put(gateway, path) == 404
