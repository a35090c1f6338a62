"""Invoices that come twice: the very same file, or one with the supplier and number of an earlier job.

A job is compared with those that were completed before it was, so that of two jobs one is told, and a job
that is processed again is no duplicate of itself or of a later one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from services.gateway.store.database import Document, Session
from services.gateway.store.jobs import Jobs
from services.gateway.store.repository import utc_now
from services.gateway.store.turns import Turns
from shared.identity import compact, supplier_keys

MOST_NAMED = 3
_COMPARED = (
    "jobNumber",
    "documentInfo.sha256",
    "fingerprints",
    "extractedData.invoice.kind",
    "extractedData.invoice.amounts.total",
)
Finding = dict[str, str]


class Duplicates:
    """Looks for earlier jobs of the same invoice, within the session in which a job is completed."""

    def __init__(self, jobs: Jobs, turns: Turns) -> None:
        self._jobs = jobs
        self._turns = turns

    async def findings(self, session: Session, job: Document, invoice: Mapping[str, Any]) -> list[Finding]:
        """A finding for each earlier job, three at most."""
        marks = fingerprints(job, invoice)
        if not marks:
            return []
        await self._turns.take(session, job["tenant"], marks)
        before = job.get("firstCompletedAt") or utc_now()
        earlier = await self._jobs.completed_before(
            job, before, {"fingerprints": {"$in": marks}}, session, most=MOST_NAMED, fields=_COMPARED
        )
        return [_finding(one, job, invoice) for one in earlier]


def fingerprints(job: Document, invoice: Mapping[str, Any]) -> list[str]:
    """What a job of the same file has too, or of an invoice with the same supplier and number."""
    digest = _digest(job)
    return [*_of_number(invoice), *([f"file/{digest}"] if digest else [])]


def _of_number(invoice: Mapping[str, Any]) -> tuple[str, ...]:
    """What an invoice of the same supplier with the same number has too; nothing if either is missing."""
    number = compact(invoice.get("number") or "")
    if not number:
        return ()
    return tuple(hashlib.sha256(f"{key}\0{number}".encode()).hexdigest() for key in supplier_keys(invoice))


def _finding(earlier: Document, job: Document, invoice: Mapping[str, Any]) -> Finding:
    """What the job has in common with an earlier one, in a sentence."""
    other = (earlier.get("extractedData") or {}).get("invoice") or {}
    same_file = _digest(earlier) is not None and _digest(earlier) == _digest(job)
    same_number = not set(_of_number(invoice)).isdisjoint(earlier.get("fingerprints") or ())
    common = []
    if same_file:
        common.append("it is the very same file")
    if same_number:
        total, other_total = _total(invoice), _total(other)
        if total is not None and total == other_total:
            common.append(f'supplier, number "{invoice["number"]}" and total {total} are the same')
        elif total is None or other_total is None:
            common.append(f'supplier and number "{invoice["number"]}" are the same')
        else:
            common.append(
                f'supplier and number "{invoice["number"]}" are the same, but the total is {total} '
                f"and was {other_total}"
            )
    same_kind = same_file or invoice.get("kind") == other.get("kind")
    return {
        "field": "invoice.number" if same_number else "document",
        "message": f"This may be a duplicate of job {earlier['jobNumber']} ({earlier['_id']}): "
        f"{', and '.join(common)}. Please check before paying.",
        # A reminder or a credit note may well repeat the number of its invoice.
        "severity": "warning" if same_kind else "info",
    }


def _digest(job: Document) -> str | None:
    digest: str | None = (job.get("documentInfo") or {}).get("sha256")
    return digest


def _total(invoice: Mapping[str, Any]) -> float | None:
    total: float | None = (invoice.get("amounts") or {}).get("total")
    return total
