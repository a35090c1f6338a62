"""Server-sent events: live, replayed, at another gateway, and to their end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest

from deploy.local.stack import Backing
from tests.integration.intake.client import Api
from tests.integration.intake.conftest import Gateway, running_gateway
from tests.integration.intake.mail_server import MailServer
from tests.integration.intake.simulated_engine import SimulatedEngine


@dataclass(frozen=True, slots=True)
class Event:
    id: str | None
    kind: str
    data: dict[str, Any]


@asynccontextmanager
async def following(api: Api, job_id: str, last: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
    headers = {"api-key": api.key, **({"Last-Event-ID": last} if last else {})}
    url = f"{api.url}/ocr-invoice-job/{job_id}/events"
    async with api.session.get(url, headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        yield _events(response)


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[Event]:
    block: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            block[name] = value
        else:
            if "event" in block:
                yield Event(block.get("id"), block["event"], json.loads(block["data"]))
            block = {}


async def all_events(api: Api, job_id: str, last: str | None = None) -> list[Event]:
    async with asyncio.timeout(20), following(api, job_id, last) as events:
        return [event async for event in events]


def numbered(events: list[Event]) -> list[tuple[str | None, str]]:
    return [(event.id, event.kind) for event in events if event.id]


WHOLE_LIFE = [
    ("1", "job.created"),
    ("2", "job.queued"),
    ("3", "job.processing"),
    ("4", "page.completed"),
    ("5", "job.completed"),
]


async def test_a_job_is_followed_live_to_its_end_by_several_gateways(
    api: Api, engine: SimulatedEngine, second_gateway: Gateway
) -> None:
    job_id = await api.job(await api.template())
    here = asyncio.create_task(all_events(api, job_id))
    there = asyncio.create_task(all_events(replace(api, url=second_gateway.url), job_id))
    await asyncio.sleep(0.4)
    await api.process(job_id)
    task = await engine.task(job_id)
    await engine.start_on(task)
    await api.until_status(job_id, "processing")
    await asyncio.sleep(0.4)
    assert not here.done()
    await engine.complete(job_id, task)
    events = await here
    assert numbered(events) == numbered(await there) == WHOLE_LIFE
    steps = [event.data["percentage"] for event in events if event.kind == "progress"]
    assert steps == sorted(steps)
    assert len(steps) >= 2


async def test_what_happens_at_this_gateway_is_told_at_once(
    api: Api, engine: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.api.job_events.POLL_SECONDS", 60.0)
    job_id = await api.job(await api.template())
    async with asyncio.timeout(20), following(api, job_id) as events:
        assert (await anext(events)).kind == "job.created"
        await api.process(job_id)
        await engine.complete(job_id, await engine.task(job_id))
        assert numbered([event async for event in events]) == WHOLE_LIFE[1:]


async def test_a_gateway_that_stops_ends_its_streams(
    api: Api, backing: Backing, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.api.job_events.POLL_SECONDS", 60.0)
    job_id = await api.job(await api.template())
    async with running_gateway(backing, mail_server) as other:
        stream = asyncio.create_task(all_events(replace(api, url=other.url), job_id))
        await asyncio.sleep(0.4)
    assert numbered(await stream) == WHOLE_LIFE[:1]


async def test_a_client_that_was_cut_off_goes_on_where_it_was(api: Api, engine: SimulatedEngine) -> None:
    job_id = await api.job(await api.template())
    await api.process(job_id)
    async with following(api, job_id) as events:
        assert (await anext(events)).kind == "job.created"
        last = await anext(events)
    task = await engine.task(job_id)
    await engine.start_on(task)
    await api.until_status(job_id, "processing")
    await engine.complete(job_id, task)
    await api.until_status(job_id, "completed")
    assert numbered(await all_events(api, job_id, last.id)) == WHOLE_LIFE[2:]
    assert numbered(await all_events(api, job_id)) == WHOLE_LIFE
    assert numbered(await all_events(api, job_id, "5")) == []


async def test_cancelling_ends_the_stream(api: Api) -> None:
    job_id = await api.job(await api.template())
    stream = asyncio.create_task(all_events(api, job_id))
    await asyncio.sleep(0.1)
    await api.post(f"/ocr-invoice-job/{job_id}/cancel")
    assert numbered(await stream)[-1] == ("2", "job.cancelled")


async def test_deleting_ends_the_stream(api: Api) -> None:
    job_id = await api.job(await api.template())
    stream = asyncio.create_task(all_events(api, job_id))
    await asyncio.sleep(0.4)
    await api.call("DELETE", f"/ocr-invoice-job/{job_id}")
    assert numbered(await stream) == WHOLE_LIFE[:1]


async def test_a_silent_stream_has_heartbeats(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.api.job_events.HEARTBEAT_SECONDS", 0.3)
    job_id = await api.job(await api.template())
    url = f"{api.url}/ocr-invoice-job/{job_id}/events"
    async with asyncio.timeout(5), api.session.get(url, headers={"api-key": api.key}) as response:
        while await response.content.readline() != b": still here\n":
            pass


async def test_what_can_not_be_followed(api: Api, gateway: Gateway) -> None:
    job_id = await api.job(await api.template())
    path = f"/ocr-invoice-job/{job_id}/events"
    assert (await api.get(path, headers={"Last-Event-ID": "x"})).status == 400
    assert (await api.get(f"/ocr-invoice-job/{'0' * 24}/events")).status == 404
    assert (await api.get("/ocr-invoice-job/x/events")).status == 400
    async with api.session.get(api.url + path) as response:
        assert response.status == 401
