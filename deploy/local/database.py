"""The private database: SecantusDB, which speaks MongoDB's protocol and keeps its data in one folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from deploy.local.data_directory import DataDirectory
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import ManagedProcess

DATABASE_NAME = "ledgerlens"
CACHE_SIZE = "256M"
SERVER = Path(sys.executable).with_name("secantusd-py")


@dataclass(frozen=True, slots=True)
class Database:
    """The server process and the MongoDB URL it serves; it reports itself as a one-node replica set."""

    process: ManagedProcess
    url: str


def private_database(directory: DataDirectory, environment: Mapping[str, str]) -> Database:
    """A database that keeps its data in `directory` and listens on a free loopback port; not yet started."""
    port = free_port()
    storage = directory.folder("mongo")
    configuration = storage / "secantusd.toml"
    # Named so that the server does not look for a configuration of the user's or the machine's.
    configuration.touch()
    command = [
        str(SERVER),
        *("--config", str(configuration)),
        *("--host", LOOPBACK, "--port", str(port)),
        *("--storage-path", str(storage)),
        *("--cache-size", CACHE_SIZE),
        *("--log-level", "WARNING"),
        # Without it a killed server loses what it has acknowledged.
        "--sync-on-commit",
    ]
    url = f"mongodb://{LOOPBACK}:{port}/{DATABASE_NAME}"

    async def answers_ping() -> bool:
        client: AsyncMongoClient[Mapping[str, object]] = AsyncMongoClient(url, serverSelectionTimeoutMS=1000)
        try:
            await client.admin.command("ping")
        except PyMongoError:
            return False
        finally:
            await client.close()
        return True

    process = ManagedProcess(
        name="database",
        command=command,
        environment=environment,
        working_folder=directory.path,
        log=directory.logs / "database.log",
        probe=answers_ping,
        inherited=(directory.lock,),
    )
    return Database(process, url)
