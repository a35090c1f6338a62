"""What a group says of its jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from bson import ObjectId

from services.gateway.pipeline.aggregate import group_summary
from services.gateway.store.jobs import Jobs
from services.gateway.store.repository import utc_now

T0 = datetime(2026, 1, 2, tzinfo=UTC)
GROUP = {"_id": ObjectId(), "tenant": "acme", "processingSettings": {"parallelJobs": 2}}


class _Summaries:
    """The database's summary of a group, one row per status."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    async def summarise_group(self, tenant: str, group_id: ObjectId) -> list[dict[str, Any]]:
        assert (tenant, group_id) == ("acme", GROUP["_id"])
        return self._rows


def _row(status: str, count: int, **values: Any) -> dict[str, Any]:
    empty = {"pages": 0, "seconds": 0, "cost": 0, "startedAt": None, "completedAt": None}
    return {"_id": status, "count": count, **empty, **values}


async def _summary(*rows: dict[str, Any]) -> dict[str, Any]:
    return await group_summary(cast(Jobs, _Summaries(list(rows))), GROUP, "EUR")


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        ({}, "created"),
        ({"created": 2}, "created"),
        ({"created": 1, "queued": 1}, "queued"),
        ({"queued": 1}, "queued"),
        ({"queued": 1, "processing": 1}, "processing"),
        ({"created": 1, "completed": 1}, "processing"),
        ({"queued": 1, "completed": 1}, "processing"),
        ({"queued": 1, "failed": 1}, "processing"),
        ({"created": 1, "failed": 1}, "processing"),
        ({"completed": 2}, "completed"),
        ({"completed": 1, "failed": 1, "cancelled": 1}, "completed"),
        ({"failed": 1, "cancelled": 1}, "failed"),
        ({"cancelled": 3}, "cancelled"),
        ({"created": 1, "cancelled": 1}, "created"),
    ],
    ids=str,
)
async def test_the_state_follows_from_the_jobs(counts: dict[str, int], status: str) -> None:
    summary = await _summary(*(_row(name, count) for name, count in counts.items()))
    assert summary["status"] == status
    assert summary["totalJobs"] == sum(counts.values())


async def test_counters_and_statistics() -> None:
    done = _row(
        "completed",
        3,
        pages=7,
        seconds=6.0,
        cost=0.3,
        startedAt=T0 + timedelta(hours=1),
        completedAt=T0 + timedelta(hours=3),
    )
    failed = _row(
        "failed", 1, pages=2, seconds=100.0, cost=0.1, startedAt=T0, completedAt=T0 + timedelta(hours=2)
    )
    assert await _summary(done, failed, _row("cancelled", 1)) == {
        "totalJobs": 5,
        "completedJobs": 3,
        "pendingJobs": 0,
        "failedJobs": 1,
        "status": "completed",
        "startedAt": T0,
        "completedAt": T0 + timedelta(hours=3),
        "statistics": {
            "totalDocuments": 5,
            "totalPages": 9,
            "averageProcessingTime": 2.0,
            "successRate": 0.75,
            "totalCost": 0.4,
            "currency": "EUR",
        },
    }


async def test_an_estimate_counts_the_jobs_that_run_together() -> None:
    summary = await _summary(_row("completed", 2, seconds=20.0, completedAt=T0), _row("queued", 4))
    ahead = summary["estimatedCompletionTime"] - utc_now()
    assert timedelta(seconds=19) < ahead <= timedelta(seconds=20)
    assert "completedAt" not in summary


async def test_nothing_is_estimated_without_experience() -> None:
    summary = await _summary(_row("queued", 4))
    assert not {"estimatedCompletionTime", "startedAt", "completedAt"} & set(summary)
    assert summary["statistics"]["successRate"] == 0.0
