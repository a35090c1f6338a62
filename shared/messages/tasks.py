"""Tasks, which the gateway sends and engines do; each with the schema that it is checked against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from shared.messages.base import Message, MessageSchema, path_field, with_tuples
from shared.schemas.invoice import ExtractedDataSchema, LineItemSchema, TaxSchema
from shared.schemas.supplier import CorrectionSchema, EngineProfileSchema
from shared.schemas.template import EngineTemplateSchema

MOST_PROFILES = 5
MOST_CORRECTIONS = 100
MOST_LINES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareTask(Message):
    """Fetch a document, find out what it is, render its pages and upload them.

    The document lies at `document_url` (a client's, fetched with care) or at `document_path` (the
    gateway's own, signed). Pages are put to `upload_path` with `{page}` and `{name}` filled in, the XML of
    an e-invoice to `einvoice_upload_path`. Only with `exact_resolution` are pages drawn at `resolution_dpi`
    that need no reading, too: someone counts on their pixels.
    """

    TYPE: ClassVar[str] = "task.prepare"

    document_url: str | None = None
    document_path: str | None = None
    declared_format: str | None = None
    upload_path: str
    einvoice_upload_path: str | None = None
    resolution_dpi: int = 300
    exact_resolution: bool = False


class _PrepareTaskSchema(MessageSchema):
    einvoice_upload_path = path_field()
    document_url = fields.String(allow_none=True)
    document_path = path_field()
    declared_format = fields.String(allow_none=True)
    upload_path = path_field(required=True)
    resolution_dpi = fields.Integer(strict=True, validate=validate.Range(72, 600))
    exact_resolution = fields.Boolean()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseTask(Message):
    """Read one page: its text layer where it has one, else its image.

    `attempt` is the page's own. `image_url` is a client's, the paths are the gateway's, signed. `width`
    and `height` are the image's, in pixels, where they are known.
    """

    TYPE: ClassVar[str] = "task.recognise"

    page_id: str
    page_number: int
    image_url: str | None = None
    image_path: str | None = None
    text_layer_path: str | None = None
    width: int | None = None
    height: int | None = None
    template: dict[str, Any] = field(default_factory=dict)


class _RecogniseTaskSchema(MessageSchema):
    page_id = fields.String(required=True)
    page_number = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    image_url = fields.String(allow_none=True)
    image_path = path_field()
    text_layer_path = path_field()
    width = fields.Integer(allow_none=True, strict=True)
    height = fields.Integer(allow_none=True, strict=True)
    template = fields.Nested(EngineTemplateSchema, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractTask(Message):
    """Understand a document whose pages were read.

    The readings lie at `pages_path`, one JSON a line, the XML of an e-invoice at `einvoice_path`.
    `profiles`, of the shape of `EngineProfileSchema`, are of suppliers whose marks are on the pages.
    """

    TYPE: ClassVar[str] = "task.extract"

    pages_path: str
    einvoice_path: str | None = None
    template: dict[str, Any] = field(default_factory=dict)
    profiles: tuple[dict[str, Any], ...] = ()


class _ExtractTaskSchema(MessageSchema):
    pages_path = path_field(required=True)
    einvoice_path = path_field()
    template = fields.Nested(EngineTemplateSchema, required=True)
    profiles = fields.List(fields.Nested(EngineProfileSchema), validate=validate.Length(max=MOST_PROFILES))

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return with_tuples(data, "profiles")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnTask(Message):
    """Find out what `corrections` of a document teach about its supplier.

    The readings lie at `pages_path`. `profile` has the shape of `EngineProfileSchema`, a correction that
    of `CorrectionSchema`. `line_items` and `taxes`, as the API has them, are None unless they were corrected.
    `revision` tells which state of the job's data it was; the result says it again.
    """

    TYPE: ClassVar[str] = "task.learn"

    pages_path: str
    profile: dict[str, Any]
    corrections: tuple[dict[str, Any], ...]
    line_items: tuple[dict[str, Any], ...] | None = None
    taxes: tuple[dict[str, Any], ...] | None = None
    revision: int | None = None
    template: dict[str, Any] = field(default_factory=dict)


class _LearnTaskSchema(MessageSchema):
    pages_path = path_field(required=True)
    profile = fields.Nested(EngineProfileSchema, required=True)
    corrections = fields.List(
        fields.Nested(CorrectionSchema), required=True, validate=validate.Length(max=MOST_CORRECTIONS)
    )
    line_items = fields.List(fields.Nested(LineItemSchema), validate=validate.Length(max=MOST_LINES))
    taxes = fields.List(fields.Nested(TaxSchema), validate=validate.Length(max=MOST_LINES))
    revision = fields.Integer(strict=True)
    template = fields.Nested(EngineTemplateSchema, required=True)

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return with_tuples(data, "corrections", "line_items", "taxes")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask(Message):
    """Check data that a person has corrected, as extracted data is checked.

    `extracted_data` has the shape of `ExtractedDataSchema`; `confidence`, by field path, is that of what was
    read. The readings lie at `pages_path`, the XML of an e-invoice at `einvoice_path`. `revision` tells which
    state of the job's data it is; the result says it again.
    """

    TYPE: ClassVar[str] = "task.check"

    pages_path: str
    einvoice_path: str | None = None
    extracted_data: dict[str, Any]
    confidence: dict[str, Any] = field(default_factory=dict)
    revision: int
    template: dict[str, Any] = field(default_factory=dict)


class _CheckTaskSchema(MessageSchema):
    pages_path = path_field(required=True)
    einvoice_path = path_field()
    extracted_data = fields.Nested(ExtractedDataSchema, required=True)
    confidence = fields.Dict(keys=fields.String(), values=fields.Float())
    revision = fields.Integer(required=True, strict=True)
    template = fields.Nested(EngineTemplateSchema, required=True)


TASK_SCHEMAS: dict[type[Message], type[Schema]] = {
    PrepareTask: _PrepareTaskSchema,
    RecogniseTask: _RecogniseTaskSchema,
    ExtractTask: _ExtractTaskSchema,
    LearnTask: _LearnTaskSchema,
    CheckTask: _CheckTaskSchema,
}
