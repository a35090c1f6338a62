"""Every state of a job × everything a client may do to it, while results of engines come late and twice."""

from __future__ import annotations

import asyncio
from typing import Any

from bson import ObjectId

from services.gateway.store.database import Database
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from tests.integration.intake.client import Api
from tests.integration.intake.lives import (
    JOBS,
    PAGES,
    SETTLE_SECONDS,
    STATES,
    TWO_PAGES,
    Life,
    all_at_once,
    reach,
    residue,
)
from tests.integration.intake.simulated_engine import SimulatedEngine, result_of


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
