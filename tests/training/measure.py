"""`python -m tests.training.measure`: how well drawn lines are read before and after training.

Their fonts are never trained on, and their texts are others; real documents are a matter of their own.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

from tests.training import fonts
from tests.training.lines import draws_in_fonts
from tests.training.model import FONTS, TRAINED, trained_model, untrained_model
from tests.training.reading import Reading, reading_report

SEED = 1 << 40
"""Of the lines. Training draws its own by the steps made, which are never as many."""


def main() -> None:
    """Read the command line, fetch the fonts that are missing, and print how lines are read."""
    parser = argparse.ArgumentParser(prog="python -m tests.training.measure", description=__doc__)
    parser.add_argument("--fonts", type=Path, default=FONTS, help="folder of the fonts")
    parser.add_argument("--weights", type=Path, default=TRAINED, help="file that training wrote")
    parser.add_argument("--lines", type=int, default=2000, help="lines to read")
    options = parser.parse_args()
    fonts.fetch(options.fonts, (*fonts.HELD_OUT, *fonts.FOREIGN))
    before, after = untrained_model(), trained_model(options.weights)
    draws = draws_in_fonts(options.fonts, before.characters, held_out=True)
    lines = list(islice(draws.lines(SEED), options.lines))
    for name, model in (("Before", before), ("After", after)):
        print(f"{name}: {reading_report(Reading(model.weights.read_bytes(), model.characters), lines)}")


if __name__ == "__main__":
    main()
