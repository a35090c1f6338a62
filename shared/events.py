"""The public AMQP interface: commands that other services send, and events that they may follow.

Both are CloudEvents 1.0 in JSON; `docs/asyncapi.yaml` is made from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError

from shared.cloud_events import TYPE_PREFIX, EnvelopeSchema, cloud_event, parse_body
from shared.errors import InvalidMessage
from shared.schemas.base import ready_schema
from shared.schemas.events import (
    JOB_STATUSES,
    CommandRejectedSchema,
    JobEventSchema,
    PageEventSchema,
    SubmitJobSchema,
)

SUBMIT_JOB = "command.submitJob"
COMMAND_REJECTED = "command.rejected"
API_KEY_HEADER = "api-key"


COMMAND_SCHEMAS: dict[str, type[Schema]] = {SUBMIT_JOB: SubmitJobSchema}
EVENT_SCHEMAS: dict[str, type[Schema]] = {
    **{f"job.{status}": JobEventSchema for status in JOB_STATUSES},
    "page.completed": PageEventSchema,
    "page.failed": PageEventSchema,
    COMMAND_REJECTED: CommandRejectedSchema,
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it came: `kind` such as `command.submitJob`, `data` checked by the kind's schema."""

    id: str
    source: str
    kind: str
    data: dict[str, Any]


def make_event(kind: str, source: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    """An event of a declared kind as CloudEvents; raises InvalidMessage when it does not fit its schema."""
    faults = ready_schema(EVENT_SCHEMAS[kind]).validate(data)
    if faults:
        raise InvalidMessage(f"The event {kind} does not fit its schema: {faults}")
    return cloud_event(kind, source, subject, data)


def decode_command(body: bytes) -> Command:
    """The command in `body`; raises InvalidMessage with the reason when it does not fit its schema."""
    raw = parse_body(body)
    try:
        event = ready_schema(EnvelopeSchema).load(raw)
        kind = str(event["type"]).removeprefix(TYPE_PREFIX)
        if kind not in COMMAND_SCHEMAS:
            raise InvalidMessage(f"Commands of type '{event['type']}' are not known here.")
        data = ready_schema(COMMAND_SCHEMAS[kind]).load(event["data"])
    except ValidationError as error:
        raise InvalidMessage(f"The command does not fit its schema: {error.messages}") from error
    return Command(event["id"], event["source"], kind, data)
