"""`Idempotency-Key`, `ETag` and `If-Match`."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services.gateway.store.database import Database
from services.gateway.store.repository import derived_id, utc_now
from tests.integration.intake.client import Api, job_input

JOBS = "/ocr-invoice-job"


async def test_the_same_request_gets_the_same_answer(api: Api) -> None:
    template = await api.template()
    body, key = job_input(template), {"Idempotency-Key": "once"}
    first = await api.post(JOBS, body, headers=key)
    again = await api.post(JOBS, body, headers=key)
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (await api.post(JOBS, job_input(template), headers=key)).status == 409
    assert (await api.post("/ocr-invoice-job-group", {"name": "g"}, headers=key)).status == 409
    assert (await api.get(JOBS)).body["total"] == 1


async def test_requests_at_the_same_moment_create_one_record(api: Api) -> None:
    template = await api.template()
    body = {"name": "Batch", "template": template}
    replies = await asyncio.gather(
        *(api.post("/ocr-invoice-job-group", body, headers={"Idempotency-Key": "race"}) for _ in range(8))
    )
    assert {reply.status for reply in replies} <= {201, 409}
    created = {reply.data["_id"] for reply in replies if reply.status == 201}
    assert len(created) == 1
    assert (await api.get("/ocr-invoice-job-group")).body["total"] == 1


async def test_a_request_that_failed_may_be_repeated(api: Api) -> None:
    key = {"Idempotency-Key": "later"}
    body = {"name": "Batch", "template": "0" * 24}
    assert (await api.post("/ocr-invoice-job-group", body, headers=key)).status == 400
    body["template"] = await api.template()
    assert (await api.post("/ocr-invoice-job-group", body, headers=key)).status == 201


async def test_a_request_that_was_cut_off_is_taken_up_without_a_second_record(
    api: Api, database: Database
) -> None:
    body, key = job_input(await api.template()), {"Idempotency-Key": "cut"}
    first = (await api.post(JOBS, body, headers=key)).data
    # As it is when a gateway is killed after it stored the job and before it kept the answer.
    keys, key_id = database.motor["idempotencyKeys"], derived_id("idempotency key", api.tenant, "cut")
    locked = {"lockedUntil": utc_now() + timedelta(seconds=60)}
    await keys.update_one({"_id": key_id}, {"$unset": {"answer": ""}, "$set": locked})
    assert (await api.post(JOBS, body, headers=key)).status == 409
    await keys.update_one({"_id": key_id}, {"$set": {"lockedUntil": utc_now() - timedelta(seconds=1)}})
    assert (await api.post(JOBS, body, headers=key)).data["_id"] == first["_id"]
    assert (await api.get(JOBS)).body["total"] == 1


async def test_a_key_is_forgotten_after_a_day(api: Api, database: Database) -> None:
    template, key = await api.template(), {"Idempotency-Key": "old"}
    await api.post(JOBS, job_input(template), headers=key)
    kept = await database.motor["idempotencyKeys"].find_one(
        {"_id": derived_id("idempotency key", api.tenant, "old")}
    )
    assert kept is not None
    assert timedelta(hours=23) < kept["expiresAt"] - utc_now() <= timedelta(hours=24)
    past = {"expiresAt": utc_now() - timedelta(seconds=1)}
    await database.motor["idempotencyKeys"].update_one({"_id": kept["_id"]}, {"$set": past})
    assert (await api.post(JOBS, job_input(template), headers=key)).status == 201


async def test_a_key_must_be_one(api: Api) -> None:
    body = job_input(await api.template())
    for bad in ("", "x" * 256):
        assert (await api.post(JOBS, body, headers={"Idempotency-Key": bad})).status == 400
    assert (await api.post(JOBS, body, headers={"Idempotency-Key": "x" * 255})).status == 201


async def test_another_tenants_key_is_another_key(api: Api, database: Database) -> None:
    stranger = derived_id("idempotency key", "stranger", "mine")
    expiry = utc_now() + timedelta(hours=1)
    entry = {"_id": stranger, "fingerprint": "x", "expiresAt": expiry, "lockedUntil": expiry}
    await database.motor["idempotencyKeys"].insert_one(entry)
    body = job_input(await api.template())
    assert (await api.post(JOBS, body, headers={"Idempotency-Key": "mine"})).status == 201


@pytest.mark.parametrize("resource", ["job", "group", "template", "page"])
async def test_a_lost_update_is_refused(api: Api, resource: str) -> None:
    template = await api.template()
    paths = {
        "job": JOBS,
        "group": "/ocr-invoice-job-group",
        "template": "/ocr-invoice-job-template",
        "page": "/ocr-invoice-job-page",
    }
    job = await api.job(template)
    page = {"job": job, "pageNumber": 1, "pageUrl": "https://example.org/1.png"}
    ids = {
        "job": job,
        "group": await api.group(template),
        "template": template,
        "page": (await api.post(paths["page"], page)).data["_id"],
    }
    path = f"{paths[resource]}/{ids[resource]}"
    change = {"metadata": {"n": 1}}
    tag = (await api.get(path)).headers["ETag"]
    assert not tag.startswith("W/")
    assert (await api.get(path, headers={"If-None-Match": tag})).status == 304

    changed = await api.put(path, change, headers={"If-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] != tag
    for lost in (tag, '"nonsense"', f"W/{changed.headers['ETag']}"):
        assert (await api.put(path, change, headers={"If-Match": lost})).status == 412
    assert (await api.get(path, headers={"If-None-Match": tag})).status == 200
    assert (await api.put(path, change, headers={"If-Match": changed.headers["ETag"]})).status == 200
    assert (await api.put(path, change, headers={"If-Match": "*"})).status == 200
    gone = f"{paths[resource]}/{'0' * 24}"
    assert (await api.put(gone, change, headers={"If-Match": tag})).status == 404


async def test_a_tag_follows_what_is_derived(api: Api) -> None:
    template = await api.template()
    path = f"/ocr-invoice-job-group/{await api.group(template)}"
    tag = (await api.get(path)).headers["ETag"]
    await api.job(template, group=path.rpartition("/")[2])
    assert (await api.get(path, headers={"If-None-Match": tag})).status == 200
    assert (await api.put(path, {"name": "H"}, headers={"If-Match": tag})).status == 200


async def test_a_templates_own_version_is_no_part_of_its_tag(api: Api) -> None:
    path = f"/ocr-invoice-job-template/{await api.template()}"
    assert "version" not in (await api.get(path)).data
    changed = await api.put(path, {"version": "2.1"})
    assert changed.data["version"] == "2.1"
    again = await api.put(path, {"tags": ["a"]}, headers={"If-Match": changed.headers["ETag"]})
    assert (again.status, again.data["version"]) == (200, "2.1")
