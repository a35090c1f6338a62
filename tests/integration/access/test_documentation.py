"""The OpenAPI document: complete, its examples valid; and a page that needs nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from marshmallow import Schema
from openapi_ui_bundles import swagger_ui

from services.gateway import app_keys
from services.gateway.api.documentation import Body, documented, takes
from services.gateway.api.examples import example_of
from services.gateway.api.openapi import openapi_document
from services.gateway.auth import is_public
from services.gateway.schemas.health import LivenessSchema, PartsSchema
from tests.integration.access.conftest import Gateway

UNDOCUMENTED = {"/openapi.json", "/docs", "/docs/start.js", "/api/docs", "/api/docs/swagger.json"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.fixture
def document(gateway: Gateway) -> dict[str, Any]:
    return gateway.app[app_keys.OPENAPI]


async def test_the_document_is_served_and_valid(gateway: Gateway, document: dict[str, Any]) -> None:
    status, served = await gateway.call("GET", "/openapi.json")
    assert (status, served) == (200, document)
    assert served["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(served).validate()


async def test_every_endpoint_is_documented(gateway: Gateway, document: dict[str, Any]) -> None:
    served = {
        (route.method, route.resource.canonical)
        for route in gateway.app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    internal = {
        (method, path) for method, path in served if path.startswith(("/files/", "/docs/", "/static/"))
    }
    expected = {(method, path) for method, path in served - internal if path not in UNDOCUMENTED}
    assert {(method.upper(), path) for path, method, _ in operations(document)} == expected


async def test_every_operation_says_all(document: dict[str, Any]) -> None:
    names = []
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        names.append(operation["operationId"])
        assert operation["summary"], where
        assert operation["tags"], where
        described = {parameter["name"] for parameter in operation["parameters"]}
        assert set(re.findall(r"\{(\w+)\}", path)) <= described, where
        for status, response in operation["responses"].items():
            (content,) = response["content"].values()
            assert content["schema"], (where, status)
            assert content["example"], (where, status)
        if not is_public(path):
            assert {"401", "403", "429", "503"} <= operation["responses"].keys(), where
            assert [list(one) for one in operation["security"]] == [["apiKey"], ["bearer"]], where
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= operation["responses"].keys(), where
            assert operation["requestBody"]["content"]["application/json"]["example"], where
    assert len(names) == len(set(names))


async def test_examples_are_valid(gateway: Gateway) -> None:
    checked = 0
    for route in gateway.app.router.routes():
        declared = getattr(route.handler, "__apispec__", {"responses": {}})
        schemas = [one["schema"] for one in getattr(route.handler, "__schemas__", [])]
        schemas += [schema for body in getattr(route.handler, "__bodies__", ()) for schema in body.schemas]
        schemas += [one["schema"] for one in declared["responses"].values() if "schema" in one]
        for schema in schemas:
            instance: Schema = schema() if isinstance(schema, type) else schema
            assert instance.validate(example_of(instance)) == {}, schema
            checked += 1
    assert checked > 100


async def test_swagger_2_stays_where_it_was(gateway: Gateway) -> None:
    status, served = await gateway.call("GET", "/api/docs/swagger.json")
    assert (status, served["swagger"]) == (200, "2.0")
    async with gateway.session.get("/api/docs") as response:
        assert response.status == 200


async def test_the_page_loads_only_from_here(gateway: Gateway) -> None:
    async with gateway.session.get("/docs") as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) == 4
    for address in addresses:
        assert address.startswith("/docs/")
        async with gateway.session.get(address) as response:
            assert response.status == 200
    assert (swagger_ui.static_path / "swagger-ui-bundle.js").stat().st_size > 1_000_000


def test_a_body_that_the_handler_reads_by_itself_is_documented() -> None:
    @documented("Tag", "Summary", {200: {"schema": LivenessSchema, "description": "Yes."}})
    @takes(
        Body("application/json", (PartsSchema,)),
        Body("multipart/form-data", (PartsSchema,), file_part="file"),
        Body("image/png"),
    )
    async def handle(request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post("/handled", handle)
    document = openapi_document(app, "t", "1")
    body = document["paths"]["/handled"]["post"]["requestBody"]
    example = {"database": True, "broker": True, "backgroundTasks": True}
    file = {"type": "string", "format": "binary", "minLength": 1}
    assert body["content"] == {
        "application/json": {
            "schema": {
                "type": "object",
                "minProperties": 1,
                "anyOf": [{"$ref": "#/components/schemas/Parts"}],
            },
            "example": example,
        },
        "multipart/form-data": {
            "schema": {"$ref": "#/components/schemas/PartsForm"},
            "example": {**example, "file": "(the file)"},
        },
        "image/png": {"schema": file},
    }
    form = document["components"]["schemas"]["PartsForm"]
    assert form["properties"]["file"] == file | {"example": "(the file)"}
    assert form["required"] == ["file"]
