"""Getting and putting the gateway's files, against a real server."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.engine import files
from services.engine.files import GatewayFiles, GatewayUnavailable, TaskOutdated
from shared.errors import LimitExceeded
from tests.unit.engine.gateway import FileServer, serving

CONTENT = bytes(range(256)) * 4000


@pytest.fixture
async def gateway(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FileServer]:
    monkeypatch.setattr(files, "FIRST_PAUSE_SECONDS", 0.001)
    async with serving() as server:
        server.files["/files/a"] = CONTENT
        yield server


@pytest.fixture
async def client(gateway: FileServer) -> AsyncIterator[GatewayFiles]:
    async with GatewayFiles(gateway.url) as opened:
        yield opened


async def test_a_file_arrives_whole_and_its_link_as_signed(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path
) -> None:
    await client.get("/files/a?expires=1&signature=0f", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert gateway.requests == ["GET /files/a?expires=1&signature=0f"]


async def test_a_file_is_put_with_its_type(gateway: FileServer, client: GatewayFiles, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    await client.put("/files/b?signature=0f", tmp_path / "a", "image/jpeg")
    assert gateway.files["/files/b"] == CONTENT
    assert gateway.types["/files/b"] == "image/jpeg"


@pytest.mark.parametrize("failure", [500, 502, 503, 429, 408, "cut"])
async def test_a_gateway_that_is_away_for_a_moment_is_asked_again(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path, failure: int | str
) -> None:
    gateway.failures.extend([failure] * 3)
    await client.get("/files/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert len(gateway.requests) == 4


async def test_an_upload_that_is_repeated_is_whole(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    gateway.failures.extend([503, 503])
    await client.put("/files/b", tmp_path / "a", "image/png")
    assert gateway.files["/files/b"] == CONTENT


async def test_patience_ends(gateway: FileServer, client: GatewayFiles, tmp_path: Path) -> None:
    gateway.failures.extend([503] * 100)
    with pytest.raises(GatewayUnavailable, match="503"):
        await client.get("/files/a", tmp_path / "a")
    assert len(gateway.requests) == files.ATTEMPTS


@pytest.mark.usefixtures("gateway")
async def test_a_gateway_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with GatewayFiles("http://127.0.0.1:1") as client:
        with pytest.raises(GatewayUnavailable, match="can't be reached"):
            await client.get("/files/a", tmp_path / "a")


@pytest.mark.parametrize("status", [401, 404, 410])
async def test_a_job_that_has_moved_on_is_told_at_once(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path, status: int
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    gateway.failures.extend([status, status])
    with pytest.raises(TaskOutdated, match=str(status)):
        await client.get("/files/a", tmp_path / "b")
    with pytest.raises(TaskOutdated, match=str(status)):
        await client.put("/files/a", tmp_path / "a", "image/png")
    assert len(gateway.requests) == 2


async def test_a_file_that_is_too_large_is_the_document_s_fault(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    gateway.failures.append(413)
    with pytest.raises(LimitExceeded) as caught:
        await client.put("/files/b", tmp_path / "a", "image/png")
    assert caught.value.code == "pageTooLarge"
    assert len(gateway.requests) == 1


async def test_what_the_gateway_refuses_is_not_repeated(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path
) -> None:
    gateway.failures.append(400)
    with pytest.raises(GatewayUnavailable, match="refused: 400"):
        await client.get("/files/a", tmp_path / "a")
    assert len(gateway.requests) == 1


async def test_a_full_or_forbidden_disk_is_not_the_gateway_s_fault(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await client.get("/files/a", tmp_path / "no" / "folder")
    assert len(gateway.requests) == 1


async def test_a_link_does_not_reach_the_log(
    gateway: FileServer, client: GatewayFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    link = "/files/a?signature=5ec4e7"
    gateway.failures.extend([503] * 100)
    with caplog.at_level(logging.INFO), pytest.raises(GatewayUnavailable) as caught:
        await client.get(link, tmp_path / "a")
    logged = [record.getMessage() for record in caplog.records if record.name == files.__name__]
    assert len(logged) == files.ATTEMPTS - 1
    shown = "".join(traceback.format_exception(caught.value))
    assert "5ec4e7" not in "".join([*logged, shown])


async def test_outside_its_context_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="outside its context"):
        await GatewayFiles("http://127.0.0.1:1").get("/files/a", tmp_path / "a")
