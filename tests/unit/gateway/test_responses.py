"""The answers' envelopes, and errors as sentences."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from marshmallow import ValidationError
from pymongo.errors import AutoReconnect

from services.gateway import errors
from services.gateway.api.responses import error_middleware, first_fault
from services.gateway.schemas.jobs import JobUpdateSchema
from services.gateway.schemas.pages import PageInputSchema


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        ({"jobNumber": ["Missing data."]}, "jobNumber: Missing data."),
        ({"a": ["First.", "Second."], "b": ["Third."]}, "a: First."),
        ({"_schema": ["Invalid input type."]}, "Invalid input type."),
        ({"a": {"_schema": ["Invalid input type."]}}, "a: Invalid input type."),
        ({"a": {0: {"b": ["Wrong."]}}}, "a.0.b: Wrong."),
        ({"a": {"b": {"_schema": [{"code": 1}]}}}, 'a.b: {"code": 1}'),
        ({"a": "A sentence."}, "a: A sentence."),
    ],
)
def test_the_first_fault_is_one_sentence(faults: dict[str, Any], sentence: str) -> None:
    assert first_fault(faults) == sentence


def test_real_faults_are_sentences() -> None:
    with pytest.raises(ValidationError) as caught:
        PageInputSchema(partial=True).load({"annotations": [{"type": "note"}, {"type": "poem"}]})
    assert first_fault(caught.value.messages_dict).startswith("annotations.1.type: Must be one of: ")
    with pytest.raises(ValidationError) as caught:
        JobUpdateSchema(partial=True).load({"extractedData": {"invoice": {"date": "soon"}}})
    assert first_fault(caught.value.messages_dict) == (
        "extractedData.invoice.date: Must be a date as YYYY-MM-DD."
    )


RAISED: dict[str, Exception] = {
    "bad-request": errors.BadRequest("No such thing.", {"a": ["No."]}),
    "unauthorized": errors.Unauthorized("Who are you?"),
    "not-found": errors.NotFound("OCR invoice job not found."),
    "conflict": errors.StateConflict("It is cancelled."),
    "too-large": errors.PayloadTooLarge("Too much."),
    "media": errors.UnsupportedMediaType("Not that."),
    "unavailable": errors.Unavailable("Later."),
    "database": AutoReconnect("mongodb://user:password@host failed"),
    "bug": KeyError("secret detail"),
    "http": web.HTTPTooManyRequests(),
}


@pytest.fixture
async def client() -> AsyncIterator[TestClient[Any, Any]]:
    async def fail(request: web.Request) -> web.Response:
        raise RAISED[request.match_info["name"]]

    app = web.Application(middlewares=[error_middleware])
    app.router.add_get("/fail/{name}", fail)
    app.router.add_get("/v1/fail/{name}", fail)
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("bad-request", 400, "No such thing."),
        ("unauthorized", 401, "Who are you?"),
        ("not-found", 404, "OCR invoice job not found."),
        ("conflict", 409, "It is cancelled."),
        ("too-large", 413, "Too much."),
        ("media", 415, "Not that."),
        ("unavailable", 503, "Later."),
        ("database", 503, "The database does not answer; please try again shortly."),
        ("bug", 500, "Something went wrong on our side; it was logged."),
        ("http", 429, "Too Many Requests"),
    ],
)
async def test_every_error_has_its_status_and_envelope(
    client: TestClient[Any, Any], name: str, status: int, message: str
) -> None:
    async with client.get(f"/fail/{name}") as response:
        answer = await response.json()
    assert response.status == status
    assert (answer.pop("success"), answer.pop("message")) == (False, message)
    assert answer == ({"errors": {"a": ["No."]}} if name == "bad-request" else {})
    assert ("Retry-After" in response.headers) == (name == "database")
    async with client.get(f"/v1/fail/{name}") as response:
        assert response.status == status
        assert await response.json() == {"status": "Error", "msg": message, "result": None}


async def test_unknown_paths_and_methods_are_named(client: TestClient[Any, Any]) -> None:
    async with client.get("/nowhere") as response:
        assert response.status == 404
        assert (await response.json())["message"] == "There is nothing at /nowhere."
    async with client.post("/fail/bug") as response:
        assert response.status == 405
        assert "GET" in response.headers["Allow"]
        assert (await response.json())["message"] == "POST is not possible at /fail/bug."
