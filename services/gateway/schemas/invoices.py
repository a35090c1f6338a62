"""The second API family's shapes."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.gateway.schemas.fields import JsonObject
from shared.schemas.base import JsonSchema

MOST_ITEMS = 10_000
_DATE = validate.Regexp(
    r"^(\d{4}-\d{1,2}-\d{1,2}([T ].{1,30})?|\d{1,2}([./-])\d{1,2}\3\d{2,4})$",
    error="Not a date, such as 2026-01-31.",
)


class TextOrObject(fields.Field[Any]):
    """Given as one text, or as a JSON object; kept as given."""

    def __init__(self, **kwargs: Any) -> None:
        described = {"type": ["string", "object", "null"], **kwargs.pop("metadata", {})}
        super().__init__(allow_none=True, metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            return JsonObject().deserialize(value)
        if not isinstance(value, str) or len(value) > 20_000:
            raise ValidationError("Not a text of at most 20,000 characters, nor an object.")
        return value


class Amount(fields.Field[Any]):
    """A sum, given as a number or as a text with digits such as `1,000.00`; kept as given."""

    def __init__(self, **kwargs: Any) -> None:
        described = {
            "type": ["number", "string", "null"],
            "minimum": -(2**53 - 1),
            "maximum": 2**53 - 1,
            "pattern": "[0-9]",
            "maxLength": 50,
        }
        super().__init__(allow_none=True, metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
        is_text = isinstance(value, str) and len(value) <= 50 and any(char.isdigit() for char in value)
        if not is_number and not is_text:
            raise ValidationError("Not an amount of money.")
        return value


class Tags(fields.Field[Any]):
    """Given as a list of texts, or as one text; kept as given."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        tags = value if isinstance(value, list) else [value]
        if len(tags) > 100 or not all(isinstance(tag, str) and len(tag) <= 500 for tag in tags):
            raise ValidationError("Not a list of at most 100 texts.")
        return value


def _text() -> fields.String:
    return fields.String(allow_none=True, validate=validate.Length(max=500))


def _date() -> fields.String:
    return fields.String(allow_none=True, validate=_DATE, metadata={"example": "2026-01-31"})


class InvoiceFieldsSchema(JsonSchema):
    """An invoice as a client gives it, or as it was read from a document."""

    supplier_info = TextOrObject()
    ship_to = TextOrObject()
    bill_to = TextOrObject()
    invoice_number = _text()
    po_number = _text()
    invoice_terms = _text()
    invoice_date = _date()
    invoice_due = _date()
    invoice_items = fields.List(JsonObject(), allow_none=True, validate=validate.Length(max=MOST_ITEMS))
    invoice_total = Amount()
    tags = Tags(
        allow_none=True,
        metadata={"type": ["array", "string", "null"], "items": {"type": "string"}, "maxItems": 100},
    )


class InvoiceFileSchema(JsonSchema):
    """A document, of which an invoice is made by reading it."""

    data = fields.String(
        required=True,
        metadata={
            "description": "The file as base64.",
            "format": "byte",
            "minLength": 4,
            "example": "JVBERi0xLjcK",
        },
    )
    filename = fields.String(validate=validate.Length(1, 500), metadata={"example": "invoice.pdf"})
    type = fields.String(
        validate=validate.Length(1, 100),
        metadata={
            "description": "The file's media type: PDF, XML or an image.",
            "pattern": "^(application/(pdf|xml)|text/xml|image/[a-z]+)$",
            "example": "application/pdf",
        },
    )


class InvoiceDocumentSchema(JsonSchema):
    url = fields.String()
    name = fields.String()
    size = fields.Integer(allow_none=True, metadata={"description": "Bytes; null until it is known."})


class GivenInvoiceSchema(InvoiceFieldsSchema):
    id = fields.Integer()
    document = fields.Nested(InvoiceDocumentSchema, allow_none=True)
    created = fields.String(metadata={"format": "date-time"})
    modified = fields.String(metadata={"format": "date-time"})


class InvoiceAnswerSchema(JsonSchema):
    status = fields.String(metadata={"example": "OK"})
    msg = fields.String(metadata={"example": "Invoice retrieved."})
    result = fields.Nested(GivenInvoiceSchema)


class InvoiceIdSchema(JsonSchema):
    id = fields.Integer(metadata={"example": 1})


class InvoiceCreatedAnswerSchema(JsonSchema):
    status = fields.String(metadata={"example": "OK"})
    msg = fields.String(metadata={"example": "Invoice created."})
    result = fields.Nested(InvoiceIdSchema)


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
