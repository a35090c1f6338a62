"""Regular expressions that users write, run so that none of them can hold up a worker.

Python's `re` has no time limit. What makes it slow beyond measure is repetition inside repetition, as in
`(a+)+`; such patterns are refused, and the rest runs on short text only.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_TEXT = 300
_LONGEST_PATTERN = 300
_MOST_REPEATS = 10
_REPEAT = re.compile(r"[*+]|\{\d*,?\d*\}|\?")


class UnsafePattern(ValueError):
    """The pattern is malformed or could take very long; the message says what is wrong with it."""


@lru_cache(maxsize=256)
def compile_safely(pattern: str) -> re.Pattern[str]:
    """Compile a user's pattern, ignoring case; raises UnsafePattern."""
    if len(pattern) > _LONGEST_PATTERN:
        raise UnsafePattern(f"The pattern is longer than {_LONGEST_PATTERN} characters.")
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise UnsafePattern(f'The pattern "{pattern}" is not a valid regular expression: {error}.') from error
    _refuse_slow(pattern)
    return compiled


def find_value(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match within the first characters of `text` (at most `LONGEST_TEXT`)."""
    return pattern.search(text[:LONGEST_TEXT])


def _refuse_slow(pattern: str) -> None:
    """Refuse repeated groups that repeat or choose inside, and back-references."""
    stack: list[bool] = []
    repeats = 0
    place = 0
    inside = False
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            if pattern[place + 1 : place + 2].isdigit():
                raise UnsafePattern(
                    f'The pattern "{pattern}" refers back to a group, which is not supported.'
                )
            place += 2
            continue
        if character == "[":
            place = _end_of_class(pattern, place)
            continue
        if character == "(":
            stack.append(inside)
            inside = False
            place += 1
            place += 1 if pattern[place : place + 1] == "?" else 0
            if pattern[place : place + 2] == "P=":
                raise UnsafePattern(
                    f'The pattern "{pattern}" refers back to a group, which is not supported.'
                )
            continue
        if character == ")":
            repeated = _repeats_often(pattern, place + 1)
            if repeated and inside:
                raise UnsafePattern(
                    f'The pattern "{pattern}" repeats inside a repetition, which can take very long.'
                )
            inside = (stack.pop() if stack else False) or inside or repeated
        elif character == "|":
            inside = True
        elif _repeats_often(pattern, place):
            repeats += 1
            inside = True
        place += 1
    if repeats > _MOST_REPEATS:
        raise UnsafePattern(f'The pattern "{pattern}" has more than {_MOST_REPEATS} repetitions.')


def _repeats_often(pattern: str, place: int) -> bool:
    """Whether a quantifier that allows many repetitions stands at `place`."""
    match = _REPEAT.match(pattern, place)
    if match is None or match[0] == "?":
        return False
    if match[0] in "*+":
        return True
    upper = match[0].strip("{}").split(",")[-1]
    return not upper or int(upper) > 50


def _end_of_class(pattern: str, place: int) -> int:
    """The place behind the character class that begins at `place`."""
    place += 1
    place += 1 if pattern[place : place + 1] == "^" else 0
    place += 1 if pattern[place : place + 1] == "]" else 0
    while place < len(pattern) and pattern[place] != "]":
        place += 2 if pattern[place] == "\\" else 1
    return place + 1
