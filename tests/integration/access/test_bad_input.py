"""What is no valid request: the documented status, one sentence that names the fault, nothing written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.gateway import app_keys
from tests.integration.access.conftest import Gateway

TEMPLATES, JOBS = "/ocr-invoice-job-template", "/ocr-invoice-job"
JSON = {"Content-Type": "application/json"}
JOB = {
    "jobNumber": "bad-input",
    "documentName": "a.pdf",
    "documentUrl": "https://example.com/a.pdf",
    "template": "0" * 24,
}


@pytest.fixture(scope="package")
async def key(gateway: Gateway) -> str:
    return await gateway.key("bad-input")


@pytest.fixture(autouse=True)
async def _nothing_is_written(gateway: Gateway) -> Any:
    yield
    records = gateway.app[app_keys.RECORDS]
    for repository in (records.jobs, records.pages, records.groups, records.templates):
        assert await repository.count("bad-input", {}) == 0


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "The body is empty; a JSON object is expected."),
        (b"{", "not valid JSON"),
        (b"[]", "The body must be a JSON object."),
        (b"null", "The body must be a JSON object."),
        (b'"text"', "The body must be a JSON object."),
        (b'{"name": "\xff"}', "not valid UTF-8"),
        (b'{"name": "\\ud800"}', "half a surrogate pair"),
        (b'{"name": "a", "metadata": {"x": NaN}}', "'NaN' is not JSON"),
        (b'{"name": "a", "metadata": {"x": 1e999}}', "a number is too large"),
        (b'{"name": "a", "metadata": {"x": %d}}' % 2**63, "a whole number has more than 64 bits"),
        (b'{"name": "a", "metadata": {"x": ' + b"9" * 5000 + b"}}", "a whole number has more than 64 bits"),
        (b'{"name": "a", "metadata": ' + b'{"x":' * 5000 + b"1" + b"}" * 5001, "nested too deeply"),
        (b'{"name": "a", "metadata": ' + b'{"x":' * 50 + b"1" + b"}" * 51, "metadata: Nested deeper than 10"),
        (b'{"name": "a", "metadata": {"$x": 1}}', "metadata: The name '$x' starts with '$'"),
        (b'{"name": "a", "metadata": {"a\\u0000b": 1}}', "holds NUL"),
    ],
)
async def test_bodies_that_are_no_json_object(gateway: Gateway, key: str, body: bytes, says: str) -> None:
    status, answer = await gateway.call("POST", TEMPLATES, key, data=body, headers=JSON)
    assert status == 400
    assert says in answer["message"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
)
async def test_other_content_types(gateway: Gateway, key: str, content_type: str) -> None:
    body = json.dumps({"name": "a"}).encode()
    headers = {"Content-Type": content_type}
    status, answer = await gateway.call("POST", TEMPLATES, key, data=body, headers=headers)
    assert (status, answer["success"]) == (415, False)
    assert answer["message"].endswith(f"not {content_type}.")


async def test_bodies_over_the_limit(gateway: Gateway, key: str) -> None:
    limit = gateway.app[app_keys.SETTINGS].max_body_bytes
    body = json.dumps({"name": "a", "description": "x" * limit}).encode()
    status, answer = await gateway.call("POST", TEMPLATES, key, data=body, headers=JSON)
    assert (status, answer["message"]) == (413, "The request's body is too large.")


def wrong_fields() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Path, body, and the path of the field at fault."""
    values: list[Any] = [None, 1, True, [], {}, "", "x" * 501]
    for value in values:
        yield TEMPLATES, {"name": value}, "name"
        yield JOBS, {**JOB, "jobNumber": value}, "jobNumber"
    yield TEMPLATES, {"name": "a", "colour": "red"}, "colour"
    yield TEMPLATES, {"name": "a", "tenant": "other"}, "tenant"
    yield TEMPLATES, {"name": "a", "_id": "0" * 24}, "_id"
    yield TEMPLATES, {"name": "a", "ocrEngine": "tesseract"}, "ocrEngine"
    yield TEMPLATES, {"name": "a", "languages": ["english"]}, "languages"
    yield TEMPLATES, {"name": "a", "languages": "en"}, "languages"
    yield TEMPLATES, {"name": "a", "tags": ["x"] * 101}, "tags"
    for dpi in ("300", 149, 601, 300.5, True, 2**62):
        yield (
            TEMPLATES,
            {"name": "a", "preprocessingSettings": {"resolutionDPI": dpi}},
            "preprocessingSettings",
        )
    for flag in (0, 1, "true", None):
        yield TEMPLATES, {"name": "a", "preprocessingSettings": {"deskew": flag}}, "preprocessingSettings"
    for threshold in ("0.5", -0.1, 1.1, True):
        settings = {"confidenceThreshold": threshold}
        yield TEMPLATES, {"name": "a", "postprocessingSettings": settings}, "postprocessingSettings"
    for pattern in ("(", "a{99999999999}", "x" * 501):
        rules = {"fields": [{"name": "f", "pattern": pattern}]}
        yield TEMPLATES, {"name": "a", "extractionRules": rules}, "extractionRules"
    for url in ("", "a.pdf", "ftp://example.com/a", "file:///etc/passwd", "javascript:1", "https://", 1):
        yield JOBS, {**JOB, "documentUrl": url}, "documentUrl"
    for record_id in ("", "1", "g" * 24, "0" * 23, 1, None, {"$ne": 1}):
        yield JOBS, {**JOB, "template": record_id}, "template"
    yield JOBS, JOB, "template"
    yield JOBS, {**JOB, "documentType": "docx"}, "documentType"
    yield JOBS, {**JOB, "priority": "soon"}, "priority"
    yield JOBS, {**JOB, "metadata": []}, "metadata"
    yield JOBS, {**JOB, "status": "completed"}, "status"
    group = {"name": "g", "template": "0" * 24}
    for mail in (["nobody"], [1], "a@example.com"):
        yield "/ocr-invoice-job-group", {**group, "notifications": {"recipients": mail}}, "notifications"
    for parallel in (0, 11, "3", 1.5, True):
        settings = {"parallelJobs": parallel}
        yield "/ocr-invoice-job-group", {**group, "processingSettings": settings}, "processingSettings"
    page = {"job": "0" * 24, "pageNumber": 1, "pageUrl": "https://example.com/p.png"}
    for number in (0, -1, "1", 1.5, True, None, 10**9):
        yield "/ocr-invoice-job-page", {**page, "pageNumber": number}, "pageNumber"
    for moment in ("yesterday", "0001-01-01T00:00:00+23:59", 5):
        annotation = {"type": "note", "createdAt": moment}
        yield "/ocr-invoice-job-page", {**page, "annotations": [annotation]}, "annotations"


