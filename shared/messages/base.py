"""What all messages have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from shared.schemas.base import CamelSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What every message names: the tenant, the job, and the attempt that it belongs to."""

    TYPE: ClassVar[str]

    tenant: str
    job_id: str
    attempt: int


class MessageSchema(CamelSchema):
    """The fields of `Message`."""

    tenant = fields.String(required=True, validate=validate.Length(1, 100))
    job_id = fields.String(required=True, validate=validate.Length(1, 100))
    attempt = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


def path_field(*, required: bool = False) -> fields.String:
    """A path of the gateway's own, without its address."""
    starts = validate.Regexp(r"^/", error="Must start with '/'.")
    return fields.String(required=required, allow_none=not required, validate=starts)


def with_tuples(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """`data` with its lists `names` as the tuples that messages hold."""
    return data | {name: tuple(data[name]) for name in names if name in data}
