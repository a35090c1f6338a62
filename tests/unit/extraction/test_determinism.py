"""The same pages give the same bytes, in whatever process they are read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.extraction.drawings import drawn_names

ROOT = Path(__file__).resolve().parents[3]
# Prints what is extracted from every drawn invoice; sets are ordered by PYTHONHASHSEED.
PROGRAM = """
import json
from services.engine.extraction import extract
from shared.template import ExtractionSettings
from tests.unit.extraction.drawings import drawn, drawn_names
from tests.unit.extraction.pages import page
for name in drawn_names():
    for source in ("textLayer", "ocr"):
        reading = page(drawn(name), source=source, confidence=0.9)
        print(json.dumps(extract([reading], ExtractionSettings()).to_json()))
"""


def test_processes_agree_byte_for_byte() -> None:
    answers = {_extracted(seed) for seed in ("1", "2", "3")}
    assert len(answers) == 1
    assert len(answers.pop().splitlines()) == 2 * len(drawn_names()) > 0


def _extracted(hash_seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, check=True
    ).stdout
