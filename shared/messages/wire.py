"""Messages on and off the wire: CloudEvents 1.0 in JSON, checked by sender and receiver."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError

from shared.cloud_events import TYPE_PREFIX, EnvelopeSchema, cloud_event, parse_body
from shared.errors import InvalidMessage
from shared.messages.base import Message
from shared.messages.results import RESULT_SCHEMAS
from shared.messages.tasks import TASK_SCHEMAS
from shared.schemas.base import camel_case, ready_schema

MESSAGE_SCHEMAS: Mapping[type[Message], type[Schema]] = {**TASK_SCHEMAS, **RESULT_SCHEMAS}
_MESSAGES: Mapping[str, type[Message]] = {message.TYPE: message for message in MESSAGE_SCHEMAS}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message with the CloudEvents attributes it travelled in."""

    id: str
    source: str
    time: datetime
    message: Message


def to_cloud_event(message: Message, source: str) -> dict[str, Any]:
    """`message` as a CloudEvents object; raises InvalidMessage when it does not fit its schema."""
    data = _wire_form(message)
    faults = ready_schema(MESSAGE_SCHEMAS[type(message)]).validate(data)
    if faults:
        raise InvalidMessage(f"The {message.TYPE} message does not fit its schema: {faults}")
    return cloud_event(message.TYPE, source, f"jobs/{message.job_id}", data)


def decode(body: bytes) -> Envelope:
    """The message in `body`; raises InvalidMessage with the reason when it does not fit its schema."""
    raw = parse_body(body)
    try:
        event = ready_schema(EnvelopeSchema).load(raw)
        kind = event["type"].removeprefix(TYPE_PREFIX)
        if kind == event["type"] or kind not in _MESSAGES:
            raise InvalidMessage(f"Messages of type '{event['type'][:100]}' are not known here.")
        message_type = _MESSAGES[kind]
        data = ready_schema(MESSAGE_SCHEMAS[message_type]).load(event["data"])
    except ValidationError as error:
        raise InvalidMessage(f"The message does not fit its schema: {error.messages}") from error
    return Envelope(
        id=event["id"],
        source=event["source"],
        time=event.get("time") or datetime.now(UTC),
        message=message_type(**data),
    )


def _wire_form(part: Any) -> dict[str, Any]:
    """A message, or a part of one, as it is sent: names in camelCase, and nothing that is None."""
    values = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    return {camel_case(name): _wire_value(value) for name, value in values.items() if value is not None}


def _wire_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_wire_value(one) for one in value]
    return _wire_form(value) if dataclasses.is_dataclass(value) else value
