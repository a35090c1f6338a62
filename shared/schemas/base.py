"""What every schema of this project shares: camelCase names on the wire, unknown fields refused."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, fields


def camel_case(name: str) -> str:
    """`table_data` -> `tableData`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class CamelSchema(Schema):
    """Attributes in snake_case, JSON in camelCase; a field that is not declared is an error."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        if field_obj.data_key is None:
            field_obj.data_key = camel_case(field_name)


class JsonSchema(Schema):
    """Checks JSON and keeps it as it came: names inside are the names on the wire."""

    class Meta:
        unknown = RAISE


@cache
def ready_schema(kind: type[Schema]) -> Schema:
    """The one instance of a schema: to make one copies all its fields, which takes a millisecond or more."""
    return kind()
