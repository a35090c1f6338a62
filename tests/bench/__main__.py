"""Compare engines page by page: `python -m tests.bench [--data DIR] [--engines NAME …]`."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from tests.bench.digital import measure_digital
from tests.bench.engines import contestants
from tests.bench.pages import BenchPage, generated_pages, real_pages
from tests.bench.race import race
from tests.bench.report import digital_summary, summary, table


def main() -> None:
    """Read the command line, run, print the table and write the JSON file."""
    options = _parser().parse_args()
    present = [name for name in options.engines if contestants()[name].present()]
    absent = [name for name in options.engines if name not in present]
    if not present:
        raise SystemExit(f"None of these engines is installed: {', '.join(absent)}.")
    with tempfile.TemporaryDirectory(prefix="ledgerlens-bench-") as folder:
        pages = _pages(options, Path(folder))
        if not pages:
            raise SystemExit("There are no pages to read: give --generated or --data.")
        summaries = [summary(result) for result in race(present, pages, options.models)]
        print(table(summaries))
        digital = digital_summary(
            measure_digital(Path(folder), options.models, options.digital, options.seed)
        )
    print(f"Born-digital, one process: {json.dumps(digital)}")
    if absent:
        print(f"Not installed, so not measured: {', '.join(absent)}.")
    report = {"pages": len(pages), "engines": summaries, "absent": absent, "bornDigital": digital}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {options.out}.")


def _parser() -> argparse.ArgumentParser:
    names = list(contestants())
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with manifest.json and real documents")
    parser.add_argument("--generated", type=int, default=6, help="generated documents (default 6)")
    parser.add_argument("--each", type=int, default=8, help="real documents per kind (default 8)")
    parser.add_argument("--digital", type=int, default=10, help="born-digital documents (default 10)")
    parser.add_argument("--seed", type=int, default=2026, help="seed of the generated documents")
    parser.add_argument("--engines", nargs="+", choices=names, default=names)
    parser.add_argument("--models", type=Path, default=Path(".local/models"), help="folder for the models")
    parser.add_argument("--out", type=Path, default=Path("build/bench/ocr.json"))
    return parser


def _pages(options: argparse.Namespace, folder: Path) -> list[BenchPage]:
    pages = generated_pages(folder, options.generated, options.seed) if options.generated else []
    return pages + (real_pages(options.data, options.each) if options.data else [])


if __name__ == "__main__":
    main()
