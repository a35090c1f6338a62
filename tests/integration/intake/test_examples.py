"""The documentation's examples, run as a reader would run them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from deploy.local.services import CHECKOUT
from deploy.local.stack import Backing
from tests.integration.intake.client import Api, eventually
from tests.integration.intake.simulated_engine import SimulatedEngine

EXAMPLES = CHECKOUT / "docs" / "examples"


async def start(script: Path, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        *arguments,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )


async def test_a_job_is_submitted_and_followed_by_the_examples(
    backing: Backing, api: Api, engine: SimulatedEngine
) -> None:
    url = {"AMQP_URL": backing.amqp_url}
    follower = await start(EXAMPLES / "follow_events.py", api.tenant, "EX-1", **url)
    assert follower.stdout is not None
    assert await follower.stdout.readline() == b"ready\n"
    document = "https://example.org/a.pdf"
    producer = await start(EXAMPLES / "submit_job.py", "EX-1", document, API_KEY=api.key, **url)
    assert await producer.wait() == 0

    async def arrived() -> bool:
        return bool((await api.get("/ocr-invoice-job")).body["total"])

    await eventually(arrived)
    await engine.complete((await api.get("/ocr-invoice-job")).data[0]["_id"])
    async with asyncio.timeout(20):
        printed = (await follower.stdout.read()).decode().splitlines()
        assert await follower.wait() == 0
    kinds = [line.split(" ", 1)[0] for line in printed]
    assert kinds[0] == "io.ledgerlens.job.created"
    assert kinds[-1] == "io.ledgerlens.job.completed"
    assert json.loads(printed[-1].split(" ", 1)[1])["status"] == "completed"
