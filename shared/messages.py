"""The messages between gateway and engine: CloudEvents 1.0 in JSON, checked by sender and receiver.

Tasks go to engines, results come back. `encode` and `decode` are the only way on and off the wire, and
both validate.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared.errors import InvalidMessage
from shared.identity import LONGEST_KEY, MOST_KEYS_OF_A_PAGE
from shared.schemas.base import CamelSchema, camel_case
from shared.schemas.invoice import (
    ExtractedDataSchema,
    ExtractionSchema,
    LineItemSchema,
    TaxSchema,
    ValidationResultsSchema,
)
from shared.schemas.produced_by import PageProducedBySchema, ProducedBySchema
from shared.schemas.reading import PageReadingSchema
from shared.schemas.supplier import (
    KINDS,
    MOST_OF_A_KIND,
    CorrectionSchema,
    EngineProfileSchema,
    LearnedAbsenceSchema,
    LearnedConstantSchema,
    LearnedRuleSchema,
    LearnedWordSchema,
)
from shared.schemas.template import EngineTemplateSchema

CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "io.ledgerlens."

MOST_PROFILES = 5
MOST_CORRECTIONS = 100
MOST_LINES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What every message names: the tenant, the job, and the attempt that it belongs to."""

    TYPE: ClassVar[str]

    tenant: str
    job_id: str
    attempt: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted(Message):
    """An engine has begun to work on the job, or on one of its pages."""

    TYPE: ClassVar[str] = "result.started"

    task: str
    page_id: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentExtracted(Message):
    """A document was understood; `extraction` has the shape of `ExtractionSchema`.

    `produced_by` has that of `ProducedBySchema`; engines of an earlier version do not send it.
    """

    TYPE: ClassVar[str] = "result.extracted"

    extraction: dict[str, Any]
    seconds: float
    produced_by: dict[str, Any] | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChecked(Message):
    """What was found in corrected data; `validation_results` has the shape of `ValidationResultsSchema`."""

    TYPE: ClassVar[str] = "result.checked"

    revision: int
    validation_results: dict[str, Any]
    seconds: float


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


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message with the CloudEvents attributes it travelled in."""

    id: str
    source: str
    time: datetime
    message: Message


class _MessageSchema(CamelSchema):
    tenant = fields.String(required=True, validate=validate.Length(1, 100))
    job_id = fields.String(required=True, validate=validate.Length(1, 100))
    attempt = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


def _path() -> fields.String:
    return fields.String(allow_none=True, validate=validate.Regexp(r"^/", error="Must start with '/'."))


def _frozen(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """`data` with its lists `names` as the tuples that messages hold."""
    return data | {name: tuple(data[name]) for name in names if name in data}


def _task_name() -> fields.String:
    names = ["prepare", "recognise", "extract", "learn", "check"]
    return fields.String(required=True, validate=validate.OneOf(names))


class _PrepareTaskSchema(_MessageSchema):
    einvoice_upload_path = _path()
    document_url = fields.String(allow_none=True)
    document_path = _path()
    declared_format = fields.String(allow_none=True)
    upload_path = fields.String(required=True, validate=validate.Regexp(r"^/"))
    resolution_dpi = fields.Integer(strict=True, validate=validate.Range(72, 600))
    exact_resolution = fields.Boolean()


class _RecogniseTaskSchema(_MessageSchema):
    page_id = fields.String(required=True)
    page_number = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    image_url = fields.String(allow_none=True)
    image_path = _path()
    text_layer_path = _path()
    width = fields.Integer(allow_none=True, strict=True)
    height = fields.Integer(allow_none=True, strict=True)
    template = fields.Nested(EngineTemplateSchema, required=True)


class _ExtractTaskSchema(_MessageSchema):
    pages_path = fields.String(required=True, validate=validate.Regexp(r"^/"))
    einvoice_path = _path()
    template = fields.Nested(EngineTemplateSchema, required=True)
    profiles = fields.List(fields.Nested(EngineProfileSchema), validate=validate.Length(max=MOST_PROFILES))

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return _frozen(data, "profiles")


class _LearnTaskSchema(_MessageSchema):
    pages_path = fields.String(required=True, validate=validate.Regexp(r"^/"))
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
        return _frozen(data, "corrections", "line_items", "taxes")


class _CheckTaskSchema(_MessageSchema):
    pages_path = fields.String(required=True, validate=validate.Regexp(r"^/"))
    einvoice_path = _path()
    extracted_data = fields.Nested(ExtractedDataSchema, required=True)
    confidence = fields.Dict(keys=fields.String(), values=fields.Float())
    revision = fields.Integer(required=True, strict=True)
    template = fields.Nested(EngineTemplateSchema, required=True)


class _TaskStartedSchema(_MessageSchema):
    task = _task_name()
    page_id = fields.String(allow_none=True)


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


class _DocumentPreparedSchema(_MessageSchema):
    format = fields.String(required=True)
    size = fields.Integer(required=True, strict=True)
    sha256 = fields.String(required=True)
    pages = fields.List(fields.Nested(_PreparedPageSchema), required=True)
    has_einvoice = fields.Boolean()
    notes = fields.List(fields.String())
    seconds = fields.Float(required=True)

    @post_load
    def _freeze(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"pages": tuple(data["pages"]), "notes": tuple(data.get("notes", ()))}


class _PageRecognisedSchema(_MessageSchema):
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
        return _frozen(data, "marks")


class _DocumentExtractedSchema(_MessageSchema):
    extraction = fields.Nested(ExtractionSchema, required=True)
    seconds = fields.Float(required=True)
    produced_by = fields.Nested(ProducedBySchema)


class _CorrectionsLearnedSchema(_MessageSchema):
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
        return _frozen(data, "learned_fields", *KINDS)


class _DataCheckedSchema(_MessageSchema):
    revision = fields.Integer(required=True, strict=True)
    validation_results = fields.Nested(ValidationResultsSchema, required=True)
    seconds = fields.Float(required=True)


class _TaskFailedSchema(_MessageSchema):
    task = _task_name()
    page_id = fields.String(allow_none=True)
    code = fields.String(required=True)
    error = fields.String(required=True)
    transient = fields.Boolean()


class EnvelopeSchema(Schema):
    """CloudEvents 1.0 JSON format, section 'Envelope'; extension attributes are let through."""

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.String(required=True, validate=validate.Length(1, 200))
    source = fields.String(required=True, validate=validate.Length(1, 500))
    type = fields.String(required=True)
    time = fields.AwareDateTime(format="iso", default_timezone=UTC)
    data = fields.Dict(required=True)


MESSAGE_SCHEMAS: dict[str, tuple[type[Message], type[Schema]]] = {
    PrepareTask.TYPE: (PrepareTask, _PrepareTaskSchema),
    RecogniseTask.TYPE: (RecogniseTask, _RecogniseTaskSchema),
    ExtractTask.TYPE: (ExtractTask, _ExtractTaskSchema),
    LearnTask.TYPE: (LearnTask, _LearnTaskSchema),
    CheckTask.TYPE: (CheckTask, _CheckTaskSchema),
    TaskStarted.TYPE: (TaskStarted, _TaskStartedSchema),
    DocumentPrepared.TYPE: (DocumentPrepared, _DocumentPreparedSchema),
    PageRecognised.TYPE: (PageRecognised, _PageRecognisedSchema),
    DocumentExtracted.TYPE: (DocumentExtracted, _DocumentExtractedSchema),
    CorrectionsLearned.TYPE: (CorrectionsLearned, _CorrectionsLearnedSchema),
    DataChecked.TYPE: (DataChecked, _DataCheckedSchema),
    TaskFailed.TYPE: (TaskFailed, _TaskFailedSchema),
}


def to_cloud_event(message: Message, source: str) -> dict[str, Any]:
    """`message` as a CloudEvents object; raises InvalidMessage when it does not fit its schema."""
    data = _wire_form(message)
    faults = MESSAGE_SCHEMAS[message.TYPE][1]().validate(data)
    if faults:
        raise InvalidMessage(f"The {message.TYPE} message does not fit its schema: {faults}")
    return cloud_event(message.TYPE, source, f"jobs/{message.job_id}", data)


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


def decode(body: bytes) -> Envelope:
    """The message in `body`; raises InvalidMessage with the reason when it does not fit its schema."""
    raw = parse_body(body)
    try:
        event = EnvelopeSchema(unknown="exclude").load(raw)
        kind = event["type"].removeprefix(TYPE_PREFIX)
        if kind == event["type"] or kind not in MESSAGE_SCHEMAS:
            raise InvalidMessage(f"Messages of type '{event['type'][:100]}' are not known here.")
        message_type, schema = MESSAGE_SCHEMAS[kind]
        data = schema().load(event["data"])
    except ValidationError as error:
        raise InvalidMessage(f"The message does not fit its schema: {error.messages}") from error
    return Envelope(
        id=event["id"],
        source=event["source"],
        time=event.get("time") or datetime.now(UTC),
        message=message_type(**data),
    )


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


def _wire_form(part: Any) -> dict[str, Any]:
    """A message, or a part of one, as it is sent: names in camelCase, and nothing that is None."""
    values = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    return {camel_case(name): _wire_value(value) for name, value in values.items() if value is not None}


def _wire_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_wire_value(one) for one in value]
    return _wire_form(value) if dataclasses.is_dataclass(value) else value
