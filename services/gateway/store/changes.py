"""What an update makes of a record, known without reading it again."""

from __future__ import annotations

from typing import Any

from services.gateway.store.database import Document


def updated(record: Document, update: Document) -> Document:
    """The record as MongoDB has it after `update`, of `$set`, `$inc` and, for whole fields, `$unset`."""
    after = dict(record)
    for path, value in update.get("$set", {}).items():
        _set(after, path.split("."), value)
    for path, count in update.get("$inc", {}).items():
        _set(after, path.split("."), (field_at(record, path) or 0) + count)
    for path in update.get("$unset", {}):
        after.pop(path, None)
    return after


def _set(document: Document, path: list[str], value: Any) -> None:
    """Set the value at `path`; what lies on the way is copied, not changed."""
    first, *rest = path
    if rest:
        within = document.get(first)
        inner = dict(within) if isinstance(within, dict) else {}
        _set(inner, rest, value)
        document[first] = inner
    else:
        document[first] = value


def field_at(record: Document, path: str) -> Any:
    """What stands at a dotted path of the record; None for nothing."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
