"""The same document, models and template give the same result, and the record says which they were."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest

from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.e2e.conftest import NewClient
from tests.generator.samples import Sample

RESULTS = ("extractedData", "confidence", "validationResults", "producedBy")
READ = ("ocrResults", "tableData", "preprocessing", "qualityScore", "producedBy")


@pytest.mark.parametrize("kind", ["digital", "photo"])
async def test_the_same_document_for_two_tenants(
    new_client: NewClient, documents: DocumentServer, samples: dict[str, Sample], kind: str
) -> None:
    content = samples[kind].document.read_bytes()
    url = documents.offer(f"twice-{samples[kind].document.name}", content)
    clients = [await new_client() for _ in range(2)]
    templates = [await client.create_template() for client in clients]
    one, other = await asyncio.gather(*(clients[at].read(url, templates[at]) for at in range(2)))
    assert one["status"] == "completed", one.get("errorLog")
    assert one["_id"] != other["_id"]
    assert _parts(one, RESULTS) == _parts(other, RESULTS)
    pages, others = await clients[0].pages(one["_id"]), await clients[1].pages(other["_id"])
    assert [_parts(page, READ) for page in pages] == [_parts(page, READ) for page in others]
    assert one["producedBy"]["document"] == hashlib.sha256(content).hexdigest()
    assert pages[0]["producedBy"]["models"] == one["producedBy"]["models"]


async def test_another_template_is_told(
    client: ApiClient, documents: DocumentServer, samples: dict[str, Sample], template: str
) -> None:
    url = documents.offer("replay.pdf", samples["digital"].document.read_bytes())
    strict = await client.create_template(postprocessingSettings={"confidenceThreshold": 0.99})
    one, other = await asyncio.gather(client.read(url, template), client.read(url, strict))
    before, after = one["producedBy"], other["producedBy"]
    assert {name for name in before if before[name] != after[name]} == {"template"}


async def test_processing_again_replays(
    client: ApiClient, documents: DocumentServer, samples: dict[str, Sample], template: str
) -> None:
    url = documents.offer("again.pdf", samples["digital"].document.read_bytes())
    first = await client.read(url, template)
    await client.process(first["_id"])
    again = await client.finished(first["_id"])
    assert again["startedAt"] > first["startedAt"]
    assert _parts(again, RESULTS) == _parts(first, RESULTS)


def _parts(record: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: record[name] for name in names}
