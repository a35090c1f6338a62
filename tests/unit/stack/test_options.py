"""What the environment says about a stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.options import demo_options, serving_options
from deploy.local.services import CHECKOUT
from shared.errors import SettingsError


def test_defaults() -> None:
    options = serving_options({})
    assert options.gateway_port == 8080
    assert options.data_dir == CHECKOUT / ".local"
    assert (options.api_key, options.mongo_url, options.amqp_url) == (None, None, None)


def test_all_that_is_honoured(tmp_path: Path) -> None:
    environment = {
        "PORT": "9090",
        "API_KEY": "key",
        "DATA_DIR": str(tmp_path),
        "MONGO_URL": "mongodb://database/invoices",
        "AMQP_URL": "amqp://broker/",
        "FETCH_ALLOW_HOSTS": "files.example",
    }
    options = serving_options(environment)
    assert options.gateway_port == 9090
    assert options.api_key == "key"
    assert options.data_dir == tmp_path
    assert options.mongo_url == "mongodb://database/invoices"
    assert options.amqp_url == "amqp://broker/"
    assert options.environment["FETCH_ALLOW_HOSTS"] == "files.example"


def test_empty_values_count_as_unset() -> None:
    options = serving_options({"PORT": "", "API_KEY": "", "DATA_DIR": "", "MONGO_URL": "", "AMQP_URL": ""})
    assert options.gateway_port == 8080
    assert options.data_dir == CHECKOUT / ".local"
    assert (options.api_key, options.mongo_url, options.amqp_url) == (None, None, None)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5"])
def test_a_port_that_can_not_be_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT must be a whole number"):
        serving_options({"PORT": port})


def test_the_demo_runs_beside_a_serving_stack() -> None:
    environment = {"PORT": "8080", "API_KEY": "key", "FETCH_ALLOW_HOSTS": "files.example"}
    options = demo_options(environment, "127.0.0.1:20001")
    assert options.data_dir == CHECKOUT / ".local" / "demo"
    assert options.gateway_port is None
    assert options.environment["FETCH_ALLOW_HOSTS"] == "files.example,127.0.0.1:20001"
