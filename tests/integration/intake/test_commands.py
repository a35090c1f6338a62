"""The AMQP interface: jobs by message, and events to subscribe to."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractQueue, FieldValue

from deploy.local.stack import Backing
from services.gateway import app_keys
from services.gateway.store.api_keys import new_key
from services.gateway.store.database import Database
from services.gateway.store.repository import utc_now
from shared.events import COMMAND_REJECTED, EVENT_SCHEMAS
from shared.topology import COMMANDS_EXCHANGE, COMMANDS_KEY, EVENTS_EXCHANGE, PARKED_QUEUE
from tests.integration.intake.client import Api, eventually
from tests.integration.intake.conftest import Gateway
from tests.integration.intake.simulated_engine import SimulatedEngine


class Bus:
    """Another service's connection to the broker, without any code of this project's."""

    def __init__(self, channel: AbstractChannel, commands: AbstractExchange) -> None:
        self._channel = channel
        self._commands = commands

    async def send(self, body: Any, key: str | None) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers: dict[str, FieldValue] = {"api-key": key} if key else {}
        message = aio_pika.Message(raw, content_type="application/cloudevents+json", headers=headers)
        await self._commands.publish(message, COMMANDS_KEY)

    async def subscribe(self, pattern: str) -> AbstractQueue:
        queue = await self._channel.declare_queue(exclusive=True)
        await queue.bind(EVENTS_EXCHANGE, pattern)
        return queue

    async def put_aside(self) -> tuple[bytes, dict[str, Any]]:
        """The next message of the dead-letter queue, with its headers."""
        queue = await self._channel.get_queue(PARKED_QUEUE)
        message = await _next(queue)
        return message.body, dict(message.headers)


async def _next(queue: AbstractQueue) -> AbstractIncomingMessage:
    async with asyncio.timeout(10):
        while True:
            message = await queue.get(no_ack=True, fail=False)
            if message is not None:
                return message
            await asyncio.sleep(0.05)


async def next_event(queue: AbstractQueue) -> dict[str, Any]:
    event = json.loads((await _next(queue)).body)
    assert event["specversion"] == "1.0"
    kind = event["type"].removeprefix("io.ledgerlens.")
    assert EVENT_SCHEMAS[kind]().validate(event["data"]) == {}
    return dict(event)


@pytest.fixture
async def bus(backing: Backing, gateway: Gateway) -> AsyncIterator[Bus]:
    async with await aio_pika.connect(backing.amqp_url) as connection:
        channel = await connection.channel()
        yield Bus(channel, await channel.get_exchange(COMMANDS_EXCHANGE))


def command(**data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/erp",
        "type": "io.ledgerlens.command.submitJob",
        "data": {
            "jobNumber": f"A-{uuid.uuid4()}",
            "documentName": "a.pdf",
            "documentUrl": "https://example.org/a.pdf",
            **data,
        },
    }


async def test_a_job_is_submitted_and_followed_by_message(
    bus: Bus, api: Api, engine: SimulatedEngine
) -> None:
    events = await bus.subscribe(f"{api.tenant}.#")
    message = command(priority="urgent", metadata={"a": 1})
    await bus.send(message, api.key)
    kinds = []
    while True:
        event = await next_event(events)
        kinds.append(event["type"])
        job_id = event["data"]["jobId"]
        if event["type"] == "io.ledgerlens.job.queued":
            priority, task = await engine.task_with_priority(job_id)
            assert priority == "urgent"
            await engine.start_on(task)
            await api.until_status(job_id, "processing")
            await engine.complete(job_id, task)
        if event["type"] == "io.ledgerlens.job.completed":
            break
    assert kinds == [
        f"io.ledgerlens.{kind}"
        for kind in ("job.created", "job.queued", "job.processing", "page.completed", "job.completed")
    ]
    job = await api.read(job_id)
    assert (job["jobNumber"], job["metadata"]) == (message["data"]["jobNumber"], {"a": 1})


async def test_failing_and_cancelling_are_announced(bus: Bus, api: Api, engine: SimulatedEngine) -> None:
    failures = await bus.subscribe(f"{api.tenant}.*.failed")
    cancellations = await bus.subscribe(f"{api.tenant}.job.cancelled")
    template = await api.template()
    failing, cancelled = await api.job(template), await api.job(template)
    await api.process(failing)
    await engine.succeed(await engine.task(failing))
    await engine.fail(await engine.task(failing), "The page is blank.")
    page, job = await next_event(failures), await next_event(failures)
    assert (page["type"], job["type"]) == ("io.ledgerlens.page.failed", "io.ledgerlens.job.failed")
    assert "The page is blank." in job["data"]["errorLog"]
    await api.post(f"/ocr-invoice-job/{cancelled}/cancel")
    assert (await next_event(cancellations))["data"]["jobId"] == cancelled


async def test_a_command_that_comes_twice_is_carried_out_once(bus: Bus, api: Api) -> None:
    message = command(process=False)
    await bus.send(message, api.key)
    await bus.send(message, api.key)
    await bus.send(message | {"source": "/other", "data": command()["data"]}, api.key)

    async def both() -> bool:
        return bool((await api.get("/ocr-invoice-job")).body["total"] >= 2)

    await eventually(both)
    await asyncio.sleep(0.5)
    jobs = (await api.get("/ocr-invoice-job")).data
    assert sorted(job["status"] for job in jobs) == ["created", "queued"]


async def test_what_can_not_be_carried_out_is_put_aside_with_the_reason(
    bus: Bus, api: Api, gateway: Gateway, database: Database
) -> None:
    revoked = new_key()
    await gateway.app[app_keys.API_KEYS].accept(revoked, api.tenant, "revoked")
    apart = {"tenant": api.tenant, "name": "revoked"}
    await database.motor["apiKeys"].update_one(apart, {"$set": {"revokedAt": utc_now()}})
    rejections = await bus.subscribe(f"{api.tenant}.{COMMAND_REJECTED}")
    taken = command(process=False)
    await bus.send(taken, api.key)
    cases: list[tuple[Any, str | None, str, bool]] = [
        (command(), None, "has no API key", False),
        (command(), "ll_" + "x" * 43, "not valid", False),
        (command(), revoked, "not valid", False),
        (b"no json", api.key, "not JSON", False),
        (b"\xff\xfe", api.key, "not JSON", False),
        (b"[1]", api.key, "does not fit", False),
        (command() | {"specversion": "0.3"}, api.key, "does not fit", False),
        (command() | {"type": "io.ledgerlens.command.dance"}, api.key, "not known", False),
        (command(colour="red"), api.key, "colour", False),
        (command(documentUrl="ftp://example.org/a"), api.key, "documentUrl", False),
        (command(template="0" * 24), api.key, "there is no template", True),
        (command(jobNumber=taken["data"]["jobNumber"]), api.key, "exists already", True),
        (command(metadata={"$where": 1}), api.key, "metadata", True),
    ]
    for body, key, reason, announced in cases:
        await bus.send(body, key)
        kept, headers = await bus.put_aside()
        assert kept == (body if isinstance(body, bytes) else json.dumps(body).encode())
        assert reason in headers["x-reason"]
        assert "api-key" not in headers
        if announced:
            event = await next_event(rejections)
            assert event["data"]["commandId"] == body["id"]
            assert reason in event["data"]["reason"]
    assert (await api.get("/ocr-invoice-job")).body["total"] == 1


async def test_a_command_that_fails_at_every_attempt_is_put_aside_without_its_key(
    bus: Bus, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("for the test")

    monkeypatch.setattr("services.gateway.pipeline.commands.Commands._submit_job", fail)
    monkeypatch.setattr("shared.broker.REQUEUE_PAUSE_SECONDS", 0.01)
    message = command()
    await bus.send(message, api.key)
    body, headers = await bus.put_aside()
    assert json.loads(body) == message
    assert "failed at every attempt" in headers["x-reason"]
    assert "api-key" not in headers


async def test_a_command_of_one_tenant_is_no_others(bus: Bus, api: Api, gateway: Gateway) -> None:
    template = await api.template()
    other = new_key()
    await gateway.app[app_keys.API_KEYS].accept(other, f"{api.tenant}-other", "other")
    await bus.send(command(template=template), other)
    _, headers = await bus.put_aside()
    assert "there is no template" in headers["x-reason"]
