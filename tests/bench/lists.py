"""`make bench-lists`: load jobs of many tenants, prove that no list scans the collection, and time lists.

The server's own `explain` is the proof. The development database, SecantusDB, looks up one condition of
several in an index, but explains only lookups of all: there, each condition is explained alone, as it is
looked up; lists with `$or` it scans. Runs against a private database, or the server of MONGO_URL, in a
database of its own that is dropped at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from bson import ObjectId

from deploy.local.stack import StackOptions, running_backing
from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.requests import list_query
from services.gateway.schemas.common import ListQuerySchema
from services.gateway.schemas.jobs import JobSchema
from services.gateway.store.database import Database, Document
from services.gateway.store.jobs import JOB_TEXTS, Jobs
from services.gateway.store.lists import SEARCH_TERMS, ListQuery, all_of, order, ranges
from services.gateway.store.records import Records
from services.gateway.store.repository import utc_now
from services.gateway.store.search import search_terms

DATABASE = "ledgerlensBenchLists"
SCAN = "COLLSCAN"
BATCH = 1_000
TIMED_TENANTS = 20
STATUSES = ("created", "completed", "completed", "completed", "failed")
SUPPLIERS = ("Acme", "Borealis", "Cascade", "Delta", "Evergreen", "Fjord", "Granite", "Harbour")
CATALOGUE = FieldCatalogue(JobSchema)
GROUP = ObjectId("0" * 24)


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of list; `planned_everywhere` is false for what only MongoDB itself plans by an index."""

    name: str
    parameters: dict[str, Any]
    second_page: bool = False
    planned_everywhere: bool = True


CASES = (
    Case("newest first", {}),
    Case("offset 200", {"offset": 200}),
    Case("by cursor", {}, second_page=True),
    Case("by number, cursor", {"sort": "jobNumber", "order": "asc"}, second_page=True),
    Case("by total", {"sort": "extractedData.invoice.amounts.total"}),
    Case("one status", {"filter": {"status": "failed"}}),
    Case(
        "status and time", {"filter": {"status": "completed", "createdAt": {"$gte": "2020-01-01T00:00:00Z"}}}
    ),
    Case("one group", {"filter": {"group": str(GROUP)}}),
    Case("one number", {"filter": {"jobNumber": "job-7"}}),
    Case("total over 500", {"filter": {"extractedData.invoice.amounts.total": {"$gt": 500}}}),
    Case("search, one word", {"search": "acme"}),
    Case("search, two words", {"search": "boreal 2026"}),
    Case("search in a status", {"search": "delta", "filter": {"status": "completed"}}),
    Case("either of two", {"filter": {"$or": [{"status": "failed"}, {"priority": "high"}]}}, False, False),
)


async def run(options: argparse.Namespace) -> int:
    """Load, prove, time; the exit status is 1 when a list scanned the collection."""
    with tempfile.TemporaryDirectory() as folder:
        # No broker takes part: an address that nothing connects to keeps one from being started.
        stack = StackOptions(
            Path(folder), os.environ, mongo_url=os.environ.get("MONGO_URL"), amqp_url="amqp://unused"
        )
        async with running_backing(stack) as backing:
            server, _, _ = backing.mongo_url.partition("?")[0].rpartition("/")
            database = Database(f"{server}/{DATABASE}")
            try:
                return await _measure(database, options.jobs, options.tenants)
            finally:
                await database.motor.client.drop_database(DATABASE)
                database.close()


async def _measure(database: Database, jobs: int, tenants: int) -> int:
    await database.create_indexes()
    started = time.perf_counter()
    await _load(database, jobs, tenants)
    _say(f"Loaded {jobs:,} jobs of {tenants} tenants in {time.perf_counter() - started:.0f} s.")
    _say(f"{'list':<20} {'found':>7} {'p50 ms':>7} {'p95 ms':>7}   plan")
    records, scans = Records.of(database), 0
    for case in CASES:
        query = await _query(records.jobs, case)
        plans = await _plans(database, query)
        found, seconds = await _time(records.jobs, query, tenants)
        p50, p95 = np.percentile([one * 1000 for one in seconds], (50, 95))
        scanning = SCAN in plans
        excused = scanning and not case.planned_everywhere
        scans += scanning and not excused
        verdict = "SCANS THE COLLECTION" if scanning else ", ".join(dict.fromkeys(plans))
        note = " (this server plans no $or)" if excused else ""
        _say(f"{case.name:<20} {found:>7,} {p50:>7.1f} {p95:>7.1f}   {verdict}{note}")
    return 1 if scans else 0


