"""The folder that holds all data of one private stack, and the lock that keeps a second stack out of it."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.errors import LedgerLensError

LOCK_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A locked data folder; `lock` is the open file descriptor that child processes inherit.

    As long as one of them lives the folder stays locked, so a stack that was killed and is still
    shutting down can't meet its successor over the same files.
    """

    path: Path
    lock: int

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def name(self) -> str:
        """Twelve hexadecimal digits that are the same at every start and differ between folders."""
        return hashlib.sha256(str(self.path).encode()).hexdigest()[:12]

    def folder(self, name: str) -> Path:
        """The folder `name` in the data folder, made if needed, readable by its owner only."""
        folder = self.path / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """The secret kept in file `name` (mode 0600); made once by `make`."""
        file = self.path / name
        if file.exists():
            return file.read_text(encoding="utf-8").strip()
        secret = make()
        draft = self.path / f".{name}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secret + "\n")
        draft.rename(file)
        return secret


@asynccontextmanager
async def locked_data_directory(path: Path, wait_seconds: float = 20.0) -> AsyncIterator[DataDirectory]:
    """Make the folder if needed and hold its lock.

    Raises LedgerLensError when another stack still uses the folder after `wait_seconds`.
    """
    directory = _open(path)
    try:
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(directory.lock):
            if time.monotonic() > deadline:
                raise LedgerLensError(
                    f"The data folder {directory.path} is in use by another running stack; stop that one, "
                    "or set DATA_DIR to another folder."
                )
            await asyncio.sleep(LOCK_POLL_SECONDS)
        yield directory
    finally:
        os.close(directory.lock)


def _open(path: Path) -> DataDirectory:
    path = path.expanduser().resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory = DataDirectory(path, os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600))
    directory.folder("logs")
    return directory


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
