"""Templates: what the schema takes, what it refuses, and what the engine makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from shared.readings import BoundingBox
from shared.schemas.template import EngineTemplateSchema, extraction_settings, preprocessing_settings
from shared.template import (
    ColumnRule,
    ExtractionSettings,
    FieldRule,
    LineItemRules,
    PreprocessingSettings,
    ValidationRule,
)


def test_an_empty_template_gives_the_documented_defaults() -> None:
    assert preprocessing_settings({}) == PreprocessingSettings()
    assert extraction_settings({}) == ExtractionSettings()
    loaded = EngineTemplateSchema().load({"preprocessingSettings": {}, "postprocessingSettings": {}})
    assert preprocessing_settings(loaded) == PreprocessingSettings(True, True, True, False, 300)
    assert extraction_settings(loaded).confidence_threshold == 0.8


def test_every_setting_arrives() -> None:
    template = EngineTemplateSchema().load(
        {
            "documentType": "receipt",
            "languages": ["pl", "en"],
            "preprocessingSettings": {
                "imageEnhancement": False,
                "deskew": False,
                "denoising": False,
                "binarization": True,
                "resolutionDPI": 150,
            },
            "extractionRules": {
                "fields": [
                    {
                        "name": "project",
                        "type": "number",
                        "required": True,
                        "pattern": "P-([0-9]+)",
                        "coordinates": {"x": 1, "y": 2, "width": 3, "height": 4},
                        "validation": {"minLength": 2, "maxLength": 9, "format": "[0-9]+"},
                    },
                    {"name": "plain"},
                ],
                "lineItems": {
                    "enabled": False,
                    "tableStructure": {
                        "headerRow": 0,
                        "dataStartRow": 2,
                        "columns": [
                            {"name": "sku", "index": 1},
                            {"name": "amount", "index": 2, "type": "currency"},
                        ],
                    },
                },
            },
            "postprocessingSettings": {
                "spellCheck": True,
                "confidenceThreshold": 0,
                "validationRules": [{"field": "project", "rule": "numeric", "message": "A number, please."}],
            },
        }
    )
    assert preprocessing_settings(template) == PreprocessingSettings(False, False, False, True, 150)
    assert extraction_settings(template) == ExtractionSettings(
        languages=("pl", "en"),
        document_type="receipt",
        fields=(
            FieldRule("project", "number", True, "P-([0-9]+)", BoundingBox(1, 2, 3, 4), 2, 9, "[0-9]+"),
            FieldRule("plain"),
        ),
        line_items=LineItemRules(False, 0, 2, (ColumnRule("sku", 1), ColumnRule("amount", 2, "currency"))),
        confidence_threshold=0,
        validation_rules=(ValidationRule("project", "numeric", "A number, please."),),
    )


@pytest.mark.parametrize(
    "template",
    [
        {"documentType": "poem"},
        {"further": 1},
        {"languages": "de"},
        {"preprocessingSettings": {"resolutionDPI": 149}},
        {"preprocessingSettings": {"resolutionDPI": 601}},
        {"postprocessingSettings": {"confidenceThreshold": 1.1}},
        {"postprocessingSettings": {"validationRules": [{"field": "a", "rule": "magic"}]}},
        {"extractionRules": {"fields": [{"type": "text"}]}},
        {"extractionRules": {"fields": [{"name": ""}]}},
        {"extractionRules": {"fields": [{"name": "a", "type": "poem"}]}},
        {
            "extractionRules": {
                "fields": [{"name": "a", "coordinates": {"x": 1, "y": 2, "width": -3, "height": 4}}]
            }
        },
        {"extractionRules": {"lineItems": {"tableStructure": {"columns": [{"name": "a", "index": -1}]}}}},
    ],
    ids=str,
)
def test_what_is_not_documented_is_refused(template: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EngineTemplateSchema().load(template)


@pytest.mark.parametrize(
    "pattern", ["(", "[a", "*", "a" * 501, "a{99999999999}", "(?P<1>a)"], ids=lambda p: p[:14]
)
def test_a_pattern_that_can_not_be_used_is_refused_in_words(pattern: str) -> None:
    with pytest.raises(ValidationError, match=r"(?i)pattern|regular expression"):
        EngineTemplateSchema().load({"extractionRules": {"fields": [{"name": "a", "pattern": pattern}]}})
