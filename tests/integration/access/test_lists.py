"""Lists: pages by offset and by cursor, search, totals, and what filters may ask."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.gateway import app_keys
from services.gateway.store.repository import utc_now
from tests.integration.access.conftest import Gateway

JOBS = "/ocr-invoice-job"


async def store_jobs(gateway: Gateway, tenant: str, count: int, **fields: Any) -> list[str]:
    """Jobs `j0`, `j1`, ... straight into the store, in groups of five that are equally old."""
    jobs, now = gateway.app[app_keys.RECORDS].jobs, utc_now()
    ids = []
    for number in range(count):
        record = {"jobNumber": f"j{number}", "documentName": f"Scan {number}.pdf", "invoiceId": number}
        job = await jobs.insert(tenant, record | {"status": "created", "priority": "low"} | fields)
        created = now - timedelta(seconds=number // 5)
        await jobs.collection.update_one({"_id": job["_id"]}, {"$set": {"createdAt": created}})
        ids.append(str(job["_id"]))
    return ids


async def pages_of(gateway: Gateway, key: str, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
    """Every page of the job list, from cursor to cursor."""
    cursor: str | None = ""
    while cursor is not None:
        params = {**parameters, **({"cursor": cursor} if cursor else {})}
        status, answer = await gateway.call("GET", JOBS, key, params=params)
        assert status == 200, answer
        yield answer
        cursor = answer.get("nextCursor")


@pytest.mark.parametrize("sort", ["createdAt", "_id", "jobNumber", "priority", "processingTime", "createdBy"])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_cursors_lead_through_all_records_once_in_order(
    gateway: Gateway, sort: str, order: str
) -> None:
    tenant = f"cursor-{sort}-{order}"
    key = await gateway.key(tenant)
    ids = await store_jobs(gateway, tenant, 23)
    jobs = gateway.app[app_keys.RECORDS].jobs.collection
    await jobs.update_many({"tenant": tenant, "invoiceId": {"$gte": 8}}, {"$set": {"processingTime": 1.5}})
    await jobs.update_many({"tenant": tenant, "invoiceId": {"$in": [3, 9]}}, {"$set": {"createdBy": None}})

    _, whole = await gateway.call("GET", JOBS, key, params={"sort": sort, "order": order, "limit": 100})
    expected = [job["_id"] for job in whole["data"]]
    assert sorted(expected) == sorted(ids)
    assert "nextCursor" not in whole
    pages = [page async for page in pages_of(gateway, key, sort=sort, order=order, limit=4)]
    assert [job["_id"] for page in pages for job in page["data"]] == expected
    assert [len(page["data"]) for page in pages] == [4, 4, 4, 4, 4, 3]
    assert {page["total"] for page in pages} == {23}


async def test_records_that_come_and_go_neither_hide_nor_repeat_others(gateway: Gateway) -> None:
    key = await gateway.key("cursor-changes")
    ids = await store_jobs(gateway, "cursor-changes", 10)
    jobs = gateway.app[app_keys.RECORDS].jobs
    seen: list[str] = []
    async for page in pages_of(gateway, key, limit=3):
        seen += [job["_id"] for job in page["data"]]
        if len(seen) == 3:
            await jobs.collection.delete_one({"jobNumber": "j4", "tenant": "cursor-changes"})
            await jobs.insert("cursor-changes", {"jobNumber": "new", "invoiceId": 99, "status": "created"})
    assert len(seen) == len(set(seen))
    assert set(seen) == set(ids)


async def test_cursors_keep_filter_and_search(gateway: Gateway) -> None:
    key = await gateway.key("cursor-filter")
    await store_jobs(gateway, "cursor-filter", 20)
    asked = {"filter": '{"invoiceId": {"$lt": 15}}', "search": "scan 1", "limit": 2}
    pages = [page async for page in pages_of(gateway, key, **asked)]
    numbers = {job["invoiceId"] for page in pages for job in page["data"]}
    assert numbers == {1, 10, 11, 12, 13, 14}
    assert {page["total"] for page in pages} == {6}


@pytest.mark.parametrize(
    "parameters",
    [
        {"cursor": "nonsense"},
        {"cursor": "bm9uc2Vuc2U"},
        {"cursor": "W10"},
        {"cursor": "\u00e4"},
        {"offset": "1"},
        {"order": "asc"},
        {"sort": "updatedAt"},
    ],
)
async def test_a_cursor_belongs_to_its_list(gateway: Gateway, parameters: dict[str, str]) -> None:
    key = await gateway.key("cursor-wrong")
    if not await gateway.app[app_keys.RECORDS].jobs.count("cursor-wrong", {}):
        await store_jobs(gateway, "cursor-wrong", 3)
    _, first = await gateway.call("GET", JOBS, key, params={"limit": 1})
    status, answer = await gateway.call(
        "GET", JOBS, key, params={"cursor": first["nextCursor"], **parameters}
    )
    assert status == 400
    assert next(iter(answer["errors"])) in ("cursor", "offset")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("acme", True),
        ("ACM", True),
        ("muller", True),
        ("Müller acme", True),
        ("2026-0815", True),
        ("acme gmbh nowhere", False),
        ("cme", False),
        ("#!", False),
        ("   ", True),
        ("w\u00bf\0x", False),
        (".*", False),
        ("^a", True),
    ],
)
async def test_search_finds_words_by_their_beginning(gateway: Gateway, term: str, found: bool) -> None:
    tenant = "search"
    key = await gateway.key(tenant)
    supplier = {"invoice": {"number": "2026-0815", "supplier": {"name": "ACME Müller GmbH"}}}
    if not await gateway.app[app_keys.RECORDS].jobs.count(tenant, {}):
        await store_jobs(gateway, tenant, 1, extractedData=supplier)
    status, answer = await gateway.call("GET", JOBS, key, params={"search": term})
    assert (status, answer["total"]) == (200, int(found))


async def test_search_follows_changes(gateway: Gateway) -> None:
    key = await gateway.key("search-changes")

    async def found(term: str) -> int:
        _, answer = await gateway.call("GET", "/ocr-invoice-job-template", key, params={"search": term})
        total: int = answer["total"]
        return total

    _, made = await gateway.call(
        "POST", "/ocr-invoice-job-template", key, json={"name": "Till receipts", "tags": ["shop"]}
    )
    assert await found("till") == await found("shop") == 1
    path = f"/ocr-invoice-job-template/{made['data']['_id']}"
    assert (await gateway.call("PUT", path, key, json={"name": "Bills"}))[0] == 200
    assert (await found("till"), await found("bill"), await found("shop")) == (0, 1, 1)
    assert "searchTerms" not in str(await gateway.call("GET", path, key))


@pytest.mark.parametrize(
    "condition",
    [
        {"$where": "1"},
        {"jobNumber": {"$regex": ".*"}},
        {"searchTerms": "a"},
        {"tenant": "other"},
        {"invoiceId": {"$gt": "x"}},
        {"template": "no id"},
        {"createdAt": {"$gte": "yesterday"}},
        {"metadata.$x": 1},
        {"metadata.a\0b": 1},
        {"jobNumber": {}},
        {"$or": []},
        [],
    ],
)
async def test_filters_that_are_not_allowed(gateway: Gateway, condition: Any) -> None:
    key = await gateway.key("filters")
    status, answer = await gateway.call("GET", JOBS, key, params={"filter": json.dumps(condition)})
    assert (status, list(answer["errors"])) == (400, ["filter"])


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"invoiceId": 2, "status": "created"}, 1),
        ({"invoiceId": {"$in": ["1", 2]}}, 2),
        ({"$or": [{"invoiceId": 1}, {"jobNumber": "j3"}]}, 2),
        ({"$and": [{"invoiceId": {"$gt": 1}}, {"invoiceId": {"$lt": 4}}]}, 2),
        ({"invoiceId": {"$not": {"$gte": 1}}}, 1),
        ({"processingTime": None}, 5),
        ({"createdAt": {"$lte": "2030-01-01T00:00:00Z"}}, 5),
    ],
)
async def test_filters(gateway: Gateway, condition: dict[str, Any], found: int) -> None:
    key = await gateway.key("filtered")
    if not await gateway.app[app_keys.RECORDS].jobs.count("filtered", {}):
        await store_jobs(gateway, "filtered", 5)
    _, answer = await gateway.call("GET", JOBS, key, params={"filter": json.dumps(condition)})
    assert answer["total"] == len(answer["data"]) == found


async def test_a_text_that_is_too_long_for_an_address_gives_no_cursor(gateway: Gateway) -> None:
    key = await gateway.key("cursor-long")
    for name in ("a", "b"):
        body = {"name": name, "description": name * 20_000}
        assert (await gateway.call("POST", "/ocr-invoice-job-template", key, json=body))[0] == 201
    parameters = {"sort": "description", "limit": 1}
    _, answer = await gateway.call("GET", "/ocr-invoice-job-template", key, params=parameters)
    assert (answer["total"], answer["nextCursor"]) == (2, None)
