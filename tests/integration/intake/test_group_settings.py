"""A group's settings, each with the difference that it makes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from bson import ObjectId

from services.gateway.pipeline.reaper import Reaper
from services.gateway.store.database import Database
from services.gateway.store.repository import utc_now
from shared.messages.base import Message
from shared.messages.results import PreparedPage
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from tests.integration.intake.client import Api, eventually
from tests.integration.intake.mail_server import MailServer
from tests.integration.intake.simulated_engine import ONE_PAGE, SimulatedEngine

SILENCE_SECONDS = 0.8


async def test_no_more_jobs_are_in_work_than_parallel_jobs(api: Api, engine: SimulatedEngine) -> None:
    template = await api.template()
    group = await api.group(template, processingSettings={"parallelJobs": 2})
    jobs = [await api.job(template, group=group) for _ in range(4)]
    started = await asyncio.gather(*(api.process(job) for job in jobs))
    assert {answer["status"] for answer in started} == {"queued"}

    in_work = await _in_work(engine, jobs, 2)
    for end in ("complete", "fail"):
        job, task = in_work.popitem()
        if end == "complete":
            await engine.complete(job, task)
        else:
            await engine.fail(task)
        in_work |= await _in_work(engine, [one for one in jobs if one not in in_work and one != job], 1)
        assert len(in_work) == 2
    job, task = in_work.popitem()
    await api.post(f"/ocr-invoice-job/{job}/cancel")
    assert await _in_work(engine, jobs, 0) == {}


async def test_a_group_with_more_room_starts_more(api: Api, engine: SimulatedEngine) -> None:
    template = await api.template()
    group = await api.group(template, processingSettings={"parallelJobs": 1})
    jobs = [await api.job(template, group=group) for _ in range(3)]
    for job in jobs:
        await api.process(job)
    await _in_work(engine, jobs, 1)
    await api.put(f"/ocr-invoice-job-group/{group}", {"processingSettings": {"parallelJobs": 5}})
    await _in_work(engine, jobs, 2)


async def test_the_urgent_waiting_job_starts_first(api: Api, engine: SimulatedEngine) -> None:
    template = await api.template()
    group = await api.group(template, processingSettings={"parallelJobs": 1})
    first = await api.job(template, group=group)
    normal = await api.job(template, group=group)
    urgent = await api.job(template, group=group, priority="urgent")
    for job in (first, normal, urgent):
        await api.process(job)
    await engine.complete(first)
    await engine.task(urgent)
    assert await engine.no_task(normal, SILENCE_SECONDS)


async def test_a_waiting_job_can_be_cancelled_and_deleted(api: Api, engine: SimulatedEngine) -> None:
    template = await api.template()
    group = await api.group(template, processingSettings={"parallelJobs": 1})
    jobs = [await api.job(template, group=group) for _ in range(4)]
    for job in jobs:
        await api.process(job)
    await api.post(f"/ocr-invoice-job/{jobs[1]}/cancel")
    await api.call("DELETE", f"/ocr-invoice-job/{jobs[2]}")
    await engine.complete(jobs[0])
    await engine.task(jobs[3])
    assert await engine.no_task(jobs[1], 0.1)


async def test_a_passing_failure_is_tried_again_as_often_as_granted(
    api: Api, engine: SimulatedEngine, database: Database
) -> None:
    template = await api.template()
    group = await api.group(template, processingSettings={"retryCount": 2})
    job = await api.job(template, group=group)
    await api.process(job)
    for attempt in (1, 2, 3):
        task = await engine.task(job)
        assert isinstance(task, PrepareTask)
        assert task.attempt == attempt
        await engine.fail(task, "The server is away.", transient=True)
    record = await api.until_status(job, "failed")
    assert (record["retryCount"], record["errorLog"]) == (2, "The server is away.")

    await api.process(job)  # a fresh start has its retries again
    await engine.fail(await engine.task(job), transient=True)
    await engine.complete(job)
    assert (await api.until_status(job, "completed")).get("errorLog") is None


@pytest.mark.parametrize(("retries", "transient"), [(0, True), (2, False)])
async def test_other_failures_are_final(
    api: Api, engine: SimulatedEngine, retries: int, transient: bool
) -> None:
    template = await api.template()
    job = await api.job(template, group=await api.group(template, processingSettings={"retryCount": retries}))
    await api.process(job)
    await engine.fail(await engine.task(job), transient=transient)
    await api.until_status(job, "failed")
    assert await engine.no_task(job, SILENCE_SECONDS)


async def test_a_job_whose_pages_failed_in_passing_is_tried_again(api: Api, engine: SimulatedEngine) -> None:
    template = await api.template()
    job = await api.job(template, group=await api.group(template))
    await api.process(job)
    await engine.succeed(await engine.task(job), [*ONE_PAGE, PreparedPage(number=2, error="No image.")])
    page = await engine.task(job)
    assert isinstance(page, RecogniseTask)
    await engine.fail(page, "A worker died.", transient=True)
    await engine.complete(job)
    assert (await api.until_status(job, "completed"))["retryCount"] == 1


async def test_a_job_over_its_time_is_tried_again_and_then_fails(
    api: Api, engine: SimulatedEngine, database: Database, reaper: Reaper
) -> None:
    template = await api.template()
    settings = {"timeoutMinutes": 7, "retryCount": 1}
    job = await api.job(template, group=await api.group(template, processingSettings=settings))
    await api.process(job)
    for _ in range(2):
        await engine.task(job)
        stored = await database.motor["jobs"].find_one({"_id": ObjectId(job)})
        assert stored is not None
        assert timedelta(minutes=6.5) < stored["dueAt"] - utc_now() <= timedelta(minutes=7)
        past = {"$set": {"dueAt": utc_now() - timedelta(seconds=1)}}
        await database.motor["jobs"].update_one({"_id": ObjectId(job)}, past)
        await reaper.sweep()
    assert "not done in time" in (await api.until_status(job, "failed"))["errorLog"]


@pytest.mark.parametrize(
    ("own", "of_group", "expected"),
    [("low", "urgent", "low"), (None, "urgent", "urgent"), (None, None, "medium")],
)
async def test_a_jobs_priority_is_its_own_or_its_groups(
    api: Api, engine: SimulatedEngine, own: str | None, of_group: str | None, expected: str
) -> None:
    template = await api.template()
    group = await api.group(template, **({"priority": of_group} if of_group else {}))
    job = await api.job(template, group=group, **({"priority": own} if own else {}))
    assert (await api.read(job))["priority"] == expected
    await api.process(job)
    assert (await engine.task_with_priority(job))[0] == expected


@pytest.mark.parametrize(
    ("supported", "found", "status"),
    [(["pdf"], "png", "failed"), (["png", "jpeg"], "jpg", "completed"), ([], "tiff", "completed")],
)
async def test_a_template_takes_only_its_formats(
    api: Api, engine: SimulatedEngine, supported: list[str], found: str, status: str
) -> None:
    job = await api.job(await api.template(supportedFormats=supported, name="Only these"))
    await api.process(job)
    await engine.succeed(await engine.task(job), format=found)
    if status == "failed":
        record = await api.until_status(job, "failed")
        assert record["errorLog"] == "The document is a PNG file; the template 'Only these' takes only pdf."
        assert await engine.no_task(job, SILENCE_SECONDS)
    else:
        await engine.complete(job)
        await api.until_status(job, status)


async def test_threshold_and_rules_reach_the_engine(api: Api, engine: SimulatedEngine) -> None:
    after = {
        "confidenceThreshold": 0.55,
        "spellCheck": False,
        "validationRules": [{"field": "invoice.number", "rule": "numeric", "message": "Digits only."}],
    }
    job = await api.job(await api.template(postprocessingSettings=after))
    await api.process(job)
    await engine.succeed(await engine.task(job))
    await engine.succeed(await engine.task(job))
    extract = await engine.task(job)
    assert isinstance(extract, ExtractTask)
    assert extract.template["postprocessingSettings"] == after


async def test_notices_go_out_by_mail_when_they_are_asked_for(
    api: Api, engine: SimulatedEngine, mail_server: MailServer
) -> None:
    template = await api.template()
    recipients = [f"a@{api.tenant}.example", f"b@{api.tenant}.example"]
    loud = {"onCompletion": True, "onFailure": True, "recipients": recipients}
    quiet = {"onCompletion": False, "onFailure": False, "recipients": [f"c@{api.tenant}.example"]}
    for name, wishes in (("Quiet", quiet), ("Loud", loud)):
        group = await api.group(template, name=name, notifications=wishes)
        good, bad = [await api.job(template, group=group) for _ in range(2)]
        await api.process(bad)
        await engine.fail(await engine.task(bad), "The page is blank.")
        await api.until_status(bad, "failed")
        await api.process(good)
        await engine.complete(good)
        await api.until_status(good, "completed")

    async def both() -> bool:
        return len(mail_server.mails_to(api.tenant)) >= 2

    await eventually(both, 20)
    await asyncio.sleep(1.5)
    failure, completion = mail_server.mails_to(api.tenant)
    assert failure.sender == completion.sender == "ocr@example.org"
    assert failure.recipients == completion.recipients == recipients
    assert failure.message["Subject"].startswith("Failed: N-")
    assert "The page is blank." in failure.message.get_content()
    assert completion.message["Subject"] == "Done: Loud"
    assert {"completed: 1", "failed: 1"} <= set(completion.message.get_content().splitlines())


async def test_a_mail_is_not_lost_while_the_server_is_away(
    api: Api, engine: SimulatedEngine, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.pipeline.mailer.FIRST_PAUSE_SECONDS", 0.2)
    template = await api.template()
    group = await api.group(template, notifications={"recipients": [f"a@{api.tenant}.example"]})
    job = await api.job(template, group=group)
    mail_server.refusals_left = 2
    await api.process(job)
    await engine.fail(await engine.task(job))

    async def arrived() -> bool:
        return len(mail_server.mails_to(api.tenant)) == 1

    await eventually(arrived, 20)
    assert mail_server.refusals_left == 0


async def _in_work(engine: SimulatedEngine, jobs: list[str], count: int) -> dict[str, PrepareTask]:
    """The `count` jobs whose work begins now, with their first tasks; that of no other begins."""
    takers = {asyncio.create_task(engine.task(job, 60)): job for job in jobs}
    try:
        began: set[asyncio.Task[Message]] = set()
        async with asyncio.timeout(20):
            while len(began) < count:
                done, _ = await asyncio.wait(takers.keys() - began, return_when=asyncio.FIRST_COMPLETED)
                began |= done
        if silent := takers.keys() - began:
            done, _ = await asyncio.wait(silent, timeout=SILENCE_SECONDS)
            assert not done
    finally:
        for taker in takers:
            taker.cancel()
    tasks = {takers[taker]: taker.result() for taker in began}
    return {job: task for job, task in tasks.items() if isinstance(task, PrepareTask)}
