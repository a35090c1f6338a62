"""Examples for the API's documentation, made from the same schemas that validate."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.gateway.schemas.fields import JsonObject, RecordId, Timestamp

_TEXTS = {
    "jobNumber": "2026-0815",
    "documentName": "invoice-2026-0815.pdf",
    "documentUrl": "https://files.example.com/invoice-2026-0815.pdf",
    "pageUrl": "https://files.example.com/invoice-2026-0815-page-1.png",
    "createdBy": "erp",
    "assignedTo": "jane@example.com",
    "batchNumber": "2026-11",
    "currentStep": "reading pages",
    "currency": "EUR",
    "language": "en",
    "languages": "en",
    "country": "DE",
    "resolution": "300 dpi",
    "version": "1",
    "date": "2026-11-02",
    "dueDate": "2026-12-02",
    "deliveryDate": "2026-10-30",
    "number": "2026-0815",
    "taxId": "DE136695976",
    "address": "Example Street 1, 10115 Berlin",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "reference": "2026-0815",
    "purchaseOrder": "PO-4711",
    "paymentTerms": "30 days",
    "description": "Widget A",
    "sku": "A-100",
    "unit": "piece",
    "pattern": "[A-Z]{2}-[0-9]+",
    "key": "ll_" + "0" * 43,
    "hint": "ll_0000",
    "cellText": "Widget A",
    "sha256": "0" * 64,
}
_NUMBERS = {
    "quantity": 10.0,
    "qty": 10.0,
    "unitPrice": 100.0,
    "price": 100.0,
    "amount": 1000.0,
    "subtotal": 1000.0,
    "tax": 190.0,
    "total": 1190.0,
    "rate": 19.0,
    "taxRate": 19.0,
}

_BY_TYPE: tuple[tuple[type[fields.Field[Any]], Any], ...] = (
    (JsonObject, {"costCentre": "4711"}),
    (fields.Dict, {}),
    (RecordId, "6740f0c2a9d3b5e8f1027c4d"),
    (Timestamp, "2030-11-21T09:30:00.000Z"),
    (fields.Boolean, True),
    (fields.Email, "jane@example.com"),
)


def example_of(schema: type[Schema] | Schema) -> Any:
    """A value that `schema` accepts, with every field in it; a list of one when the schema is of many."""
    instance = schema() if isinstance(schema, type) else schema
    example = {field.data_key or name: _of_field(name, field) for name, field in instance.fields.items()}
    return [example] if instance.many else example


def _of_field(name: str, field: fields.Field[Any]) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    match field:
        case fields.Nested():
            inner = example_of(field.schema)
            return [inner] if field.many and not isinstance(inner, list) else inner
        case fields.List():
            return [_of_field(name, field.inner)]
        case fields.Dict(value_field=fields.Field() as values):
            return {"invoice.number": _of_field("", values)}
        case _:
            return _of_simple_field(name, field)


def _of_simple_field(name: str, field: fields.Field[Any]) -> Any:
    for kind, value in _BY_TYPE:
        if isinstance(field, kind):
            return value
    match field:
        case fields.Integer():
            return int(_lowest(field, 1))
        case fields.Float():
            return _NUMBERS.get(name, 0.98)
        case fields.String():
            return _text(name, field)
        case _:
            return None


def _text(name: str, field: fields.String) -> str:
    for rule in field.validators:
        if isinstance(rule, validate.OneOf):
            return str(next(iter(rule.choices)))
    if "enum" in field.metadata:
        return str(field.metadata["enum"][0])
    return _TEXTS.get(name, "Example")


def _lowest(field: fields.Field[Any], otherwise: int) -> Any:
    for rule in field.validators:
        if isinstance(rule, validate.Range) and rule.min is not None:
            return max(rule.min, otherwise)
    return otherwise
