"""Cursors: where the next page of a list begins, as a text that clients pass on unread.

Unlike an offset, a cursor costs the same on every page, and records that come or go meanwhile neither hide
nor repeat others.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from marshmallow import ValidationError

from services.gateway.api.conditions import FieldCatalogue
from services.gateway.api.json_text import parse_json
from services.gateway.errors import BadRequest
from services.gateway.schemas.common import LONGEST_CURSOR
from services.gateway.schemas.fields import Timestamp
from services.gateway.store.lists import ListQuery, Position


def write_cursor(position: Position, query: ListQuery) -> str | None:
    """The cursor of `position` in the list that `query` asks for; None when it would not fit an address."""
    parts = [query.sort, query.descending, _plain(position.value), str(position.record_id)]
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return cursor if len(cursor) <= LONGEST_CURSOR else None


def read_cursor(text: str, sort: str, descending: bool, catalogue: FieldCatalogue) -> Position:
    """The position in `text`; raises BadRequest when it is not of a list in this order."""
    try:
        parts = parse_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
        cursor_sort, cursor_descending, value, record_id = parts
        position = Position(_typed(value, sort, catalogue), ObjectId(record_id))
    except (binascii.Error, ValueError, TypeError, InvalidId, ValidationError):
        raise _refused("It is not a cursor that a list has answered.") from None
    if (cursor_sort, cursor_descending) != (sort, descending):
        raise _refused("It belongs to a list in another order; keep 'sort' and 'order' as they were.")
    return position


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return Timestamp().serialize("at", {"at": value})
        case ObjectId():
            return str(value)
        case _:
            return value


def _typed(value: Any, sort: str, catalogue: FieldCatalogue) -> Any:
    if value is None:
        return None
    return catalogue.coercion(sort)(value)


def _refused(reason: str) -> BadRequest:
    return BadRequest(f"cursor: {reason}", {"cursor": [reason]})
