"""The data folder: private, locked, and with secrets that stay the same."""

from __future__ import annotations

import asyncio
import stat
import time
from pathlib import Path

import pytest

from deploy.local.data_directory import locked_data_directory
from shared.errors import LedgerLensError


async def test_a_second_stack_is_kept_out_until_the_first_ends(tmp_path: Path) -> None:
    async with locked_data_directory(tmp_path / "data"):
        with pytest.raises(LedgerLensError, match="in use by another running stack"):
            async with locked_data_directory(tmp_path / "data", wait_seconds=0.2):
                pass
        async with locked_data_directory(tmp_path / "other", wait_seconds=0.2):
            pass
    async with locked_data_directory(tmp_path / "data", wait_seconds=0.2):
        pass


async def test_the_folder_stays_locked_while_a_child_that_inherited_the_lock_lives(tmp_path: Path) -> None:
    async with locked_data_directory(tmp_path) as directory:
        child = await asyncio.create_subprocess_exec("sleep", "0.7", pass_fds=(directory.lock,))
    started = time.monotonic()
    async with locked_data_directory(tmp_path, wait_seconds=10):
        assert time.monotonic() - started > 0.3
    assert await child.wait() == 0


async def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    made = iter(["first", "second", "third"])
    async with locked_data_directory(tmp_path / "data") as directory:
        assert directory.secret("key", lambda: next(made)) == "first"
        assert directory.secret("other", lambda: next(made)) == "second"
    async with locked_data_directory(tmp_path / "data") as directory:
        assert directory.secret("key", lambda: next(made)) == "first"
    file = tmp_path / "data" / "key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_each_folder_has_a_name_of_its_own_that_stays(tmp_path: Path) -> None:
    names = []
    for folder in ("one", "two", "one"):
        async with locked_data_directory(tmp_path / folder) as directory:
            names.append(directory.name)
    assert names[0] == names[2] != names[1]
