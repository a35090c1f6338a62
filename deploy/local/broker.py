"""The private broker: a RabbitMQ node of this data folder alone, beside any other on the machine."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.data_directory import DataDirectory
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import ManagedProcess, Probe
from shared.errors import LedgerLensError

# Debian's /usr/sbin/rabbitmq-server switches to the system's user and folders; this one does not.
DEBIAN_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
USER = "ledgerlens"
AMQP_PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
AMQP_METHOD_FRAME = b"\x01"
CONFIGURATION, NODE_VARIABLES, ENABLED_PLUGINS = "rabbitmq.conf", "rabbitmq-env.conf", "enabled_plugins"


@dataclass(frozen=True, slots=True)
class Broker:
    """The node's process, its Erlang node name, and the AMQP URL it serves."""

    process: ManagedProcess
    node: str
    url: str


def private_broker(directory: DataDirectory, environment: Mapping[str, str]) -> Broker:
    """A broker that keeps its data in `directory` and listens on free loopback ports; not yet started.

    Raises LedgerLensError when RabbitMQ is not installed.
    """
    amqp_port, distribution_port = free_ports(2)
    password = directory.secret("broker-password", lambda: secrets.token_hex(16))
    # At `localhost`, so that the data is found again after the machine's name changed.
    node = f"ledgerlens-{directory.name}@localhost"
    url = f"amqp://{USER}:{password}@{LOOPBACK}:{amqp_port}/"
    _write_configuration(directory.folder("broker"), amqp_port, password)
    process = ManagedProcess(
        name="broker",
        command=[str(_find_server())],
        environment=_node_environment(directory, environment, node, distribution_port),
        working_folder=directory.folder("broker"),
        log=directory.logs / "broker.log",
        probe=_speaks_amqp(amqp_port),
        inherited=(directory.lock,),
    )
    return Broker(process, node, url)


def _speaks_amqp(port: int) -> Probe:
    """True once the node answers AMQP's opening bytes, which it does at the end of its start.

    Written on the bare socket: the client library logs every refused connection as an error.
    """

    async def probe() -> bool:
        try:
            async with asyncio.timeout(3):
                reader, writer = await asyncio.open_connection(LOOPBACK, port)
                try:
                    writer.write(AMQP_PROTOCOL_HEADER)
                    return await reader.readexactly(1) == AMQP_METHOD_FRAME
                finally:
                    writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False

    return probe


def _find_server() -> Path:
    if DEBIAN_SERVER.exists():
        return DEBIAN_SERVER
    found = shutil.which("rabbitmq-server")
    if found is None:
        raise LedgerLensError("RabbitMQ is not installed: run `make setup`, or set AMQP_URL to a broker.")
    return Path(found)


def _write_configuration(folder: Path, amqp_port: int, password: str) -> None:
    """Write the files that a node reads in place of the machine's."""
    configuration = folder / CONFIGURATION
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"listeners.tcp.1 = {LOOPBACK}:{amqp_port}\n"
        f"default_user = {USER}\n"
        f"default_pass = {password}\n"
        "log.console = true\n"
        "log.console.level = info\n"
        "log.file = false\n",
        encoding="utf-8",
    )
    (folder / ENABLED_PLUGINS).write_text("[].\n", encoding="utf-8")
    # An empty one stands in for the machine's, which names the system broker's node and ports.
    (folder / NODE_VARIABLES).write_text("", encoding="utf-8")


def _node_environment(
    directory: DataDirectory, environment: Mapping[str, str], node: str, distribution_port: int
) -> dict[str, str]:
    """The environment that makes a node use its own files and folders alone."""
    folder = directory.folder("broker")
    inherited = {
        name: value for name, value in environment.items() if not name.startswith(("RABBITMQ_", "ERL_"))
    }
    return inherited | {
        "HOME": str(folder),  # holds the node's own Erlang cookie
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "ERL_CRASH_DUMP": str(directory.logs / "broker-crash.dump"),
        # Only matters where no Erlang port mapper runs yet: one started for this node stays on loopback.
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "RABBITMQ_CONF_ENV_FILE": str(folder / NODE_VARIABLES),
        "RABBITMQ_CONFIG_FILE": str(folder / CONFIGURATION),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / ENABLED_PLUGINS),
        "RABBITMQ_NODENAME": node,
        "RABBITMQ_DIST_PORT": str(distribution_port),
        "RABBITMQ_MNESIA_BASE": str(directory.folder("broker/mnesia")),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(directory.folder("broker/generated")),
        "RABBITMQ_LOG_BASE": str(directory.logs),
        "RABBITMQ_LOGS": "-",
        # Makes the start script become the Erlang machine instead of staying as its parent, so that
        # signals and the death of our process reach the node itself.
        "RABBITMQ_ALLOW_INPUT": "true",
        "RABBITMQ_SERVER_START_ARGS": "-noinput +B i",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
