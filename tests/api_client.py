"""A plain client of the public API, as a developer would write it."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import aiohttp

FINISHED = ("completed", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body of one response."""

    status: int
    body: dict[str, Any]

    @property
    def data(self) -> Any:
        """The record or records of a success; fails the test with the body when it is none."""
        assert self.status < 400, self.body
        return self.body["data"]


@dataclass(slots=True)
class ApiClient:
    """Calls one gateway with one key; job numbers are made up as needed."""

    session: aiohttp.ClientSession
    base_url: str
    key: str
    name: str = "test"
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        headers = {"api-key": self.key, **options.pop("headers", {})}
        async with self.session.request(
            method, self.base_url + path, json=body, headers=headers, **options
        ) as response:
            return Answer(response.status, await response.json())

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any = None) -> Answer:
        return await self.call("POST", path, body)

    async def put(self, path: str, body: Any) -> Answer:
        return await self.call("PUT", path, body)

    async def delete(self, path: str) -> Answer:
        return await self.call("DELETE", path)

    async def create_template(self, **settings: Any) -> str:
        answer = await self.post("/ocr-invoice-job-template", {"name": f"{self.name} template", **settings})
        return str(answer.data["_id"])

    async def create_job(self, document_url: str, template: str, **fields: Any) -> dict[str, Any]:
        body = {
            "jobNumber": f"{self.name}-{next(self.numbers)}",
            "documentName": document_url.rsplit("/", 1)[-1] or "document",
            "documentUrl": document_url,
            "template": template,
            **fields,
        }
        job: dict[str, Any] = (await self.post("/ocr-invoice-job", body)).data
        return job

    async def job(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = (await self.get(f"/ocr-invoice-job/{job_id}")).data
        return job

    async def pages(self, job_id: str) -> list[dict[str, Any]]:
        """All pages of a job, in page order."""
        answer = await self.get(
            "/ocr-invoice-job-page",
            params={"filter": f'{{"job": "{job_id}"}}', "sort": "pageNumber", "order": "asc", "limit": "100"},
        )
        pages: list[dict[str, Any]] = answer.data
        return pages

    async def process(self, job_id: str) -> Answer:
        return await self.post(f"/ocr-invoice-job/{job_id}/process")

    async def finished(self, job_id: str, seconds: float = 90.0) -> dict[str, Any]:
        """The job once it has ended; fails the test when it has not after `seconds`."""
        async with asyncio.timeout(seconds):
            while (job := await self.job(job_id))["status"] not in FINISHED:
                await asyncio.sleep(0.1)
        return job

    async def read(self, document_url: str, template: str, **fields: Any) -> dict[str, Any]:
        """Create a job, process it, and wait for its end."""
        job = await self.create_job(document_url, template, **fields)
        started = await self.process(job["_id"])
        assert started.data["status"] in ("queued", "processing")
        return await self.finished(job["_id"])
