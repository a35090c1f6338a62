"""Settings from the environment: what is read, what is refused, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from shared.errors import SettingsError
from shared.settings import (
    SettingDeclaration,
    base_url,
    comma_separated,
    declared_settings,
    integer,
    load_settings,
    number,
    one_of,
    setting,
)


@dataclass(frozen=True, slots=True)
class Sample:
    address: str = setting("ADDRESS", "Where it listens.")
    token: str = setting("TOKEN", "Opens the door.", secret=True)
    port: int = setting("PORT", "Port it listens on.", integer(1, 65535), default=8080)
    hosts: frozenset[str] = setting("HOSTS", "Allowed hosts.", comma_separated, default=frozenset())
    derived: int = 3


REQUIRED = {"ADDRESS": "here", "TOKEN": "s3cret"}


def test_defaults_hold_for_what_is_not_set_or_empty() -> None:
    assert load_settings(Sample, REQUIRED | {"PORT": ""}) == Sample("here", "s3cret", 8080, frozenset(), 3)


def test_values_are_parsed() -> None:
    loaded = load_settings(Sample, REQUIRED | {"PORT": "81", "HOSTS": "A, b:80"})
    assert (loaded.port, loaded.hosts) == (81, frozenset({"a", "b:80"}))


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(Sample, {"PORT": "many", "TOKEN": ""})
    assert str(caught.value) == (
        "ADDRESS must be set: Where it listens. TOKEN must be set: Opens the door. "
        "PORT can't be used: 'many' is not a whole number."
    )


def test_a_field_that_is_no_setting_is_not_read() -> None:
    assert load_settings(Sample, REQUIRED | {"derived": "9", "DERIVED": "9"}).derived == 3


def test_a_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(load_settings(Sample, REQUIRED))


def test_declarations_are_what_is_documented() -> None:
    assert declared_settings(Sample) == [
        SettingDeclaration("ADDRESS", "required", "Where it listens."),
        SettingDeclaration("TOKEN", "required", "Opens the door."),
        SettingDeclaration("PORT", "8080", "Port it listens on."),
        SettingDeclaration("HOSTS", "", "Allowed hosts."),
    ]


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (integer(1, 10), "1", 1),
        (integer(1, 10), "10", 10),
        (number(0, 1), "0.5", 0.5),
        (number(0, 1e6), "1e6", 1e6),
        (one_of("a", "b"), "b", "b"),
        (one_of("debug", "info"), "INFO", "info"),
        (comma_separated, " A , ,b,", frozenset({"a", "b"})),
        (base_url, "https://example.org/", "https://example.org"),
        (base_url, "http://[::1]:8080/files//", "http://[::1]:8080/files"),
    ],
)
def test_good_values(parse: Callable[[str], Any], text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (integer(1, 10), "0"),
        (integer(1, 10), "11"),
        (integer(1, 10), "2.5"),
        (integer(1, 10), "ten"),
        (number(0, 1), "-0.1"),
        (number(0, 1), "nan"),
        (number(0, 1), "inf"),
        (number(0, 1), "half"),
        (one_of("a", "b"), "c"),
        (one_of("a", "b"), ""),
        (base_url, "example.org"),
        (base_url, "ftp://example.org"),
        (base_url, "http://"),
        (base_url, "https:///path"),
        (base_url, "http://example.org/?a=1"),
        (base_url, "http://example.org/#top"),
        (base_url, "http://exam ple.org"),
    ],
)
def test_bad_values_are_refused_with_a_sentence(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse(text)
