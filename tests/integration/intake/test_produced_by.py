"""What made a result stands in the records that hold it, and goes with it."""

from __future__ import annotations

from dataclasses import replace

from shared.messages.base import Message
from shared.messages.results import DocumentExtracted, PageRecognised
from shared.messages.tasks import ExtractTask
from tests.integration.intake.client import Api, Json
from tests.integration.intake.simulated_engine import SimulatedEngine, result_of

MAKER: Json = {
    "engine": {"version": "1.2.3", "sha256": "a" * 64},
    "runtime": "openvino",
    "libraries": {"numpy": "2.0"},
    "models": {"recogniser": "b" * 64},
    "template": "c" * 64,
}
EXTRACTED: Json = {**MAKER, "vocabulary": "d" * 64, "calibration": "e" * 64, "readings": "f" * 64}


async def test_records_show_what_made_them(api: Api, engine: SimulatedEngine) -> None:
    job_id = await _completed(api, engine)
    job = await api.read(job_id)
    assert job["producedBy"] == {**EXTRACTED, "document": job["documentInfo"]["sha256"]}
    (page,) = await _pages(api, job_id)
    assert page["producedBy"] == MAKER


async def test_a_new_attempt_drops_them(api: Api, engine: SimulatedEngine) -> None:
    job_id = await _completed(api, engine)
    await api.process(job_id)
    await engine.task(job_id)
    assert "producedBy" not in await api.read(job_id)


async def test_engines_of_an_earlier_version_are_understood(api: Api, engine: SimulatedEngine) -> None:
    job_id = await api.job(await api.template())
    await api.process(job_id)
    await engine.complete(job_id)
    job = await api.until_status(job_id, "completed")
    assert job["extractedData"]["invoice"]["number"] == "7"
    assert "producedBy" not in job


async def _completed(api: Api, engine: SimulatedEngine) -> str:
    """A job that was read by an engine which tells what it is."""
    job_id = await api.job(await api.template())
    await api.process(job_id)
    task: Message | None = None
    while not isinstance(task, ExtractTask):
        task = await engine.task(job_id)
        result = result_of(task)
        if isinstance(result, PageRecognised):
            result = replace(result, produced_by=MAKER)
        if isinstance(result, DocumentExtracted):
            result = replace(result, produced_by=EXTRACTED)
        await engine.report(result)
    await api.until_status(job_id, "completed")
    return job_id


async def _pages(api: Api, job_id: str) -> list[Json]:
    query = {"filter": f'{{"job": "{job_id}"}}'}
    return list((await api.get("/ocr-invoice-job-page", params=query)).data)
