"""What the probes answer."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.schemas.base import JsonSchema


class LivenessSchema(JsonSchema):
    status = fields.String(validate=validate.OneOf(["ok", "failing"]))


class PartsSchema(JsonSchema):
    database = fields.Boolean()
    broker = fields.Boolean()
    backgroundTasks = fields.Boolean()


class ReadinessSchema(JsonSchema):
    status = fields.String(validate=validate.OneOf(["ok", "waiting"]))
    parts = fields.Nested(PartsSchema)
