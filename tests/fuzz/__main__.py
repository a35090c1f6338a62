"""Damage documents at random and put them through a real worker: `python -m tests.fuzz --mutations 5000`."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from itertools import chain
from pathlib import Path

from services.engine.documents.limits import Limits
from tests.fuzz.campaign import Report, damaged_documents, fuzzing_pool, hostile_documents, try_all


def main() -> None:
    """Print one line of JSON; exit with 1 when a document neither gave a result nor was refused."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=1000, help="damaged documents (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same documents (default 1)")
    parser.add_argument("--models", type=Path, default=Path(".local/models"), help="folder for the models")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="folder for what failed")
    report = asyncio.run(_run(parser.parse_args()))
    print(json.dumps(report.to_json()))
    raise SystemExit(1 if report.failures else 0)


async def _run(options: argparse.Namespace) -> Report:
    cases = chain(hostile_documents(), damaged_documents(options.mutations, options.seed))
    with tempfile.TemporaryDirectory(prefix="ledgerlens-fuzz-") as folder:
        async with fuzzing_pool(options.models, Limits()) as pool:
            return await try_all(pool, cases, Path(folder) / "document", options.keep)


if __name__ == "__main__":
    main()
