"""Child processes: ready when they say so, stopped with all their own, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.process import ManagedProcess, ProcessError, first_to_end, running

CHECKOUT = Path(__file__).parents[3]
READY_THEN_SLEEP = "touch ready; sleep 60"


def shell(script: str, folder: Path, **bounds: float) -> ManagedProcess:
    async def has_ready_file() -> bool:
        return (folder / "ready").exists()

    return ManagedProcess(
        name="server",
        command=["sh", "-c", script],
        environment=dict(os.environ),
        working_folder=folder,
        log=folder / "server.log",
        probe=has_ready_file,
        ready_seconds=bounds.get("ready_seconds", 10),
        stop_seconds=bounds.get("stop_seconds", 5),
    )


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended and only waits to be noticed by its parent does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


async def test_runs_inside_the_block_only(tmp_path: Path) -> None:
    server = shell("echo hello; " + READY_THEN_SLEEP, tmp_path)
    async with running(server):
        assert server.running
        assert server.exit_code is None
        assert server.log.read_text(encoding="utf-8") == "hello\n"
    assert server.exit_code == -signal.SIGTERM
    assert not is_alive(server.pid)


async def test_stopping_takes_the_programs_children_along(tmp_path: Path) -> None:
    server = shell("sleep 60 & echo $! > child; touch ready; wait", tmp_path)
    async with running(server):
        child = int((tmp_path / "child").read_text(encoding="utf-8"))
        assert is_alive(child)
    assert wait_gone(child)


async def test_a_program_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    server = shell("trap '' TERM; touch ready; while :; do sleep 0.1; done", tmp_path, stop_seconds=0.4)
    async with running(server):
        pass
    assert server.exit_code == -signal.SIGKILL


async def test_an_early_end_is_reported_with_the_log(tmp_path: Path) -> None:
    server = shell("echo the disk is full; exit 3", tmp_path)
    with pytest.raises(ProcessError) as caught:
        async with running(server):
            pass
    message = str(caught.value)
    assert "server ended with status 3 before it was ready" in message
    assert str(server.log) in message
    assert "the disk is full" in message


async def test_one_that_never_gets_ready_is_given_up_and_stopped(tmp_path: Path) -> None:
    server = shell("sleep 60", tmp_path, ready_seconds=0.3)
    with pytest.raises(ProcessError, match="was not ready after"):
        async with running(server):
            pass
    assert not server.running


async def test_a_program_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    server = shell("", tmp_path)
    server.command = [str(tmp_path / "missing")]
    with pytest.raises(ProcessError, match="before it was ready"):
        async with running(server):
            pass


async def test_can_be_killed_and_started_again(tmp_path: Path) -> None:
    server = shell(f"echo run; {READY_THEN_SLEEP}", tmp_path)
    async with running(server):
        first = server.pid
        server.kill()
        assert await first_to_end([server]) is server
        assert server.exit_code == -signal.SIGKILL
        (tmp_path / "ready").unlink()
        server.start()
        await server.wait_ready()
        assert server.pid != first
    assert server.log.with_suffix(".previous.log").read_text(encoding="utf-8") == "run\n"


async def test_starting_twice_is_refused(tmp_path: Path) -> None:
    server = shell(READY_THEN_SLEEP, tmp_path)
    async with running(server):
        with pytest.raises(ProcessError, match="already running"):
            server.start()


PARENT = """
import asyncio, os, sys
from pathlib import Path
from tests.unit.stack.test_process import READY_THEN_SLEEP, shell
from deploy.local.process import running

async def main():
    server = shell(READY_THEN_SLEEP.replace("sleep", "exec sleep"), Path(sys.argv[1]))
    async with running(server):
        print(server.pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_gone(child)
