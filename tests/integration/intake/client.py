"""A client of a gateway, as one tenant, with the few calls that many tests make."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read to its end."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def data(self) -> Any:
        """What the first API family's envelope holds."""
        assert self.status in (200, 201), (self.status, self.body)
        return self.body["data"]

    @property
    def result(self) -> Any:
        """What the second API family's envelope holds."""
        assert self.status in (200, 201), (self.status, self.body)
        return self.body["result"]


@dataclass(frozen=True, slots=True)
class Api:
    """Calls one gateway with one tenant's key."""

    session: aiohttp.ClientSession
    url: str
    key: str
    tenant: str

    async def call(
        self, method: str, path: str, json: Any = None, *, headers: Json | None = None, **options: Any
    ) -> Reply:
        """The answer to any request."""
        identity = {"Authorization": f"Bearer {self.key}"}
        async with self.session.request(
            method, self.url + path, json=json, headers=identity | (headers or {}), **options
        ) as response:
            body = await response.read()
            is_json = response.content_type == "application/json" and body
            return Reply(response.status, await response.json() if is_json else body, response.headers)

    async def get(self, path: str, **options: Any) -> Reply:
        return await self.call("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> Reply:
        return await self.call("POST", path, json, **options)

    async def put(self, path: str, json: Any = None, **options: Any) -> Reply:
        return await self.call("PUT", path, json, **options)

    async def template(self, **fields: Any) -> str:
        """The id of a new template."""
        return str((await self.post("/ocr-invoice-job-template", {"name": "T", **fields})).data["_id"])

    async def group(self, template: str, **fields: Any) -> str:
        """The id of a new group."""
        body = {"name": "G", "template": template, **fields}
        return str((await self.post("/ocr-invoice-job-group", body)).data["_id"])

    async def job(self, template: str, **fields: Any) -> str:
        """The id of a new job, not yet processed."""
        return str((await self.post("/ocr-invoice-job", job_input(template, **fields))).data["_id"])

    async def process(self, job_id: str) -> Json:
        reply = await self.post(f"/ocr-invoice-job/{job_id}/process")
        return dict(reply.data)

    async def read(self, job_id: str) -> Json:
        """The job's record."""
        return dict((await self.get(f"/ocr-invoice-job/{job_id}")).data)

    async def until(self, job_id: str, what: Callable[[Json], bool], seconds: float = 10) -> Json:
        """The job's record once it is as `what` says."""
        job: Json = {}

        async def is_so() -> bool:
            nonlocal job
            job = await self.read(job_id)
            return what(job)

        await eventually(is_so, seconds)
        return job

    async def until_status(self, job_id: str, status: str) -> Json:
        return await self.until(job_id, lambda job: job["status"] == status)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait until `check` is true; raises TimeoutError when it does not become so."""
    async with asyncio.timeout(seconds):
        while True:
            if await check():
                return
            await asyncio.sleep(0.06)


def job_input(template: str, **fields: Any) -> Json:
    """What a client sends to create a job."""
    return {
        "jobNumber": f"N-{uuid.uuid4()}",
        "documentName": "invoice.pdf",
        "documentUrl": "https://example.org/invoice.pdf",
        "template": template,
        **fields,
    }
