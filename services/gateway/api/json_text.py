"""JSON from clients, taken only when all of it can also be stored and given back."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

MAX_DEPTH = 60
_INT64 = range(-(2**63), 2**63)


def parse_json(text: str) -> Any:
    """The JSON value in `text`; raises ValueError, with the reason but no full stop, for anything else.

    Beyond the standard (RFC 8259) these are refused, since MongoDB can't keep them: whole numbers of
    more than 64 bits, names with NUL, halves of surrogate pairs, and values nested very deeply.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check(value, MAX_DEPTH)
    return value


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        for name, inner in value.items():
            if "\0" in name:
                raise ValueError("a name holds NUL")
            _check_text(name)
            _check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth - 1)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is too large")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half a surrogate pair") from None


def _whole_number(digits: str) -> int:
    if len(digits) > 20 or int(digits) not in _INT64:
        raise ValueError("a whole number has more than 64 bits")
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"'{name}' is not JSON")
