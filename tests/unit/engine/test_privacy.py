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


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_worker_loads_without_the_network_and_writes_nothing_at_home(
    runtime: Runtime, tmp_path: Path
) -> None:
    models, home, scratch = (tmp_path / name for name in ("models", "home", "scratch"))
    for folder in (home, scratch):
        folder.mkdir()
    install_bundled_models(models)
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "XDG_CACHE_HOME"}}
    loaded = subprocess.run(
        [sys.executable, "-m", "tests.unit.engine.quiet_worker", runtime, str(models)],
        env={**kept, "HOME": str(home), "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(loaded.stdout.splitlines()[-1]) == []
    assert list(home.iterdir()) == []
