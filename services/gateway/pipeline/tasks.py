"""Writes tasks for engines, and events for subscribers, into the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bson import ObjectId

from services.gateway.links import IMAGE, TEXT_LAYER, Links
from services.gateway.store.database import Document, Session
from services.gateway.store.job_events import JobEvents
from services.gateway.store.outbox import Outbox
from shared.events import COMMAND_REJECTED, Command, make_event
from shared.messages.base import Message
from shared.messages.tasks import CheckTask, ExtractTask, LearnTask, PrepareTask, RecogniseTask
from shared.messages.wire import to_cloud_event
from shared.schemas.template import extraction_settings, preprocessing_settings
from shared.topology import EVENTS_EXCHANGE, TASKS_EXCHANGE

SOURCE = "/ledgerlens/gateway"
_ENGINE_TEMPLATE_FIELDS = (
    "documentType",
    "languages",
    "extractionRules",
    "preprocessingSettings",
    "postprocessingSettings",
)


class TaskWriter:
    """Every message leaves through here, in the session of the change that it belongs to."""

    def __init__(self, outbox: Outbox, events: JobEvents, links: Links) -> None:
        self._outbox = outbox
        self._events = events
        self._links = links

    def prepare(self, session: Session, job: Document, template: Document) -> None:
        """Have the job's document fetched and split into pages."""
        uploaded = job.get("uploaded", False)
        task = PrepareTask(
            tenant=job["tenant"],
            job_id=str(job["_id"]),
            attempt=job["attempt"],
            document_url=None if uploaded else job["documentUrl"],
            document_path=self._links.document_path(job["_id"]) if uploaded else None,
            declared_format=job.get("documentType"),
            upload_path=self._links.upload_path(job["_id"], job["attempt"]),
            einvoice_upload_path=self._links.einvoice_upload_path(job["_id"], job["attempt"]),
            resolution_dpi=preprocessing_settings(template).resolution_dpi,
            exact_resolution=any(rule.coordinates for rule in extraction_settings(template).fields),
        )
        self._send(session, job, [task])

    def recognise(self, session: Session, job: Document, pages: list[Document], template: Document) -> None:
        """Have pages read."""
        settings = engine_template(template)
        self._send(session, job, [self._recognise_task(job, page, settings) for page in pages])

    def extract(
        self, session: Session, job: Document, template: Document, profiles: Sequence[dict[str, Any]] = ()
    ) -> None:
        """Have a document understood whose pages are read, with what is learned of its possible suppliers."""
        found_in = job.get("einvoiceAttempt")
        task = ExtractTask(
            tenant=job["tenant"],
            job_id=str(job["_id"]),
            attempt=job["attempt"],
            pages_path=self._links.readings_path(job["_id"], job["attempt"]),
            einvoice_path=self._links.einvoice_path(job["_id"], found_in) if found_in else None,
            template=engine_template(template),
            profiles=tuple(profiles),
        )
        self._send(session, job, [task])

    def learn(
        self,
        session: Session,
        job: Document,
        template: Document,
        profile: dict[str, Any],
        corrections: Sequence[dict[str, Any]],
        *,
        items: Sequence[dict[str, Any]] | None = None,
        taxes: Sequence[dict[str, Any]] | None = None,
        revision: int | None = None,
    ) -> None:
        """Have it found out what corrections of a document teach of its supplier.

        `revision` tells which state of the job's data teaches it; without one the lesson holds whatever else
        is corrected.
        """
        task = LearnTask(
            tenant=job["tenant"],
            job_id=str(job["_id"]),
            attempt=job["attempt"],
            pages_path=self._links.readings_path(job["_id"], job["attempt"]),
            template=engine_template(template),
            profile=profile,
            corrections=tuple(corrections),
            line_items=tuple(items) if items is not None else None,
            taxes=tuple(taxes) if taxes is not None else None,
            revision=revision,
        )
        self._send(session, job, [task])

    def check(
        self, session: Session, job: Document, template: Document, confidence: dict[str, float]
    ) -> None:
        """Have the job's corrected data checked; `confidence`, by path, is of what was read and left."""
        found_in = job.get("einvoiceAttempt")
        task = CheckTask(
            tenant=job["tenant"],
            job_id=str(job["_id"]),
            attempt=job["attempt"],
            pages_path=self._links.readings_path(job["_id"], job["attempt"]),
            einvoice_path=self._links.einvoice_path(job["_id"], found_in) if found_in else None,
            extracted_data=job["extractedData"],
            confidence=confidence,
            revision=job["dataRevision"],
            template=engine_template(template),
        )
        self._send(session, job, [task])

    def job_event(self, session: Session, job: Document, name: str, reason: str | None = None) -> None:
        """Announce that the job has become `name`, with a `reason` that its record does not hold.

        `job` is the record after an update that was counted (`store.job_events.COUNTED`).
        """
        data = {
            "jobId": str(job["_id"]),
            "jobNumber": job["jobNumber"],
            "invoiceId": job["invoiceId"],
            "group": str(job["group"]) if job.get("group") else None,
            "status": job["status"],
            "progress": job["progress"],
            "errorLog": reason or job.get("errorLog"),
        }
        self._announce(session, job, f"job.{name}", data)

    def page_event(self, session: Session, job: Document, page: Document, name: str) -> None:
        """Announce that a page has become `name`; `job` as for `job_event`."""
        data = {
            "jobId": str(job["_id"]),
            "pageId": str(page["_id"]),
            "pageNumber": page["pageNumber"],
            "status": page["status"],
            "errorLog": page.get("errorLog"),
        }
        self._announce(session, job, f"page.{name}", data)

    def rejection(self, session: Session, tenant: str, command: Command, reason: str) -> None:
        """Announce that a command was not carried out."""
        data = {"commandId": command.id, "commandSource": command.source, "reason": reason}
        event = make_event(COMMAND_REJECTED, SOURCE, f"commands/{command.id}", data)
        self._publish(session, ObjectId(), tenant, COMMAND_REJECTED, event)

    async def withdraw(self, session: Session, job: Document) -> None:
        """Take back the job's tasks that are not yet published."""
        await self._outbox.discard_tasks(session, job["_id"], TASKS_EXCHANGE)

    async def forget(self, session: Session, job: Document) -> None:
        """Take back the tasks of a job that is deleted, and drop its history."""
        await self.withdraw(session, job)
        await self._events.forget(session, job["_id"])

    def _recognise_task(self, job: Document, page: Document, settings: dict[str, Any]) -> RecogniseTask:
        own_file = page.get("fileAttempt") is not None
        return RecogniseTask(
            tenant=job["tenant"],
            job_id=str(job["_id"]),
            attempt=page["attempt"],
            page_id=str(page["_id"]),
            page_number=page["pageNumber"],
            image_url=None if own_file else page["pageUrl"],
            image_path=self._links.page_path(page, IMAGE) if own_file else None,
            text_layer_path=self._links.page_path(page, TEXT_LAYER) if page.get("hasTextLayer") else None,
            width=(page.get("imageProperties") or {}).get("width"),
            height=(page.get("imageProperties") or {}).get("height"),
            template=settings,
        )

    def _send(self, session: Session, job: Document, tasks: Sequence[Message]) -> None:
        for task in tasks:
            self._outbox.add(
                session,
                job_id=job["_id"],
                exchange=TASKS_EXCHANGE,
                routing_key=job["priority"],
                event=to_cloud_event(task, SOURCE),
            )

    def _announce(self, session: Session, job: Document, kind: str, data: dict[str, Any]) -> None:
        present = {name: value for name, value in data.items() if value is not None}
        event = make_event(kind, SOURCE, f"jobs/{job['_id']}", present)
        self._events.append(session, job, kind, present, event["time"])
        self._publish(session, job["_id"], job["tenant"], kind, event)

    def _publish(
        self, session: Session, job_id: ObjectId, tenant: str, kind: str, event: dict[str, Any]
    ) -> None:
        self._outbox.add(
            session,
            job_id=job_id,
            exchange=EVENTS_EXCHANGE,
            routing_key=f"{tenant}.{kind}",
            event=event,
            mandatory=False,
        )


def engine_template(template: Document) -> dict[str, Any]:
    """The parts of a template that act in the engine."""
    return {name: template[name] for name in _ENGINE_TEMPLATE_FIELDS if template.get(name) is not None}
