"""Schemathesis against the running gateway: every answer is as documented, none is a server error."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from services.gateway import app_keys
from tests.integration.access.conftest import Gateway
from tests.integration.access.test_access import make_records

SECONDS = 25


@pytest.mark.timeout(150)
async def test_every_answer_is_as_documented(gateway: Gateway, tmp_path: Path) -> None:
    key = await gateway.key("conformance")
    made = await make_records(gateway, key)
    record_ids = {name: made[f"ocr-invoice-job{suffix}"] for name, suffix in _REFERENCES.items()}
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(gateway.app[app_keys.OPENAPI]), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", str(document)),
        *("--url", str(gateway.session._base_url), "--header", f"api-key: {key}"),
        *("--checks", "all", "--max-time", str(SECONDS), "--max-examples", "5", "--seed", "1"),
        *("--no-shrink", "--continue-on-failure", "--warnings", "off"),
        cwd=tmp_path,
        env={
            **os.environ,
            "RECORD_IDS": json.dumps(record_ids),
            "SCHEMATHESIS_HOOKS": "tests.integration.access.openapi_hooks",
            "PYTHONPATH": str(Path(__file__).parents[3]),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


_REFERENCES = {"template": "-template", "group": "-group", "job": ""}
