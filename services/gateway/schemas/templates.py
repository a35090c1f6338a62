"""Templates: how documents are read and understood."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.gateway.schemas.common import (
    DOCUMENT_FORMATS,
    list_envelope,
    long_text,
    record_envelope,
    short_text,
)
from services.gateway.schemas.fields import JsonObject, RecordId, Timestamp
from shared.schemas.base import JsonSchema
from shared.schemas.template import (
    DOCUMENT_TYPES,
    ExtractionRulesSchema,
    PostprocessingSettingsSchema,
    PreprocessingSettingsSchema,
)

ENGINE = "paddleocr"
FOREIGN_ENGINES = ("tesseract", "google-vision", "aws-textract", "azure-cognitive", "custom")
_ENGINE_DOCUMENTED = {
    "enum": [ENGINE],
    "description": f"The engine that runs here. Refused with a sentence: {', '.join(FOREIGN_ENGINES)}.",
}


def _is_our_engine(name: str) -> None:
    if name in FOREIGN_ENGINES:
        raise ValidationError(f"The engine '{name}' does not run here; use '{ENGINE}'.")
    if name != ENGINE:
        raise ValidationError(f"'{name}' is not an OCR engine that is known; use '{ENGINE}'.")


class TemplateInputSchema(JsonSchema):
    """What a client sends to create a template; a PUT may leave out what stays as it is."""

    name = short_text(required=True)
    description = long_text()
    version = short_text()
    ocrEngine = fields.String(validate=_is_our_engine, metadata=_ENGINE_DOCUMENTED)
    documentType = fields.String(
        validate=validate.OneOf(DOCUMENT_TYPES),
        metadata={
            "description": "What the documents are. Without it, or as `other`, each is judged by its pages."
        },
    )
    extractionRules = fields.Nested(ExtractionRulesSchema)
    preprocessingSettings = fields.Nested(PreprocessingSettingsSchema)
    postprocessingSettings = fields.Nested(PostprocessingSettingsSchema)
    supportedFormats = fields.List(fields.String(validate=validate.OneOf(DOCUMENT_FORMATS)))
    languages = fields.List(
        fields.String(
            validate=validate.Regexp(r"^[a-z]{2}(?![\s\S])", error="Not an ISO 639-1 language code.")
        )
    )
    createdBy = short_text()
    tags = fields.List(fields.String(validate=validate.Length(1, 100)), validate=validate.Length(max=100))
    metadata = JsonObject()


def default_settings() -> dict[str, Any]:
    """What the contract gives a template that does not say otherwise."""
    nested = TemplateInputSchema().load(
        {"name": "-", "preprocessingSettings": {}, "postprocessingSettings": {}}
    )
    del nested["name"]
    return {"ocrEngine": ENGINE, "languages": [], "tags": [], **nested}


class AccuracySchema(JsonSchema):
    averageAccuracy = fields.Float(validate=validate.Range(0, 1))
    testedDocuments = fields.Integer()
    correctedFields = fields.Integer()


class TemplateSchema(TemplateInputSchema):
    """A template as it is stored."""

    _id = RecordId()
    accuracy = fields.Nested(AccuracySchema)
    usageCount = fields.Integer(metadata={"description": "Jobs that use it"})
    createdAt = Timestamp()
    updatedAt = Timestamp()


TemplateAnswerSchema = record_envelope("Template", TemplateSchema)
TemplateListSchema = list_envelope("Template", TemplateSchema)
