"""Strict JSON: only what the database can keep and every other JSON reader understands."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str) -> Any:
    """The value in `text`; raises ValueError with the reason when it is not strict JSON.

    Refused are NaN, infinite numbers, whole numbers over 64 bits, halves of characters, and nesting that is
    deeper than the interpreter can follow.
    """
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite_number, parse_int=_whole_number
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if _SURROGATE.search(text):
        _refuse_halves(value)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"'{name}' is not JSON")


def _finite_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _whole_number(text: str) -> int:
    # Twenty characters hold every number of 64 bits; the interpreter refuses to read thousands.
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise ValueError(f"the number {text[:40]} is too large: 64 bits are kept")
    return int(text)


def _refuse_halves(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half of a character (an unpaired surrogate)") from None
