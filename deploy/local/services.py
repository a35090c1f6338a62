"""The two services as child processes: what each is told by its environment, and what it is not told."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.data_directory import DataDirectory
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import ManagedProcess, answers_ok

CHECKOUT = Path(__file__).resolve().parents[2]
GATEWAY_READY_SECONDS = 60.0
ENGINE_READY_SECONDS = 180.0
# What only the gateway may know; an engine that is given none of it can't leak or misuse it.
GATEWAY_ONLY = frozenset({"SECRET_KEY", "API_KEY", "MONGO_URL"})


def gateway_process(
    directory: DataDirectory,
    settings: Mapping[str, str],
    *,
    port: int,
    api_key: str,
    mongo_url: str,
    amqp_url: str,
) -> ManagedProcess:
    """The gateway on a loopback `port`, ready when it says so; not yet started."""
    url = f"http://{LOOPBACK}:{port}"
    environment = {
        **settings,
        "HOST": LOOPBACK,
        "PORT": str(port),
        "PUBLIC_URL": url,
        "MONGO_URL": mongo_url,
        "AMQP_URL": amqp_url,
        "SECRET_KEY": directory.secret("secret-key", lambda: secrets.token_hex(32)),
        "API_KEY": api_key,
    }
    return ManagedProcess(
        name="gateway",
        command=[sys.executable, "-m", "services.gateway"],
        environment=environment,
        working_folder=CHECKOUT,
        log=directory.logs / "gateway.log",
        probe=answers_ok(f"{url}/readyz"),
        ready_seconds=GATEWAY_READY_SECONDS,
        inherited=(directory.lock,),
    )


def engine_process(
    directory: DataDirectory,
    settings: Mapping[str, str],
    *,
    name: str,
    gateway_url: str,
    amqp_url: str,
) -> ManagedProcess:
    """An engine with its health page on a free loopback port, ready when it says so; not yet started."""
    port = free_port()
    environment = {
        **{key: value for key, value in settings.items() if key not in GATEWAY_ONLY},
        "AMQP_URL": amqp_url,
        "GATEWAY_URL": gateway_url,
        "HEALTH_HOST": LOOPBACK,
        "HEALTH_PORT": str(port),
        "MODEL_DIR": str(directory.folder("models")),
    }
    return ManagedProcess(
        name=name,
        command=[sys.executable, "-m", "services.engine"],
        environment=environment,
        working_folder=CHECKOUT,
        log=directory.logs / f"{name}.log",
        probe=answers_ok(f"http://{LOOPBACK}:{port}/readyz"),
        ready_seconds=ENGINE_READY_SECONDS,
        inherited=(directory.lock,),
    )
