"""Typed settings from the environment.

A service declares a frozen dataclass whose fields are made with `setting(...)`; `load_settings` fills it.
Only the composition roots call it: nothing else reads the environment.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.errors import SettingsError

SettingsType = TypeVar("SettingsType")
Number = TypeVar("Number", int, float)

_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class SettingDeclaration:
    """One setting as the documentation shows it."""

    name: str
    default: str
    description: str


def setting(
    name: str,
    description: str,
    parse: Callable[[str], Any] = str,
    default: Any = _REQUIRED,
    secret: bool = False,
) -> Any:
    """A dataclass field that is read from the environment variable `name`.

    `parse` raises ValueError with a sentence when the text can't be used. A `secret` stays out of `repr`.
    """
    metadata = {"name": name, "description": description, "parse": parse, "default": default}
    if default is _REQUIRED:
        return dataclasses.field(metadata=metadata, repr=not secret)
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


def load_settings(kind: type[SettingsType], environment: Mapping[str, str]) -> SettingsType:
    """Read `kind` from `environment`; an empty variable counts as not set.

    Raises SettingsError that names every variable at fault.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field in _setting_fields(kind):
        name, parse = field.metadata["name"], field.metadata["parse"]
        text = environment.get(name, "")
        if not text:
            if field.metadata["default"] is _REQUIRED:
                faults.append(f"{name} must be set: {field.metadata['description']}")
            continue
        try:
            values[field.name] = parse(text)
        except ValueError as error:
            faults.append(f"{name} can't be used: {error}")
    if faults:
        raise SettingsError(" ".join(faults))
    return kind(**values)


def declared_settings(kind: type[Any]) -> list[SettingDeclaration]:
    """What `kind` reads, for the configuration table of the documentation."""
    return [
        SettingDeclaration(
            field.metadata["name"],
            _shown_default(field.metadata["default"]),
            field.metadata["description"],
        )
        for field in _setting_fields(kind)
    ]


def integer(minimum: int, maximum: int) -> Callable[[str], int]:
    """A parser for a whole number in `minimum..maximum`."""
    return _bounded(int, "a whole number", minimum, maximum)


def number(minimum: float, maximum: float) -> Callable[[str], float]:
    """A parser for a decimal number in `minimum..maximum`."""
    return _bounded(float, "a number", minimum, maximum)


def _bounded(
    read: Callable[[str], Number], what: str, minimum: Number, maximum: Number
) -> Callable[[str], Number]:
    def parse(text: str) -> Number:
        try:
            value = read(text)
        except ValueError:
            raise ValueError(f"'{text}' is not {what}.") from None
        if not minimum <= value <= maximum:
            raise ValueError(f"{value} is not between {minimum} and {maximum}.")
        return value

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """A parser for one of `choices`, which are in lower case, however the text is written."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"'{text}' is none of {', '.join(choices)}.")
        return text.lower()

    return parse


def comma_separated(text: str) -> frozenset[str]:
    """The parts of a comma-separated list, in lower case, blanks dropped."""
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


def base_url(text: str) -> str:
    """An absolute http or https URL without its trailing slash."""
    if re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text) is None:
        raise ValueError(f"'{text}' is not an http or https URL.")
    return text.rstrip("/")


def _setting_fields(kind: type[Any]) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(kind) if "name" in field.metadata]


def _shown_default(default: Any) -> str:
    if default is _REQUIRED:
        return "required"
    if default is None or default in ("", frozenset()):
        return ""
    return str(default)
