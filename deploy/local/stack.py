"""The whole private stack: what it consists of, how it is configured, and its life as a context manager."""

from __future__ import annotations

import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.broker import private_broker
from deploy.local.data_directory import DataDirectory, locked_data_directory
from deploy.local.database import private_database
from deploy.local.ports import LOOPBACK, free_port, is_free
from deploy.local.process import ManagedProcess, answers_ok, running
from shared.errors import LedgerLensError

CHECKOUT = Path(__file__).resolve().parents[2]
GATEWAY_READY_SECONDS = 60.0
ENGINE_READY_SECONDS = 180.0
# What only the gateway may know; an engine that is given none of it can't leak or misuse it.
GATEWAY_ONLY = ("SECRET_KEY", "API_KEY", "MONGO_URL")


@dataclass(frozen=True, slots=True)
class StackOptions:
    """How to run a stack.

    `environment` is the ground of every child's environment, through which further settings of the
    services pass. `mongo_url` and `amqp_url` name outside servers to be used in place of private ones.
    Without `gateway_port` a free port is taken, without `api_key` one is made and kept in `data_dir`.
    `gateway_settings` and `engine_settings` override all else; there are `engines` engine processes.
    """

    data_dir: Path
    environment: Mapping[str, str]
    gateway_port: int | None = None
    api_key: str | None = None
    mongo_url: str | None = None
    amqp_url: str | None = None
    engines: int = 1
    gateway_settings: Mapping[str, str] = field(default_factory=dict)
    engine_settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Backing:
    """A database and a broker to run services against, and the processes of those that are private."""

    directory: DataDirectory
    mongo_url: str
    amqp_url: str
    processes: tuple[ManagedProcess, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack; `processes` are all that were started, by name such as `engine` or `engine-2`."""

    gateway_url: str
    api_key: str
    backing: Backing
    gateway: ManagedProcess
    engines: tuple[ManagedProcess, ...]

    @property
    def mongo_url(self) -> str:
        return self.backing.mongo_url

    @property
    def amqp_url(self) -> str:
        return self.backing.amqp_url

    @property
    def processes(self) -> dict[str, ManagedProcess]:
        every = (*self.backing.processes, self.gateway, *self.engines)
        return {process.name: process for process in every}

    @property
    def logs(self) -> dict[str, Path]:
        """The log file of each process that was started."""
        return {name: process.log for name, process in self.processes.items()}


@asynccontextmanager
async def running_backing(options: StackOptions) -> AsyncIterator[Backing]:
    """Lock the data folder and run the private database and broker that `options` call for."""
    async with AsyncExitStack() as cleanup:
        directory = await cleanup.enter_async_context(locked_data_directory(options.data_dir))
        mongo_url, amqp_url = options.mongo_url, options.amqp_url
        processes: list[ManagedProcess] = []
        if amqp_url is None:
            broker = private_broker(directory, options.environment)
            processes.append(broker.process)
            amqp_url = broker.url
        if mongo_url is None:
            database = private_database(directory, options.environment)
            processes.append(database.process)
            mongo_url = database.url
        await cleanup.enter_async_context(running(*processes))
        yield Backing(directory, mongo_url, amqp_url, tuple(processes))


@asynccontextmanager
async def running_stack(options: StackOptions) -> AsyncIterator[Stack]:
    """Run the whole stack until the block ends; inside it every service is ready.

    Raises LedgerLensError, naming the log file, when a part does not start.
    """
    port = options.gateway_port or free_port()
    if not is_free(port):
        raise LedgerLensError(f"Port {port} is taken by another program; set PORT to a free one.")
    async with running_backing(options) as backing:
        api_key = options.api_key or backing.directory.secret("api-key", lambda: secrets.token_hex(24))
        gateway_url = f"http://{LOOPBACK}:{port}"
        gateway = _gateway(options, backing, port, gateway_url, api_key)
        engines = tuple(_engine(options, backing, gateway_url, number) for number in range(options.engines))
        async with running(gateway, *engines):
            yield Stack(gateway_url, api_key, backing, gateway, engines)


def _gateway(
    options: StackOptions, backing: Backing, port: int, gateway_url: str, api_key: str
) -> ManagedProcess:
    directory = backing.directory
    environment = {
        **options.environment,
        "HOST": LOOPBACK,
        "PORT": str(port),
        "PUBLIC_URL": gateway_url,
        "MONGO_URL": backing.mongo_url,
        "AMQP_URL": backing.amqp_url,
        "SECRET_KEY": directory.secret("secret-key", lambda: secrets.token_hex(32)),
        "API_KEY": api_key,
        **options.gateway_settings,
    }
    return ManagedProcess(
        name="gateway",
        command=[sys.executable, "-m", "services.gateway"],
        environment=environment,
        working_folder=CHECKOUT,
        log=directory.logs / "gateway.log",
        probe=answers_ok(f"{gateway_url}/readyz"),
        ready_seconds=GATEWAY_READY_SECONDS,
        inherited=(directory.lock,),
    )


def _engine(options: StackOptions, backing: Backing, gateway_url: str, number: int) -> ManagedProcess:
    directory = backing.directory
    name = "engine" if number == 0 else f"engine-{number + 1}"
    port = free_port()
    passed_on = {key: value for key, value in options.environment.items() if key not in GATEWAY_ONLY}
    environment = {
        **passed_on,
        "AMQP_URL": backing.amqp_url,
        "GATEWAY_URL": gateway_url,
        "HEALTH_HOST": LOOPBACK,
        "HEALTH_PORT": str(port),
        "MODEL_DIR": str(directory.folder("models")),
        **options.engine_settings,
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