async def test_fields_of_the_wrong_kind(gateway: Gateway, key: str) -> None:
    for path, body, field in wrong_fields():
        status, answer = await gateway.call("POST", path, key, json=body)
        assert (status, list(answer.get("errors", {}))) == (400, [field]), (body, answer)
        assert answer["message"].startswith(field), (body, answer)


async def test_whole_numbers_may_be_written_with_a_point(gateway: Gateway) -> None:
    key = await gateway.key("numbers")
    body = {"name": "a", "preprocessingSettings": {"resolutionDPI": 300.0}}
    status, answer = await gateway.call("POST", TEMPLATES, key, json=body)
    assert (status, answer["data"]["preprocessingSettings"]["resolutionDPI"]) == (201, 300)


@pytest.mark.parametrize("record_id", ["1", "g" * 24, "0" * 25, "%00", "%F0%9F", "..%2F..", "%7B%7D"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_ids_that_are_no_ids(gateway: Gateway, key: str, method: str, record_id: str) -> None:
    options: dict[str, Any] = {"json": {}} if method == "PUT" else {}
    status, answer = await gateway.call(method, f"{JOBS}/{record_id}", key, **options)
    assert status in (400, 404)
    if status == 400:
        assert answer["message"] == "id: Not a valid id: 24 hexadecimal characters are expected."


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "1.5"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "9" * 30}, "offset"),
        ({"order": "up"}, "order"),
        ({"sort": "colour"}, "sort"),
        ({"sort": "metadata.x"}, "sort"),
        ({"sort": "extractedData.lineItems.amount"}, "sort"),
        ({"filter": "{"}, "filter"),
        ({"filter": '{"jobNumber": "\\ud800"}'}, "filter"),
        ({"filter": '{"invoiceId": 99999999999999999999}'}, "filter"),
        ({"filter": "[" * 2000}, "filter"),
        ({"search": "x" * 201}, "search"),
    ],
)
async def test_list_parameters(gateway: Gateway, key: str, parameters: dict[str, str], field: str) -> None:
    status, answer = await gateway.call("GET", JOBS, key, params=parameters)
    assert (status, list(answer["errors"])) == (400, [field])
    assert field in answer["message"] or field == "sort"


async def test_paths_and_methods_that_do_not_exist(gateway: Gateway, key: str) -> None:
    assert await gateway.call("GET", "/nowhere", key) == (
        404,
        {"success": False, "message": "There is nothing at /nowhere."},
    )
    async with gateway.session.patch(JOBS, headers={"api-key": key}) as response:
        assert response.status == 405
        assert response.headers["Allow"] == "GET,HEAD,POST"
    status, answer = await gateway.call("DELETE", "/v1/invoices/1/ocr", key)
    assert (status, answer["status"], answer["result"]) == (405, "Error", None)
