"""Results, which engines send back for their tasks; each with the schema that it is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from shared.identity import LONGEST_KEY, MOST_KEYS_OF_A_PAGE
from shared.messages.base import Message, MessageSchema, with_tuples
from shared.messages.tasks import MOST_CORRECTIONS
from shared.schemas.base import CamelSchema
from shared.schemas.invoice import ExtractionSchema, ValidationResultsSchema
from shared.schemas.produced_by import PageProducedBySchema, ProducedBySchema
from shared.schemas.reading import PageReadingSchema
from shared.schemas.supplier import (
    KINDS,
    MOST_OF_A_KIND,
    LearnedAbsenceSchema,
    LearnedConstantSchema,
    LearnedRuleSchema,
    LearnedWordSchema,
)


def task_field() -> fields.String:
    names = ["prepare", "recognise", "extract", "learn", "check"]
    return fields.String(required=True, validate=validate.OneOf(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted(Message):
    """An engine has begun to work on the job, or on one of its pages."""

    TYPE: ClassVar[str] = "result.started"

    task: str
    page_id: str | None = None


class _TaskStartedSchema(MessageSchema):
    task = task_field()
    page_id = fields.String(allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPage:
    """A page of a prepared document; sizes in pixels and bytes. With an `error` there is no image."""

    number: int
    width: int | None = None
    height: int | None = None
    dpi: int | None = None
    color_space: str | None = None
    format: str | None = None
    size: int | None = None
    has_text_layer: bool = False
    error: str | None = None


class _PreparedPageSchema(CamelSchema):
    number = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    width = fields.Integer(allow_none=True, strict=True)
    height = fields.Integer(allow_none=True, strict=True)
    dpi = fields.Integer(allow_none=True, strict=True)
    color_space = fields.String(allow_none=True)
    format = fields.String(allow_none=True)
    size = fields.Integer(allow_none=True, strict=True)
    has_text_layer = fields.Boolean()
    error = fields.String(allow_none=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> PreparedPage:
        return PreparedPage(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPrepared(Message):
    """A document's pages lie in the gateway's blob store, and the XML of the e-invoice if it has one.

    A document that is nothing but XML has no pages.
    """

    TYPE: ClassVar[str] = "result.prepared"

    format: str
    size: int
    sha256: str
    pages: tuple[PreparedPage, ...]
    has_einvoice: bool = False
    notes: tuple[str, ...] = ()
    seconds: float


class _DocumentPreparedSchema(MessageSchema):
    format = fields.String(required=True)
    size = fields.Integer(required=True, strict=True)
    sha256 = fields.String(required=True)
    pages = fields.List(fields.Nested(_PreparedPageSchema), required=True)
    has_einvoice = fields.Boolean()
    notes = fields.List(fields.String())
    seconds = fields.Float(required=True)

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return with_tuples(data, "pages", "notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecognised(Message):
    """A page was read; `reading` has the shape of `PageReadingSchema`.

    `marks` are the keys (`shared.identity`) of the companies that the page may name.
    `produced_by` has that of `PageProducedBySchema`; engines of an earlier version do not send it.
    """

    TYPE: ClassVar[str] = "result.recognised"

    page_id: str
    reading: dict[str, Any]
    marks: tuple[str, ...] = ()
    seconds: float
    produced_by: dict[str, Any] | None = None


class _PageRecognisedSchema(MessageSchema):
    page_id = fields.String(required=True)
    reading = fields.Nested(PageReadingSchema, required=True)
    marks = fields.List(
        fields.String(validate=validate.Length(1, LONGEST_KEY)),
        validate=validate.Length(max=MOST_KEYS_OF_A_PAGE),
    )
    seconds = fields.Float(required=True)
    produced_by = fields.Nested(PageProducedBySchema)

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return with_tuples(data, "marks")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentExtracted(Message):
    """A document was understood; `extraction` has the shape of `ExtractionSchema`.

    `produced_by` has that of `ProducedBySchema`; engines of an earlier version do not send it.
    """

    TYPE: ClassVar[str] = "result.extracted"

    extraction: dict[str, Any]
    seconds: float
    produced_by: dict[str, Any] | None = None


class _DocumentExtractedSchema(MessageSchema):
    extraction = fields.Nested(ExtractionSchema, required=True)
    seconds = fields.Float(required=True)
    produced_by = fields.Nested(ProducedBySchema)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsLearned(Message):
    """What the profile `profile_id` is to hold for the fields `learned_fields`, in place of what it holds.

    The lists have the shapes of `LearnedRuleSchema`, `LearnedConstantSchema`, `LearnedWordSchema` and
    `LearnedAbsenceSchema`.
    """

    TYPE: ClassVar[str] = "result.learned"

    profile_id: str
    learned_fields: tuple[str, ...]
    rules: tuple[dict[str, Any], ...]
    constants: tuple[dict[str, Any], ...]
    words: tuple[dict[str, Any], ...] = ()
    absences: tuple[dict[str, Any], ...] = ()
    revision: int | None = None
    seconds: float


class _CorrectionsLearnedSchema(MessageSchema):
    profile_id = fields.String(required=True, validate=validate.Length(1, 100))
    learned_fields = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        required=True,
        validate=validate.Length(max=MOST_CORRECTIONS),
    )
    rules = fields.List(
        fields.Nested(LearnedRuleSchema), required=True, validate=validate.Length(max=MOST_OF_A_KIND)
    )
    constants = fields.List(
        fields.Nested(LearnedConstantSchema), required=True, validate=validate.Length(max=MOST_OF_A_KIND)
    )
    words = fields.List(fields.Nested(LearnedWordSchema), validate=validate.Length(max=MOST_OF_A_KIND))
    absences = fields.List(fields.Nested(LearnedAbsenceSchema), validate=validate.Length(max=MOST_OF_A_KIND))
    revision = fields.Integer(strict=True)
    seconds = fields.Float(required=True)

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return with_tuples(data, "learned_fields", *KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChecked(Message):
    """What was found in corrected data; `validation_results` has the shape of `ValidationResultsSchema`."""

    TYPE: ClassVar[str] = "result.checked"

    revision: int
    validation_results: dict[str, Any]
    seconds: float


class _DataCheckedSchema(MessageSchema):
    revision = fields.Integer(required=True, strict=True)
    validation_results = fields.Nested(ValidationResultsSchema, required=True)
    seconds = fields.Float(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailed(Message):
    """A task can't be done: `error` is a sentence for people, `code` a stable name for programs.

    `transient`: the same document may well be read at another attempt.
    """

    TYPE: ClassVar[str] = "result.failed"

    task: str
    page_id: str | None = None
    code: str
    error: str
    transient: bool = False


class _TaskFailedSchema(MessageSchema):
    task = task_field()
    page_id = fields.String(allow_none=True)
    code = fields.String(required=True)
    error = fields.String(required=True)
    transient = fields.Boolean()


RESULT_SCHEMAS: dict[type[Message], type[Schema]] = {
    TaskStarted: _TaskStartedSchema,
    DocumentPrepared: _DocumentPreparedSchema,
    PageRecognised: _PageRecognisedSchema,
    DocumentExtracted: _DocumentExtractedSchema,
    CorrectionsLearned: _CorrectionsLearnedSchema,
    DataChecked: _DataCheckedSchema,
    TaskFailed: _TaskFailedSchema,
}
