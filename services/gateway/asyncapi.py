"""The AMQP interface as AsyncAPI 3: `python -m services.gateway.asyncapi > docs/asyncapi.yaml`."""

from __future__ import annotations

import sys
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.yaml_utils import dict_to_yaml

from shared.cloud_events import CONTENT_TYPE, TYPE_PREFIX
from shared.events import API_KEY_HEADER, COMMAND_SCHEMAS, EVENT_SCHEMAS
from shared.topology import (
    COMMANDS_EXCHANGE,
    COMMANDS_KEY,
    DEAD_LETTER_EXCHANGE,
    EVENTS_EXCHANGE,
    PARKED_KEY,
    PARKED_QUEUE,
)

Node = dict[str, Any]

_DESCRIPTION = """\
LedgerLens for other services, over RabbitMQ. Messages are CloudEvents 1.0 in structured JSON mode.

Commands go to the direct exchange `ledgerlens.commands` with the routing key `commands` and an API key in
the message header `api-key`. A command is carried out once, however often its `source` and `id` come.
Publish with `mandatory` and publisher confirms.

Events come from the topic exchange `ledgerlens.events` with routing keys `<tenant>.<what>`, such as
`acme.job.completed`: bind a queue of your own to what you want, `acme.#` for all. An event may come twice,
with the same `id`. Who may read which tenant's events is up to the broker: give each service a user whose
topic permissions allow its own tenants' routing keys.

A command that can't be carried out lies in the queue `ledgerlens.dead-letter.parked`, unchanged, with the
reason in the header `x-reason`; if its key was valid, the tenant gets the event `command.rejected` too.
"""
_EXAMPLE: Node = {
    "specversion": "1.0",
    "id": "2f0a6a3e-4b0e-4c57-9a52-0a3f9c1d7b11",
    "source": "/erp/purchasing",
    "type": f"{TYPE_PREFIX}command.submitJob",
    "data": {
        "jobNumber": "PO-4711-1",
        "documentName": "invoice.pdf",
        "documentUrl": "https://example.org/invoice.pdf",
        "priority": "high",
    },
}


def asyncapi_document() -> Node:
    """The document, made from the schemas in `shared/`."""
    channels: Node = {"commands": _command_channel(), "deadLetters": _dead_letter_channel()}
    operations: Node = {}
    for kind in COMMAND_SCHEMAS:
        name = _name(kind)
        operations[name] = _operation("receive", "commands", name, "A service asks for something.")
    for kind in EVENT_SCHEMAS:
        name = _name(kind)
        channels[name] = _event_channel(kind, name)
        operations[f"{name}Event"] = _operation("send", name, name, f"Something has happened: {kind}.")
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "LedgerLens", "version": "1.0.0", "description": _DESCRIPTION},
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": {"host": "localhost:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": channels,
        "operations": operations,
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def as_yaml(document: Node) -> str:
    """The document as the file holds it."""
    return str(dict_to_yaml(document, {"allow_unicode": True, "width": 110}))


def _name(kind: str) -> str:
    """`job.completed` -> `jobCompleted`, `command.submitJob` -> `submitJob`."""
    first, last = kind.split(".")
    return last if kind in COMMAND_SCHEMAS else first + last[0].upper() + last[1:]


def _messages() -> Node:
    messages: Node = {}
    for kind in (*COMMAND_SCHEMAS, *EVENT_SCHEMAS):
        message: Node = {"name": TYPE_PREFIX + kind, "contentType": CONTENT_TYPE, "payload": _payload(kind)}
        if kind in COMMAND_SCHEMAS:
            message["headers"] = {
                "type": "object",
                "required": [API_KEY_HEADER],
                "properties": {API_KEY_HEADER: {"type": "string", "description": "An API key."}},
            }
            message["examples"] = [{"headers": {API_KEY_HEADER: "ll_..."}, "payload": _EXAMPLE}]
        messages[_name(kind)] = message
    return messages


def _payload(kind: str) -> Node:
    """The CloudEvents envelope around the kind's data."""
    schema = COMMAND_SCHEMAS.get(kind) or EVENT_SCHEMAS[kind]
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "minLength": 1, "maxLength": 200},
            "source": {"type": "string", "format": "uri-reference", "minLength": 1, "maxLength": 500},
            "type": {"const": TYPE_PREFIX + kind},
            "time": {"type": "string", "format": "date-time"},
            "subject": {"type": "string"},
            "datacontenttype": {"const": "application/json"},
            "data": {"$ref": f"#/components/schemas/{_schema_name(schema.__name__)}"},
        },
    }


def _schemas() -> Node:
    spec = APISpec("LedgerLens", "1", "3.1.0", plugins=[MarshmallowPlugin(_schema_name)])
    for schema in dict.fromkeys([*COMMAND_SCHEMAS.values(), *EVENT_SCHEMAS.values()]):
        spec.components.schema(_schema_name(schema.__name__), schema=schema)
    schemas: Node = spec.to_dict()["components"]["schemas"]
    return schemas


def _schema_name(found: Any) -> str:
    name = found if isinstance(found, str) else getattr(found, "__name__", type(found).__name__)
    return name.removesuffix("Schema")


def _command_channel() -> Node:
    return {
        "address": COMMANDS_KEY,
        "messages": {_name(kind): _reference("messages", _name(kind)) for kind in COMMAND_SCHEMAS},
        "bindings": _exchange(COMMANDS_EXCHANGE, "direct"),
    }


def _event_channel(kind: str, name: str) -> Node:
    return {
        "address": f"{{tenant}}.{kind}",
        "parameters": {"tenant": {"description": "Whose job it is."}},
        "messages": {name: _reference("messages", name)},
        "bindings": _exchange(EVENTS_EXCHANGE, "topic"),
    }


def _dead_letter_channel() -> Node:
    return {
        "address": PARKED_KEY,
        "description": f"Bound to the queue `{PARKED_QUEUE}`; the header `x-reason` holds the reason.",
        "messages": {_name(kind): _reference("messages", _name(kind)) for kind in COMMAND_SCHEMAS},
        "bindings": _exchange(DEAD_LETTER_EXCHANGE, "direct"),
    }


def _operation(action: str, channel: str, message: str, summary: str) -> Node:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"}],
    }


def _exchange(name: str, kind: str) -> Node:
    exchange = {"name": name, "type": kind, "durable": True, "autoDelete": False}
    return {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}}


def _reference(part: str, name: str) -> Node:
    return {"$ref": f"#/components/{part}/{name}"}


if __name__ == "__main__":
    sys.stdout.write(as_yaml(asyncapi_document()))
