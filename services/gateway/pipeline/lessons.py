"""What people correct is a lesson: an engine finds out what it teaches of the supplier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from services.gateway.pipeline.corrected_fields import (
    annotated_corrections,
    corrected_lists,
    differences,
    taken_back,
)
from services.gateway.pipeline.lesson_book import valid_entries, with_lesson, without_lesson
from services.gateway.pipeline.suppliers import SupplierHistory, known_accounts
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Document, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now
from shared.messages.results import CorrectionsLearned
from shared.messages.tasks import MOST_CORRECTIONS, MOST_LINES
from shared.schemas.supplier import KINDS, LONGEST_VALUE
from shared.supplier import DAY_ORDER, ITEMS, TAXES

CORRECTION = "correction"
# Engines of an earlier version do not know them, and need not while nothing of the kind was learned.
_LATER_KINDS = ("words", "absences")
Corrections = list[dict[str, Any]]


class Lessons:
    """Turns corrections into lessons, and lessons into what a profile knows, within the session of each."""

    def __init__(self, records: Records, tasks: TaskWriter, history: SupplierHistory) -> None:
        self._records = records
        self._tasks = tasks
        self._history = history

    async def job_corrected(self, session: Session, before: Document, job: Document) -> None:
        """A person has said what the job's data really is; the data confirms the account to pay to.

        What the person said `before` and now takes back is forgotten, wherever it was learned.
        """
        data, read = job.get("extractedData") or {}, job.get("readData") or {}
        earlier = before.get("extractedData") or {}
        profile = await self._history.confirmed(session, job, _invoice(data), _invoice(read))
        if before.get("readData"):
            forgotten = taken_back(earlier, data, read)
            for one in await self._history.named_by(session, job, _invoice(data), _invoice(earlier)):
                await self._forget(session, one, job, forgotten)
            profile = await self._history.confirmed(session, job, _invoice(data), _invoice(earlier))
        await self._teach(
            session,
            job,
            profile,
            differences(data, read),
            lists=corrected_lists(data, read),
            revision=job.get("dataRevision"),
        )

    async def page_annotated(self, session: Session, before: Document, page: Document) -> None:
        """A person has annotated a page; what is new of its corrections is a lesson, what is gone is none."""
        old, new = (_corrections_on(one) for one in (before, page))
        added = [one for one in new if one not in old]
        removed = [one for one in old if one not in new]
        if not added and not removed:
            return
        job = await self._records.jobs.find_one(page["tenant"], {"_id": page["job"]}, session)
        if job is None:
            return
        corrections = _all_of(added, page, job)
        still = {one["field"] for one in _all_of(new, page, job)}
        gone = {one["field"] for one in _all_of(removed, page, job)} - still
        read = _invoice(job.get("extractedData") or {})
        for one in await self._history.named_by(session, job, read):
            await self._forget(session, one, job, sorted(gone))
        if corrections:
            # A correction of another field does not confirm the account.
            invoice = _with_values({**read, "payment": {}}, corrections)
            profile = await self._history.confirmed(session, job, invoice, read)
            await self._teach(session, job, profile, corrections)

    async def learned(self, session: Session, message: CorrectionsLearned) -> None:
        """Put what an engine has learned into the profile; one that was erased meanwhile stays erased.

        What was learned of data that has been corrected again meanwhile is left to the newer lesson.
        """
        if not ObjectId.is_valid(message.profile_id):
            return
        tenant, profile_id = message.tenant, ObjectId(message.profile_id)
        profile = await self._records.suppliers.find_one(tenant, {"_id": profile_id}, session)
        job = await self._records.jobs.find_one(tenant, {"_id": ObjectId(message.job_id)}, session)
        outdated = job is not None and message.revision not in (None, job.get("dataRevision"))
        if profile is None or outdated:
            return
        origin = {"learnedAt": utc_now(), "job": ObjectId(message.job_id)}
        if job is not None:
            origin["jobNumber"] = job["jobNumber"]
        learned = {kind: getattr(message, kind) for kind in KINDS}
        changes = with_lesson(profile, message.learned_fields, learned, origin)
        await self._records.suppliers.update(tenant, profile_id, changes, session=session)

    async def _forget(self, session: Session, profile: Document, job: Document, fields: list[str]) -> None:
        if not fields:
            return
        changes = without_lesson(profile, job["_id"], [*fields, DAY_ORDER])
        await self._records.suppliers.update(job["tenant"], profile["_id"], changes, session=session)

    async def _teach(
        self,
        session: Session,
        job: Document,
        profile: Document | None,
        corrections: Corrections,
        *,
        lists: Mapping[str, list[Any]] | None = None,
        revision: int | None = None,
    ) -> None:
        usable = [one for one in corrections if len(one.get("value", "")) <= LONGEST_VALUE]
        rows = {path: listed for path, listed in (lists or {}).items() if len(listed) <= MOST_LINES}
        if profile is None or not (usable or rows) or job["status"] != "completed":
            return
        template = await self._records.templates.find_one(job["tenant"], {"_id": job["template"]}, session)
        self._tasks.learn(
            session,
            job,
            template or {},
            engine_profile(profile),
            usable[:MOST_CORRECTIONS],
            items=rows.get(ITEMS),
            taxes=rows.get(TAXES),
            revision=revision,
        )


def engine_profile(profile: Document) -> dict[str, Any]:
    """The profile as tasks carry it."""
    return {
        "id": str(profile["_id"]),
        "names": profile["names"],
        "taxIds": profile["taxIds"],
        "ibans": known_accounts(profile),
        "rules": valid_entries(profile, "rules"),
        "constants": valid_entries(profile, "constants"),
        **{kind: entries for kind in _LATER_KINDS if (entries := valid_entries(profile, kind))},
    }


def _corrections_on(page: Document) -> list[Document]:
    """The annotations that correct something; one without a text names the field that is not there."""
    return [
        one
        for one in page.get("annotations") or []
        if one["type"] == CORRECTION and "text" in one and (one["text"].strip() or one.get("field"))
    ]


def _all_of(annotations: list[Document], page: Document, job: Document) -> Corrections:
    return [one for annotation in annotations for one in annotated_corrections(annotation, page, job)]


def _with_values(invoice: Mapping[str, Any], corrections: Corrections) -> dict[str, Any]:
    """The invoice with the corrected texts; what is about the supplier and its account matters here."""
    changed: dict[str, Any] = dict(invoice)
    for correction in corrections:
        match correction["field"].split("."):
            case [_, ("supplier" | "payment") as part, member]:
                changed[part] = {**(changed.get(part) or {}), member: correction.get("value")}
    return changed


def _invoice(data: Mapping[str, Any]) -> dict[str, Any]:
    return data.get("invoice") or {}
