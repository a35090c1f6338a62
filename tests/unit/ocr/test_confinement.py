"""The engine runs in a container: no model hub to reach, and a home folder that can't be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOAD = """
from pathlib import Path
from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.paddle import PaddleRecogniser
PaddleRecogniser(install_bundled_models(Path({folder!r})))
"""


def test_models_load_without_a_home_folder(tmp_path: Path) -> None:
    environment = {"HOME": "/proc/nowhere", "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)}
    loading = subprocess.run(
        [sys.executable, "-c", LOAD.format(folder=str(tmp_path / "models"))],
        env=environment,
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert loading.returncode == 0, loading.stderr[-2000:]
