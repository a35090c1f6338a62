"""Reading requests: JSON bodies, list parameters, and faults in the contract's form."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import bson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp_apispec import setup_aiohttp_apispec, validation_middleware
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.documentation import creates, lists
from services.gateway.api.json_text import parse_json
from services.gateway.api.requests import RequestParser, list_query
from services.gateway.api.responses import error_middleware
from services.gateway.errors import BadRequest
from services.gateway.schemas.common import ListQuerySchema
from services.gateway.schemas.jobs import JobAnswerSchema, JobInputSchema, JobListSchema, JobSchema
from services.gateway.store.lists import ListQuery

CATALOGUE = FieldCatalogue(JobSchema)
ID = "5f1d7f1d7f1d7f1d7f1d7f1d"
JOB = {"jobNumber": "1", "documentName": "a.pdf", "documentUrl": "https://example.org/a.pdf", "template": ID}


@pytest.fixture
async def client() -> AsyncIterator[TestClient[Any, Any]]:
    """The gateway's own middlewares and declarations before handlers that show what they were given."""

    @creates("Jobs", "Create", JobInputSchema, JobAnswerSchema)
    async def create(request: web.Request) -> web.Response:
        return web.json_response(JobInputSchema().dump(request["json"]), status=201)

    @lists("Jobs", "List", JobListSchema, CATALOGUE)
    async def show(request: web.Request) -> web.Response:
        query = list_query(request["querystring"], CATALOGUE)
        return web.json_response({"limit": query.limit, "offset": query.offset, "sort": query.sort})

    app = web.Application(middlewares=[error_middleware, validation_middleware], client_max_size=100_000)
    app.router.add_post("/jobs", create)
    app.router.add_get("/jobs", show)
    setup_aiohttp_apispec(app, in_place=True)
    app["_apispec_parser"] = RequestParser()
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def _post(
    client: TestClient[Any, Any], body: bytes, content_type: str = "application/json"
) -> tuple[int, Any]:
    async with client.post("/jobs", data=body, headers={"Content-Type": content_type}) as response:
        return response.status, await response.json()


async def test_a_good_body_arrives(client: TestClient[Any, Any]) -> None:
    assert await _post(client, json.dumps(JOB).encode()) == (201, JOB)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The body is empty"),
        (b"{", "The body is not valid JSON"),
        (b"[]", "The body must be a JSON object."),
        (b"null", "The body must be a JSON object."),
        (b"\xff", "The body is not valid UTF-8."),
        (b'{"metadata": {"a": NaN}}', "'NaN' is not JSON"),
        (b'{"metadata": {"a": 1e999}}', "a number is too large"),
        (b'{"metadata": {"a": 9223372036854775808}}', "more than 64 bits"),
        (b'{"metadata": {"a": ' + b"9" * 5000 + b"}}", "more than 64 bits"),
        (b'{"metadata": {"a\\u0000": 1}}', "a name holds NUL"),
        (b'{"documentName": "\\ud800"}', "half a surrogate pair"),
        (b'{"a":' * 61 + b"1" + b"}" * 61, "nested deeper than 60 levels"),
        (b'{"a":' * 20_000, "nested too deeply"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_body_that_can_not_be_used_is_a_bad_request(
    client: TestClient[Any, Any], body: bytes, message: str
) -> None:
    status, answer = await _post(client, body)
    assert status == 400
    assert message in answer["message"]


async def test_faults_are_named_by_field(client: TestClient[Any, Any]) -> None:
    status, answer = await _post(client, json.dumps({**JOB, "template": "x", "priority": "soon"}).encode())
    assert status == 400
    assert set(answer["errors"]) == {"template", "priority"}
    assert answer["message"].split(":")[0] in answer["errors"]
    assert answer["success"] is False


async def test_an_empty_object_misses_every_required_field(client: TestClient[Any, Any]) -> None:
    status, answer = await _post(client, b"{}")
    assert status == 400
    assert set(answer["errors"]) == {"jobNumber", "documentName", "documentUrl", "template"}


async def test_only_json_is_json(client: TestClient[Any, Any]) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json-seq"):
        status, answer = await _post(client, json.dumps(JOB).encode(), content_type)
        assert status == 415
        assert content_type in answer["message"]
    status, _ = await _post(client, json.dumps(JOB).encode(), "application/json; charset=utf-8")
    assert status == 201


async def test_too_large_a_body_is_refused(client: TestClient[Any, Any]) -> None:
    status, answer = await _post(client, b'{"documentName": "' + b"x" * 100_001 + b'"}')
    assert (status, answer["success"]) == (413, False)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=many", "offset=-1", "order=up", "sort=unknown", "filter={"],
)
async def test_a_bad_list_parameter_is_named(client: TestClient[Any, Any], query: str) -> None:
    async with client.get(f"/jobs?{query}") as response:
        answer = await response.json()
    assert response.status == 400
    assert list(answer["errors"]) == [query.partition("=")[0]]


async def test_list_parameters_have_their_defaults(client: TestClient[Any, Any]) -> None:
    async with client.get("/jobs?further=1") as response:
        assert await response.json() == {"limit": 50, "offset": 0, "sort": "createdAt"}


def _query(parameters: Mapping[str, Any]) -> ListQuery:
    return list_query(ListQuerySchema().load(parameters), CATALOGUE)


def test_filter_and_search_must_both_hold() -> None:
    assert _query({}).conditions == {}
    assert _query({"filter": "{}", "search": " "}).conditions == {}
    assert _query({"filter": '{"status": "failed"}'}).conditions == {"status": "failed"}
    both = _query({"filter": '{"status": "failed"}', "search": "a"}).conditions
    assert both == {"status": "failed"} | _query({"search": "a"}).conditions


def test_order_is_descending_unless_asked_otherwise() -> None:
    assert _query({}).descending is True
    assert _query({"order": "asc", "sort": "cost"}) == ListQuery({}, "cost", False, 50, 0)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(_json)
@settings(max_examples=120, deadline=None)
def test_what_is_taken_can_be_stored(value: Any) -> None:
    try:
        taken = parse_json(json.dumps(value))
    except ValueError:
        return
    assert taken == value
    bson.encode({"value": taken})


def test_bad_request_is_what_list_parameters_raise() -> None:
    with pytest.raises(BadRequest):
        _query({"sort": "metadata.a"})
