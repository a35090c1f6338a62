"""The AsyncAPI document and the code say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.gateway.asyncapi import as_yaml, asyncapi_document
from shared.errors import InvalidMessage
from shared.events import COMMAND_SCHEMAS, EVENT_SCHEMAS, decode_command, make_event
from shared.topology import EXCHANGES

FILE = Path(__file__).parents[3] / "docs" / "asyncapi.yaml"


def test_the_file_is_what_the_code_says() -> None:
    assert FILE.read_text(encoding="utf-8") == as_yaml(asyncapi_document()), (
        "Make it anew: python -m services.gateway.asyncapi > docs/asyncapi.yaml"
    )


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi_document()
    references = list(_references(document))
    assert references
    for reference in references:
        at: Any = document
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]


def test_every_message_of_the_code_is_in_the_document() -> None:
    document = asyncapi_document()
    names = {message["name"] for message in document["components"]["messages"].values()}
    assert names == {f"io.ledgerlens.{kind}" for kind in (*COMMAND_SCHEMAS, *EVENT_SCHEMAS)}
    declared = {(exchange.name, exchange.type) for exchange in EXCHANGES}
    for channel in document["channels"].values():
        exchange = channel["bindings"]["amqp"]["exchange"]
        assert (exchange["name"], exchange["type"]) in declared


def test_the_documents_examples_are_taken() -> None:
    for message in asyncapi_document()["components"]["messages"].values():
        for example in message.get("examples", []):
            command = decode_command(json.dumps(example["payload"]).encode())
            assert command.data["process"] is True


def test_an_event_that_does_not_fit_is_not_made() -> None:
    with pytest.raises(InvalidMessage, match="jobNumber"):
        make_event("job.created", "/test", "jobs/1", {"jobId": "0" * 24, "invoiceId": 1, "status": "created"})


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
