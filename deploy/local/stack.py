"""The whole private stack: what it consists of, how it is configured, and its life as a context manager."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.broker import private_broker
from deploy.local.data_directory import DataDirectory, locked_data_directory
from deploy.local.database import private_database
from deploy.local.ports import LOOPBACK, free_port, is_free
from deploy.local.process import ManagedProcess, running
from deploy.local.services import engine_process, gateway_process
from shared.errors import LedgerLensError


@dataclass(frozen=True, slots=True)
class StackOptions:
    """How to run a stack.

    `environment` is the ground of every child's environment, through which further settings of the
    services pass. `mongo_url` and `amqp_url` name outside servers to be used in place of private ones.
    Without `gateway_port` a free port is taken, without `api_key` one is made and kept in `data_dir`.
    `gateway_settings` and `engine_settings` are added to that of the one service; `engines` counts processes.
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
        gateway = gateway_process(
            backing.directory,
            {**options.environment, **options.gateway_settings},
            port=port,
            api_key=api_key,
            mongo_url=backing.mongo_url,
            amqp_url=backing.amqp_url,
        )
        engines = tuple(
            engine_process(
                backing.directory,
                {**options.environment, **options.engine_settings},
                name="engine" if number == 1 else f"engine-{number}",
                gateway_url=gateway_url,
                amqp_url=backing.amqp_url,
            )
            for number in range(1, options.engines + 1)
        )
        async with running(gateway, *engines):
            yield Stack(gateway_url, api_key, backing, gateway, engines)
