"""Jobs brought into every state there is, each with the engine that works on it."""

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
from shared.messages.tasks import ExtractTask, PrepareTask
from shared.topology import TASKS_EXCHANGE
from tests.integration.intake.client import Api, Json, eventually
from tests.integration.intake.simulated_engine import ONE_PAGE, SimulatedEngine, failure_of, result_of

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
            image: dict[str, Any] = {"data": b"image", "headers": {"Content-Type": "image/png"}}
            async with self.api.session.put(self.api.url + path, **image) as response:
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