async def _load(database: Database, jobs: int, tenants: int) -> None:
    collection = database.motor["jobs"]
    chance, batch = random.Random(1), []
    for job in _jobs(jobs, tenants, chance):
        batch.append(job)
        if len(batch) == BATCH:
            await collection.insert_many(batch)
            batch = []
    if batch:
        await collection.insert_many(batch)


def _jobs(count: int, tenants: int, chance: random.Random) -> Iterator[Document]:
    now = utc_now()
    for number in range(count):
        created = now - timedelta(seconds=number)
        supplier = f"{chance.choice(SUPPLIERS)} {chance.choice(('GmbH', 'Ltd', 'SARL'))}"
        total = round(chance.uniform(1, 1000), 2)
        invoice = {
            "number": f"2026-{chance.randrange(10**6):06}",
            "supplier": {"name": supplier},
            "amounts": {"total": total},
        }
        job: Document = {
            "tenant": f"tenant-{number % tenants}",
            "jobNumber": f"job-{number // tenants}",
            "invoiceId": number // tenants,
            "documentName": f"scan {chance.randrange(10**6)}.pdf",
            "status": chance.choice(STATUSES),
            "priority": chance.choice(("low", "medium", "high")),
            "extractedData": {"invoice": invoice},
            "createdAt": created,
            "updatedAt": created,
        }
        if number // tenants % 20 == 0:
            job["group"] = GROUP
        yield job | {SEARCH_TERMS: search_terms(job, JOB_TEXTS)}


async def _query(jobs: Jobs, case: Case) -> ListQuery:
    """The case's list as the API reads it; of its second page where the case wants that."""
    parameters = dict(case.parameters)
    if "filter" in parameters:
        parameters["filter"] = json.dumps(parameters["filter"])
    query = list_query(ListQuerySchema().load(parameters), CATALOGUE)
    if not case.second_page:
        return query
    return replace(query, after=(await jobs.list("tenant-0", query)).next)


async def _plans(database: Database, query: ListQuery) -> list[str]:
    """The server's plan of each part of the list, and of counting it."""
    conditions = all_of({"tenant": "tenant-0"}, query.conditions)
    commands: list[Document] = [
        {
            "find": "jobs",
            "filter": all_of(conditions, part),
            "sort": dict(order(query)),
            "skip": query.offset,
            "limit": query.limit + 1,
        }
        for part in ranges(query)
    ]
    counted = [{"$match": conditions}, {"$group": {"_id": 1, "n": {"$sum": 1}}}]
    commands.append({"aggregate": "jobs", "pipeline": counted, "cursor": {}})
    return [await _plan(database, command, conditions) for command in commands]


async def _plan(database: Database, command: Document, conditions: Document) -> str:
    explained = await database.motor.command("explain", command)
    plan = _scan(explained)
    if plan != SCAN or explained["serverInfo"]["host"] != "secantus":
        return plan
    for name, condition in conditions.items():
        if any(other.startswith("$") for other in conditions):
            break
        alone = await database.motor.command("explain", {"find": "jobs", "filter": {name: condition}})
        if _scan(alone) != SCAN:
            return f"{_scan(alone)} for {name}"
    return SCAN


def _scan(explained: Any) -> str:
    """The innermost stage of a plan: the index's name, or COLLSCAN."""
    if isinstance(explained, dict):
        if explained.get("stage") == SCAN:
            return SCAN
        if "indexName" in explained:
            return f"index {explained['indexName']}"
        inner: Any = [explained[name] for name in _PLAN_PARTS if name in explained]
    else:
        inner = explained if isinstance(explained, list) else []
    found = [_scan(one) for one in inner]
    return next((one for one in found if one), "")


_PLAN_PARTS = (
    "stages",
    "$cursor",
    "queryPlanner",
    "winningPlan",
    "queryPlan",
    "inputStage",
    "inputStages",
)


async def _time(jobs: Jobs, query: ListQuery, tenants: int) -> tuple[int, list[float]]:
    """How many records one list found, and the seconds that it took each of some tenants."""
    seconds, found = [], 0
    for number in range(min(tenants, TIMED_TENANTS)):
        started = time.perf_counter()
        page = await jobs.list(f"tenant-{number}", query)
        seconds.append(time.perf_counter() - started)
        found = page.total
    return found, seconds


def _say(line: str) -> None:
    """Print at once: a run takes minutes."""
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lists", description=__doc__)
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--tenants", type=int, default=50)
    sys.exit(asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()
