"""Schemas that every resource has: envelopes, list parameters, choices."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, fields, validate

from services.gateway.schemas.fields import RecordId
from shared.schemas.base import JsonSchema
from shared.topology import PRIORITIES

JOB_STATUSES = ("created", "queued", "processing", "completed", "failed", "cancelled")
PAGE_STATUSES = ("pending", "processing", "completed", "failed", "skipped")
PAGE_TYPES = ("cover", "header", "content", "footer", "summary", "attachment")
DOCUMENT_FORMATS = ("pdf", "png", "jpg", "jpeg", "tiff", "bmp", "xml")
IMAGE_FORMATS = ("png", "jpg", "jpeg", "tiff", "bmp")

LONGEST_CURSOR = 4_000
NAME_LENGTH = validate.Length(1, 500)


def priority_field(**options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(PRIORITIES), **options)


def short_text(required: bool = False) -> fields.String:
    """A text that must hold something; 500 characters at most."""
    return fields.String(required=required, validate=NAME_LENGTH)


def long_text() -> fields.String:
    return fields.String(validate=validate.Length(max=20_000))


def url_field(required: bool = False) -> fields.Url:
    return fields.Url(
        required=required,
        schemes={"http", "https"},
        require_tld=False,
        validate=validate.Length(max=4000),
        metadata={"format": "uri"},
    )


class ListQuerySchema(JsonSchema):
    """The query parameters of every list."""

    class Meta:
        unknown = EXCLUDE

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    offset = fields.Integer(load_default=0, validate=validate.Range(0, 2**31))
    sort = fields.String(metadata={"description": "Field to sort by; createdAt when left out."})
    order = fields.String(load_default="desc", validate=validate.OneOf(["asc", "desc"]))
    filter = fields.String(
        metadata={
            "description": "Conditions as a JSON object, in a part of MongoDB's query language.",
            "example": '{"createdAt": {"$gte": "2026-01-01T00:00:00Z"}}',
        }
    )
    search = fields.String(
        validate=validate.Length(max=200),
        metadata={
            "description": "Words looked for in the text fields, where each of them must begin a word."
        },
    )
    cursor = fields.String(
        validate=validate.Length(max=LONGEST_CURSOR),
        metadata={"description": "`nextCursor` of the page before; in place of `offset`."},
    )


class RecordPathSchema(JsonSchema):
    """The id in a path."""

    id = RecordId(required=True)


class ErrorSchema(JsonSchema):
    success = fields.Boolean(metadata={"example": False})
    message = fields.String(metadata={"example": "OCR invoice job not found."})
    errors = fields.Dict(metadata={"description": "Field names with what is wrong with them."})


class DeletedSchema(JsonSchema):
    success = fields.Boolean()
    message = fields.String(metadata={"example": "OCR invoice job deleted successfully"})


def record_envelope(name: str, record: type[JsonSchema]) -> type[JsonSchema]:
    """The schema of `{"success": true, "data": {...}}`."""
    members = {"success": fields.Boolean(), "data": fields.Nested(record)}
    return type(f"{name}AnswerSchema", (JsonSchema,), members)


def list_envelope(name: str, record: type[JsonSchema]) -> type[JsonSchema]:
    """The schema of `{"success": true, "data": [...], "total": N}`."""
    members = {
        "success": fields.Boolean(),
        "data": fields.List(fields.Nested(record)),
        "total": fields.Integer(metadata={"description": "All that match, not only this page."}),
        "totalIsLowerBound": fields.Boolean(
            metadata={"description": "True when more match than were counted; absent otherwise."}
        ),
        "nextCursor": fields.String(
            allow_none=True,
            metadata={
                "description": "`cursor` of the next page; absent on the last page, null where the list is "
                "sorted by texts that are too long for an address."
            },
        ),
    }
    return type(f"{name}ListSchema", (JsonSchema,), members)
