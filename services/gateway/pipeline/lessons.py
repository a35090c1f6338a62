"""What people correct is a lesson: an engine finds out what it teaches of the supplier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bson import ObjectId

from services.gateway.pipeline.suppliers import SupplierHistory, known_accounts
from services.gateway.pipeline.tasks import TaskWriter
from services.gateway.store.database import Document, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now
from shared.messages import MOST_CORRECTIONS, CorrectionsLearned
from shared.schemas.supplier import LONGEST_VALUE, MOST_OF_A_KIND
from shared.supplier import CORRECTABLE_FIELDS

CORRECTION = "correction"


class Lessons:
    """Turns corrections into lessons, and lessons into what a profile knows, within the session of each."""

    def __init__(self, records: Records, tasks: TaskWriter, history: SupplierHistory) -> None:
        self._records = records
        self._tasks = tasks
        self._history = history

    async def job_corrected(self, session: Session, job: Document) -> None:
        """A person has said what the job's data really is; the data confirms the account to pay to."""
        invoice, read = (_invoice(job, name) for name in ("extractedData", "readData"))
        corrections = [
            _correction(field, value, before)
            for field in CORRECTABLE_FIELDS
            if (value := value_at(invoice, field)) is not None and value != (before := value_at(read, field))
        ]
        await self._teach(session, job, invoice, read, corrections)

    async def page_annotated(self, session: Session, before: Document, page: Document) -> None:
        """A person has annotated a page; what is new of its corrections is a lesson."""
        old = before.get("annotations") or []
        new = [
            one
            for one in page.get("annotations") or []
            if one["type"] == CORRECTION and one.get("text") and one not in old
        ]
        job = (
            await self._records.jobs.find_one(page["tenant"], {"_id": page["job"]}, session) if new else None
        )
        if job is None:
            return
        corrections = [one for annotation in new for one in annotated_corrections(annotation, page, job)]
        if not corrections:
            return
        read = _invoice(job, "extractedData")
        # A correction of another field does not confirm the account.
        invoice = _with_values({**read, "payment": {}}, corrections)
        await self._teach(session, job, invoice, read, corrections)

    async def learned(self, session: Session, message: CorrectionsLearned) -> None:
        """Put what an engine has learned into the profile; one that was erased meanwhile stays erased."""
        if not ObjectId.is_valid(message.profile_id):
            return
        tenant, profile_id = message.tenant, ObjectId(message.profile_id)
        profile = await self._records.suppliers.find_one(tenant, {"_id": profile_id}, session)
        if profile is None:
            return
        job = await self._records.jobs.find_one(tenant, {"_id": ObjectId(message.job_id)}, session)
        origin = {"learnedAt": utc_now(), "job": ObjectId(message.job_id)}
        if job is not None:
            origin["jobNumber"] = job["jobNumber"]
        changes: dict[str, Any] = {
            name: [
                *(one for one in profile[name] if one["field"] not in message.learned_fields),
                *(one | origin for one in learned),
            ][-MOST_OF_A_KIND:]
            for name, learned in (("rules", message.rules), ("constants", message.constants))
        }
        changes["learned"] = bool(changes["rules"] or changes["constants"])
        await self._records.suppliers.update(tenant, profile_id, changes, session=session)

    async def _teach(
        self,
        session: Session,
        job: Document,
        invoice: Mapping[str, Any],
        read: Mapping[str, Any],
        corrections: list[dict[str, Any]],
    ) -> None:
        profile = await self._history.confirmed(session, job, invoice, read)
        usable = [one for one in corrections if 0 < len(one["value"]) <= LONGEST_VALUE][:MOST_CORRECTIONS]
        if profile is None or not usable or job["status"] != "completed":
            return
        template = await self._records.templates.find_one(job["tenant"], {"_id": job["template"]}, session)
        await self._tasks.learn(session, job, template or {}, engine_profile(profile), usable)


def engine_profile(profile: Document) -> dict[str, Any]:
    """The profile as tasks carry it."""
    return {
        "id": str(profile["_id"]),
        "names": profile["names"],
        "taxIds": profile["taxIds"],
        "ibans": known_accounts(profile),
        "rules": [_without_origin(rule) for rule in profile["rules"]],
        "constants": [_without_origin(constant) for constant in profile["constants"]],
    }


def annotated_corrections(
    annotation: Mapping[str, Any], page: Document, job: Document
) -> Iterator[dict[str, Any]]:
    """What an annotation corrects: the field that it names, else the one that was read where it points."""
    box = annotation.get("coordinates")
    field = annotation.get("field") or _field_at(job, page["pageNumber"], box)
    if field not in CORRECTABLE_FIELDS:
        return
    correction = _correction(
        field, annotation["text"].strip(), value_at(_invoice(job, "extractedData"), field)
    )
    if box is not None:
        correction |= {"page": page["pageNumber"], "box": box}
    yield correction


def value_at(invoice: Mapping[str, Any], field: str) -> Any:
    """The value of a field such as `invoice.supplier.name`; None where there is none."""
    value: Any = invoice
    for name in field.split(".")[1:]:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _field_at(job: Document, page: int, box: Mapping[str, float] | None) -> str | None:
    """The field whose value was read where the box is; None where it touches none, or several."""
    if box is None:
        return None
    provenance = (job.get("extractedData") or {}).get("provenance") or {}
    touched = {
        path
        for path, where in provenance.items()
        if path in CORRECTABLE_FIELDS
        and where.get("page") == page
        and where.get("boundingBox")
        and _holds_middle(box, where["boundingBox"])
    }
    return touched.pop() if len(touched) == 1 else None


def _holds_middle(box: Mapping[str, float], other: Mapping[str, float]) -> bool:
    x, y = other["x"] + other["width"] / 2, other["y"] + other["height"] / 2
    return box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]


def _correction(field: str, value: Any, read: Any) -> dict[str, Any]:
    correction = {"field": field, "value": str(value)}
    if read is not None and 0 < len(str(read)) <= LONGEST_VALUE:
        correction["read"] = str(read)
    return correction


def _with_values(invoice: Mapping[str, Any], corrections: list[dict[str, Any]]) -> dict[str, Any]:
    """The invoice with the corrected texts; what is about the supplier and its account matters here."""
    changed: dict[str, Any] = dict(invoice)
    for correction in corrections:
        match correction["field"].split("."):
            case [_, ("supplier" | "payment") as part, member]:
                changed[part] = {**(changed.get(part) or {}), member: correction["value"]}
    return changed


def _invoice(job: Document, name: str) -> dict[str, Any]:
    return (job.get(name) or {}).get("invoice") or {}


def _without_origin(learned: Document) -> dict[str, Any]:
    return {name: value for name, value in learned.items() if name not in ("learnedAt", "job", "jobNumber")}
