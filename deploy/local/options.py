"""The variables of the environment that `make up` and `make demo` honour."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploy.local.services import CHECKOUT
from deploy.local.stack import StackOptions
from shared.errors import SettingsError
from shared.settings import SettingDeclaration

DEFAULT_PORT = 8080
DEFAULT_DATA_FOLDER = ".local"
STACK_SETTINGS = (
    SettingDeclaration("PORT", str(DEFAULT_PORT), "Port that the gateway listens on, on this machine only."),
    SettingDeclaration(
        "API_KEY", "", "The API key to accept; without it one is made and kept in the data folder."
    ),
    SettingDeclaration(
        "DATA_DIR",
        DEFAULT_DATA_FOLDER,
        "Folder of all data and logs; a relative path starts at the checkout.",
    ),
    SettingDeclaration(
        "FETCH_ALLOW_HOSTS",
        "",
        "Private hosts, comma-separated, as `host` or `host:port`, that documents may be fetched from.",
    ),
    SettingDeclaration(
        "MONGO_URL", "", "MongoDB to use in place of a private one, which is started otherwise."
    ),
    SettingDeclaration(
        "AMQP_URL", "", "RabbitMQ to use in place of a private one, which is started otherwise."
    ),
)


def serving_options(environment: Mapping[str, str]) -> StackOptions:
    """What `make up` runs: PORT, API_KEY, DATA_DIR, MONGO_URL, AMQP_URL; raises SettingsError."""
    return StackOptions(
        data_dir=data_folder(environment),
        environment=environment,
        gateway_port=_port(environment),
        api_key=environment.get("API_KEY") or None,
        mongo_url=environment.get("MONGO_URL") or None,
        amqp_url=environment.get("AMQP_URL") or None,
    )


def demo_options(environment: Mapping[str, str], file_server: str) -> StackOptions:
    """What `make demo` runs: a stack of its own beside that of `make up`, which may fetch from `file_server`.

    `file_server` is the host and port of the server that offers the sample documents.
    """
    hosts = [environment.get("FETCH_ALLOW_HOSTS", ""), file_server]
    return StackOptions(
        data_dir=data_folder(environment) / "demo",
        environment={**environment, "FETCH_ALLOW_HOSTS": ",".join(filter(None, hosts))},
        mongo_url=environment.get("MONGO_URL") or None,
        amqp_url=environment.get("AMQP_URL") or None,
    )


def data_folder(environment: Mapping[str, str]) -> Path:
    """DATA_DIR, taken from the checkout when it is a relative path; `.local` by default."""
    return CHECKOUT / Path(environment.get("DATA_DIR") or DEFAULT_DATA_FOLDER).expanduser()


def _port(environment: Mapping[str, str]) -> int:
    value = environment.get("PORT") or str(DEFAULT_PORT)
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise SettingsError(f"PORT must be a whole number from 1 to 65535, not {value!r}.")
    return int(value)
