"""Every state of a job × everything a client may do to it, while results of engines come late and twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from bson import ObjectId

from services.gateway.store.database import Database
from shared.messages.base import Message
from shared.messages.results import PreparedPage
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from shared.topology import TASKS_EXCHANGE
from tests.integration.intake.client import Api, Json, eventually
from tests.integration.intake.simulated_engine import (
    ONE_PAGE,
    SimulatedEngine,
    failure_of,
    result_of,
)

JOBS = "/ocr-invoice-job"
PAGES = "/ocr-invoice-job-page"
TWO_PAGES = (*ONE_PAGE, PreparedPage(number=2, width=1000, height=1400, dpi=300, format="png", size=9))
SETTLE_SECONDS = 0.25

STATES = (
    "created",
    "waiting",
    "queued",
    "preparing",
    "reading",
    "extracting",
    "completed",
    "failed",
    "cancelled",
)


@dataclass(slots=True)
class Life:
    """A job on its way, with the engine that works on it."""

    api: Api
    engine: SimulatedEngine
    job_id: str
    open: list[Message] = field(default_factory=list)
    answered: list[Message] = field(default_factory=list)

    async def take(self) -> Message:
        task = await self.engine.task(self.job_id)
        self.open.append(task)
        if isinstance(task, PrepareTask):
            await self._store_page_images(task)
        return task

    async def answer(self, task: Message, pages: tuple[PreparedPage, ...] = TWO_PAGES) -> None:
        self.open.remove(task)
        self.answered.append(task)
        await self.engine.succeed(task, pages)

    async def record(self) -> Json:
        return await self.api.read(self.job_id)

    async def pages(self) -> list[Json]:
        query = {"filter": f'{{"job": "{self.job_id}"}}', "sort": "pageNumber", "order": "asc"}
        return list((await self.api.get(PAGES, params=query)).data)

    async def page(self, number: int) -> Json:
        return next(page for page in await self.pages() if page["pageNumber"] == number)

    async def finish(self) -> None:
        """Answer all that is open and all that follows from it, until the job is completed."""
        for task in list(self.open):
            await self.answer(task)
        async with asyncio.timeout(20):
            while (await self.record())["status"] != "completed":
                try:
                    task = await self.engine.task(self.job_id, 0.1)
                except TimeoutError:
                    continue
                self.open.append(task)
                await self.answer(task)

    async def late(self, tasks: list[Message]) -> None:
        """Results and failures of tasks that nobody waits for any more, each twice."""
        for task in tasks:
            for message in (result_of(task, TWO_PAGES), failure_of(task, "Too late.", transient=True)):
                await self.engine.report(message)
                await self.engine.report(message)
            await self.engine.start_on(task)
        await asyncio.sleep(SETTLE_SECONDS)

    async def _store_page_images(self, task: PrepareTask) -> None:
        for number in (1, 2):
            path = task.upload_path.replace("{page}", str(number)).replace("{name}", "image")
            image = {"data": b"image", "headers": {"Content-Type": "image/png"}}
            async with self.api.session.put(self.api.url + path, **image) as response:  # type: ignore[arg-type]
                assert response.status == 201


async def reach(state: str, api: Api, engine: SimulatedEngine) -> Life:
    """A new job with an uploaded document, brought into `state`."""
    template = await api.template()
    group = await api.group(template, processingSettings={"parallelJobs": 1, "retryCount": 0})
    form = aiohttp.FormData()
    form.add_field("file", b"%PDF-1.7", filename="a.pdf", content_type="application/pdf")
    form.add_field("template", template)
    form.add_field("group", group)
    if state == "waiting":
        await api.process(await api.job(template, group=group))
    life = Life(api, engine, (await api.post(JOBS, data=form)).data["_id"])
    if state == "created":
        return life
    await api.process(life.job_id)
    if state == "waiting":
        return life
    for step in (_queued, _preparing, _reading, _extracting, _completed):
        if state == "failed" and step is _reading:
            await _failed(life)
            return life
        if state == "cancelled" and step is _extracting:
            await api.post(f"{JOBS}/{life.job_id}/cancel")
            return life
        await step(life)
        if step.__name__ == f"_{state}":
            return life
    raise AssertionError(state)


async def _queued(life: Life) -> None:
    await life.take()


async def _preparing(life: Life) -> None:
    await life.engine.start_on(life.open[0])
    await life.api.until_status(life.job_id, "processing")


async def _failed(life: Life) -> None:
    task = life.open.pop()
    life.answered.append(task)
    await life.engine.fail(task)
    await life.api.until_status(life.job_id, "failed")


async def _reading(life: Life) -> None:
    await life.answer(life.open[0])
    first, _ = await life.take(), await life.take()
    await life.answer(first)

    async def one_done() -> bool:
        return any(page["status"] == "completed" for page in await life.pages())

    await eventually(one_done)


async def _extracting(life: Life) -> None:
    await life.answer(life.open[0])
    assert isinstance(await life.take(), ExtractTask)


async def _completed(life: Life) -> None:
    await life.answer(life.open[0])
    await life.api.until_status(life.job_id, "completed")


async def residue(database: Database, job_id: str) -> dict[str, int]:
    """What is left of a job in the database, once the cleaner has been round."""
    known = ObjectId(job_id)

    async def cleaned() -> bool:
        return not await database.motor["fileRemovals"].count_documents({"jobId": known})

    await eventually(cleaned)
    queries: dict[str, dict[str, Any]] = {
        "jobs": {"_id": known},
        "pages": {"job": known},
        "jobEvents": {"job": known},
        "fs.files": {"metadata.jobId": known},
        "fs.chunks": {"files_id": {"$regex": f"^{job_id}/"}},
        "outbox": {"jobId": known, "exchange": TASKS_EXCHANGE},
    }
    counts = {name: await database.motor[name].count_documents(query) for name, query in queries.items()}
    return {name: count for name, count in counts.items() if count}


async def all_at_once(cases: Iterable[Any], check: Callable[..., Awaitable[None]]) -> None:
    """Check every case of a table, together, as they mostly wait; an error names its case."""

    async def one(case: Any) -> None:
        try:
            await check(*case) if isinstance(case, tuple) else await check(case)
        except BaseException as error:
            error.add_note(f"In the case {case}.")
            raise

    async with asyncio.TaskGroup() as group:
        for case in cases:
            group.create_task(one(case))


async def test_delete(api: Api, engine: SimulatedEngine, database: Database) -> None:
    async def check(state: str) -> None:
        await _check_delete(await reach(state, api, engine), database)

    await all_at_once(STATES, check)


async def _check_delete(life: Life, database: Database) -> None:
    api, engine = life.api, life.engine
    assert (await api.call("DELETE", f"{JOBS}/{life.job_id}")).status == 200
    await life.late(life.open + life.answered)
    assert (await api.get(f"{JOBS}/{life.job_id}")).status == 404
    for path in ("process", "cancel"):
        assert (await api.post(f"{JOBS}/{life.job_id}/{path}")).status == 404
    assert await residue(database, life.job_id) == {}
    assert await engine.no_task(life.job_id, 0.05)


async def test_cancel(api: Api, engine: SimulatedEngine) -> None:
    async def check(state: str) -> None:
        status = 409 if state in ("completed", "failed") else 200
        await _check_cancel(await reach(state, api, engine), status)

    await all_at_once(STATES, check)


async def _check_cancel(life: Life, status: int) -> None:
    api, engine = life.api, life.engine
    before = await life.record()
    assert (await api.post(f"{JOBS}/{life.job_id}/cancel")).status == status
    pages = [page["status"] for page in await life.pages()]
    await life.late(life.open + life.answered)
    after = await life.record()
    assert after["status"] == (before["status"] if status == 409 else "cancelled")
    assert [page["status"] for page in await life.pages()] == pages
    assert not {"pending", "processing"} & set(pages)
    assert await engine.no_task(life.job_id, 0.05)
    if status == 200:
        assert (await api.post(f"{JOBS}/{life.job_id}/process")).status == 409


async def test_process(api: Api, engine: SimulatedEngine, database: Database) -> None:
    async def check(state: str, answer: str | None, *, afresh: bool) -> None:
        life = await reach(state, api, engine)
        if answer is None:
            await _check_process_refused(life)
        elif afresh:
            await _check_process_afresh(life, state, database)
        else:
            await _check_process_again(life, state, answer, database)

    await all_at_once(
        [
            ("created", "queued", True),
            ("waiting", "queued", False),
            ("queued", "queued", False),
            ("preparing", "processing", False),
            ("reading", "processing", False),
            ("extracting", "processing", False),
            ("completed", "queued", True),
            ("failed", "queued", True),
            ("cancelled", None, False),
        ],
        lambda state, answer, afresh: check(state, answer, afresh=afresh),
    )


async def _check_process_refused(life: Life) -> None:
    before = await life.record()
    assert (await life.api.post(f"{JOBS}/{life.job_id}/process")).status == 409
    await life.late(life.open + life.answered)
    assert (await life.record())["status"] == before["status"]


async def _check_process_afresh(life: Life, state: str, database: Database) -> None:
    before = await life.record()
    assert (await life.api.process(life.job_id))["status"] == "queued"
    outdated, life.open, life.answered = life.open + life.answered, [], []
    task = await life.take()
    await life.late(outdated)
    after = await life.record()
    assert (after["status"], after.get("extractedData")) == ("queued", None)
    assert task.attempt == before["retryCount"] + (1 if state == "created" else 2)
    await _check_completion(life, database, 2 if state == "completed" else 1)


async def _check_process_again(life: Life, state: str, answer: str, database: Database) -> None:
    before = await life.record()
    assert await life.api.process(life.job_id) == {"jobId": life.job_id, "status": answer}
    await life.late(life.answered)
    assert (await life.record())["status"] == before["status"]
    if state == "waiting":
        assert await life.engine.no_task(life.job_id, 0.3)
    else:
        await _check_completion(life, database, 1)


async def _check_completion(life: Life, database: Database, completions: int) -> None:
    """The job comes to its end, once, with the files of its last attempt."""
    await life.finish()
    await life.late(life.answered)
    record = await life.record()
    assert (record["status"], record["progress"]["percentage"]) == ("completed", 100)
    assert [page["status"] for page in await life.pages()] == ["completed", "completed"]
    assert await life.engine.no_task(life.job_id, 0.05)
    own = {"metadata.jobId": ObjectId(life.job_id)}
    attempts = {task.attempt for task in life.answered if isinstance(task, PrepareTask)}
    assert set(await database.motor["fs.files"].distinct("metadata.attempt", own)) == {0, *attempts}
    ends = {"job": ObjectId(life.job_id), "kind": "job.completed"}
    assert await database.motor["jobEvents"].count_documents(ends) == completions


async def test_process_a_page_again(api: Api, engine: SimulatedEngine) -> None:
    async def check(state: str, status: int) -> None:
        await _check_page_again(await reach(state, api, engine), status)

    await all_at_once([("reading", 200), ("extracting", 200), ("completed", 200), ("cancelled", 409)], check)


async def _check_page_again(life: Life, status: int) -> None:
    api, engine = life.api, life.engine
    page = next(page for page in await life.pages() if page["status"] == "completed")
    reply = await api.post(f"{PAGES}/{page['_id']}/process")
    assert reply.status == status
    if status == 409:
        await life.late(life.open + life.answered)
        assert (await life.record())["status"] == "cancelled"
        return
    outdated = [*life.answered, *(task for task in life.open if isinstance(task, ExtractTask))]
    life.open = [task for task in life.open if isinstance(task, RecogniseTask)]
    again = await life.take()
    assert isinstance(again, RecogniseTask)
    await life.late(outdated)
    assert (await life.record())["status"] == "processing"
    assert (await life.page(page["pageNumber"]))["status"] in ("pending", "processing")
    await life.finish()
    assert (await life.page(page["pageNumber"]))["retryCount"] == 1
    assert await engine.no_task(life.job_id, 0.05)


async def test_delete_a_page(api: Api, engine: SimulatedEngine) -> None:
    async def check(state: str) -> None:
        await _check_page_deleted(await reach(state, api, engine), state)

    await all_at_once(["reading", "extracting", "completed"], check)


async def _check_page_deleted(life: Life, state: str) -> None:
    api = life.api
    unread = [page for page in await life.pages() if page["status"] != "completed"]
    page = (unread or await life.pages())[-1]
    assert (await api.call("DELETE", f"{PAGES}/{page['_id']}")).status == 200
    if state == "reading":
        await life.late(life.open)
        life.open = []
    await life.finish()
    assert len(await life.pages()) == 1


async def test_actions_at_the_same_moment(api: Api, engine: SimulatedEngine, database: Database) -> None:
    async def check(state: str, *rivals: str) -> None:
        await _check_rivals(await reach(state, api, engine), rivals, database)

    states = ("reading", "completed")
    rivals = (("process", "process"), ("process", "cancel"), ("process", "DELETE"), ("cancel", "DELETE"))
    await all_at_once([(state, *pair) for state in states for pair in rivals], check)


async def _check_rivals(life: Life, rivals: tuple[str, ...], database: Database) -> None:
    api, engine = life.api, life.engine

    async def act(what: str) -> int:
        if what == "DELETE":
            return (await api.call("DELETE", f"{JOBS}/{life.job_id}")).status
        return (await api.post(f"{JOBS}/{life.job_id}/{what}")).status

    results = [engine.report(result_of(task, TWO_PAGES)) for task in life.open + life.answered]
    statuses = await asyncio.gather(*(act(rival) for rival in rivals), *results)
    assert set(statuses) <= {200, 404, 409, None}
    await asyncio.sleep(SETTLE_SECONDS)
    if "DELETE" in rivals:
        await life.late(life.open + life.answered)
        assert await residue(database, life.job_id) == {}
    elif (await life.record())["status"] in ("queued", "processing"):
        life.open, life.answered = [], []
        await life.finish()


async def test_a_page_that_nobody_asked_to_read_holds_nothing_up(api: Api, engine: SimulatedEngine) -> None:
    life = await reach("reading", api, engine)
    page = {"job": life.job_id, "pageNumber": 3, "pageUrl": "https://example.org/3.png"}
    assert (await api.post(PAGES, page)).status == 201
    await life.finish()
    assert (await life.page(3))["status"] == "pending"


async def test_an_upload_of_an_outdated_attempt_leaves_no_file(
    api: Api, engine: SimulatedEngine, database: Database
) -> None:
    life = await reach("preparing", api, engine)
    task = life.open[0]
    assert isinstance(task, PrepareTask)
    path = task.upload_path.replace("{page}", "1").replace("{name}", "image")
    deleted = asyncio.Event()

    async def slow_image() -> Any:
        yield b"first"
        await deleted.wait()
        yield b"second"

    async def upload() -> int:
        image: dict[str, Any] = {"data": slow_image(), "headers": {"Content-Type": "image/png"}}
        async with api.session.put(api.url + path, **image) as response:
            return response.status

    uploading = asyncio.create_task(upload())
    await asyncio.sleep(0.2)
    await api.call("DELETE", f"{JOBS}/{life.job_id}")
    assert await residue(database, life.job_id) == {}
    deleted.set()
    assert await uploading == 404
    assert await residue(database, life.job_id) == {}
