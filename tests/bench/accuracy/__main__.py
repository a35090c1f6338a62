"""Start a private stack, have documents read over REST, and print how much of them was read right."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deploy.local.interrupts import run_command
from deploy.local.options import data_folder, serving_options
from deploy.local.stack import running_stack
from tests.bench.accuracy.documents import FORMS, BenchDocument, documents_of_manifest, generated_documents
from tests.bench.accuracy.grades import Answer, DocumentGrade, grade
from tests.bench.accuracy.report import accuracy_table, changes, outcomes_of, reliability_table
from tests.bench.accuracy.service import read_all
from tests.generator.samples import SAMPLE_KINDS

INTERRUPTED = 130
OUT = Path("build/bench")


async def measure(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Read the documents, print the tables, write the file of results; the exit status."""
    documents = await asyncio.to_thread(_documents, options)
    if not documents:
        raise SystemExit("There are no documents to read.")
    stack_options = replace(
        serving_options(environment), data_dir=data_folder(environment) / "accuracy", gateway_port=None
    )
    print(f"Reading {len(documents)} documents; data and logs go to {stack_options.data_dir} …", flush=True)
    async with running_stack(stack_options) as stack:
        answers = await read_all(
            stack.gateway_url,
            stack.api_key,
            documents,
            at_once=options.at_once,
            seconds=options.seconds,
            told=_tell,
        )
    grades = [grade(document, answer) for document, answer in zip(documents, answers, strict=True)]
    print(f"\n{accuracy_table(grades)}\n\n{reliability_table(outcomes_of(grades))}\n")
    if options.against is not None:
        earlier = json.loads(options.against.read_text(encoding="utf-8"))
        print("\n".join(changes(earlier, grades)) or "No field became right or wrong.")
    print(f"Written to {_write(grades)}.")
    return 0 if any(one.error is None for one in grades) else 1


def _documents(options: argparse.Namespace) -> list[BenchDocument]:
    copies = OUT / "documents"
    if options.data is None:
        return generated_documents(
            copies / "generated", (options.each or 3) * len(SAMPLE_KINDS), options.seed
        )
    return documents_of_manifest(options.data, options.each, options.forms, copies)


def _tell(document: BenchDocument, answer: Answer) -> None:
    print(f"  {answer.seconds:6.1f} s  {document.name}  {answer.error or ''}".rstrip(), flush=True)


def _write(grades: list[DocumentGrade]) -> Path:
    path = OUT / time.strftime("accuracy-%Y%m%d-%H%M%S.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"documents": [one.to_json() for one in grades]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(prog="python -m tests.bench.accuracy", description=__doc__)
    command.add_argument(
        "--data", type=Path, help="folder with manifest.json; without it: generated documents"
    )
    command.add_argument("--each", type=int, help="documents of each kind (all; 3 of the generated ones)")
    command.add_argument(
        "--forms",
        nargs="+",
        choices=FORMS,
        default=FORMS,
        help="PDFs as they are, as images at 150 dpi, or both",
    )
    command.add_argument("--seed", type=int, default=2026, help="seed of the generated documents")
    command.add_argument("--at-once", type=int, default=2, help="documents in work at a time (2)")
    command.add_argument("--seconds", type=float, default=300.0, help="longest time for a document (300)")
    command.add_argument("--against", type=Path, help="file of an earlier run, to show what changed")
    return command


if __name__ == "__main__":
    sys.exit(run_command(measure(parser().parse_args(), os.environ), INTERRUPTED))
