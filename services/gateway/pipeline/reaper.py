"""Ends jobs that nobody works on any more: past their deadline they fail with a sentence, not silently."""

from __future__ import annotations

import asyncio
import logging

from services.gateway.pipeline.endings import Endings
from services.gateway.store.database import Database, Document, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now
from shared.logs import log_context

SWEEP_SECONDS = 15.0
BATCH = 100
TOO_LATE = "The job was not done in time; process it again, or give its group a longer timeout."

_log = logging.getLogger(__name__)


class Reaper:
    """Looks for jobs past their deadline."""

    def __init__(self, database: Database, records: Records, endings: Endings) -> None:
        self._database = database
        self._records = records
        self._endings = endings

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            await self.sweep()
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> int:
        """Fail the jobs whose time is over; how many there were."""
        overdue = await self._records.jobs.overdue(utc_now(), BATCH)
        for job in overdue:
            with log_context(jobId=str(job["_id"])):
                _log.warning("The job was not done by its deadline.")
                await self._fail(job)
        return len(overdue)

    async def _fail(self, job: Document) -> None:
        async def fail(session: Session) -> None:
            await self._endings.fail(session, job, TOO_LATE, transient=True)

        await self._database.transaction(fail)
