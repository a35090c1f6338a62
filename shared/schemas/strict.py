"""Fields that take JSON's own types only: no number in a text, no 0 for false."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields


class Whole(fields.Integer):
    """A whole number of 64 bits; `3.0` is one, as JSON makes no difference."""

    def _validated(self, value: Any) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or value != value // 1 or not -(2**63) <= value < 2**63:
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
