"""Documents that come along with the request that creates their job."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from services.gateway.store.blobs import CHUNK_BYTES
from services.gateway.store.database import Database
from services.gateway.store.repository import utc_now
from shared.messages.tasks import PrepareTask
from tests.integration.intake.client import Api, eventually
from tests.integration.intake.conftest import MAX_DOCUMENT_BYTES
from tests.integration.intake.simulated_engine import SimulatedEngine

JOBS = "/ocr-invoice-job"


def form(content: bytes, **fields: str) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("file", content, filename="dir/in voice.pdf", content_type="application/pdf")
    for name, value in fields.items():
        data.add_field(name, value)
    return data


async def files_left(database: Database, tenant: str) -> int:
    """How many files of the tenant there are once the cleaner has been round."""

    async def cleaned() -> bool:
        return not await database.motor["fileRemovals"].count_documents({"dueAt": {"$lte": utc_now()}})

    await eventually(cleaned)
    return await database.motor["fs.files"].count_documents({"metadata.tenant": tenant})


async def test_a_form_makes_a_job_like_any_other(api: Api, engine: SimulatedEngine) -> None:
    content = os.urandom(2_500_000)
    template = await api.template()
    fields = {"template": template, "priority": "high", "metadata": '{"batch": 7}', "jobNumber": "F-1"}
    job = (await api.post(JOBS, data=form(content, **fields))).data
    assert (job["jobNumber"], job["documentName"], job["priority"]) == ("F-1", "in voice.pdf", "high")
    assert job["metadata"] == {"batch": 7}
    assert job["status"] == "created"

    async with api.session.get(job["documentUrl"]) as response:
        assert hashlib.sha256(await response.read()).digest() == hashlib.sha256(content).digest()
        assert response.content_type == "application/pdf"

    await api.process(job["_id"])
    task = await engine.task(job["_id"])
    assert isinstance(task, PrepareTask)
    assert task.document_url is None
    async with api.session.get(api.url + str(task.document_path)) as response:
        assert await response.read() == content
    await engine.complete(job["_id"], task)
    assert (await api.until_status(job["_id"], "completed"))["documentUrl"].startswith(api.url)


async def test_a_raw_body_makes_a_job_and_its_number(api: Api) -> None:
    template = await api.template()
    reply = await api.post(
        JOBS,
        data=b"%PDF-1.7 raw",
        params={"template": template, "createdBy": "scanner"},
        headers={"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="a.pdf"'},
    )
    assert reply.status == 201
    job = reply.data
    assert (job["documentName"], job["createdBy"]) == ("a.pdf", "scanner")
    assert job["jobNumber"].startswith("JOB-")


@pytest.mark.parametrize("size", [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, MAX_DOCUMENT_BYTES])
async def test_a_document_comes_out_as_it_went_in(api: Api, size: int) -> None:
    content = os.urandom(size)
    job = (await api.post(JOBS, data=form(content, template=await api.template()))).data
    async with api.session.get(job["documentUrl"]) as response:
        assert int(response.headers["Content-Length"]) == size
        assert await response.read() == content


async def test_what_is_refused_leaves_no_file(api: Api, database: Database) -> None:
    template = await api.template()
    pdf = {"Content-Type": "application/pdf"}
    too_large = b"x" * (MAX_DOCUMENT_BYTES + 1)

    async def chunked() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x" * (MAX_DOCUMENT_BYTES // 3)

    taken = await api.job(template, jobNumber="TAKEN")
    cases: list[tuple[int, dict[str, Any]]] = [
        (413, {"data": too_large, "params": {"template": template}, "headers": pdf}),
        (413, {"data": chunked(), "params": {"template": template}, "headers": pdf}),
        (413, {"data": form(too_large, template=template)}),
        (400, {"data": b"", "params": {"template": template}, "headers": pdf}),
        (400, {"data": b"%PDF", "headers": pdf}),
        (400, {"data": form(b"%PDF", template=str(uuid.uuid4().hex[:24]))}),
        (400, {"data": form(b"%PDF", template=template, metadata="{")}),
        (400, {"data": form(b"%PDF", template=template, unknown="1")}),
        (409, {"data": form(b"%PDF", template=template, jobNumber="TAKEN")}),
        (
            415,
            {"data": b"hello", "params": {"template": template}, "headers": {"Content-Type": "text/plain"}},
        ),
        (400, {"data": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}),
        (400, {"data": b"broken", "headers": {"Content-Type": "multipart/form-data"}}),
    ]
    for status, options in cases:
        reply = await api.post(JOBS, **options)
        assert reply.status == status, (options.get("headers"), reply.body)
        assert reply.body["success"] is False
        assert reply.body["message"]
    assert [job["_id"] for job in (await api.get(JOBS)).data] == [taken]
    assert await files_left(database, api.tenant) == 0


async def test_a_client_that_breaks_off_leaves_no_file(api: Api, database: Database) -> None:
    template = await api.template()
    host, port = api.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST {JOBS}?template={template} HTTP/1.1\r\nHost: {host}\r\napi-key: {api.key}\r\n"
        "Content-Type: application/pdf\r\nContent-Length: 3000000\r\n\r\n"
    )
    writer.write(head.encode() + b"x" * 2_500_000)
    await writer.drain()
    chunks = database.motor["fs.chunks"]
    removals = database.motor["fileRemovals"]

    async def begun() -> bool:
        return bool(await removals.count_documents({"dueAt": {"$gt": utc_now()}}))

    await eventually(begun)
    known = await database.motor["fs.files"].distinct("_id")

    async def stored_as_it_comes() -> bool:
        return bool(await chunks.count_documents({"files_id": {"$nin": known}}))

    await eventually(stored_as_it_comes)
    writer.close()
    await writer.wait_closed()

    async def removed() -> bool:
        return not await removals.count_documents({})

    await eventually(removed)
    assert await files_left(database, api.tenant) == 0
    assert await chunks.count_documents({"files_id": {"$nin": known}}) == 0


async def test_another_url_takes_the_place_of_the_upload(
    api: Api, engine: SimulatedEngine, database: Database
) -> None:
    template = await api.template()
    job = (await api.post(JOBS, data=form(b"%PDF-1", template=template))).data
    same = await api.put(f"{JOBS}/{job['_id']}", {"documentUrl": job["documentUrl"], "createdBy": "me"})
    assert same.data["documentUrl"] == job["documentUrl"]
    change = {"documentUrl": "https://example.org/b.pdf"}
    await api.process(job["_id"])
    assert (await api.put(f"{JOBS}/{job['_id']}", change)).status == 409
    await engine.complete(job["_id"])
    await api.until_status(job["_id"], "completed")
    other = await api.put(f"{JOBS}/{job['_id']}", change)
    assert other.data["documentUrl"] == "https://example.org/b.pdf"
    assert await files_left(database, api.tenant) == 0


async def test_a_repeated_upload_makes_one_job(api: Api, database: Database) -> None:
    template = await api.template()
    key = {"Idempotency-Key": "upload-1"}
    first = await api.post(JOBS, data=form(b"%PDF-1", template=template), headers=key)
    again = await api.post(JOBS, data=form(b"%PDF-1", template=template), headers=key)
    other = await api.post(JOBS, data=form(b"%PDF-2", template=template), headers=key)
    assert (first.status, again.status, other.status) == (201, 201, 409)
    assert json.dumps(first.body) == json.dumps(again.body)
    assert await files_left(database, api.tenant) == 1
