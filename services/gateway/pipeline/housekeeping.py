"""Background work that makes good what a crash, or the passing of time, left to be done."""

from __future__ import annotations

import asyncio
import time

from bson import ObjectId

from services.gateway.pipeline.dispatch import Dispatch
from services.gateway.store import removals
from services.gateway.store.blobs import BlobStore
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.job_events import COLLECTION as JOB_EVENTS
from services.gateway.store.records import Records
from services.gateway.store.removals import FileRemovals
from services.gateway.store.repository import utc_now
from shared.schemas.events import FINAL_JOB_STATUSES

# Ends of a group's jobs here are noticed at once; this is for what else may start jobs.
START_SECONDS = 2.0
MOST_EVENTS = 1_000
CLEAN_SECONDS = 2.0
BATCH = 100


class Starter:
    """Starts waiting jobs whose time has come, such as those that are tried again after a pause."""

    def __init__(self, database: Database, records: Records, dispatch: Dispatch) -> None:
        self._database = database
        self._records = records
        self._dispatch = dispatch
        self._events = database.committed(JOB_EVENTS, MOST_EVENTS)

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.start_ready()
            await self._something_to_do()

    async def start_ready(self) -> None:
        """Start what may start now."""
        for tenant, group_id in await self._records.jobs.groups_waiting(utc_now()):
            if group_id is None or await self._dispatch.has_slot(tenant, group_id):
                await self._fill(tenant, group_id)

    async def _something_to_do(self) -> None:
        """Wait until a job of a group has ended here, at most two seconds."""
        until = time.monotonic() + START_SECONDS
        while (left := until - time.monotonic()) > 0 and await self._events.arrived(left):
            if any(_frees_a_slot(event) for event in self._events.take()):
                return

    async def _fill(self, tenant: str, group_id: ObjectId | None) -> None:
        async def fill(session: Session) -> None:
            if group_id is None:
                await self._dispatch.fill_ungrouped(session, tenant)
            else:
                await self._dispatch.fill_group(session, tenant, group_id)

        await self._database.transaction(fill)


def _frees_a_slot(event: Document) -> bool:
    return event["data"].get("group") is not None and event["data"]["status"] in FINAL_JOB_STATUSES


class Cleaner:
    """Removes files that were given up."""

    def __init__(self, notes: FileRemovals, blobs: BlobStore) -> None:
        self._notes = notes
        self._blobs = blobs

    async def run(self) -> None:
        """Clean for ever."""
        while True:
            if await self.clean() == 0:
                await asyncio.sleep(CLEAN_SECONDS)

    async def clean(self) -> int:
        """Remove the files whose time has come; how many notes of them there were."""
        due = await self._notes.due(BATCH)
        for note in due:
            await self._remove(note)
            await self._notes.call_off(note["_id"])
        return len(due)

    async def _remove(self, note: Document) -> None:
        match note["what"]:
            case removals.EVERYTHING:
                await self._blobs.delete_of_job(note["jobId"])
            case removals.DOCUMENT:
                await self._blobs.delete_document(note["jobId"])
            case _:
                await self._blobs.delete_pages(note["jobId"], note["beforeAttempt"])
