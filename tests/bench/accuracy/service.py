"""Documents through a running gateway, as a client would send them: upload, process, wait, fetch."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bench.accuracy.documents import BenchDocument
from tests.bench.accuracy.grades import Answer

FINISHED = frozenset({"completed", "failed", "cancelled"})
POLL_SECONDS = 0.25
BUSY = frozenset({429, 503})
BUSY_PAUSE_SECONDS = 1.0
REQUEST_SECONDS = 60.0
MOST_PAGES_A_LIST = 100


class Refused(Exception):
    """The gateway turned a request down; the message is its own."""


@dataclass(frozen=True, slots=True)
class Service:
    """A client of one gateway."""

    session: aiohttp.ClientSession
    gateway_url: str
    api_key: str
    poll_seconds: float = POLL_SECONDS

    async def create_template(self, settings: Mapping[str, Any]) -> str:
        """The id of a new template."""
        return str((await self._call("POST", "/ocr-invoice-job-template", json=dict(settings)))["_id"])

    async def read(self, document: BenchDocument, template: str, seconds: float) -> Answer:
        """Have a document read; whatever goes wrong, or takes longer than `seconds`, stands in the answer."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                return await self._read(document, template, began)
        except TimeoutError:
            error = f"It was not done after {seconds:g} seconds."
        except (Refused, aiohttp.ClientError) as failure:
            error = str(failure) or type(failure).__name__
        return Answer({}, {}, "", time.monotonic() - began, error)

    async def _read(self, document: BenchDocument, template: str, began: float) -> Answer:
        content = await asyncio.to_thread(document.path.read_bytes)
        form = aiohttp.FormData({"template": template})
        form.add_field("file", content, filename=document.path.name)
        job_id = (await self._call("POST", "/ocr-invoice-job", data=form))["_id"]
        await self._call("POST", f"/ocr-invoice-job/{job_id}/process")
        while (job := await self._call("GET", f"/ocr-invoice-job/{job_id}"))["status"] not in FINISHED:
            await asyncio.sleep(self.poll_seconds)
        spent = time.monotonic() - began
        if job["status"] != "completed":
            return Answer({}, {}, "", spent, str(job.get("errorLog") or job["status"]))
        pages = await self._pages(job_id)
        text = "\n".join((page.get("ocrResults") or {}).get("text", "") for page in pages)
        return Answer(job["extractedData"], job["confidence"]["fields"], text, spent)

    async def _pages(self, job_id: str) -> list[dict[str, Any]]:
        """All pages of the job, in page order."""
        pages: list[dict[str, Any]] = []
        while True:
            found = await self._call(
                "GET",
                "/ocr-invoice-job-page",
                params={
                    "filter": json.dumps({"job": job_id}),
                    "sort": "pageNumber",
                    "order": "asc",
                    "limit": str(MOST_PAGES_A_LIST),
                    "offset": str(len(pages)),
                },
            )
            pages += found
            if len(found) < MOST_PAGES_A_LIST:
                return pages

    async def _call(self, method: str, path: str, **request: Any) -> Any:
        """The data of the answer; a gateway that is busy is asked again. Raises Refused."""
        while True:
            async with self.session.request(
                method, self.gateway_url + path, headers={"api-key": self.api_key}, **request
            ) as response:
                answer = await response.json()
                if response.status in BUSY and method == "GET":
                    await asyncio.sleep(BUSY_PAUSE_SECONDS)
                    continue
                if response.status >= 400:
                    raise Refused(f"{method} {path}: {answer.get('message', response.status)}")
                return answer["data"]


async def read_all(
    gateway_url: str,
    api_key: str,
    documents: Sequence[BenchDocument],
    *,
    at_once: int,
    seconds: float,
    told: Callable[[BenchDocument, Answer], None],
    poll_seconds: float = POLL_SECONDS,
) -> list[Answer]:
    """Have the documents read, `at_once` at a time, each in at most `seconds`; the answers in their order.

    Whether one is done is asked every `poll_seconds`. `told` hears of every answer as it comes. Raises
    Refused when the gateway takes no template.
    """
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        service = Service(session, gateway_url, api_key, poll_seconds)
        template = await service.create_template({"name": f"Accuracy {time.time_ns()}"})
        slots = asyncio.Semaphore(at_once)

        async def one(document: BenchDocument) -> Answer:
            async with slots:
                answer = await service.read(document, template, seconds)
            told(document, answer)
            return answer

        waiting: list[Awaitable[Answer]] = [one(document) for document in documents]
        return list(await asyncio.gather(*waiting))
