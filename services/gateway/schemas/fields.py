"""Marshmallow fields of the API's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from marshmallow import ValidationError, fields


class RecordId(fields.Field[ObjectId]):
    """A record's id: 24 hexadecimal characters outside, an ObjectId inside."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "pattern": "^[0-9a-fA-F]{24}$", **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _serialize(self, value: ObjectId | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> ObjectId:
        if not isinstance(value, str) or not ObjectId.is_valid(value):
            raise ValidationError("Not a valid id: 24 hexadecimal characters are expected.")
        return ObjectId(value)


class Timestamp(fields.Field[datetime]):
    """A moment in UTC: ISO 8601 with `Z` outside."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "format": "date-time", **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):  # overflow: before the year 1, or after 9999, in UTC
            raise ValidationError("Not a valid date and time: ISO 8601 is expected.") from None


class Stored(fields.Nested):
    """A part of a record that was validated when it was stored: documented in full, passed on as it is.

    Dumping thousands of words through their schema once more would cost seconds per list.
    """

    def _serialize(  # type: ignore[override]  # Nested renames its parent's parameter: no name suits both
        self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any
    ) -> Any:
        return nested_obj


class JsonObject(fields.Dict):
    """Free-form JSON of the client's own, bounded in depth, with names that MongoDB can keep."""

    max_depth = 10

    def __init__(self, **kwargs: Any) -> None:
        names = {"pattern": "^(?!\\$)[^\\u0000]*$"}
        super().__init__(metadata={"propertyNames": names, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        self._check(value, self.max_depth)
        return value

    def _check(self, value: Any, depth: int) -> None:
        if depth == 0:
            raise ValidationError(f"Nested deeper than {self.max_depth} levels.")
        if isinstance(value, dict):
            for name, inner in value.items():
                if name.startswith("$") or "\0" in name:
                    raise ValidationError(f"The name '{name}' starts with '$' or holds NUL.")
                self._check(inner, depth - 1)
        elif isinstance(value, list):
            for inner in value:
                self._check(inner, depth - 1)
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValidationError("A whole number is too large: 64 bits are kept.")
