"""`GET /ocr-invoice-job/{id}/events`: what happens to a job, as server-sent events.

Every event of the job's history has its number as id, by which a client that was cut off goes on
(`Last-Event-ID`). Between them come `progress` events without an id, and comments as heartbeats. The
stream ends after the event that ends the job. It reads from the store, so any gateway can serve it: at once
when this one has committed an event of the job, and every second for what others do.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

from aiohttp import web
from aiohttp_apispec import match_info_schema
from bson import ObjectId
from pymongo.errors import PyMongoError

from services.gateway.api.documentation import documented
from services.gateway.api.responses import Handler
from services.gateway.app_keys import CALLER, JOB_EVENTS, RECORDS, STOPPING
from services.gateway.errors import BadRequest
from services.gateway.schemas.common import ErrorSchema, RecordPathSchema
from services.gateway.store.database import Document
from services.gateway.store.job_events import JobEvents
from services.gateway.store.jobs import Jobs
from shared.schemas.events import FINAL_JOB_STATUSES
from shared.supervision import set_within

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
BATCH = 100
LARGEST_NUMBER = 2**53

_EXAMPLE = """retry: 1000

id: 2
event: job.processing
data: {"status": "processing"}

event: progress
data: {"status": "processing", "percentage": 50.0, "currentStep": "reading pages", "totalSteps": 4}
"""

_log = logging.getLogger(__name__)

routes = web.RouteTableDef()


def _describe(handler: Handler) -> Handler:
    answers: dict[int, dict[str, Any]] = {
        200: {"description": "Server-sent events", "examples": {"text/event-stream": _EXAMPLE}},
        400: {"schema": ErrorSchema, "description": "The id or the Last-Event-ID is not valid."},
        401: {"schema": ErrorSchema, "description": "The API key is missing or not valid."},
        404: {"schema": ErrorSchema, "description": "There is no such job."},
    }
    described = match_info_schema(RecordPathSchema)(handler)
    return documented("Jobs", "Follow a job's progress", answers)(described)


@routes.get("/ocr-invoice-job/{id}/events", allow_head=False)
@_describe
async def follow_job(request: web.Request) -> web.StreamResponse:
    follower = Follower(
        request.app[RECORDS].jobs,
        request.app[JOB_EVENTS],
        request[CALLER].tenant,
        request["match_info"]["id"],
        _last_event(request),
    )
    await follower.check()
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # proxies must pass each event on at once
        }
    )
    await response.prepare(request)
    try:
        with request.app[JOB_EVENTS].news(request["match_info"]["id"]) as news:
            await _send(response, follower, news, request.app[STOPPING])
        await response.write_eof()
    except ConnectionError:
        pass  # the client has gone: that is how most streams end
    except PyMongoError:
        # Too late for an error's answer. The client comes back by itself, and goes on where it was.
        _log.warning("The database does not answer; a job's followers are cut off.", exc_info=True)
    return response


class Follower:
    """Reads on in a job's history."""

    def __init__(self, jobs: Jobs, events: JobEvents, tenant: str, job_id: ObjectId, last: int) -> None:
        self._jobs = jobs
        self._events = events
        self._tenant = tenant
        self._job_id = job_id
        self._last = last
        self._progress: Document | None = None
        self.ended = False

    async def check(self) -> None:
        """Raises NotFound when there is no such job."""
        await self._jobs.get(self._tenant, self._job_id)

    async def news(self) -> list[str]:
        """What has happened since the last call, in the format of server-sent events."""
        # The job is read first: a final state is then followed by no event that is not read yet.
        job = await self._jobs.find_one(self._tenant, {"_id": self._job_id})
        events = await self._events.after(self._tenant, self._job_id, self._last, BATCH)
        lines = [_event(event["kind"], event["data"], event["number"]) for event in events]
        if events:
            self._last = events[-1]["number"]
        if job is None or (job["status"] in FINAL_JOB_STATUSES and len(events) < BATCH):
            self.ended = True
        elif job["progress"] != self._progress:
            self._progress = job["progress"]
            lines.append(_event("progress", {"status": job["status"], **job["progress"]}))
        return lines


async def _send(
    response: web.StreamResponse, follower: Follower, news: asyncio.Event, stopping: asyncio.Event
) -> None:
    """Write events until the job has ended, the client is gone, or the gateway stops."""
    written = time.monotonic()
    await response.write(b"retry: 1000\n\n")
    while not stopping.is_set():
        news.clear()
        lines = await follower.news()
        if not lines and time.monotonic() - written > HEARTBEAT_SECONDS:
            lines = [": still here\n\n"]
        if lines:
            await response.write("".join(lines).encode())
            written = time.monotonic()
        if follower.ended:
            return
        await set_within(news, POLL_SECONDS)


def _event(kind: str, data: Document, number: int | None = None) -> str:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _last_event(request: web.Request) -> int:
    text = request.headers.get("Last-Event-ID", "").strip() or "0"
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_NUMBER:
        raise BadRequest("The Last-Event-ID is not one that was sent from here.")
    return int(text)
