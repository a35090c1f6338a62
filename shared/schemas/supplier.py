"""Supplier profiles, what they have learned, and corrections, as messages and the API carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields as members_of
from typing import Any

from marshmallow import fields, validate

from shared.schemas.base import JsonSchema, camel_case
from shared.schemas.reading import box_from_json
from shared.schemas.strict import Number, Whole
from shared.schemas.template import CoordinatesSchema
from shared.supplier import (
    CONSTANT_FIELDS,
    CORRECTABLE_FIELDS,
    PLACED_FIELDS,
    WORD_FIELDS,
    Correction,
    Learnable,
    LearnedAbsence,
    LearnedConstant,
    LearnedRule,
    LearnedWord,
    SupplierProfile,
)

KINDS = ("rules", "constants", "words", "absences")
"""What a profile may have learned, by the names of its lists."""
MOST_OF_A_KIND = 100
LONGEST_VALUE = 1000
_RELATIONS = ("after", "right of", "below", "above", "in the row of", "apart from")
_value = validate.Length(1, LONGEST_VALUE)
_few = validate.Length(max=MOST_OF_A_KIND)


class LearnedRuleSchema(JsonSchema):
    field = fields.String(required=True, validate=validate.OneOf(PLACED_FIELDS))
    label = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        metadata={"description": "The printed text that the value stands at."},
    )
    relation = fields.String(
        required=True,
        validate=validate.OneOf(_RELATIONS),
        metadata={"description": "Where the value stands, as seen from the label."},
    )
    right = Number(
        metadata={"description": "How far right of the label the value stands, in page widths; if apart."}
    )
    down = Number(metadata={"description": "How far below the label it stands, in page widths; if apart."})
    shape = fields.String(
        validate=validate.Length(1, 100),
        metadata={
            "description": "The form of the value: 9 for digits, A for letters, X for both.",
            "example": "A-9-9",
        },
    )
    words = Whole(validate=validate.Range(1, 50), metadata={"description": "How many words the value has."})
    parts = fields.String(
        validate=validate.OneOf(["lines", "commas"]),
        metadata={"description": "Of a party's block: whether its parts are lines, or parted by commas."},
    )
    part = Whole(
        validate=validate.Range(0, 50),
        metadata={"description": "With which part of the block, from 0, the value begins."},
    )


class LearnedConstantSchema(JsonSchema):
    field = fields.String(required=True, validate=validate.OneOf(CONSTANT_FIELDS))
    value = fields.String(required=True, validate=_value)
    insteadOf = fields.String(
        validate=_value, metadata={"description": "What had been read where the value was corrected."}
    )
    beside = fields.String(
        validate=_value,
        metadata={"description": "Text that must be printed for the value to hold: a customer's name, say."},
    )


class LearnedWordSchema(JsonSchema):
    field = fields.String(required=True, validate=validate.OneOf(WORD_FIELDS))
    text = fields.String(
        required=True, validate=validate.Length(1, 200), metadata={"description": "What is printed."}
    )
    section = fields.String(
        required=True,
        validate=validate.OneOf(["labels", "columns", "kinds"]),
        metadata={"description": "Whether it is a label, the heading of a column of items, or a title."},
    )
    concept = fields.String(
        required=True,
        validate=validate.Length(1, 50),
        metadata={"description": "What it means on the supplier's pages.", "example": "subtotal"},
    )


class LearnedAbsenceSchema(JsonSchema):
    field = fields.String(required=True, validate=validate.OneOf(CORRECTABLE_FIELDS))
    reason = fields.String(
        required=True,
        validate=_value,
        metadata={"description": "A value that was found for this reason is not the field's."},
    )


class EngineProfileSchema(JsonSchema):
    """A profile as tasks carry it to the engine."""

    id = fields.String(required=True, validate=validate.Length(1, 100))
    names = fields.List(fields.String(validate=_value), required=True, validate=_few)
    taxIds = fields.List(fields.String(validate=_value), required=True, validate=_few)
    ibans = fields.List(fields.String(validate=_value), required=True, validate=_few)
    rules = fields.List(fields.Nested(LearnedRuleSchema), required=True, validate=_few)
    constants = fields.List(fields.Nested(LearnedConstantSchema), required=True, validate=_few)
    words = fields.List(fields.Nested(LearnedWordSchema), validate=_few)
    absences = fields.List(fields.Nested(LearnedAbsenceSchema), validate=_few)


class CorrectionSchema(JsonSchema):
    """One corrected field, as a task carries it; without a value the document does not state it."""

    field = fields.String(required=True, validate=validate.OneOf(CORRECTABLE_FIELDS))
    value = fields.String(validate=_value)
    read = fields.String(validate=_value)
    page = Whole(validate=validate.Range(min=1))
    box = fields.Nested(CoordinatesSchema)


def profile_to_json(profile: SupplierProfile) -> dict[str, Any]:
    """`profile` in the shape of `EngineProfileSchema`."""
    return {
        "id": profile.id,
        "names": list(profile.names),
        "taxIds": list(profile.tax_ids),
        "ibans": list(profile.ibans),
        **{kind: [learned_to_json(one) for one in getattr(profile, kind)] for kind in KINDS},
    }


def profile_from_json(data: dict[str, Any]) -> SupplierProfile:
    """The profile that was written so; `data` has passed `EngineProfileSchema`."""
    return SupplierProfile(
        id=data["id"],
        names=tuple(data["names"]),
        tax_ids=tuple(data["taxIds"]),
        ibans=tuple(data["ibans"]),
        rules=tuple(LearnedRule(**rule) for rule in data["rules"]),
        constants=tuple(
            LearnedConstant(one["field"], one["value"], one.get("insteadOf"), one.get("beside"))
            for one in data["constants"]
        ),
        words=tuple(LearnedWord(**word) for word in data.get("words", ())),
        absences=tuple(LearnedAbsence(**absence) for absence in data.get("absences", ())),
    )


def learned_to_json(learned: Learnable) -> dict[str, Any]:
    """What was learned as JSON, without what it leaves open."""
    values = {member.name: getattr(learned, member.name) for member in members_of(learned)}
    return {camel_case(name): value for name, value in values.items() if value is not None}


def corrections_from_json(data: Iterable[dict[str, Any]]) -> tuple[Correction, ...]:
    """Corrections that have passed `CorrectionSchema`."""
    return tuple(
        Correction(
            field=one["field"],
            value=one.get("value"),
            read=one.get("read"),
            page=one.get("page"),
            box=box_from_json(one["box"]) if "box" in one else None,
        )
        for one in data
    )
