"""What the gateway itself finds wrong with a completed job, beside what an engine found in its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.gateway.pipeline.duplicates import Duplicates
from services.gateway.pipeline.suppliers import SupplierHistory
from services.gateway.store.database import Document, Session
from services.gateway.store.records import Records

Finding = dict[str, str]


class Findings:
    """Pages that were not read, earlier jobs of the same invoice, and accounts that are new."""

    def __init__(self, records: Records, duplicates: Duplicates, history: SupplierHistory) -> None:
        self._records = records
        self._duplicates = duplicates
        self._history = history

    async def added(
        self, session: Session, job: Document, invoice: Mapping[str, Any], results: Mapping[str, Any]
    ) -> dict[str, Any]:
        """`results`, an engine's `validationResults` of `invoice`, with the gateway's own findings."""
        findings = [
            *await self._about_pages(session, job),
            *await self._duplicates.findings(session, job, invoice),
            *await self._history.completed(session, job, invoice),
        ]
        return {
            "isValid": results["isValid"] and not any(one["severity"] == "error" for one in findings),
            "errors": [*results["errors"], *findings],
        }

    async def _about_pages(self, session: Session, job: Document) -> list[Finding]:
        """Pages that were not read, and what was noticed about the document."""
        failed = await self._records.pages.unread(job["tenant"], job["_id"], session)
        findings = [
            {
                "field": f"pages.{page['pageNumber']}",
                "message": f"Page {page['pageNumber']} was not read: {page.get('errorLog', 'no reason')}",
                "severity": "error",
            }
            for page in failed
        ]
        notes = [
            {"field": "document", "message": note, "severity": "warning"} for note in job.get("notes", [])
        ]
        return findings + notes
