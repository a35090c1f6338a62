"""Who may do what: every endpoint with every kind of key, and the exact answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from services.gateway import app_keys
from services.gateway.auth import is_public, required_scope
from services.gateway.store.api_keys import SCOPES
from services.gateway.store.repository import utc_now
from tests.integration.access.conftest import Gateway

UNKNOWN_ID = "0123456789abcdef01234567"
FAMILY_1 = {
    "missing": "The API key is missing: send it in the header 'api-key'.",
    "malformed": "The API key is not valid.",
    "unknown": "The API key is not valid.",
    "expired": "The API key has expired.",
    "revoked": "The API key is revoked.",
}
FAMILY_2 = {
    "missing": "Bearer token is not set.",
    "malformed": "Token is invalid.",
    "unknown": "Token not found.",
    "expired": "Token is expired.",
    "revoked": "Token is revoked.",
}


def private_routes(app: web.Application) -> Iterator[tuple[str, str]]:
    """Method and path template of every endpoint that needs a key."""
    for route in app.router.routes():
        if route.resource is not None and not is_public(route.resource.canonical):
            yield route.method, route.resource.canonical


def error_of(path: str, message: str) -> dict[str, Any]:
    if path.startswith("/v1/"):
        return {"status": "Error", "msg": message, "result": None}
    return {"success": False, "message": message}


def address(template: str, record_id: str = UNKNOWN_ID) -> str:
    return template.replace("{id}", record_id).replace("{invoiceId}", "987654321")


@pytest.fixture(scope="package")
async def refused_keys(gateway: Gateway) -> dict[str, str | None]:
    """A key of every kind that opens nothing."""
    api_keys = gateway.app[app_keys.API_KEYS]
    _, revoked = await api_keys.create("walk", "revoked", list(SCOPES), None)
    await api_keys.revoke(revoked)
    expired = await gateway.key("walk", expires_at=utc_now() - timedelta(seconds=1))
    return {
        "missing": None,
        "malformed": "no-key-of-this-form",
        "unknown": "ll_" + "x" * 43,
        "expired": expired,
        "revoked": revoked,
    }


@pytest.mark.parametrize("kind", list(FAMILY_1))
@pytest.mark.parametrize("header", ["api-key", "Authorization"])
async def test_no_endpoint_opens_without_a_good_key(
    gateway: Gateway, refused_keys: dict[str, str | None], kind: str, header: str
) -> None:
    key = refused_keys[kind]
    headers = {} if key is None else {header: key if header == "api-key" else f"Bearer {key}"}
    seen = 0
    for method, template in private_routes(gateway.app):
        path = address(template)
        async with gateway.session.request(method, path, headers=headers) as response:
            assert response.status == 401, (method, path)
            if method != "HEAD":
                sentences = FAMILY_2 if path.startswith("/v1/") else FAMILY_1
                assert await response.json() == error_of(path, sentences[kind]), (method, path)
        seen += 1
    assert seen > 30


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer"},
        {"Authorization": ""},
        {"api-key": "   "},
    ],
)
async def test_other_credentials_count_as_none(gateway: Gateway, headers: dict[str, str]) -> None:
    for path, message in [
        ("/ocr-invoice-job", FAMILY_1["missing"]),
        ("/v1/invoices/1/ocr", FAMILY_2["missing"]),
    ]:
        assert await gateway.call("GET", path, headers=headers) == (401, error_of(path, message))


@pytest.mark.parametrize("key", ["k" * 501, "caf\u00e9", "\udcff\udcfe"])
async def test_strange_keys_are_invalid(gateway: Gateway, key: str) -> None:
    raw = key.encode(errors="surrogateescape").decode("latin-1")
    assert (await gateway.call("GET", "/ocr-invoice-job", headers={"api-key": raw}))[0] == 401
    _, answer = await gateway.call("GET", "/v1/invoices/1/ocr", headers={"Authorization": f"Bearer {raw}"})
    assert answer["msg"] == "Token is invalid."


@pytest.mark.parametrize("scope", SCOPES)
async def test_every_endpoint_needs_its_scope(gateway: Gateway, scope: str) -> None:
    only, all_but = (
        await gateway.key("walk", (scope,)),
        await gateway.key("walk", tuple(one for one in SCOPES if one != scope)),
    )
    for method, template in private_routes(gateway.app):
        path = address(template)
        needed = required_scope(method, template)
        refused = all_but if needed == scope else only
        async with gateway.session.request(method, path, headers={"api-key": refused}) as response:
            assert response.status == 403, (method, path)
            if method != "HEAD":
                message = f"This API key does not have the scope '{needed}', which this request needs."
                assert await response.json() == error_of(path, message)
        if needed == scope:
            async with gateway.session.request(method, path, headers={"api-key": only}) as response:
                assert response.status not in (401, 403), (method, path)


def test_scopes_follow_the_method() -> None:
    assert required_scope("GET", "/ocr-invoice-job") == "read"
    assert required_scope("HEAD", "/v1/invoices/1") == "read"
    assert {required_scope(method, "/ocr-invoice-job") for method in ("POST", "PUT", "DELETE")} == {"write"}
    assert required_scope("GET", "/api-keys") == required_scope("POST", "/api-keys/1/revoke") == "admin"
    assert required_scope("GET", "/api-keys-of-another-kind") == "read"


async def test_another_tenants_records_do_not_exist(gateway: Gateway) -> None:
    owner, stranger = await gateway.key("owner"), await gateway.key("stranger")
    owned = await make_records(gateway, owner)
    checked = 0
    for method, template in private_routes(gateway.app):
        resource = template.split("/")[1]
        if "{" not in template:
            continue
        record_id = owned.get(resource, UNKNOWN_ID)
        path = template.replace("{id}", record_id).replace("{invoiceId}", owned["invoiceId"])
        body = {"name": "stolen"} if resource in ("ocr-invoice-job-group", "ocr-invoice-job-template") else {}
        options: dict[str, Any] = {"json": body} if method == "PUT" else {}
        async with gateway.session.request(
            method, path, headers={"api-key": stranger}, **options
        ) as response:
            assert response.status == 404, (method, path)
        checked += 1
    assert checked > 20

    for resource, record_id in owned.items():
        if resource == "invoiceId":
            continue
        _, listed = await gateway.call("GET", f"/{resource}", stranger)
        assert record_id not in str(listed)
        status, kept = await gateway.call("GET", f"/{resource}/{record_id}", owner)
        assert (status, kept["data"]["_id"]) == (200, record_id)
        assert "stolen" not in str(kept)


async def test_another_tenants_records_can_not_be_referred_to(gateway: Gateway) -> None:
    owner, stranger = await gateway.key("lender"), await gateway.key("borrower")
    owned = await make_records(gateway, owner)
    template = {"name": "own"}
    _, answer = await gateway.call("POST", "/ocr-invoice-job-template", stranger, json=template)
    own_template = answer["data"]["_id"]
    foreign_template, foreign_group = owned["ocr-invoice-job-template"], owned["ocr-invoice-job-group"]
    for path, body, field in [
        ("/ocr-invoice-job", job_body(foreign_template), "template"),
        ("/ocr-invoice-job", {**job_body(own_template), "group": foreign_group}, "group"),
        ("/ocr-invoice-job-group", {"name": "g", "template": foreign_template}, "template"),
        (
            "/ocr-invoice-job-page",
            {"job": owned["ocr-invoice-job"], "pageNumber": 1, "pageUrl": "https://example.com/p.png"},
            "job",
        ),
    ]:
        status, answer = await gateway.call("POST", path, stranger, json=body)
        assert (status, list(answer["errors"])) == (400, [field])


def job_body(template: str, number: str = "access-1") -> dict[str, str]:
    return {
        "jobNumber": number,
        "documentName": "a.pdf",
        "documentUrl": "https://example.com/a.pdf",
        "template": template,
    }


async def make_records(gateway: Gateway, key: str) -> dict[str, str]:
    """One record of each resource: ids by the resource's name in paths, and the job's `invoiceId`."""

    async def made(resource: str, body: dict[str, Any]) -> dict[str, Any]:
        status, answer = await gateway.call("POST", f"/{resource}", key, json=body)
        assert status == 201, answer
        data: dict[str, Any] = answer["data"]
        return data

    template = (await made("ocr-invoice-job-template", {"name": "t"}))["_id"]
    group = (await made("ocr-invoice-job-group", {"name": "g", "template": template}))["_id"]
    job = await made("ocr-invoice-job", {**job_body(template), "group": group})
    page_body = {"job": job["_id"], "pageNumber": 1, "pageUrl": "https://example.com/p.png"}
    page = (await made("ocr-invoice-job-page", page_body))["_id"]
    api_key = (await made("api-keys", {"name": "k"}))["_id"]
    return {
        "ocr-invoice-job-template": template,
        "ocr-invoice-job-group": group,
        "ocr-invoice-job": job["_id"],
        "ocr-invoice-job-page": page,
        "api-keys": api_key,
        "invoiceId": str(job["invoiceId"]),
    }
