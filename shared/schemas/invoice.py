"""Extracted invoice data, its confidence and its validation: the shapes of the public contract."""

from __future__ import annotations

import re
from datetime import date

from marshmallow import ValidationError, fields, validate

from shared.schemas.base import JsonSchema
from shared.schemas.reading import BoundingBoxSchema
from shared.schemas.strict import Flag, Number, Whole

DOCUMENT_KINDS = ("invoice", "creditNote", "receipt", "reminder", "other")
SEVERITIES = ("error", "warning", "info")
# Cents of larger sums are not whole in binary floating point.
LARGEST_SUM = 10**13
_sum = validate.Range(-LARGEST_SUM, LARGEST_SUM)


def _text(description: str = "") -> fields.String:
    return fields.String(allow_none=True, metadata={"description": description} if description else {})


def _money() -> fields.Float:
    return Number(allow_none=True, validate=_sum)


def _is_date(text: str) -> None:
    """Marshmallow validator: `text` is a day of the calendar, written YYYY-MM-DD."""
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            date.fromisoformat(text)
            return
    except ValueError:
        pass
    raise ValidationError("Must be a date as YYYY-MM-DD.")


def _date(description: str) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=_is_date,
        metadata={"description": description, "format": "date"},
    )


class PartySchema(JsonSchema):
    name = _text()
    address = _text()
    taxId = _text()
    country = _text("ISO 3166-1 alpha-2")


class ShipToSchema(JsonSchema):
    name = _text()
    address = _text()
    country = _text("ISO 3166-1 alpha-2")


class AmountsSchema(JsonSchema):
    subtotal = _money()
    tax = _money()
    total = _money()
    currency = _text("ISO 4217")
    discount = _money()
    shipping = _money()
    paid = _money()
    due = _money()


class TaxSchema(JsonSchema):
    rate = Number(allow_none=True, validate=_sum, metadata={"description": "Percent"})
    base = _money()
    amount = _money()


class PaymentSchema(JsonSchema):
    iban = _text()
    bic = _text()
    reference = _text()


class InvoiceSchema(JsonSchema):
    number = _text()
    date = _date("Invoice date")
    dueDate = _date("Date the payment is due")
    kind = fields.String(allow_none=True, validate=validate.OneOf(DOCUMENT_KINDS))
    language = _text("ISO 639-1")
    country = _text("ISO 3166-1 alpha-2")
    purchaseOrder = _text()
    deliveryDate = _date("Date of delivery or service")
    paymentTerms = _text()
    supplier = fields.Nested(PartySchema)
    customer = fields.Nested(PartySchema)
    shipTo = fields.Nested(ShipToSchema)
    amounts = fields.Nested(AmountsSchema)
    taxes = fields.List(fields.Nested(TaxSchema))
    payment = fields.Nested(PaymentSchema)


class LineItemSchema(JsonSchema):
    description = _text()
    quantity = Number(allow_none=True, validate=_sum)
    unitPrice = _money()
    amount = _money()
    sku = _text()
    unit = _text()
    taxRate = Number(allow_none=True, validate=_sum, metadata={"description": "Percent"})
    taxAmount = _money()
    discount = _money()


class ProvenanceSchema(JsonSchema):
    page = Whole(
        validate=validate.Range(min=1),
        metadata={"description": "Absent for a value of an e-invoice that no page shows."},
    )
    boundingBox = fields.Nested(BoundingBoxSchema, allow_none=True)
    words = fields.List(
        Whole(validate=validate.Range(min=0)),
        metadata={"description": "Indexes into the `ocrResults.words` of the page, from 0."},
    )
    text = fields.String(required=True)
    reason = fields.String(required=True)


class ExtractedDataSchema(JsonSchema):
    invoice = fields.Nested(InvoiceSchema)
    lineItems = fields.List(fields.Nested(LineItemSchema))
    provenance = fields.Dict(keys=fields.String(), values=fields.Nested(ProvenanceSchema))
    missing = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Documented fields without a value, and why they have none."},
    )
    custom = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        metadata={"description": "Fields that only the template names."},
    )


class ConfidenceSchema(JsonSchema):
    overall = Number(required=True, validate=validate.Range(0, 1))
    fields_ = fields.Dict(
        keys=fields.String(),
        values=Number(validate=validate.Range(0, 1)),
        data_key="fields",
        attribute="fields",
        required=True,
    )


class FindingSchema(JsonSchema):
    field = fields.String(required=True)
    message = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))


class ValidationResultsSchema(JsonSchema):
    isValid = Flag(required=True)
    errors = fields.List(fields.Nested(FindingSchema), required=True)


class ExtractionSchema(JsonSchema):
    """What an engine reports when it has understood a document."""

    extractedData = fields.Nested(ExtractedDataSchema, required=True)
    confidence = fields.Nested(ConfidenceSchema, required=True)
    validationResults = fields.Nested(ValidationResultsSchema, required=True)
