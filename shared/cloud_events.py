"""CloudEvents 1.0 in JSON, the form of everything that goes through the broker."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any, NoReturn

from marshmallow import EXCLUDE, Schema, fields, validate

from shared.errors import InvalidMessage

CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "io.ledgerlens."


class EnvelopeSchema(Schema):
    """CloudEvents 1.0 JSON format, section 'Envelope'; extension attributes are let through."""

    class Meta:
        unknown = EXCLUDE

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.String(required=True, validate=validate.Length(1, 200))
    source = fields.String(required=True, validate=validate.Length(1, 500))
    type = fields.String(required=True)
    time = fields.AwareDateTime(format="iso", default_timezone=UTC)
    data = fields.Dict(required=True)


def cloud_event(kind: str, source: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    """A CloudEvents 1.0 object of type `io.ledgerlens.<kind>` with a fresh id and the present time."""
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": source,
        "type": TYPE_PREFIX + kind,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "subject": subject,
        "datacontenttype": "application/json",
        "data": data,
    }


def encode(event: dict[str, Any]) -> bytes:
    """A CloudEvents object as UTF-8 JSON; raises InvalidMessage when it holds what JSON can't.

    Half a surrogate pair, as broken PDF fonts give, is no character and becomes a question mark.
    """
    try:
        text = json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidMessage(f"The message can't be written as JSON: {error}.") from error
    return text.encode(errors="replace")


def parse_body(body: bytes) -> Any:
    """The JSON value in `body`, with nothing in it that could not be stored or sent on.

    Raises InvalidMessage when it is not such JSON.
    """
    try:
        raw = json.loads(body, parse_constant=_refuse_constant)
        if b"\\ud" in body.lower():
            json.dumps(raw, ensure_ascii=False).encode()  # fails for half a surrogate pair
    except RecursionError as error:
        raise InvalidMessage("The message is nested too deeply.") from error
    except ValueError as error:  # also text that is not UTF-8, and numbers of thousands of digits
        raise InvalidMessage(f"The message is not JSON: {str(error)!a}") from error
    return raw


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
