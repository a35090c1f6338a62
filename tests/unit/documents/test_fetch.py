"""The guarded fetcher against real servers on the loopback interface."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from services.engine.documents.fetch import Fetcher, FetchPolicy, TemporaryFetchError
from shared.errors import FetchError, LimitExceeded

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONTENT = b"%PDF-1.7 " + b"x" * 5000


class NamesResolver(AbstractResolver):
    """Answers from a table, and remembers what it was asked."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._names = names
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self._names:
            raise OSError("unknown name")
        return [_answer(host, port, address) for address in self._names[host]]

    async def close(self) -> None:
        return None


def _answer(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[TestServer]:
    application = web.Application()
    application.router.add_get("/{tail:.*}", handler)
    server = TestServer(application)
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()


async def deliver(_: web.Request) -> web.StreamResponse:
    return web.Response(body=CONTENT, content_type="application/pdf")


def allowing(server: TestServer, **bounds: Any) -> FetchPolicy:
    return FetchPolicy(allowed_hosts=frozenset({f"127.0.0.1:{server.port}"}), **bounds)


async def failure(
    policy: FetchPolicy, url: str, folder: Path, resolver: AbstractResolver | None = None
) -> FetchError | LimitExceeded:
    """The error that fetching `url` ends with; nothing may be left of the file."""
    destination = folder / "document"
    async with Fetcher(policy, resolver) as fetcher:
        with pytest.raises((FetchError, LimitExceeded)) as caught:
            await fetcher.fetch(url, destination)
    assert not destination.exists()
    assert isinstance(caught.value, FetchError | LimitExceeded)
    return caught.value


async def test_a_document_is_stored_with_its_type_and_name(tmp_path: Path) -> None:
    async with serving(deliver) as server, Fetcher(allowing(server)) as fetcher:
        fetched = await fetcher.fetch(
            str(server.make_url("/a%20b/Rechnung%20M%C3%A4rz.pdf?key=1")), tmp_path / "d"
        )
    assert fetched.path.read_bytes() == CONTENT
    assert fetched.size == len(CONTENT)
    assert fetched.content_type == "application/pdf"
    assert fetched.file_name == "Rechnung März.pdf"


async def test_a_declared_file_name_can_not_leave_its_folder(tmp_path: Path) -> None:
    async def named(_: web.Request) -> web.StreamResponse:
        return web.Response(
            body=CONTENT, headers={"Content-Disposition": 'attachment; filename="../../etc/in<voice.pdf"'}
        )

    async with serving(named) as server, Fetcher(allowing(server)) as fetcher:
        fetched = await fetcher.fetch(str(server.make_url("/")), tmp_path / "d")
    assert fetched.file_name == "invoice.pdf"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104 - an address to be refused, not one to listen on
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "１２７.0.0.1",
    ],
)
async def test_addresses_that_are_not_public_are_refused(host: str, tmp_path: Path) -> None:
    async with serving(deliver) as server:
        error = await failure(FetchPolicy(), f"http://{host}:{server.port}/x", tmp_path)
    assert error.code == "urlNotAllowed"


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1"], ["::ffff:10.0.0.1"], ["64:ff9b::a9fe:a9fe"]],
)
async def test_one_private_answer_of_the_name_service_refuses_the_name(
    answers: list[str], tmp_path: Path
) -> None:
    resolver = NamesResolver({"documents.example": answers})
    async with serving(deliver) as server:
        url = f"http://documents.example:{server.port}/"
        error = await failure(FetchPolicy(), url, tmp_path, resolver)
    assert error.code == "urlNotAllowed"


async def test_an_allowed_name_may_be_private_and_is_resolved_once_per_request(tmp_path: Path) -> None:
    resolver = NamesResolver({"files.internal": ["127.0.0.1"]})
    async with serving(deliver) as server:
        policy = FetchPolicy(allowed_hosts=frozenset({"files.internal"}))
        async with Fetcher(policy, resolver) as fetcher:
            await fetcher.fetch(f"http://files.internal:{server.port}/", tmp_path / "d")
    assert resolver.asked == ["files.internal"]


