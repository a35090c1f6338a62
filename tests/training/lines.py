"""The lines to train on: which are drawn, and which of them are worth learning from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from tests.training import fonts
from tests.training.fonts import FontChoice
from tests.training.pages import PagePrinter
from tests.training.pictures import HEIGHT, LinePicture, LinePrinter
from tests.training.signs import known_signs
from tests.training.texts import TextMaker
from tests.training.words import FOREIGN_LANGUAGES, Vocabulary, word_lists

SINGLE_LINES = 60
"""Lines drawn one by one for every document."""

LINES_OF_DOCUMENT = 50
WIDEST = 1400
"""Pixels at the reader's height above which a document's line is left out."""

KEPT_READ_LINES = 0.5
"""Share of the lines already read right before that are kept."""

HOPELESS = 0.4
"""Share of a line's characters above which, when they are misread, it is nearly always left out."""

KEPT_HOPELESS_LINES = 0.1
WIDTH_STEP = 32
"""Pixels of which the width of what the recogniser looks at is a multiple."""


class Reader(Protocol):
    """Whoever reads a line."""

    def text(self, line: npt.NDArray[np.uint8]) -> str:
        """What it reads."""
        ...

    def sayable(self, text: str) -> str:
        """The text as it comes out if every character is read as well as can be."""
        ...


class LineDraws:
    """Single lines and lines of documents in turn."""

    def __init__(self, single: LinePrinter, documents: PagePrinter) -> None:
        self._single = single
        self._documents = documents

    def lines(self, seed: int) -> Iterator[LinePicture]:
        """Lines without end, always the same for a seed."""
        rng = random.Random(seed)
        while True:
            for _ in range(SINGLE_LINES):
                yield self._single.draw(rng.getrandbits(48))
            drawn = [
                line for line in self._documents.lines(rng.getrandbits(32)) if line.pixels.shape[1] <= WIDEST
            ]
            rng.shuffle(drawn)
            yield from drawn[:LINES_OF_DOCUMENT]


def draws_in_fonts(folder: Path, characters: Sequence[str], held_out: bool = False) -> LineDraws:
    """Lines of the reader's `characters`, and of other scripts, in the fonts that were fetched into `folder`.

    With `held_out`, in fonts that are never trained on.
    """
    words = word_lists()
    foreign = {sign for language in FOREIGN_LANGUAGES for word in words[language] for sign in word}
    known = frozenset(characters) | foreign | {sign for one in foreign for sign in one.upper()}
    latin = fonts.HELD_OUT if held_out else (*fonts.OFFICE, *fonts.TILL, *fonts.FURTHER)
    of_documents = fonts.HELD_OUT if held_out else (*fonts.OFFICE, *fonts.FURTHER)
    rare = "".join(sign for sign in known_signs() if sign in characters)
    single = LinePrinter(
        TextMaker(Vocabulary(words), rare),
        FontChoice(fonts.load(folder, latin)),
        FontChoice(fonts.load(folder, fonts.FOREIGN, plain=False)),
        known,
    )
    documents = PagePrinter(fonts.load(folder, of_documents), fonts.load_of_one_width(folder, latin), known)
    return LineDraws(single, documents)


def instructive(lines: Iterator[LinePicture], before: Reader, rng: random.Random) -> Iterator[LinePicture]:
    """The lines that the reader misread `before` training, unless hopelessly, and some of the others.

    Lines that it has no characters for are all kept: there is no other way to learn that they are such.
    """
    for line in lines:
        if before.sayable(line.text) != line.text:
            yield line
            continue
        wrong = Levenshtein.distance(before.text(line.pixels), line.text) / len(line.text)
        share = KEPT_READ_LINES if not wrong else KEPT_HOPELESS_LINES if wrong > HOPELESS else 1.0
        if rng.random() < share:
            yield line


def network_input(lines: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
    """Lines of the reader's height as count × 3 × height × width, -1..1; what is missing in width is 0."""
    widest = max(line.shape[1] for line in lines)
    made = np.zeros((len(lines), 3, HEIGHT, -(-widest // WIDTH_STEP) * WIDTH_STEP), dtype=np.float32)
    for place, line in enumerate(lines):
        channels = line.transpose(2, 0, 1) if line.ndim == 3 else line[None]
        made[place, :, :, : line.shape[1]] = channels.astype(np.float32) / 127.5 - 1
    return made
