"""Commands that other services send, and events that they may follow: the shapes of their data."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from shared.schemas.base import JsonSchema
from shared.topology import PRIORITIES

JOB_STATUSES = ("created", "queued", "processing", "completed", "failed", "cancelled")
FINAL_JOB_STATUSES = ("completed", "failed", "cancelled")
PAGE_STATUSES = ("pending", "processing", "completed", "failed", "skipped")

_ID = validate.Regexp(r"^[0-9a-f]{24}$", error="Must be 24 hexadecimal characters.")


def _record_id(**options: Any) -> fields.String:
    return fields.String(validate=_ID, **options)


def _short_text(**options: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, 500), **options)


class SubmitJobSchema(JsonSchema):
    """A job to be created and, unless `process` is false, processed at once."""

    jobNumber = _short_text(required=True)
    documentName = _short_text(required=True)
    documentUrl = fields.Url(
        required=True, schemes={"http", "https"}, require_tld=False, validate=validate.Length(max=4000)
    )
    documentType = fields.String(validate=validate.OneOf(["pdf", "png", "jpg", "jpeg", "tiff", "bmp", "xml"]))
    template = _record_id(metadata={"description": "The tenant's default template when left out."})
    group = _record_id()
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    createdBy = _short_text()
    metadata = fields.Dict(keys=fields.String())
    process = fields.Boolean(load_default=True)


class JobProgressSchema(JsonSchema):
    percentage = fields.Float(required=True, validate=validate.Range(0, 100))
    currentStep = fields.String(required=True)
    totalSteps = fields.Integer(required=True)


class JobEventSchema(JsonSchema):
    """What became of a job; the record has the rest."""

    jobId = _record_id(required=True)
    jobNumber = fields.String(required=True)
    invoiceId = fields.Integer(required=True)
    group = _record_id()
    status = fields.String(required=True, validate=validate.OneOf(JOB_STATUSES))
    progress = fields.Nested(JobProgressSchema)
    errorLog = fields.String(metadata={"description": "Why it failed, or why it is tried again."})


class PageEventSchema(JsonSchema):
    """What became of a page of a job."""

    jobId = _record_id(required=True)
    pageId = _record_id(required=True)
    pageNumber = fields.Integer(required=True, validate=validate.Range(min=1))
    status = fields.String(required=True, validate=validate.OneOf(PAGE_STATUSES))
    errorLog = fields.String()


class CommandRejectedSchema(JsonSchema):
    """A command could not be carried out; sending the same again gives the same answer."""

    commandId = fields.String(required=True, metadata={"description": "The command's CloudEvents id."})
    commandSource = fields.String(required=True)
    reason = fields.String(required=True)
