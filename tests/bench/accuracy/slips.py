"""How many slips of recognition are repaired: `python -m tests.bench.accuracy.slips [--count N] [--seed S]`.

Generated born-digital documents are taken for recognised ones: words get confidences such as those of
recognition, and one printed number at a time gets one slip. What is extracted is held against what is
extracted without the slip. The slips are those this file lists, not those that the extraction thinks of.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from services.engine.extraction.extract import extract
from services.engine.imaging.frames import DocumentFrames
from shared.readings import Line, PageReading, TextSource, Word
from shared.template import ExtractionSettings
from tests.bench.accuracy.calibrate import OUT, Reader
from tests.bench.accuracy.documents import generated_documents

SlipKind = Literal["look-alike", "other digit", "lost digit", "doubled digit", "lost mark", "letter"]
KINDS: tuple[SlipKind, ...] = (
    "look-alike", "other digit", "lost digit", "doubled digit", "lost mark", "letter",
)  # fmt: skip
Outcome = Literal["no harm", "repaired right", "repaired wrong", "reported", "not noticed"]
OUTCOMES: tuple[Outcome, ...] = ("no harm", "repaired right", "repaired wrong", "reported", "not noticed")

_LOOK_ALIKES = ("0865", "3895", "174", "49", "56", "27", "179")
_LETTERS = {"0": "OoD", "1": "lI|", "5": "S", "8": "B", "6": "G", "2": "Z"}
_MONEY = re.compile(r"[^\w]?\d[\d.,'’]*[.,]\d{2}[^\w]?")
_REPAIRED = "and repaired to"
_OF_SUMS = ("add up", "times", "adds up")


def main() -> None:
    """Read the command line, measure, and print a row for every kind of slip."""
    options = _parser().parse_args()
    documents = generated_documents(options.out, options.count, options.seed, ("digital",))
    reader = Reader(options.models, OUT / "readings")
    counts: dict[str, Counter[Outcome]] = {kind: Counter() for kind in (*KINDS, "none")}
    rng = random.Random(options.seed)
    for document in documents:
        pages = DocumentFrames(reader.read(document.path)).upright
        believed = recognised(pages, rng)
        truth = sums_of(_answer(pages))
        counts["none"][outcome(truth, _answer(believed), _answer(believed, source="textLayer"))] += 1
        for kind in KINDS:
            slip = spoil(believed, kind, rng, sure=options.sure)
            if slip is None:
                continue
            spoilt, told = slip
            result = outcome(truth, _answer(spoilt), _answer(spoilt, source="textLayer"))
            counts[kind][result] += 1
            if options.show == result:
                print(document.name, told, _findings(_answer(spoilt)))
    _print(counts)


def recognised(pages: Sequence[PageReading], rng: random.Random) -> list[PageReading]:
    """The pages as if they had been recognised: 97 of 100 words surer than 0.97, as was measured on scans."""

    def confidence() -> float:
        return rng.uniform(0.975, 0.9999) if rng.random() < 0.97 else rng.uniform(0.85, 0.97)

    return [
        replace(
            page,
            source="ocr",
            lines=tuple(
                Line(tuple(replace(w, confidence=confidence()) for w in line.words)) for line in page.lines
            ),
        )
        for page in pages
    ]


def spoil(
    pages: Sequence[PageReading], kind: SlipKind, rng: random.Random, *, sure: bool = False
) -> tuple[list[PageReading], str] | None:
    """The pages with one slip in one sum of money, and what it is; None if no number can have such a slip.

    The misread word is less sure than most, as such words usually are, unless `sure` is set.
    """
    places = [
        (p, r, w)
        for p, page in enumerate(pages)
        for r, line in enumerate(page.lines)
        for w, word in enumerate(line.words)
        if _MONEY.fullmatch(word.text)
    ]
    rng.shuffle(places)
    for p, r, w in places:
        word = pages[p].lines[r].words[w]
        read = _misread(word.text, kind, rng)
        if read is None:
            continue
        unsure = rng.random() < 0.9 and not sure
        misread = Word(read, rng.uniform(0.8, 0.965) if unsure else rng.uniform(0.975, 0.999), word.box)
        words = pages[p].lines[r].words
        line = Line((*words[:w], misread, *words[w + 1 :]))
        lines = (*pages[p].lines[:r], line, *pages[p].lines[r + 1 :])
        spoilt = [*pages[:p], replace(pages[p], lines=lines), *pages[p + 1 :]]
        return spoilt, f'page {p + 1}: "{word.text}" read as "{read}"'
    return None


def _misread(text: str, kind: SlipKind, rng: random.Random) -> str | None:
    """What recognition may make of a printed number."""
    places = [place for place, character in enumerate(text) if character.isdigit()]
    place = rng.choice(places)
    digit = text[place]
    alike = {other for group in _LOOK_ALIKES if digit in group for other in group} - {digit}
    put: dict[SlipKind, list[str]] = {
        "look-alike": sorted(alike),
        "other digit": sorted(set("0123456789") - alike - {digit}),
        "lost digit": [""],
        "doubled digit": [digit * 2],
        "letter": list(_LETTERS.get(digit, "")),
    }
    if kind == "lost mark":
        marks = [place for place, character in enumerate(text) if character in ".,"]
        place = marks[-1]
        return text[:place] + text[place + 1 :]
    choices = list(put[kind])
    return text[:place] + rng.choice(choices) + text[place + 1 :] if choices else None


def sums_of(answer: Mapping[str, Any]) -> Any:
    """All that an answer says about money, as one value to compare."""
    data = answer["extractedData"]
    items = [
        {name: item.get(name) for name in ("quantity", "unitPrice", "amount")} for item in data["lineItems"]
    ]
    return data["invoice"].get("amounts"), data["invoice"].get("taxes"), items


def outcome(truth: Any, answer: Mapping[str, Any], unrepaired: Mapping[str, Any]) -> Outcome:
    """What became of a slip; `unrepaired` is the answer if nothing is repaired."""
    is_repaired = any(_REPAIRED in message for message in _findings(answer))
    if is_repaired:
        return "repaired right" if sums_of(answer) == truth else "repaired wrong"
    if sums_of(unrepaired) == truth:
        return "no harm"
    is_told = any(part in message for message in _findings(answer) for part in _OF_SUMS)
    return "reported" if is_told else "not noticed"


def _findings(answer: Mapping[str, Any]) -> list[str]:
    return [finding["message"] for finding in answer["validationResults"]["errors"]]


def _answer(pages: Sequence[PageReading], source: TextSource | None = None) -> dict[str, Any]:
    taken = [page if source is None else replace(page, source=source) for page in pages]
    return extract(taken, ExtractionSettings()).to_json()


def _print(counts: Mapping[str, Counter[Outcome]]) -> None:
    print("| slip | documents |", " | ".join(OUTCOMES), "|")
    print("|---|" + "---|" * (len(OUTCOMES) + 1))
    for kind, count in counts.items():
        print(f"| {kind} | {count.total()} |", " | ".join(str(count[name]) for name in OUTCOMES), "|")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy.slips", description=__doc__)
    parser.add_argument("--count", type=int, default=150, help="how many documents (150)")
    parser.add_argument("--seed", type=int, default=501, help="seed of documents and slips (501)")
    parser.add_argument("--sure", action="store_true", help="misread words are as sure as others")
    parser.add_argument("--show", choices=OUTCOMES, help="print the slips that came out so")
    parser.add_argument("--out", type=Path, default=OUT / "documents" / "slips", help="folder for documents")
    parser.add_argument("--models", type=Path, default=Path(".local/models"), help="folder for the models")
    return parser


if __name__ == "__main__":
    main()
