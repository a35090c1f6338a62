"""A job from creation to its end: states, progress, messages that come twice, late or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from services.gateway.app_keys import DATABASE, REAPER
from services.gateway.store.repository import utc_now
from shared.broker import Broker, Delivery, Disposition
from shared.messages.results import PreparedPage
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from shared.topology import (
    PARKED_QUEUE,
    RESULTS_EXCHANGE,
    RESULTS_KEY,
    TASKS_EXCHANGE,
    task_queue_name,
)
from tests.api_client import ApiClient
from tests.integration.conftest import RunningGateway
from tests.integration.engine import PlayedEngine, page_of, prepared_message

URL = "https://files.example.com/invoice.pdf"


@pytest.fixture
async def job_id(client: ApiClient, template: str) -> str:
    job = await client.create_job(URL, template)
    assert job["status"] == "created"
    assert (await client.process(job["_id"])).data == {"jobId": job["_id"], "status": "queued"}
    return str(job["_id"])


async def _until(client: ApiClient, job_id: str, **expected: object) -> dict[str, Any]:
    """The job once its fields are as expected."""
    async with asyncio.timeout(15):
        while True:
            job = await client.job(job_id)
            if all(job.get(name) == value for name, value in expected.items()):
                return job
            await asyncio.sleep(0.05)


async def test_every_step_shows_in_the_record(client: ApiClient, engine: PlayedEngine, job_id: str) -> None:
    prepare = await engine.next(PrepareTask, job_id)
    assert prepare.document_url == URL
    assert prepare.resolution_dpi == 300
    await engine.started(prepare, "prepare")
    job = await _until(client, job_id, status="processing")
    assert job["startedAt"]
    await engine.prepared(prepare, pages=2)
    first, second = await engine.next_all(RecogniseTask, job_id, 2)
    assert {first.page_number, second.page_number} == {1, 2}
    job = await client.job(job_id)
    assert job["documentInfo"]["pages"] == 2
    assert job["progress"] == {"percentage": 10.0, "currentStep": "reading page 1 of 2", "totalSteps": 4}
    await engine.recognised(first)
    half = {"percentage": 50.0, "currentStep": "reading page 2 of 2", "totalSteps": 4}
    await _until(client, job_id, progress=half)
    assert not [task for task in engine.waiting(job_id) if isinstance(task, ExtractTask)]
    await engine.recognised(second)
    extract = await engine.next(ExtractTask, job_id)
    await engine.extracted(extract)
    job = await client.finished(job_id)
    assert job["status"] == "completed"
    assert job["progress"]["percentage"] == 100
    assert job["extractedData"]["invoice"]["number"] == "R-1"
    assert job["processingTime"] >= 0
    assert job["completedAt"] >= job["startedAt"]


async def test_results_that_arrive_twice_are_applied_once(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    prepare = await engine.next(PrepareTask, job_id)
    prepared = await engine.prepared(prepare)
    await engine.report(prepared)
    page = await engine.next(RecogniseTask, job_id)
    recognised = await engine.recognised(page, "first reading")
    await engine.report(replace(recognised, seconds=99.0))
    extract = await engine.next(ExtractTask, job_id)
    extracted = await engine.extracted(extract)
    await client.finished(job_id)
    await engine.report(extracted)
    await engine.report(prepared)
    await asyncio.sleep(0.5)
    assert engine.waiting(job_id) == []
    pages = await client.pages(job_id)
    assert len(pages) == 1
    assert pages[0]["processingTime"] == pytest.approx(0.2)
    assert (await client.job(job_id))["status"] == "completed"


async def test_concurrent_last_pages_extract_once(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    await engine.prepared(await engine.next(PrepareTask, job_id), pages=12)
    tasks = await engine.next_all(RecogniseTask, job_id, 12)
    await asyncio.gather(*(engine.recognised(task) for task in tasks))
    await engine.next(ExtractTask, job_id)
    await asyncio.sleep(0.5)
    assert engine.waiting(job_id) == []


async def test_results_of_an_earlier_attempt_change_nothing(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    stale = await engine.next(PrepareTask, job_id)
    await engine.failed(stale, "prepare", "The document was away.")
    job = await client.finished(job_id)
    assert (job["status"], job["errorLog"]) == ("failed", "The document was away.")
    await client.process(job_id)
    fresh = await engine.next(PrepareTask, job_id)
    assert fresh.attempt == stale.attempt + 1
    assert await engine.upload(stale.upload_path, 1, b"late") == 404
    await engine.report(prepared_message(stale, (page_of(1), page_of(2))))
    await asyncio.sleep(0.5)
    assert (await client.pages(job_id)) == []
    await engine.prepared(fresh)
    await engine.next(RecogniseTask, job_id)
    assert len(await client.pages(job_id)) == 1
    assert "errorLog" not in await client.job(job_id)


async def test_a_failed_page_does_not_lose_the_others(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    await engine.prepared(await engine.next(PrepareTask, job_id), pages=2)
    first, second = await engine.next_all(RecogniseTask, job_id, 2)
    await engine.failed(first, "recognise", "The page is too dark to read.")
    await engine.recognised(second)
    await engine.extracted(await engine.next(ExtractTask, job_id))
    job = await client.finished(job_id)
    assert job["status"] == "completed"
    assert job["validationResults"]["isValid"] is False
    (finding,) = job["validationResults"]["errors"]
    assert finding["severity"] == "error"
    assert f"Page {first.page_number} was not read: The page is too dark to read." == finding["message"]


async def test_a_job_without_a_readable_page_fails(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    await engine.prepared(await engine.next(PrepareTask, job_id))
    page = await engine.next(RecogniseTask, job_id)
    await engine.failed(page, "recognise", "The page is blank.")
    job = await client.finished(job_id)
    assert job["status"] == "failed"
    assert job["errorLog"] == "No page could be read. Page 1: The page is blank."


async def test_a_page_that_could_not_be_rendered_has_a_status_and_a_reason(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    prepare = await engine.next(PrepareTask, job_id)
    bad = PreparedPage(number=2, error="The page is too large.")
    await engine.report(prepared_message(prepare, (page_of(1), bad)))
    await engine.recognised(await engine.next(RecogniseTask, job_id))
    await engine.extracted(await engine.next(ExtractTask, job_id))
    await client.finished(job_id)
    pages = await client.pages(job_id)
    assert [(page["status"], page.get("errorLog")) for page in pages] == [
        ("completed", None),
        ("failed", "The page is too large."),
    ]


async def test_reading_a_page_again_extracts_again(
    client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    await engine.complete(job_id)
    await client.finished(job_id)
    (page,) = await client.pages(job_id)
    started = await client.post(f"/ocr-invoice-job-page/{page['_id']}/process")
    assert started.data == {"pageId": page["_id"], "status": "queued"}
    assert (await client.job(job_id))["status"] == "processing"
    await engine.recognised(await engine.next(RecogniseTask, job_id), "second reading")
    await engine.extracted(await engine.next(ExtractTask, job_id))
    assert (await client.finished(job_id))["status"] == "completed"
    (page,) = await client.pages(job_id)
    assert page["ocrResults"]["text"] == "second reading"
    assert page["retryCount"] == 1


async def test_processing_twice_at_once_queues_once(
    client: ApiClient, engine: PlayedEngine, template: str
) -> None:
    job_id = (await client.create_job(URL, template))["_id"]
    answers = await asyncio.gather(*(client.process(job_id) for _ in range(5)))
    assert {answer.status for answer in answers} <= {200, 409}
    await engine.next(PrepareTask, job_id)
    await asyncio.sleep(0.5)
    assert engine.waiting(job_id) == []


async def test_cancelled_jobs_stay_cancelled(client: ApiClient, engine: PlayedEngine, job_id: str) -> None:
    prepare = await engine.next(PrepareTask, job_id)
    cancelled = await client.post(f"/ocr-invoice-job/{job_id}/cancel")
    assert cancelled.data["status"] == "cancelled"
    await engine.prepared(prepare)
    await asyncio.sleep(0.5)
    assert (await client.job(job_id))["status"] == "cancelled"
    assert await client.pages(job_id) == []
    again = await client.process(job_id)
    assert again.status == 409
    assert again.body["success"] is False


async def test_deleted_jobs_leave_nothing_behind(
    client: ApiClient, engine: PlayedEngine, job_id: str, gateway: RunningGateway
) -> None:
    prepare = await engine.next(PrepareTask, job_id)
    await engine.prepared(prepare, pages=2)
    tasks = await engine.next_all(RecogniseTask, job_id, 2)
    deleted = await client.delete(f"/ocr-invoice-job/{job_id}")
    assert deleted.body == {"success": True, "message": "OCR invoice job deleted successfully"}
    await engine.recognised(tasks[0])
    assert (await client.get(f"/ocr-invoice-job/{job_id}")).status == 404
    database = gateway.app[DATABASE].motor
    job = ObjectId(job_id)
    assert await database["pages"].count_documents({"job": job}) == 0

    async def stray_chunks() -> int:
        large = database["fs.files"].find({"data": None})
        files = [-(-file["length"] // file["chunkSize"]) async for file in large]
        chunks = await database["fs.chunks"].count_documents({})
        return int(chunks - sum(files))

    # GridFS removes the file's record first and its chunks after it.
    async with asyncio.timeout(10):
        while await database["fs.files"].count_documents({"metadata.jobId": job}) or await stray_chunks():
            await asyncio.sleep(0.1)
    assert await database["outbox"].count_documents({"jobId": job, "exchange": TASKS_EXCHANGE}) == 0


async def test_a_message_that_is_no_result_is_put_aside_with_the_reason(
    broker: Broker, client: ApiClient, engine: PlayedEngine, job_id: str
) -> None:
    parked: asyncio.Queue[Delivery] = asyncio.Queue()

    async def keep(delivery: Delivery) -> Disposition:
        await parked.put(delivery)
        return Disposition.ACKNOWLEDGE

    consumer = await broker.consume(PARKED_QUEUE, keep, prefetch=10)
    await broker.publish(RESULTS_EXCHANGE, RESULTS_KEY, {"specversion": "1.0", "type": "nonsense"})
    async with asyncio.timeout(10):
        delivery = await parked.get()
    await consumer.stop(1)
    assert "does not fit its schema" in str(delivery.headers["x-reason"])
    await engine.complete(job_id)
    assert (await client.finished(job_id))["status"] == "completed"


async def test_tasks_that_no_engine_survives_end_as_failed(
    broker: Broker, client: ApiClient, job_id: str
) -> None:
    """Every delivery is refused, as if the engine had died: the broker gives up, and the job says so."""

    async def die(_: Delivery) -> Disposition:
        return Disposition.REQUEUE

    consumer = await broker.consume(task_queue_name("medium"), die, prefetch=1)
    job = await client.finished(job_id)
    await consumer.stop(1)
    assert job["status"] == "failed"
    assert "given up" in job["errorLog"]


async def test_jobs_past_their_deadline_fail(
    client: ApiClient, engine: PlayedEngine, job_id: str, gateway: RunningGateway
) -> None:
    await engine.next(PrepareTask, job_id)
    database = gateway.app[DATABASE]
    past = utc_now() - timedelta(minutes=1)
    await database.motor["jobs"].update_one({"_id": ObjectId(job_id)}, {"$set": {"dueAt": past}})
    assert await gateway.app[REAPER].sweep() == 1
    job = await client.job(job_id)
    assert job["status"] == "failed"
    assert "not done in time" in job["errorLog"]


async def test_urgent_jobs_have_a_queue_of_their_own(
    client: ApiClient, engine: PlayedEngine, template: str
) -> None:
    job_id = (await client.create_job(URL, template, priority="urgent"))["_id"]
    await client.process(job_id)
    await engine.next(PrepareTask, job_id)
    assert engine.priorities[job_id] == "urgent"


async def test_corrections_tell_the_templates_accuracy(client: ApiClient, engine: PlayedEngine) -> None:
    template = await client.create_template()
    job_id = (await client.create_job(URL, template))["_id"]
    await client.process(job_id)
    await engine.complete(job_id)
    job = await client.finished(job_id)
    before = (await client.get(f"/ocr-invoice-job-template/{template}")).data
    assert before["usageCount"] == 1
    assert before["accuracy"] == {"testedDocuments": 0, "correctedFields": 0}
    data = job["extractedData"]
    data["invoice"]["number"] = "R-7"
    corrected = await client.put(f"/ocr-invoice-job/{job_id}", {"extractedData": data})
    assert corrected.data["extractedData"]["invoice"]["number"] == "R-7"
    after = (await client.get(f"/ocr-invoice-job-template/{template}")).data
    # Four values of the invoice and four of its line item were compared, and one of them was wrong.
    assert after["accuracy"] == {"averageAccuracy": 0.875, "testedDocuments": 1, "correctedFields": 1}
