"""What reads invoices must not tell anybody: loading it asks for no address and leaves nothing at home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.runtimes import RUNTIMES, Runtime

REPORTER = """
import pathlib
pathlib.Path.home().joinpath("reported").touch()
class Telemetry:
    def __init__(self, **_): self.backend = self
    app_name = "reporter"
    def init(self, **_): pass
    def send_event(self, *_, **__): pass
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home, and OpenVINO's reporter, which would leave a file there."""
    home, packages = (tmp_path / name for name in ("home", "packages"))
    reporter = packages / "openvino_telemetry"
    for folder in (home, reporter / "backend"):
        folder.mkdir(parents=True)
    (reporter / "__init__.py").write_text(REPORTER)
    (reporter / "backend" / "__init__.py").touch()
    (reporter / "backend" / "backend_ga4.py").touch()
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "XDG_CACHE_HOME"}}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(packages)}


@pytest.mark.parametrize("way", ["alone", "forked"])
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_worker_loads_without_the_network_and_writes_nothing_at_home(
    runtime: Runtime, way: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    models = tmp_path / "models"
    install_bundled_models(models)
    loaded = subprocess.run(
        [sys.executable, "-m", "tests.unit.engine.quiet_worker", way, runtime, str(models)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert loaded.returncode == 0, loaded.stderr
    assert json.loads(loaded.stdout.splitlines()[-1]) == []
    assert list(Path(environment["HOME"]).iterdir()) == []
