"""Regular expressions that users write, run so that none of them can hold up a worker.

Python's `re` has no time limit. What makes it slow is repetition inside repetition, as in `(a+)+`, and
several repetitions in a row that match the same characters, as in `\\d*\\d*\\d*\\d*x`. Such patterns are
refused, and the rest runs on short text only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

LONGEST_TEXT = 200
_LONGEST_PATTERN = 300
_MOST_IN_A_ROW = 3
_MANY_TIMES = 50
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d*)(,?)(\d*)\})[?+]?")
_ALPHABET = frozenset(map(chr, range(32, 127))) | frozenset("\tÄäÉéßŁ€£")
_ZERO_WIDTH = frozenset("bBAZ")


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
    _Inspection(pattern).run()
    return compiled


def find_value(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match within the first characters of `text` (at most `LONGEST_TEXT`)."""
    return pattern.search(text[:LONGEST_TEXT])


@dataclass
class _Inspection:
    """A walk over a valid pattern, atom by atom.

    `row` are the characters of the repetitions that may still compete for the same text; an atom that
    must match and shares no character with them ends their competition. `open` tells for each group that
    is open whether something repeats or is chosen inside.
    """

    pattern: str
    row: list[frozenset[str]] = field(default_factory=list)
    open: list[bool] = field(default_factory=lambda: [False])

    def run(self) -> None:
        place = 0
        while place < len(self.pattern):
            place = self._step(place)

    def _step(self, place: int) -> int:
        """Handle what stands at `place` and return the place behind it."""
        character = self.pattern[place]
        if character == "(":
            return self._open_group(place)
        if character == ")":
            inside = self.open.pop()
            self.open[-1] |= inside
            return self._close_atom(_ALPHABET, place + 1, inside)
        if character == "|":
            self.open[-1] = True
            return place + 1
        end = self._end_of_atom(place)
        atom = self.pattern[place:end]
        if atom in ("^", "$") or (atom[0] == "\\" and atom[1:2] in _ZERO_WIDTH):
            return end
        if re.fullmatch(r"\\[1-9]\d*", atom):
            raise self._refusal("refers back to a group, which is not supported")
        single = re.compile(atom, re.IGNORECASE)
        return self._close_atom(frozenset(c for c in _ALPHABET if single.fullmatch(c)), end, inside=False)

    def _open_group(self, place: int) -> int:
        if self.pattern.startswith(("(?P=", "(?("), place):
            raise self._refusal("refers back to a group, which is not supported")
        self.open.append(False)
        prefix = re.compile(r"\((?:\?(?:P<\w+>|[:=!>]|<[=!]|[a-zA-Z-]+:?))?").match(self.pattern, place)
        return prefix.end() if prefix else place + 1

    def _close_atom(self, characters: frozenset[str], end: int, inside: bool) -> int:
        """Take the quantifier behind an atom or group into account."""
        quantifier = _QUANTIFIER.match(self.pattern, end)
        if quantifier is None:
            if len(characters) < len(_ALPHABET) and not any(characters & other for other in self.row):
                self.row.clear()
            return end
        if _repeats(quantifier):
            if inside:
                raise self._refusal("repeats inside a repetition, which can take very long")
            self.open[-1] = True
            if self.row and not any(characters & other for other in self.row):
                self.row.clear()
            self.row.append(characters)
            if len(self.row) > _MOST_IN_A_ROW:
                raise self._refusal(f"has more than {_MOST_IN_A_ROW} repetitions that match the same text")
        return quantifier.end()

    def _end_of_atom(self, place: int) -> int:
        if self.pattern[place] == "\\":
            escape = re.compile(r"\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|[1-9]\d?|.)", re.DOTALL).match(
                self.pattern, place
            )
            return escape.end() if escape else place + 1
        if self.pattern[place] != "[":
            return place + 1
        place += 1
        place += 1 if self.pattern[place : place + 1] == "^" else 0
        place += 1 if self.pattern[place : place + 1] == "]" else 0
        while self.pattern[place] != "]":
            place += 2 if self.pattern[place] == "\\" else 1
        return place + 1

    def _refusal(self, reason: str) -> UnsafePattern:
        return UnsafePattern(f'The pattern "{self.pattern}" {reason}.')


def _repeats(quantifier: re.Match[str]) -> bool:
    """Whether the quantifier allows many repetitions."""
    if quantifier[0][0] in "*+":
        return True
    if quantifier[0][0] == "?":
        return False
    upper = quantifier[3] if quantifier[2] else quantifier[1]
    return not upper or int(upper) > _MANY_TIMES
