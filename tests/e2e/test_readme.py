"""The README's walk-through gives what it shows."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.generator.samples import Sample
from tests.readme import Step, walk_through

MARK = "--- next step ---"
_ID = re.compile(r"\b[0-9a-f]{24}\b")


async def test_walk_through(
    client: ApiClient, documents: DocumentServer, samples: dict[str, Sample], tmp_path: Path
) -> None:
    steps = walk_through()
    assert len(steps) >= 6
    sample = samples["digital"]
    documents.offer("demo-digital.pdf", sample.document.read_bytes())
    (tmp_path / "build").mkdir()
    outputs = await _run(steps, tmp_path, client, documents)
    for step, output in zip(steps, outputs, strict=True):
        assert _comparable(output) == _comparable(step.output), step.commands


async def _run(steps: list[Step], folder: Path, client: ApiClient, documents: DocumentServer) -> list[str]:
    """What each step prints, all of them run by one shell."""
    script = "set -euo pipefail\n" + f"\necho '{MARK}'\n".join(step.commands for step in steps)
    environment = os.environ | {
        "GATEWAY": client.base_url,
        "API_KEY": client.key,
        "SAMPLES": documents.url("").rstrip("/"),
    }
    shell = await asyncio.create_subprocess_exec(
        "bash", "-c", script, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(90):
        output, _ = await shell.communicate()
    assert shell.returncode == 0, output.decode()
    return output.decode().split(MARK + "\n")


def _comparable(output: str) -> str:
    """The output without ids, which differ from run to run."""
    return _ID.sub("<id>", output).strip()
