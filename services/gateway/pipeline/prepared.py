"""What the records of a job and of its pages say of a document that was prepared."""

from __future__ import annotations

from typing import Any

from services.gateway.store.database import Document
from services.gateway.store.repository import utc_now
from shared.messages.results import DocumentPrepared, PreparedPage


def document_info(message: DocumentPrepared) -> dict[str, Any]:
    """The `documentInfo` of a job."""
    info: dict[str, Any] = {
        "pages": len(message.pages),
        "size": message.size,
        "format": message.format,
        "sha256": message.sha256,
    }
    resolutions = [page.dpi for page in message.pages if page.dpi]
    if resolutions:
        info["resolution"] = f"{resolutions[0]} dpi"
    return info


def page_record(job: Document, page: PreparedPage) -> Document:
    """The record of a page that is to be read, or that could not be prepared."""
    record: Document = {
        "job": job["_id"],
        "pageNumber": page.number,
        "origin": "document",
        "attempt": 1,
        "retryCount": 0,
        "status": "failed" if page.error else "pending",
        "queued": not page.error,
    }
    if page.error:
        return {**record, "errorLog": page.error, "completedAt": utc_now()}
    return {
        **record,
        "fileAttempt": job["attempt"],
        "hasTextLayer": page.has_text_layer,
        "imageProperties": {
            "width": page.width,
            "height": page.height,
            "dpi": page.dpi,
            "colorSpace": page.color_space,
            "format": page.format,
            "size": page.size,
        },
    }


def unwanted_format(found: str, template: Document) -> str | None:
    """Why a document of the format `found` is not for `template`; None when it is."""
    supported = template.get("supportedFormats") or []
    same = {"jpeg": "jpg"}
    if not supported or same.get(found, found) in {same.get(name, name) for name in supported}:
        return None
    return (
        f"The document is a {found.upper()} file; the template '{template['name']}' takes only "
        f"{', '.join(supported)}."
    )
