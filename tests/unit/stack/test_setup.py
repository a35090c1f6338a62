"""The set-up script installs the lock when it has changed, the stub after it, and else does nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]
RECORDING_UV = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$*" >> "$UV_CALLS"
case "$*" in
    venv*) mkdir -p .venv/bin && touch .venv/bin/python && chmod +x .venv/bin/python ;;
    "pip sync"*) [ ! -e "$UV_CALLS.fail" ] ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the script and what it reads, and a `uv` beside it that only records its calls."""
    for path in ("deploy/local/setup.sh", "deploy/locks/dev.txt", "deploy/locks/tools.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / path, tmp_path / path)
    shutil.copytree(CHECKOUT / "deploy/stubs", tmp_path / "deploy/stubs")
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(RECORDING_UV, encoding="utf-8")
    uv.chmod(0o755)
    return tmp_path


def run_setup(checkout: Path) -> tuple[int, list[str]]:
    """The exit status, and the calls of uv that the run made."""
    calls = checkout / "calls"
    calls.write_text("", encoding="utf-8")
    environment = {
        "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}",
        "UV_CALLS": str(calls),
        "AMQP_URL": "amqp://an.outside.broker/",  # so that the script has no broker to install
    }
    script = checkout / "deploy/local/setup.sh"
    status = subprocess.run(
        ["bash", str(script)], env=environment, capture_output=True, check=False
    ).returncode
    return status, calls.read_text(encoding="utf-8").splitlines()


def test_installs_once(checkout: Path) -> None:
    status, calls = run_setup(checkout)
    assert status == 0
    assert [call.split(" --")[0] for call in calls] == ["venv", "pip sync", "pip install"]
    assert "--require-hashes deploy/locks/dev.txt" in calls[1]
    assert calls[2].endswith("--no-deps --no-build-isolation ./deploy/stubs/opencv-contrib-python")
    assert run_setup(checkout) == (0, [])


def test_installs_again_after_the_lock_or_the_stub_changed(checkout: Path) -> None:
    run_setup(checkout)
    for changed in ("deploy/locks/dev.txt", "deploy/stubs/opencv-contrib-python/pyproject.toml"):
        with (checkout / changed).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
        status, calls = run_setup(checkout)
        assert status == 0
        assert [call.split(" --")[0] for call in calls] == ["pip sync", "pip install"]


def test_a_failed_installation_fails_and_is_tried_again(checkout: Path) -> None:
    (checkout / "calls.fail").touch()
    status, _ = run_setup(checkout)
    assert status != 0
    (checkout / "calls.fail").unlink()
    status, calls = run_setup(checkout)
    assert status == 0
    assert calls[-1].startswith("pip install")
