"""How well pages are read that were scanned or photographed badly: `python -m tests.bench.conditions`."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.reader import PageReader
from services.engine.ocr.runtimes import open_recogniser
from shared.readings import PageReading
from shared.template import PreprocessingSettings
from tests.bench.scores import Score, score, total
from tests.generator import degrade
from tests.generator.render import Pixels, render_pages
from tests.generator.samples import make_samples

DPI = 150
FAX_DPI = 200
STAMP_BLUE = (40, 60, 190)
Effect = Callable[[Pixels, np.random.Generator], Pixels]


@dataclass(frozen=True, slots=True)
class Condition:
    """What befalls a page rendered at `dpi`."""

    effect: Effect
    dpi: int = DPI


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one page was read."""

    condition: str
    score: Score
    reading: PageReading

    @property
    def word_error_rate(self) -> float:
        """Words missed or misread, by words printed, 0..1."""
        return 1 - self.score.common / max(1, self.score.printed)


def conditions() -> Mapping[str, Condition]:
    """What is tried, the clean page first."""
    return {
        "clean": Condition(lambda page, _: page),
        "turned by 90°": Condition(lambda page, _: degrade.rotate_whole(page, 90).image),
        "turned by 180°": Condition(lambda page, _: degrade.rotate_whole(page, 180).image),
        "turned by 270°": Condition(lambda page, _: degrade.rotate_whole(page, 270).image),
        "askew by 5°": Condition(lambda page, _: degrade.rotate_whole(page, 5).image),
        "askew by 15°": Condition(lambda page, _: degrade.rotate_whole(page, 15).image),
        "askew by -15°": Condition(lambda page, _: degrade.rotate_whole(page, -15).image),
        "photographed from above": Condition(lambda page, rng: _photograph(page, rng, 0.012, 2)),
        "photographed aslant": Condition(lambda page, rng: _photograph(page, rng, 0.05, 3)),
        "photographed far aslant": Condition(lambda page, rng: _photograph(page, rng, 0.1, 6, 0.2)),
        "shadow over half the light": Condition(lambda page, rng: degrade.light_unevenly(page, rng, 0.7)),
        "low contrast (25 %)": Condition(lambda page, _: degrade.fade(page, 0.25)),
        "very low contrast (10 %)": Condition(lambda page, _: degrade.fade(page, 0.1)),
        "stamp over print": Condition(lambda page, rng: degrade.stamp(page, rng, "RECEIVED", STAMP_BLUE)),
        "faint dot matrix": Condition(lambda page, _: degrade.dot_matrix(page, 3.0, 0.4)),
        "fax of 200 x 100 dpi": Condition(lambda page, _: degrade.fax(page), FAX_DPI),
        "out of focus (1.5 px)": Condition(lambda page, _: degrade.blur(page, 1.5)),
        "out of focus (2.5 px)": Condition(lambda page, _: degrade.blur(page, 2.5)),
        "grain of 30 levels": Condition(lambda page, rng: degrade.add_noise(page, rng, 30)),
        "grain of 60 levels": Condition(lambda page, rng: degrade.add_noise(page, rng, 60)),
        "72 dpi": Condition(lambda page, _: degrade.resample(page, 72 / DPI).image),
        "50 dpi": Condition(lambda page, _: degrade.resample(page, 50 / DPI).image),
        "JPEG of quality 8": Condition(lambda page, _: degrade.compress(page, 8)),
    }


def _photograph(
    page: Pixels, rng: np.random.Generator, tilt: float, degrees: float, margin: float = 0.08
) -> Pixels:
    photo = degrade.photograph(page, rng, tilt=tilt, degrees=degrees, margin=margin).image
    return degrade.add_noise(degrade.light_unevenly(photo, rng, 0.25), rng, 4)


def measure(reader: PageReader, folder: Path, count: int, seed: int, names: Sequence[str]) -> list[Outcome]:
    """Read the first pages of `count` generated documents under each condition of `names`."""
    outcomes = []
    for number, sample in enumerate(make_samples(folder, count, seed, ("digital",))):
        content = sample.document.read_bytes()
        for name in names:
            condition = conditions()[name]
            page = render_pages(content, condition.dpi)[0]
            spoilt = condition.effect(page.image, np.random.default_rng([seed, number]))
            pixels = np.ascontiguousarray(spoilt[..., ::-1])
            reading = reader.read(pixels, PreprocessingSettings())
            text = "\n".join(line.text for line in page.lines)
            outcomes.append(Outcome(name, score(reading.text, text), reading))
    return outcomes


def table(outcomes: Sequence[Outcome]) -> str:
    """Word F1, error rate of words and quality per condition, as a Markdown table."""
    rows = ["| condition | word F1 | words missed | qualityScore | steps |", "|---|---|---|---|---|"]
    for name in dict.fromkeys(outcome.condition for outcome in outcomes):
        chosen = [outcome for outcome in outcomes if outcome.condition == name]
        word_f1 = total(outcome.score for outcome in chosen).word_f1
        missed = mean(outcome.word_error_rate for outcome in chosen)
        quality = mean(outcome.reading.quality_score for outcome in chosen)
        steps = ", ".join(_steps(chosen)) or "none"
        rows.append(f"| {name} | {word_f1:.3f} | {missed:.3f} | {quality:.3f} | {steps} |")
    return "\n".join(rows)


def _steps(outcomes: Sequence[Outcome]) -> list[str]:
    every = [outcome.reading.preprocessing for outcome in outcomes]
    named = {name: sum(getattr(one, name) for one in every) for name in ("enhanced", "deskewed", "denoised")}
    return [f"{name} {count}/{len(every)}" for name, count in named.items() if count]


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank."""
    ranks = np.corrcoef(_ranks(first), _ranks(second))
    return float(ranks[0, 1])


def _ranks(values: Sequence[float]) -> list[float]:
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) - 1) / 2
        for value in values
    ]


def main() -> None:
    """Print the table, and how well the quality score predicts the share of words missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.conditions", description=__doc__)
    parser.add_argument("--count", type=int, default=2, help="documents per condition (default 2)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", nargs="+", choices=list(conditions()), default=list(conditions()))
    parser.add_argument("--models", type=Path, default=Path(".local/models"), help="folder for the models")
    options = parser.parse_args()
    reader = PageReader(open_recogniser("openvino", install_bundled_models(options.models), 1))
    with tempfile.TemporaryDirectory(prefix="ledgerlens-conditions-") as folder:
        outcomes = measure(reader, Path(folder), options.count, options.seed, options.only)
    print(table(outcomes))
    qualities = [outcome.reading.quality_score for outcome in outcomes]
    missed = [outcome.word_error_rate for outcome in outcomes]
    print(json.dumps({"pages": len(outcomes), "spearman": round(rank_correlation(qualities, missed), 3)}))


if __name__ == "__main__":
    main()
