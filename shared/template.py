"""The settings of a template that change how a document is read and understood.

Defaults are those of the public contract. The gateway stores and validates them, tasks carry them to
the engine, and the engine acts on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.readings import BoundingBox

FieldType = Literal["text", "number", "date", "currency", "boolean"]
ColumnType = Literal["text", "number", "currency"]
RuleName = Literal["required", "numeric", "date", "email", "currency"]


@dataclass(frozen=True, slots=True)
class PreprocessingSettings:
    """Which OpenCV steps may run, and the resolution (dots per inch) pages are rendered at."""

    image_enhancement: bool = True
    deskew: bool = True
    denoising: bool = True
    binarization: bool = False
    resolution_dpi: int = 300


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a template reads one field; it overrides the general reading.

    `name` is a field path such as `invoice.number`, or a name of the user's own. `coordinates` are
    pixels of the page image. `validation_format` is a regular expression the value must match.
    """

    name: str
    type: FieldType = "text"
    required: bool = False
    pattern: str | None = None
    coordinates: BoundingBox | None = None
    min_length: int | None = None
    max_length: int | None = None
    validation_format: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One column of a template's line item table; `index` counts from 0."""

    name: str
    index: int
    type: ColumnType = "text"


@dataclass(frozen=True, slots=True)
class LineItemRules:
    """Whether line items are read, and the table structure if the template gives one (rows from 0)."""

    enabled: bool = True
    header_row: int | None = None
    data_start_row: int | None = None
    columns: tuple[ColumnRule, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """A check of one extracted field; `message` replaces the default finding."""

    field: str
    rule: RuleName
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """What a template says about understanding the document; empty values mean the general reading."""

    languages: tuple[str, ...] = ()
    document_type: str | None = None
    fields: tuple[FieldRule, ...] = ()
    line_items: LineItemRules = LineItemRules()
    confidence_threshold: float = 0.8
    validation_rules: tuple[ValidationRule, ...] = ()
