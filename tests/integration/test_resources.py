"""The four resources over HTTP: envelopes, status codes, defaults, lists, tenants."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.gateway.app_keys import API_KEYS
from tests.api_client import ApiClient
from tests.integration.conftest import RunningGateway

URL = "https://files.example.com/invoice.pdf"
UNKNOWN = "0123456789abcdef01234567"
RESOURCES = ("job", "job-page", "job-group", "job-template")


def path_of(resource: str, record_id: str = "") -> str:
    return f"/ocr-invoice-{resource}" + (f"/{record_id}" if record_id else "")


async def create_one(client: ApiClient, resource: str, template: str) -> dict[str, Any]:
    """A fresh record of the resource, with what the contract requires and nothing else."""
    if resource == "job":
        return await client.create_job(URL, template)
    bodies: dict[str, dict[str, Any]] = {
        "job-group": {"name": "March", "template": template},
        "job-template": {"name": "Suppliers"},
    }
    if resource == "job-page":
        job = await client.create_job(URL, template)
        bodies["job-page"] = {"job": job["_id"], "pageNumber": 1, "pageUrl": "https://example.com/1.png"}
    answer = await client.post(path_of(resource), bodies[resource])
    assert answer.status == 201
    assert answer.body["success"] is True
    record: dict[str, Any] = answer.data
    return record


@pytest.mark.parametrize("resource", RESOURCES)
async def test_create_get_update_delete(client: ApiClient, template: str, resource: str) -> None:
    record = await create_one(client, resource, template)
    path = path_of(resource, record["_id"])
    assert (await client.get(path)).body == {"success": True, "data": record}
    changed = await client.put(path, {"metadata": {"costCentre": 7}})
    assert changed.data["metadata"] == {"costCentre": 7}
    assert changed.data["createdAt"] == record["createdAt"]
    assert changed.data["updatedAt"] >= record["updatedAt"]
    deleted = await client.delete(path)
    label = f"OCR invoice {resource.replace('-', ' ')}"
    assert deleted.body == {"success": True, "message": f"{label} deleted successfully"}
    for answer in (await client.get(path), await client.put(path, {}), await client.delete(path)):
        assert (answer.status, answer.body) == (404, {"success": False, "message": f"{label} not found."})


async def test_defaults(client: ApiClient, template: str) -> None:
    job = await create_one(client, "job", template)
    assert job["status"] == "created"
    assert job["priority"] == "medium"
    assert job["retryCount"] == 0
    assert isinstance(job["invoiceId"], int)
    assert job["createdAt"].endswith("Z")
    group = await create_one(client, "job-group", template)
    assert group["processingSettings"] == {"parallelJobs": 3, "retryCount": 2, "timeoutMinutes": 30}
    assert group["notifications"] == {"onCompletion": False, "onFailure": True, "recipients": []}
    assert group["status"] == "created"
    page = await create_one(client, "job-page", template)
    assert page["status"] == "pending"
    made = await create_one(client, "job-template", template)
    assert made["ocrEngine"] == "paddleocr"
    assert made["preprocessingSettings"] == {
        "imageEnhancement": True,
        "deskew": True,
        "denoising": True,
        "binarization": False,
        "resolutionDPI": 300,
    }
    assert made["postprocessingSettings"] == {
        "spellCheck": False,
        "confidenceThreshold": 0.8,
        "validationRules": [],
    }


BAD_BODIES: list[tuple[str, dict[str, Any], str]] = [
    ("job", {}, "jobNumber"),
    ("job", {"jobNumber": 5}, "jobNumber"),
    ("job", {"documentUrl": "ftp://example.com/a.pdf"}, "documentUrl"),
    ("job", {"template": "no id"}, "template"),
    ("job", {"template": UNKNOWN}, "template"),
    ("job", {"group": UNKNOWN}, "group"),
    ("job", {"priority": "asap"}, "priority"),
    ("job", {"documentType": "docx"}, "documentType"),
    ("job", {"surprise": 1}, "surprise"),
    ("job", {"metadata": {"$where": "1"}}, "metadata"),
    ("job-page", {"job": UNKNOWN, "pageNumber": 1, "pageUrl": URL}, "job"),
    ("job-page", {"pageNumber": 0}, "pageNumber"),
    ("job-page", {"pageNumber": "one"}, "pageNumber"),
    ("job-group", {"processingSettings": {"parallelJobs": 11}}, "processingSettings"),
    ("job-group", {"notifications": {"recipients": ["nobody"]}}, "notifications"),
    ("job-template", {"name": "x", "ocrEngine": "tesseract"}, "ocrEngine"),
    ("job-template", {"name": "x", "preprocessingSettings": {"resolutionDPI": 72}}, "preprocessingSettings"),
    ("job-template", {"name": "x", "languages": ["german"]}, "languages"),
    (
        "job-template",
        {"name": "x", "extractionRules": {"fields": [{"name": "a", "pattern": "("}]}},
        "extractionRules",
    ),
]


@pytest.mark.parametrize(("resource", "fault", "field"), BAD_BODIES)
async def test_bad_bodies_are_400_and_name_the_field(
    client: ApiClient, template: str, resource: str, fault: dict[str, Any], field: str
) -> None:
    required: dict[str, dict[str, Any]] = {
        "job": {
            "jobNumber": "n",
            "documentName": "d",
            "documentUrl": URL,
            "template": template,
        },
        "job-page": {"pageNumber": 1, "pageUrl": URL},
        "job-group": {"name": "g", "template": template},
        "job-template": {},
    }
    before = (await client.get(path_of(resource))).body["total"]
    answer = await client.post(path_of(resource), required[resource] | fault if fault else {})
    assert answer.status == 400
    assert answer.body["success"] is False
    assert field in answer.body["errors"], answer.body
    assert answer.body["message"]
    assert (await client.get(path_of(resource))).body["total"] == before


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": "x"}', "text/plain", 415),
        (b'{"name": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
    ],
)
async def test_bodies_that_are_no_json_objects(
    client: ApiClient, content: bytes, content_type: str, status: int
) -> None:
    headers = {"api-key": client.key, "Content-Type": content_type}
    url = client.base_url + path_of("job-template")
    async with client.session.post(url, data=content, headers=headers) as response:
        body = await response.json()
    assert response.status == status, body
    assert body["success"] is False


async def test_what_is_nested_in_an_update_is_whole(client: ApiClient, template: str) -> None:
    path = f"/ocr-invoice-job-template/{template}"
    rules = {"validationRules": [{"field": "invoice.number", "message": "No number."}]}
    refused = await client.put(path, {"postprocessingSettings": rules})
    assert refused.status == 400
    assert refused.body["message"].startswith("postprocessingSettings.validationRules.0.rule: ")
    updated = (await client.put(path, {"preprocessingSettings": {"binarization": True}})).data
    assert updated["preprocessingSettings"]["binarization"] is True
    assert updated["preprocessingSettings"]["resolutionDPI"] == 300


async def test_duplicate_job_number_is_a_conflict(client: ApiClient, template: str) -> None:
    job = await client.create_job(URL, template)
    body = {"documentName": "d", "documentUrl": URL, "template": template, "jobNumber": job["jobNumber"]}
    answer = await client.post(path_of("job"), body)
    assert answer.status == 409
    assert answer.body["errors"] == {"jobNumber": ["Already taken."]}


async def test_records_in_use_are_not_deleted(client: ApiClient) -> None:
    template = await client.create_template()
    group = (await client.post(path_of("job-group"), {"name": "g", "template": template})).data
    job = await client.create_job(URL, template, group=group["_id"])
    assert (await client.delete(path_of("job-group", group["_id"]))).status == 409
    assert (await client.delete(path_of("job-template", template))).status == 409
    await client.delete(path_of("job", job["_id"]))
    assert (await client.delete(path_of("job-group", group["_id"]))).status == 200
    assert (await client.delete(path_of("job-template", template))).status == 200


@pytest.mark.parametrize("resource", RESOURCES)
async def test_ids_that_are_none(client: ApiClient, resource: str) -> None:
    answer = await client.get(path_of(resource, "nonsense"))
    assert answer.status == 400
    assert "id" in answer.body["errors"]


async def _listed(client: ApiClient, **parameters: Any) -> tuple[list[str], int]:
    """Job numbers of one list, and its total."""
    answer = await client.get(path_of("job"), params=parameters)
    return [job["jobNumber"] for job in answer.data], answer.body["total"]


async def test_lists_filter_sort_and_page(client: ApiClient) -> None:
    template = await client.create_template()
    numbers = []
    for place in range(5):
        job = await client.create_job(
            URL, template, priority="high" if place % 2 else "low", metadata={"place": place}
        )
        numbers.append(job["jobNumber"])
    mine = {"template": template}
    oldest_first = await _listed(client, filter=json.dumps(mine), sort="createdAt", order="asc")
    assert oldest_first == (numbers, 5)
    newest = await _listed(client, filter=json.dumps(mine), limit=2, offset=1)
    assert newest == ([numbers[3], numbers[2]], 5)
    high = await _listed(client, filter=json.dumps(mine | {"priority": {"$in": ["high"]}}), order="asc")
    assert high == ([numbers[1], numbers[3]], 2)
    either = {"$and": [mine, {"$or": [{"metadata.place": 0}, {"metadata.place": {"$gte": 4}}]}]}
    assert await _listed(client, filter=json.dumps(either), order="asc") == ([numbers[0], numbers[4]], 2)
    found, _ = await _listed(client, search=numbers[2].upper())
    assert numbers[2] in found


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"offset": "-1"},
        {"order": "up"},
        {"sort": "surprise"},
        {"filter": "{"},
        {"filter": "[]"},
        {"filter": '{"surprise": 1}'},
        {"filter": '{"$where": "1"}'},
        {"filter": '{"jobNumber": {"$regex": "a"}}'},
        {"filter": '{"createdAt": {"$gt": "yesterday"}}'},
        {"filter": '{"tenant": "another"}'},
    ],
)
async def test_bad_list_parameters(client: ApiClient, parameters: dict[str, str]) -> None:
    answer = await client.get(path_of("job"), params=parameters)
    assert answer.status == 400, answer.body
    assert answer.body["errors"]


@pytest.mark.parametrize("resource", RESOURCES)
async def test_another_tenant_sees_nothing(
    gateway: RunningGateway, client: ApiClient, template: str, resource: str
) -> None:
    other_key = "ll_" + "o" * 43
    await gateway.app[API_KEYS].accept(other_key, "other", "test")
    other = ApiClient(client.session, client.base_url, other_key)
    record = await create_one(client, resource, template)
    path = path_of(resource, record["_id"])
    assert (await other.get(path)).status == 404
    assert (await other.put(path, {})).status == 404
    assert (await other.delete(path)).status == 404
    assert (await other.get(path_of(resource))).body == {"success": True, "data": [], "total": 0}
    assert (await client.get(path)).status == 200


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "The API key is missing: send it in the header 'api-key'."),
        ({"api-key": "wrong"}, "The API key is not valid."),
        ({"api-key": "ll_" + "x" * 43}, "The API key is not valid."),
    ],
)
async def test_without_a_good_key(client: ApiClient, headers: dict[str, str], message: str) -> None:
    async with client.session.get(client.base_url + path_of("job"), headers=headers) as response:
        assert response.status == 401
        assert await response.json() == {"success": False, "message": message}


async def test_groups_count_their_jobs(client: ApiClient, template: str) -> None:
    group = await create_one(client, "job-group", template)
    jobs = [await client.create_job(URL, template, group=group["_id"]) for _ in range(2)]
    await client.post(f"{path_of('job', jobs[0]['_id'])}/cancel")
    counted = (await client.get(path_of("job-group", group["_id"]))).data
    assert (counted["totalJobs"], counted["pendingJobs"], counted["completedJobs"]) == (2, 1, 0)
    listed = await client.get(f"{path_of('job-group', group['_id'])}/jobs", params={"order": "asc"})
    assert listed.data == [
        {"jobId": jobs[0]["_id"], "status": "cancelled", "documentName": jobs[0]["documentName"]},
        {"jobId": jobs[1]["_id"], "status": "created", "documentName": jobs[1]["documentName"]},
    ]


KNOWN, REVOKED = "ll_" + "k" * 43, "ll_" + "r" * 43
OCR_ERRORS: list[tuple[str, str, int, str]] = [
    ("1", "", 401, "Bearer token is not set."),
    ("1", "Basic abc", 401, "Bearer token is not set."),
    ("1", "Bearer", 401, "Bearer token is not set."),
    ("1", "Bearer not a token", 401, "Token is invalid."),
    ("1", "Bearer ll_" + "u" * 43, 401, "Token not found."),
    ("1", f"Bearer {REVOKED}", 401, "Token is revoked."),
    ("", f"Bearer {KNOWN}", 400, "Invoice id is empty."),
    ("abc", f"Bearer {KNOWN}", 400, "Invoice id must be an integer."),
    ("1.5", f"Bearer {KNOWN}", 400, "Invoice id must be an integer."),
    ("0", f"Bearer {KNOWN}", 400, "Invoice id must be at least 1."),
    ("-3", f"Bearer {KNOWN}", 400, "Invoice id must be at least 1."),
    ("999999999", f"Bearer {KNOWN}", 404, "Record not found."),
]


@pytest.fixture(scope="module")
async def revoked_key(gateway: RunningGateway) -> None:
    keys = gateway.app[API_KEYS]
    await keys.accept(REVOKED, "default", "revoked")
    await keys.revoke(REVOKED)


@pytest.mark.usefixtures("revoked_key")
@pytest.mark.parametrize(("invoice_id", "authorization", "status", "message"), OCR_ERRORS)
async def test_ocr_errors_of_the_second_family(
    client: ApiClient, invoice_id: str, authorization: str, status: int, message: str
) -> None:
    url = f"{client.base_url}/v1/invoices/{invoice_id}/ocr"
    headers = {"Authorization": authorization} if authorization else {}
    async with client.session.get(url, headers=headers) as response:
        assert response.status == status
        assert await response.json() == {"status": "Error", "msg": message, "result": None}


async def test_a_job_that_is_not_done_has_no_extraction(client: ApiClient, template: str) -> None:
    job = await client.create_job(URL, template)
    headers = {"Authorization": f"Bearer {client.key}"}
    url = f"{client.base_url}/v1/invoices/{job['invoiceId']}/ocr"
    async with client.session.get(url, headers=headers) as response:
        assert response.status == 404
        assert (await response.json())["msg"] == "This invoice has no data extraction record."


async def test_health_pages_need_no_key(client: ApiClient) -> None:
    for path in ("/healthz", "/readyz"):
        async with client.session.get(client.base_url + path) as response:
            assert response.status == 200
            assert (await response.json())["status"] == "ok"


async def test_unknown_paths_and_methods(client: ApiClient) -> None:
    missing = await client.get("/nowhere")
    assert (missing.status, missing.body["success"]) == (404, False)
    wrong = await client.call("PATCH", path_of("job"))
    assert (wrong.status, wrong.body["success"]) == (405, False)
