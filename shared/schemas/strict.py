"""Fields that take JSON's own types only: no number in a text, no 0 for false."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

# RFC 8259, 6: what software agrees on exactly.
LARGEST_EXACT = 2**53 - 1


class Whole(fields.Integer):
    """A whole number that a JSON number holds exactly; `3.0` is one, as JSON makes no difference."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Last, so that a field's own bounds are named first; documented as the field's bounds too.
        self.validators.append(validate.Range(-LARGEST_EXACT, LARGEST_EXACT))

    def _validated(self, value: Any) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or value != value // 1 or abs(value) > LARGEST_EXACT:
            raise self.make_error("invalid")
        return int(value)


class Number(fields.Float):
    """A number."""

    def _validated(self, value: Any) -> float:
        if not isinstance(value, int | float):
            raise self.make_error("invalid")
        return super()._validated(value)


class Flag(fields.Boolean):
    """True or false."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value
