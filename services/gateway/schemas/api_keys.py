"""API keys as they are managed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.gateway.schemas.common import list_envelope, record_envelope, short_text
from services.gateway.schemas.fields import RecordId, Timestamp
from services.gateway.store.api_keys import READ, SCOPES, WRITE
from services.gateway.store.repository import utc_now
from shared.schemas.base import JsonSchema

STATUSES = ("active", "expired", "revoked")


def _is_to_come(moment: datetime) -> None:
    if moment <= utc_now():
        raise ValidationError("Must lie in the future.")


def _scopes(**options: Any) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(SCOPES)),
        validate=validate.Length(1, 10),
        metadata={"description": "read: every GET; write: every change; admin: this resource."},
        **options,
    )


class ApiKeyInputSchema(JsonSchema):
    """What an administrator sends to make a key for the own tenant."""

    name = short_text(required=True)
    scopes = _scopes(load_default=lambda: [READ, WRITE])
    expiresAt = Timestamp(
        load_default=None,
        allow_none=True,
        validate=_is_to_come,
        metadata={"description": "From then on the key is refused; null: never."},
    )


class ApiKeySchema(JsonSchema):
    """A key as it is shown: never the key itself."""

    _id = RecordId()
    name = fields.String()
    scopes = _scopes()
    hint = fields.String(allow_none=True, metadata={"description": "How the key begins."})
    status = fields.String(validate=validate.OneOf(STATUSES))
    expiresAt = Timestamp(allow_none=True)
    revokedAt = Timestamp(allow_none=True)
    lastUsedAt = Timestamp(
        allow_none=True, metadata={"description": "The last accepted request, to the minute."}
    )
    createdAt = Timestamp()
    updatedAt = Timestamp()


class NewApiKeySchema(ApiKeySchema):
    key = fields.String(metadata={"description": "The key itself, shown this once."})


ApiKeyAnswerSchema = record_envelope("ApiKey", ApiKeySchema)
NewApiKeyAnswerSchema = record_envelope("NewApiKey", NewApiKeySchema)
ApiKeyListSchema = list_envelope("ApiKey", ApiKeySchema)
