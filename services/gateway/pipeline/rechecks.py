"""Corrected data is checked anew: an engine does the checks, and the job's findings are replaced."""

from __future__ import annotations

from bson import ObjectId

from services.gateway.pipeline.corrections import confidence_left
from services.gateway.pipeline.findings import Findings
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Document, Session
from services.gateway.store.records import Records
from shared.messages.results import DataChecked


class Rechecks:
    """Asks for checks and applies what they find, within the session of each."""

    def __init__(self, records: Records, tasks: TaskWriter, findings: Findings) -> None:
        self._records = records
        self._tasks = tasks
        self._findings = findings

    async def ask(self, session: Session, job: Document) -> None:
        """Have the corrected data of a completed job checked."""
        if job["status"] != "completed":
            return
        template = await self._records.templates.find_one(job["tenant"], {"_id": job["template"]}, session)
        self._tasks.check(session, job, template or {}, confidence_left(job))

    async def checked(self, session: Session, message: DataChecked) -> None:
        """Replace the job's findings, unless its data was stated or read anew meanwhile."""
        tenant, job_id = message.tenant, ObjectId(message.job_id)
        state = {"status": "completed", "attempt": message.attempt, "dataRevision": message.revision}
        job = await self._records.jobs.find_one(tenant, {"_id": job_id, **state}, session)
        if job is None:
            return
        invoice = (job.get("extractedData") or {}).get("invoice") or {}
        results = await self._findings.added(session, job, invoice, message.validation_results)
        await self._records.jobs.update(
            tenant, job_id, {"validationResults": results}, session=session, known=job
        )
