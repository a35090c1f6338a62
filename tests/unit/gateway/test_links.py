"""Signed links: what a link allows, and that it can't be made to allow more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from bson import ObjectId
from yarl import URL

from services.gateway import app_keys
from services.gateway.api import files
from services.gateway.api.responses import error_middleware
from services.gateway.links import IMAGE, TEXT_LAYER, Links

LINKS = Links(b"k" * 32, "https://invoices.example")
JOB, OTHER_JOB = ObjectId("5f1d7f1d7f1d7f1d7f1d7f1d"), ObjectId("6f1d7f1d7f1d7f1d7f1d7f1d")
PAGE: dict[str, Any] = {"job": JOB, "fileAttempt": 2, "pageNumber": 3}


def _parts(link: str) -> tuple[str, str, str]:
    split = urlsplit(link)
    query = parse_qs(split.query)
    return split.path, query["expires"][0], query["signature"][0]


@pytest.mark.parametrize(
    "link",
    [
        LINKS.document_path(JOB),
        LINKS.readings_path(JOB, 2),
        LINKS.page_path(PAGE, IMAGE),
        LINKS.page_path(PAGE, TEXT_LAYER),
    ],
)
def test_a_link_allows_to_get_its_path_and_nothing_else(link: str) -> None:
    path, expires, signature = _parts(link)
    assert LINKS.allows("GET", path, expires, signature)
    for method in ("PUT", "POST", "DELETE", "HEAD", "get"):
        assert not LINKS.allows(method, path, expires, signature)
    for other in (
        path + "/",
        path + "/x",
        path + "/a/b",
        path[:-1],
        path.rsplit("/", 1)[0] + "/",
        path.upper(),
        "",
        "/",
    ):
        assert not LINKS.allows("GET", other, expires, signature)
    assert not LINKS.allows("GET", path.replace(str(JOB), str(OTHER_JOB)), expires, signature)


def test_an_upload_link_allows_to_put_the_files_of_its_attempt_only() -> None:
    folder, expires, signature = _parts(LINKS.upload_path(JOB, 2).replace("{page}/{name}", ""))
    assert folder == f"/files/jobs/{JOB}/2/pages/"
    assert LINKS.allows("PUT", f"{folder}1/image", expires, signature)
    assert LINKS.allows("PUT", f"{folder}17/text-layer", expires, signature)
    for method in ("GET", "HEAD", "DELETE"):
        assert not LINKS.allows(method, f"{folder}1/image", expires, signature)
    for other in (
        f"/files/jobs/{JOB}/1/pages/1/image",
        f"/files/jobs/{JOB}/22/pages/1/image",
        f"/files/jobs/{OTHER_JOB}/2/pages/1/image",
        f"/files/jobs/{JOB}/document",
        f"{folder}1/image/x",
        f"{folder}1/../../1/pages/1/image",
        f"{folder}image",
    ):
        assert not LINKS.allows("PUT", other, expires, signature), other


def test_a_folder_never_allows_to_get() -> None:
    """Even if a link to a folder were signed for GET one day, it would not open what lies in it."""
    folder = "/files/jobs/x/1/pages/"
    _, expires, signature = _parts(LINKS._signed(folder, LINKS._expiry(60)))
    assert LINKS.allows("GET", folder, expires, signature)
    assert not LINKS.allows("GET", folder + "1/image", expires, signature)


def test_a_link_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    path, expires, signature = _parts(LINKS.document_path(JOB))
    assert 24 * 3600 <= int(expires) - time.time() <= 48 * 3600
    monkeypatch.setattr(time, "time", lambda: float(expires) - 1)
    assert LINKS.allows("GET", path, expires, signature)
    monkeypatch.setattr(time, "time", lambda: float(expires) + 1)
    assert not LINKS.allows("GET", path, expires, signature)


def test_an_expiry_can_not_be_moved() -> None:
    path, expires, signature = _parts(LINKS.document_path(JOB))
    assert not LINKS.allows("GET", path, str(int(expires) + 1), signature)


@pytest.mark.parametrize(
    "expires",
    ["", "-1", "1.5", "1e12", "never", "²", "٣" * 10, "9" * 13, "9" * 5000, " 99999999999", "0x7fffffffff"],
)
def test_a_strange_expiry_is_refused(expires: str) -> None:
    path, _, signature = _parts(LINKS.document_path(JOB))
    assert not LINKS.allows("GET", path, expires, signature)


def test_a_link_has_one_form() -> None:
    path, expires, signature = _parts(LINKS.document_path(JOB))
    assert not LINKS.allows("GET", path, "0" + expires, signature)
    assert not LINKS.allows("GET", path, expires, signature.upper())


@pytest.mark.parametrize("signature", ["", "0" * 64, "é", "\ud800", "a" * 10_000])
def test_a_strange_signature_is_refused(signature: str) -> None:
    path, expires, _ = _parts(LINKS.document_path(JOB))
    assert not LINKS.allows("GET", path, expires, signature)


def test_another_secret_makes_other_signatures() -> None:
    path, expires, signature = _parts(Links(b"o" * 32, "https://invoices.example").document_path(JOB))
    assert not LINKS.allows("GET", path, expires, signature)


def test_a_page_url_is_absolute_and_the_same_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = 1_800_000_000 // 86400 * 86400
    monkeypatch.setattr(time, "time", lambda: midnight + 1.0)
    url = LINKS.page_url(PAGE)
    assert url.startswith(f"https://invoices.example/files/jobs/{JOB}/2/pages/3/image?expires=")
    monkeypatch.setattr(time, "time", lambda: midnight + 86399.0)
    assert LINKS.page_url(PAGE) == url
    monkeypatch.setattr(time, "time", lambda: midnight + 86401.0)
    assert LINKS.page_url(PAGE) != url


def test_own_links_are_known() -> None:
    assert LINKS.is_own(LINKS.page_url(PAGE))
    for url in ("https://invoices.example.evil/files/x", "http://invoices.example/files/x", "/files/x", ""):
        assert not LINKS.is_own(url)


@pytest.fixture
async def client() -> AsyncIterator[TestClient[Any, Any]]:
    """The real middlewares before a handler that tells which record it would act on."""

    async def reached(request: web.Request) -> web.Response:
        return web.json_response(dict(request.match_info))

    app = web.Application(middlewares=[error_middleware, files.signature_middleware])
    app[app_keys.LINKS] = LINKS
    app.add_routes([web.get(files._PAGE_PATH, reached), web.put(files._PAGE_PATH, reached)])
    app.add_routes([web.get("/files/jobs/{job}/document", reached)])
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def test_a_signed_request_reaches_its_file(client: TestClient[Any, Any]) -> None:
    path = LINKS.upload_path(JOB, 2).replace("{page}", "3").replace("{name}", "image")
    async with client.put(path) as response:
        assert await response.json() == {"job": str(JOB), "attempt": "2", "page": "3", "name": "image"}
    async with client.get(LINKS.page_path(PAGE, IMAGE)) as response:
        assert response.status == 200
    async with client.head(LINKS.page_path(PAGE, IMAGE)) as response:
        assert response.status == 200


async def _status_of_put(client: TestClient[Any, Any], target: str) -> int:
    """The answer's status to a request line as it stands, which no client library has tidied up."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(
        f"PUT {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    return int(answer.split()[1])