async def test_an_allowed_port_allows_no_other_port(tmp_path: Path) -> None:
    async with serving(deliver) as server, serving(deliver) as other:
        error = await failure(allowing(server), str(other.make_url("/")), tmp_path)
    assert error.code == "urlNotAllowed"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.pdf",
        "file:///etc/passwd",
        "gopher://example.com",
        "//example.com/a",
        "a.pdf",
        "",
        "http://",
        "http:///a.pdf",
        "http://user:secret@example.com/a.pdf",
        "http://user@example.com/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://[::1/",
        "http://example.com/\r\nX: 1",
        "http://example.com/" + "a" * 9000,
    ],
)
async def test_what_is_no_plain_web_address_is_refused(url: str, tmp_path: Path) -> None:
    error = await failure(FetchPolicy(), url, tmp_path, NamesResolver({}))
    assert error.code in ("urlNotAllowed", "urlNotReachable")
    assert "secret" not in str(error)
    if "exa mple" not in url:
        assert error.code == "urlNotAllowed"


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://private.example/",
        "file:///etc/passwd",
        "http://[::1]/",
    ],
)
async def test_every_redirect_is_checked_like_the_first_address(target: str, tmp_path: Path) -> None:
    async def redirect(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": target})

    resolver = NamesResolver({"private.example": ["192.168.0.10"]})
    async with serving(redirect) as server:
        error = await failure(allowing(server), str(server.make_url("/")), tmp_path, resolver)
    assert error.code == "urlNotAllowed"


async def test_redirects_are_followed_up_to_the_limit(tmp_path: Path) -> None:
    async def countdown(request: web.Request) -> web.StreamResponse:
        left = int(request.path.strip("/"))
        if left:
            return web.Response(status=307, headers={"Location": f"/{left - 1}"})
        return await deliver(request)

    async with serving(countdown) as server:
        policy = allowing(server, max_redirects=3)
        async with Fetcher(policy) as fetcher:
            fetched = await fetcher.fetch(str(server.make_url("/3")), tmp_path / "d")
        assert fetched.size == len(CONTENT)
        error = await failure(policy, str(server.make_url("/4")), tmp_path)
    assert error.code == "tooManyRedirects"


async def test_a_refusing_status_is_named_without_the_query(tmp_path: Path) -> None:
    async def missing(_: web.Request) -> web.StreamResponse:
        return web.Response(status=404)

    async with serving(missing) as server:
        error = await failure(allowing(server), str(server.make_url("/x?token=secret")), tmp_path)
    assert (error.code, str(error)) == ("urlStatus", "The document URL answered 404 Not Found.")
    assert not isinstance(error, TemporaryFetchError)


async def test_an_overloaded_server_is_worth_another_attempt(tmp_path: Path) -> None:
    async def busy(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    async with serving(busy) as server:
        error = await failure(allowing(server), str(server.make_url("/")), tmp_path)
    assert isinstance(error, TemporaryFetchError)


async def test_a_document_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    async with serving(deliver) as server:
        error = await failure(allowing(server, max_bytes=1000), str(server.make_url("/")), tmp_path)
    assert isinstance(error, LimitExceeded)
    assert (error.code, str(error)) == (
        "documentTooLarge",
        "The document is larger than the limit of 1000 bytes.",
    )


async def test_a_stream_of_no_declared_size_is_cut_at_the_limit(tmp_path: Path) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 500:
            await response.write(b"x" * 65536)
            sent += 1
        return response

    async with serving(endless) as server:
        error = await failure(allowing(server, max_bytes=100_000), str(server.make_url("/")), tmp_path)
    assert error.code == "documentTooLarge"
    assert sent < 500


async def test_compressed_content_is_measured_unpacked(tmp_path: Path) -> None:
    async def bomb(_: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})

    async with serving(bomb) as server:
        error = await failure(allowing(server, max_bytes=1_000_000), str(server.make_url("/")), tmp_path)
    assert error.code == "documentTooLarge"


async def test_an_empty_answer_is_an_empty_document(tmp_path: Path) -> None:
    async def nothing(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"")

    async with serving(nothing) as server:
        error = await failure(allowing(server), str(server.make_url("/")), tmp_path)
    assert error.code == "emptyDocument"


async def test_a_trickle_ends_with_the_total_time(tmp_path: Path) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    async with serving(trickle) as server:
        error = await failure(allowing(server, total_timeout=0.3), str(server.make_url("/")), tmp_path)
    assert (error.code, str(error)) == (
        "urlTimeout",
        "The document URL did not deliver the document within 0.3 seconds.",
    )


async def test_silence_ends_with_the_idle_time(tmp_path: Path) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(2)
        return web.Response()

    async with serving(silent) as server:
        error = await failure(allowing(server, idle_timeout=0.2), str(server.make_url("/")), tmp_path)
    assert (error.code, str(error)) == ("urlTimeout", "The server of the document URL stopped answering.")


async def test_a_broken_transfer_is_no_document(tmp_path: Path) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b"x" * 100)
        assert request.transport is not None
        request.transport.close()
        return response

    async with serving(broken) as server:
        error = await failure(allowing(server), str(server.make_url("/")), tmp_path)
    assert error.code == "urlNotReachable"


async def test_an_unknown_host_and_a_closed_port_are_not_reachable(tmp_path: Path) -> None:
    unknown = await failure(FetchPolicy(), "http://nowhere.example/?key=secret", tmp_path, NamesResolver({}))
    async with serving(deliver) as server:
        policy, url = allowing(server), str(server.make_url("/"))
    closed = await failure(policy, url, tmp_path)
    assert (unknown.code, closed.code) == ("urlNotReachable", "urlNotReachable")
    assert "secret" not in str(unknown)


async def test_proxies_of_the_environment_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(deliver) as server, Fetcher(allowing(server)) as fetcher:
        fetched = await fetcher.fetch(str(server.make_url("/")), tmp_path / "d")
    assert fetched.size == len(CONTENT)
