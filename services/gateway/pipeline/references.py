"""Checks that the records which a request or a job refers to exist for its tenant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.gateway.errors import BadRequest, NotFound, StateConflict
from services.gateway.store.database import Document, Session
from services.gateway.store.records import Records
from services.gateway.store.repository import Repository


async def check_references(records: Records, tenant: str, data: Mapping[str, Any]) -> None:
    """Raises BadRequest that names the field when its template, group or job does not exist."""
    targets: dict[str, Repository] = {
        "template": records.templates,
        "group": records.groups,
        "job": records.jobs,
    }
    for field, repository in targets.items():
        record_id = data.get(field)
        if record_id is not None and not await repository.exists(tenant, {"_id": record_id}):
            raise BadRequest(f"{field}: there is no {field} {record_id}.", {field: [f"No such {field}."]})


async def template_of(records: Records, job: Document, session: Session) -> Document:
    """The job's template; raises StateConflict when it is gone."""
    try:
        return await records.templates.get(job["tenant"], job["template"], session)
    except NotFound:
        raise StateConflict("The job's template does not exist any more; give it another one.") from None
