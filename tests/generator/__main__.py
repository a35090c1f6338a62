"""Write invoices with their truth: `python -m tests.generator --out DIR [--count N] [--seed S] [--demo]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.generator.samples import SAMPLE_KINDS, make_demo_samples, make_samples


def main() -> None:
    """Read the command line, write the documents, and name each one written."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into, made if missing")
    parser.add_argument("--count", type=int, default=10, help="how many documents (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default 1)")
    parser.add_argument("--kinds", nargs="+", choices=SAMPLE_KINDS, default=SAMPLE_KINDS)
    parser.add_argument("--demo", action="store_true", help="write the three documents of the demo instead")
    options = parser.parse_args()
    if options.demo:
        samples = make_demo_samples(options.out)
    else:
        samples = make_samples(options.out, options.count, options.seed, options.kinds)
    for sample in samples:
        print(f"{sample.document} ({sample.page_count} pages)")


if __name__ == "__main__":
    main()
