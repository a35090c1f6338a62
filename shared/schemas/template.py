"""The parts of a template that act in the engine, as the API takes them and tasks carry them."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.readings import BoundingBox
from shared.schemas.base import JsonSchema
from shared.schemas.strict import Flag, Number, Whole
from shared.template import (
    ColumnRule,
    ExtractionSettings,
    FieldRule,
    LineItemRules,
    PreprocessingSettings,
    ValidationRule,
)

DOCUMENT_TYPES = ("invoice", "receipt", "bill", "statement", "other")

_PATTERN = {"format": "regex", "maxLength": 500}

FARTHEST_PIXEL = 1_000_000


def is_regular_expression(pattern: str) -> None:
    """Marshmallow validator: `pattern` compiles and is not longer than 500 characters."""
    if len(pattern) > 500:
        raise ValidationError("The pattern is longer than 500 characters.")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValidationError(f"Not a valid regular expression: {error}.") from error


class CoordinatesSchema(JsonSchema):
    x = Number(required=True, validate=validate.Range(-FARTHEST_PIXEL, FARTHEST_PIXEL))
    y = Number(required=True, validate=validate.Range(-FARTHEST_PIXEL, FARTHEST_PIXEL))
    width = Number(required=True, validate=validate.Range(0, FARTHEST_PIXEL))
    height = Number(required=True, validate=validate.Range(0, FARTHEST_PIXEL))


class FieldValidationSchema(JsonSchema):
    minLength = Whole(validate=validate.Range(min=0))
    maxLength = Whole(validate=validate.Range(min=0))
    format = fields.String(validate=is_regular_expression, metadata=_PATTERN)


class FieldRuleSchema(JsonSchema):
    name = fields.String(required=True, validate=validate.Length(1, 100))
    type = fields.String(validate=validate.OneOf(["text", "number", "date", "currency", "boolean"]))
    required = Flag()
    pattern = fields.String(validate=is_regular_expression, metadata=_PATTERN)
    coordinates = fields.Nested(CoordinatesSchema)
    validation = fields.Nested(FieldValidationSchema)


class ColumnRuleSchema(JsonSchema):
    name = fields.String(required=True)
    index = Whole(required=True, validate=validate.Range(min=0))
    type = fields.String(validate=validate.OneOf(["text", "number", "currency"]))


class TableStructureSchema(JsonSchema):
    headerRow = Whole(validate=validate.Range(min=0))
    dataStartRow = Whole(validate=validate.Range(min=0))
    columns = fields.List(fields.Nested(ColumnRuleSchema))


class LineItemRulesSchema(JsonSchema):
    enabled = Flag()
    tableStructure = fields.Nested(TableStructureSchema)


class ExtractionRulesSchema(JsonSchema):
    fields_ = fields.List(fields.Nested(FieldRuleSchema), data_key="fields", attribute="fields")
    lineItems = fields.Nested(LineItemRulesSchema)


class PreprocessingSettingsSchema(JsonSchema):
    imageEnhancement = Flag(load_default=True)
    deskew = Flag(load_default=True)
    denoising = Flag(load_default=True)
    binarization = Flag(load_default=False)
    resolutionDPI = Whole(load_default=300, validate=validate.Range(150, 600))


class ValidationRuleSchema(JsonSchema):
    field = fields.String(required=True)
    rule = fields.String(
        required=True, validate=validate.OneOf(["required", "numeric", "date", "email", "currency"])
    )
    message = fields.String()


class PostprocessingSettingsSchema(JsonSchema):
    spellCheck = Flag(load_default=False)
    confidenceThreshold = Number(load_default=0.8, validate=validate.Range(0, 1))
    validationRules = fields.List(fields.Nested(ValidationRuleSchema), load_default=list)


class EngineTemplateSchema(JsonSchema):
    """The template as a task carries it to the engine."""

    documentType = fields.String(allow_none=True, validate=validate.OneOf(DOCUMENT_TYPES))
    languages = fields.List(fields.String())
    extractionRules = fields.Nested(ExtractionRulesSchema)
    preprocessingSettings = fields.Nested(PreprocessingSettingsSchema)
    postprocessingSettings = fields.Nested(PostprocessingSettingsSchema)


def preprocessing_settings(template: dict[str, Any]) -> PreprocessingSettings:
    """The preprocessing part of a template that has passed `EngineTemplateSchema`."""
    stored = template.get("preprocessingSettings") or {}
    default = PreprocessingSettings()
    return PreprocessingSettings(
        image_enhancement=stored.get("imageEnhancement", default.image_enhancement),
        deskew=stored.get("deskew", default.deskew),
        denoising=stored.get("denoising", default.denoising),
        binarization=stored.get("binarization", default.binarization),
        resolution_dpi=stored.get("resolutionDPI", default.resolution_dpi),
    )


def extraction_settings(template: dict[str, Any]) -> ExtractionSettings:
    """The extraction part of a template that has passed `EngineTemplateSchema`."""
    rules = template.get("extractionRules") or {}
    after = template.get("postprocessingSettings") or {}
    return ExtractionSettings(
        languages=tuple(template.get("languages") or ()),
        document_type=template.get("documentType"),
        fields=tuple(_field_rule(rule) for rule in rules.get("fields") or ()),
        line_items=_line_item_rules(rules.get("lineItems") or {}),
        confidence_threshold=after.get("confidenceThreshold", 0.8),
        validation_rules=tuple(
            ValidationRule(rule["field"], rule["rule"], rule.get("message"))
            for rule in after.get("validationRules") or ()
        ),
    )


def _field_rule(rule: dict[str, Any]) -> FieldRule:
    checks = rule.get("validation") or {}
    where = rule.get("coordinates")
    return FieldRule(
        name=rule["name"],
        type=rule.get("type", "text"),
        required=rule.get("required", False),
        pattern=rule.get("pattern"),
        coordinates=BoundingBox(where["x"], where["y"], where["width"], where["height"]) if where else None,
        min_length=checks.get("minLength"),
        max_length=checks.get("maxLength"),
        validation_format=checks.get("format"),
    )


def _line_item_rules(rules: dict[str, Any]) -> LineItemRules:
    table = rules.get("tableStructure") or {}
    return LineItemRules(
        enabled=rules.get("enabled", True),
        header_row=table.get("headerRow"),
        data_start_row=table.get("dataStartRow"),
        columns=tuple(
            ColumnRule(column["name"], column["index"], column.get("type", "text"))
            for column in table.get("columns") or ()
        ),
    )
