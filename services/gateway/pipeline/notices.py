"""E-mails about a group's jobs, as the group's `notifications` ask for them."""

from __future__ import annotations

from services.gateway.pipeline.aggregate import PENDING
from services.gateway.store.database import Document, Session
from services.gateway.store.mails import Mails
from services.gateway.store.records import Records


class Notices:
    """Writes e-mails in the session of the job's end that they tell about."""

    def __init__(self, records: Records, mails: Mails, *, enabled: bool) -> None:
        """Without a mail server (`enabled` false) nothing is written."""
        self._records = records
        self._mails = mails
        self._enabled = enabled

    async def job_ended(self, session: Session, job: Document) -> None:
        """A job is completed, failed or cancelled: tell those who want to know."""
        if not self._enabled or not job.get("group"):
            return
        # Jobs of one group that end at the same moment take turns, so that exactly one is the last.
        group = await self._records.groups.take_turn(job["tenant"], job["group"], session)
        wishes = (group or {}).get("notifications") or {}
        if group is None or not wishes.get("recipients"):
            return
        if wishes.get("onFailure", True) and job["status"] == "failed":
            await self._tell_failure(session, group, job)
        if wishes.get("onCompletion", False):
            await self._tell_completion(session, group, job)

    async def _tell_failure(self, session: Session, group: Document, job: Document) -> None:
        text = (
            f"The job {job['jobNumber']} ({job['documentName']}) of the group {group['name']} failed.\n\n"
            f"{job.get('errorLog') or 'No reason is known.'}\n\nJob id: {job['_id']}\n"
        )
        await self._send(session, group, job, f"Failed: {job['jobNumber']} ({group['name']})", text)

    async def _tell_completion(self, session: Session, group: Document, job: Document) -> None:
        tenant, members = job["tenant"], {"group": group["_id"]}
        if await self._records.jobs.count(tenant, {**members, "status": {"$in": PENDING}}, session):
            return
        counts = {
            status: await self._records.jobs.count(tenant, {**members, "status": status}, session)
            for status in ("completed", "failed", "cancelled")
        }
        lines = "\n".join(f"{status}: {count}" for status, count in counts.items())
        text = f"All jobs of the group {group['name']} are done.\n\n{lines}\n\nGroup id: {group['_id']}\n"
        await self._send(session, group, job, f"Done: {group['name']}", text)

    async def _send(self, session: Session, group: Document, job: Document, subject: str, text: str) -> None:
        await self._mails.add(
            session,
            recipients=group["notifications"]["recipients"],
            subject=" ".join(subject.split())[:200],
            text=text,
            job_id=job["_id"],
        )
