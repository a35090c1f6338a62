"""The second API family's shapes."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas.base import JsonSchema


class OcrLineItemSchema(JsonSchema):
    description = fields.String(allow_none=True)
    qty = fields.Float(allow_none=True)
    price = fields.Float(allow_none=True)
    total = fields.Float(allow_none=True)


class OcrResultSchema(JsonSchema):
    ocrLines = fields.List(fields.String(), metadata={"example": ["Widget A    10    $100.00    $1,000.00"]})
    lineItems = fields.List(fields.Nested(OcrLineItemSchema))
    summaryFields = fields.Dict()


class InvoiceOcrAnswerSchema(JsonSchema):
    status = fields.String(metadata={"example": "OK"})
    msg = fields.String(metadata={"example": "Invoice OCR data retrieved."})
    result = fields.Nested(OcrResultSchema)


class InvoiceErrorSchema(JsonSchema):
    status = fields.String(metadata={"example": "Error"})
    msg = fields.String(metadata={"example": "Record not found."})
    result = fields.Raw(allow_none=True)
