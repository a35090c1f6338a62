"""What a group says of its jobs: counters, state, statistics. Derived when asked, so always true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.gateway.store.database import Document
from services.gateway.store.jobs import Jobs
from services.gateway.store.repository import utc_now

PENDING = ("created", "queued", "processing")


async def group_summary(jobs: Jobs, group: Document, currency: str) -> dict[str, Any]:
    """The derived fields of a group's record."""
    rows = await jobs.summarise_group(group["tenant"], group["_id"])
    counts = {row["_id"]: row["count"] for row in rows}
    total = sum(counts.values())
    completed, failed = counts.get("completed", 0), counts.get("failed", 0)
    pending = sum(counts.get(status, 0) for status in PENDING)
    seconds = sum(row["seconds"] for row in rows if row["_id"] == "completed")
    average = seconds / completed if completed else 0.0
    summary: dict[str, Any] = {
        "totalJobs": total,
        "completedJobs": completed,
        "pendingJobs": pending,
        "failedJobs": failed,
        "status": _status(counts, total, pending),
        "statistics": {
            "totalDocuments": total,
            "totalPages": sum(row["pages"] for row in rows),
            "averageProcessingTime": round(average, 3),
            "successRate": round(completed / (completed + failed), 4) if completed + failed else 0.0,
            "totalCost": round(sum(row["cost"] for row in rows), 6),
            "currency": currency,
        },
    }
    starts = [row["startedAt"] for row in rows if row["startedAt"]]
    ends = [row["completedAt"] for row in rows if row["completedAt"]]
    if starts:
        summary["startedAt"] = min(starts)
    if ends and not pending:
        summary["completedAt"] = max(ends)
    if pending and average:
        parallel = group.get("processingSettings", {}).get("parallelJobs", 3)
        summary["estimatedCompletionTime"] = utc_now() + timedelta(seconds=average * pending / parallel)
    return summary


def _status(counts: dict[str, int], total: int, pending: int) -> str:
    """The group's state from its jobs' states."""
    if counts.get("processing") or (pending and (counts.get("completed") or counts.get("failed"))):
        return "processing"
    if counts.get("queued"):
        return "queued"
    if pending or total == 0:
        return "created"
    if counts.get("completed"):
        return "completed"
    return "failed" if counts.get("failed") else "cancelled"
