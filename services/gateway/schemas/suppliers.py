"""Supplier profiles as they are shown."""

from __future__ import annotations

from marshmallow import fields

from services.gateway.schemas.common import list_envelope, record_envelope
from services.gateway.schemas.fields import RecordId, Timestamp
from shared.schemas.base import JsonSchema
from shared.schemas.supplier import (
    LearnedAbsenceSchema,
    LearnedConstantSchema,
    LearnedRuleSchema,
    LearnedWordSchema,
)


class AccountSchema(JsonSchema):
    """An account that the supplier's invoices named."""

    iban = fields.String()
    known = fields.Boolean(
        metadata={"description": "False until a person confirms an account that differs from earlier ones."}
    )
    firstSeenAt = Timestamp()
    job = RecordId()
    jobNumber = fields.String()


class OriginSchema(JsonSchema):
    """Which correction taught it, and which one contradicts it."""

    learnedAt = Timestamp()
    job = RecordId()
    jobNumber = fields.String()
    overruledBy = RecordId(
        metadata={
            "description": "The job whose correction contradicts it; it counts again if that is taken back."
        }
    )


class SupplierRuleSchema(LearnedRuleSchema, OriginSchema):
    """Where a field's value stands on the supplier's invoices."""


class SupplierConstantSchema(LearnedConstantSchema, OriginSchema):
    """A value that is the same on all of the supplier's invoices."""


class SupplierWordSchema(LearnedWordSchema, OriginSchema):
    """What a text means on the supplier's pages."""


class SupplierAbsenceSchema(LearnedAbsenceSchema, OriginSchema):
    """A way of finding a field that finds something else on the supplier's pages."""


class SupplierProfileSchema(JsonSchema):
    """A supplier with all that is known of it."""

    _id = RecordId()
    name = fields.String()
    names = fields.List(fields.String())
    taxIds = fields.List(fields.String())
    accounts = fields.List(fields.Nested(AccountSchema))
    rules = fields.List(fields.Nested(SupplierRuleSchema))
    constants = fields.List(fields.Nested(SupplierConstantSchema))
    words = fields.List(fields.Nested(SupplierWordSchema))
    absences = fields.List(fields.Nested(SupplierAbsenceSchema))
    learned = fields.Boolean(metadata={"description": "Whether corrections have taught anything."})
    createdAt = Timestamp()
    updatedAt = Timestamp()


SupplierProfileAnswerSchema = record_envelope("SupplierProfile", SupplierProfileSchema)
SupplierProfileListSchema = list_envelope("SupplierProfile", SupplierProfileSchema)
