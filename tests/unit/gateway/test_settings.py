"""The gateway's settings."""

from __future__ import annotations

import pytest

from services.gateway.settings import Settings
from shared.errors import SettingsError
from shared.settings import load_settings

SECRET = "0123456789abcdef0123456789abcdef"


def test_only_the_secret_is_required() -> None:
    settings = load_settings(Settings, {"SECRET_KEY": SECRET})
    assert settings.secret_key == SECRET.encode()
    assert settings.port == 8080
    with pytest.raises(SettingsError, match="SECRET_KEY must be set"):
        load_settings(Settings, {})


def test_a_short_secret_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(Settings, {"SECRET_KEY": "tooshort"})
    assert str(caught.value) == "SECRET_KEY can't be used: it is shorter than 32 characters."


def test_secrets_are_not_shown() -> None:
    settings = load_settings(
        Settings,
        {
            "SECRET_KEY": SECRET,
            "API_KEY": "theKey",
            "MONGO_URL": "mongodb://u:pw@h/d",
            "AMQP_URL": "amqp://u:pw@h/",
        },
    )
    for secret in (SECRET, "theKey", "pw"):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PUBLIC_URL", "gateway"),
        ("PRICE_PER_PAGE", "-1"),
        ("MAX_BODY_BYTES", "1"),
        ("RESULTS_PREFETCH", "0"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_values_out_of_bounds_are_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings(Settings, {"SECRET_KEY": SECRET, name: value})
