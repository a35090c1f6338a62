"""Documents that can't be read end as failed jobs with a sentence a person understands, and nothing else."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import psutil
import pytest
from aiohttp.test_utils import unused_port

from deploy.local.stack import Stack
from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.generator.samples import Sample


def _pdf(pages: int, **options: Any) -> bytes:
    content = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(200, 200))
        document.save(content, **options)
    return content.getvalue()


def _encrypted() -> bytes:
    return _pdf(1, encryption=pikepdf.Encryption(owner="owner", user="secret"))


def _png_of(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its few bytes could never fill."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


HTML = b"<!DOCTYPE html><html><body>Please log in</body></html>"

BAD_CONTENT: dict[str, tuple[Callable[[], bytes], str]] = {
    "web-page.pdf": (lambda: HTML, r"HTML|web page"),
    "garbage.pdf": (lambda: b"%PDF-1.7\n" + b"\x93garbage" * 200, r"damaged|broken|opened|read"),
    "cut-off.pdf": (lambda: _pdf(3)[:150], r"damaged|broken|opened|read"),
    "encrypted.pdf": (_encrypted, r"password|encrypted"),
    "empty.pdf": (lambda: b"", r"empty"),
    "no-pages.pdf": (lambda: _pdf(0), r"no pages"),
    "long.pdf": (lambda: _pdf(5000), r"5,?000 pages.*500"),
    "huge.png": (lambda: _png_of(100_000, 100_000), r"100,?000 x 100,?000"),
    "cut-off.jpg": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 40, r"damaged|cut off|broken"),
    "program.pdf": (lambda: b"\x7fELF" + b"\0" * 500, r"not|no "),
}


@pytest.mark.parametrize("name", BAD_CONTENT)
async def test_bad_content(client: ApiClient, documents: DocumentServer, template: str, name: str) -> None:
    make, expected = BAD_CONTENT[name]
    job = await client.read(documents.offer(name, make()), template)
    _check_failed(job, expected)


async def test_missing_document(client: ApiClient, documents: DocumentServer, template: str) -> None:
    _check_failed(await client.read(documents.url("nowhere.pdf"), template), r"404")


async def test_server_that_does_not_answer(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    job = await client.read(documents.url("never-answers"), template)
    _check_failed(job, r"did not|too long|in time|longer")


async def test_private_address(client: ApiClient, template: str) -> None:
    """Only the host and port that the settings name may be private."""
    job = await client.read(f"http://127.0.0.1:{unused_port()}/invoice.pdf", template)
    _check_failed(job, r"private|not allowed|not public|may not")


async def test_redirect_to_a_private_address(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    job = await client.read(documents.url("redirects-inside"), template)
    _check_failed(job, r"private|not allowed|not public|may not|link-local")


async def test_other_type_than_declared_is_read_and_noted(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    url = documents.offer("really-a-pdf.png", samples["digital"].document.read_bytes())
    job = await client.read(url, template, documentType="png")
    assert job["status"] == "completed", job.get("errorLog")
    assert job["documentInfo"]["format"] == "pdf"
    findings = job["validationResults"]["errors"]
    assert any(one["field"] == "document" and "pdf" in one["message"].lower() for one in findings)


async def test_one_bad_page_does_not_lose_the_others(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    content = io.BytesIO()
    with pikepdf.open(samples["digital"].document) as document:
        document.add_blank_page(page_size=(14_400, 14_400))
        document.pages[-1].obj["/UserUnit"] = 1000
        document.save(content)
    job = await client.read(documents.offer("one-bad-page.pdf", content.getvalue()), template)
    assert job["status"] == "completed", job.get("errorLog")
    good, bad = await client.pages(job["_id"])
    assert good["status"] == "completed"
    assert bad["status"] == "failed"
    assert bad["errorLog"]
    findings = {one["field"]: one for one in job["validationResults"]["errors"]}
    assert findings["pages.2"]["severity"] == "error"
    assert job["validationResults"]["isValid"] is False


async def test_the_system_goes_on(
    stack: Stack,
    client: ApiClient,
    documents: DocumentServer,
    template: str,
    samples: dict[str, Sample],
) -> None:
    """After all of the above the same processes still run, and read the next document."""
    url = documents.offer("after.pdf", samples["digital"].document.read_bytes())
    job = await client.read(url, template)
    assert job["status"] == "completed", job.get("errorLog")
    for name, process in stack.processes.items():
        assert process.pid is not None, name
        assert psutil.Process(process.pid).is_running(), name


def _check_failed(job: dict[str, Any], expected: str) -> None:
    assert job["status"] == "failed"
    message = job["errorLog"]
    assert re.search(expected, message, re.IGNORECASE), message
    assert message[0].isupper(), message
    assert message.endswith("."), message
    assert "Traceback" not in message
    assert "Error(" not in message
