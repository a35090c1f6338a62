"""`python -m tests.training`: train PP-OCRv6 tiny further, and write its weights (docs/training.md).

It may be stopped at any time and goes on from its last checkpoint. It needs packages of its own: torch, onnx,
wordfreq and fonttools.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.training import fonts
from tests.training.export import export
from tests.training.latin import cut_to_latin
from tests.training.model import FONTS, TRAINED, untrained_model
from tests.training.train import Plan, train


def main() -> None:
    """Read the command line, fetch the fonts that are missing, train and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.training", description=__doc__)
    parser.add_argument("--fonts", type=Path, default=FONTS, help="folder of the fonts")
    parser.add_argument("--out", type=Path, default=Path(".local/training"), help="folder of the checkpoint")
    parser.add_argument("--steps", type=int, default=3800, help="steps to make in all")
    parser.add_argument("--weights", type=Path, default=TRAINED, help="file to write")
    options = parser.parse_args()
    fonts.fetch(options.fonts, (*fonts.OFFICE, *fonts.TILL, *fonts.FURTHER, *fonts.FOREIGN))
    before = untrained_model()
    options.out.mkdir(parents=True, exist_ok=True)
    model = cut_to_latin(before, options.out / "latin.onnx")
    trained = train(Plan(options.fonts, options.out, before, model, options.steps))
    options.weights.parent.mkdir(parents=True, exist_ok=True)
    export(model, trained, options.weights)
    print(f"Wrote {options.weights}.")


if __name__ == "__main__":
    main()