async def test_no_way_of_writing_a_path_leads_to_another_file(client: TestClient[Any, Any]) -> None:
    """Encoded slashes, dots and letters: the router and the signature must not read a path differently."""
    query = urlsplit(LINKS.upload_path(JOB, 2)).query
    folder = f"/files/jobs/{JOB}/2/pages/"
    other = f"/files/jobs/{OTHER_JOB}/7/pages/1/image"
    for raw in (
        other,
        quote(other, safe=""),
        other.replace("/7/", "%2F7%2F"),
        other.replace("files", "%66iles"),
        other.replace("files", "%2566iles"),
        "/" + other,
        folder + "1/../../../../" + str(OTHER_JOB) + "/7/pages/1/image",
        folder + "..%2f..%2f..%2f" + str(OTHER_JOB) + "%2f7%2fpages%2f1/image",
        f"/files/jobs/{OTHER_JOB}%2F..%2F{JOB}/2/pages/1/image",
        f"/files/jobs/{OTHER_JOB}/..%2F{JOB}/2/pages/1/image",
        f"/files/jobs/{JOB}%2F2%2Fpages%2F/7/pages/1/image",
        f"/files/jobs/{JOB}/2%2Fpages/1/image",
        f"{folder}1/image%2F..%2F..%2F..%2F1",
        f"{folder}1%00/image",
    ):
        assert await _status_of_put(client, f"{raw}?{query}") in (400, 401, 404), raw
    own = urlsplit(LINKS.upload_path(JOB, 2)).path.replace("{page}/{name}", "1/image")
    assert await _status_of_put(client, f"{own}?{query}") == 200


async def test_unsigned_and_badly_signed_requests_are_unauthorized(client: TestClient[Any, Any]) -> None:
    path, expires, signature = _parts(LINKS.document_path(JOB))
    for query in (
        "",
        f"expires={expires}",
        f"signature={signature}",
        f"expires=%C2%B2&signature={signature}",
        f"expires={expires}&signature=%C3%A9",
        f"expires={'9' * 4400}&signature={signature}",
    ):
        async with client.get(URL(f"{path}?{query}", encoded=True)) as response:
            assert response.status == 401, query
            assert (await response.json())["success"] is False
