"""The list parameters `filter` and `sort`: a safe subset of MongoDB's query language.

Only documented fields and a few operators pass, and values are coerced to the field's type. Nothing
that runs code, and no pattern of the client's own, ever reaches the database.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from services.gateway.api.json_text import parse_json
from services.gateway.errors import BadRequest
from services.gateway.schemas.fields import JsonObject, RecordId, Timestamp
from services.gateway.store.lists import all_of

Coercion = Callable[[Any], Any]

MAX_DEPTH = 6
MAX_CONDITIONS = 100
# Below a free-form field: names that hold something, without operators and NUL.
_FREE_PATH = re.compile(r"[^.$\0]+(\.[^.$\0]+)+")
_LOGICAL = ("$and", "$or")
_COMPARISONS = ("$eq", "$ne", "$gt", "$gte", "$lt", "$lte")
_MEMBERSHIP = ("$in", "$nin")


class FieldCatalogue:
    """The fields of a record that may be filtered and sorted by, with how their values are coerced."""

    def __init__(self, schema: type[Schema], hidden: frozenset[str] = frozenset()) -> None:
        self._coercions: dict[str, Coercion] = {}
        self._sortable: list[str] = []
        self._objects: set[str] = set()
        self._free_form: list[str] = []
        self._add(schema(), "", hidden, False)

    @property
    def sortable(self) -> tuple[str, ...]:
        """The fields that records can be sorted by: those with one value each."""
        return tuple(self._sortable)

    def coercion(self, path: str) -> Coercion:
        """How values of the field `path` are made; raises BadRequest for a field that is not documented."""
        if path in self._coercions:
            return self._coercions[path]
        if path in self._objects:
            return _no_value
        if any(path.startswith(f"{name}.") for name in self._free_form) and _FREE_PATH.fullmatch(path):
            return _any_scalar
        shown = path[:100]
        raise BadRequest(
            f"There is no field '{shown}' to filter by.", {"filter": [f"Unknown field '{shown}'."]}
        )

    def check_sortable(self, path: str) -> None:
        """Raises BadRequest when records can't be sorted by `path`."""
        if path in self._coercions and path not in self._sortable:
            reason = f"Records can't be sorted by '{path}': it holds several values."
            raise BadRequest(reason, {"sort": [reason]})
        if path not in self._coercions:
            shown = path[:100]
            raise BadRequest(
                f"There is no field '{shown}' to sort by.", {"sort": [f"Unknown field '{shown}'."]}
            )

    def _add(self, schema: Schema, prefix: str, hidden: frozenset[str], several: bool) -> None:
        for name, field in schema.fields.items():
            path = f"{prefix}{field.data_key or name}"
            if path in hidden:
                continue
            inner = field.inner if isinstance(field, fields.List) else field
            nested_many = isinstance(inner, fields.Nested) and bool(inner.many)
            repeated = several or nested_many or isinstance(field, fields.List)
            if isinstance(inner, fields.Nested):
                self._objects.add(path)
                self._add(inner.schema, f"{path}.", hidden, repeated)
            elif isinstance(inner, JsonObject | fields.Dict):
                self._objects.add(path)
                self._free_form.append(path)
            else:
                self._coercions[path] = _coercion_of(inner)
                if not repeated:
                    self._sortable.append(path)


def parse_filter(text: str, catalogue: FieldCatalogue) -> dict[str, Any]:
    """The conditions in `text` for MongoDB; raises BadRequest with the reason when they are not allowed."""
    try:
        raw = parse_json(text)
    except ValueError as error:
        raise BadRequest(f"The filter is not valid JSON: {error}.", {"filter": ["Not valid JSON."]}) from None
    if not isinstance(raw, dict):
        raise BadRequest("The filter must be a JSON object.", {"filter": ["Not a JSON object."]})
    return _FilterReader(catalogue).read(raw, 0)


class _FilterReader:
    def __init__(self, catalogue: FieldCatalogue) -> None:
        self._catalogue = catalogue
        self._seen = 0

    def read(self, raw: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if depth > MAX_DEPTH:
            raise _refused(f"The filter is nested deeper than {MAX_DEPTH} levels.")
        self._seen += max(1, len(raw))
        if self._seen > MAX_CONDITIONS:
            raise _refused(f"The filter has more than {MAX_CONDITIONS} conditions.")
        conditions: list[dict[str, Any]] = []
        for name, value in raw.items():
            if name in _LOGICAL:
                conditions.append({name: self._branches(name, value, depth)})
            elif name.startswith("$"):
                raise _refused(f"The operator '{name}' is not allowed here.")
            else:
                conditions.append({name: self._field(name, value, depth)})
        return all_of(*conditions)

    def _branches(self, name: str, value: Any, depth: int) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not value or not all(isinstance(part, dict) for part in value):
            raise _refused(f"'{name}' takes a list of conditions.")
        return [self.read(part, depth + 1) for part in value]

    def _field(self, path: str, value: Any, depth: int) -> Any:
        coerce = self._catalogue.coercion(path)
        if not isinstance(value, dict):
            return _coerced(path, value, coerce)
        if not value:
            raise _refused(f"The condition on '{path}' is empty.")
        return {
            operator: self._operand(path, operator, raw, coerce, depth) for operator, raw in value.items()
        }

    def _operand(self, path: str, operator: str, raw: Any, coerce: Coercion, depth: int) -> Any:
        if operator in _COMPARISONS:
            return _coerced(path, raw, coerce)
        if operator in _MEMBERSHIP:
            if not isinstance(raw, list) or len(raw) > MAX_CONDITIONS:
                raise _refused(f"'{operator}' takes a list of at most {MAX_CONDITIONS} values.")
            return [_coerced(path, one, coerce) for one in raw]
        if operator == "$exists":
            if not isinstance(raw, bool):
                raise _refused("'$exists' takes true or false.")
            return raw
        if operator == "$not":
            if not isinstance(raw, dict) or depth >= MAX_DEPTH:
                raise _refused("'$not' takes a condition such as {\"$gt\": 5}.")
            return self._field(path, raw, depth + 1)
        raise _refused(f"The operator '{operator}' is not allowed here.")


def _refused(reason: str) -> BadRequest:
    return BadRequest(reason, {"filter": [reason]})


def _coerced(path: str, value: Any, coerce: Coercion) -> Any:
    if value is None:
        return None
    try:
        return coerce(value)
    except (ValidationError, ValueError, TypeError):
        raise _refused(f"{json.dumps(value)[:100]} is not a value for the field '{path}'.") from None


def _coercion_of(field: fields.Field[Any]) -> Coercion:
    if isinstance(field, fields.Integer | fields.Float):
        return _number
    # Not by the field itself, which may take JSON's own types only.
    for kind in (RecordId, Timestamp, fields.Boolean):
        if isinstance(field, kind):
            return kind().deserialize
    return _text


def _number(value: Any) -> int | float:
    """A number as it is, or a text as the number that it is; 2.5 stays 2.5 for a field of whole numbers."""
    if isinstance(value, str):
        value = int(value) if re.fullmatch("[+-]?[0-9]{1,19}", value) else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("more than 64 bits")
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _no_value(value: Any) -> Any:
    """An object has no single value to compare; `null` and `$exists` do not come here."""
    raise TypeError(f"not a value: {type(value).__name__}")


def _any_scalar(value: Any) -> Any:
    if isinstance(value, dict | list):
        raise TypeError("not a single value")
    return value
