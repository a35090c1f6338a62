"""The lines to train on: which are drawn, and which of them are worth learning from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from rapidfuzz.distance import Levenshtein

from tests.training import fonts
from tests.training.fonts import FontChoice
from tests.training.pages import PagePrinter
from tests.training.pictures import HEIGHT, LinePicture, LinePrinter
from tests.training.signs import known_signs
from tests.training.texts import TextMaker
from tests.training.words import word_lists

SINGLE_LINES = 60
"""Lines drawn one by one for every document."""

LINES_OF_DOCUMENT = 50
WIDEST = 1400
"""Pixels at the reader's height above which a document's line is left out."""

KEPT_READ_LINES = 0.5
"""Share of the lines already read right before that are kept."""

HOPELESS = 0.4
"""Share of a line's characters from which on, when they are misread, it is nearly always left out."""

KEPT_HOPELESS_LINES = 0.1
WIDTH_STEP = 32


class LineDraws:
    """Lines in fonts that were fetched into a folder; `characters` are the reader's classes from 1 on."""

    def __init__(self, font_folder: Path, characters: Sequence[str], held_out: bool = False) -> None:
        known = frozenset(characters)
        latin = fonts.HELD_OUT if held_out else (*fonts.OFFICE, *fonts.TILL, *fonts.FURTHER)
        rare = "".join(sign for sign in known_signs() if sign in known)
        self._single = LinePrinter(
            TextMaker(word_lists(), rare),
            FontChoice(fonts.load(font_folder, latin)),
            FontChoice(fonts.load(font_folder, fonts.FOREIGN, plain=False)),
            known,
        )
        office = (*fonts.OFFICE, *fonts.FURTHER)
        self._documents = PagePrinter(
            fonts.load(font_folder, fonts.HELD_OUT if held_out else office),
            fonts.load_of_one_width(font_folder, fonts.HELD_OUT if held_out else (*fonts.TILL, *office)),
            known,
        )

    def lines(self, seed: int) -> Iterator[LinePicture]:
        """Lines without end, always the same for a seed: single ones and those of a document in turn."""
        rng = random.Random(seed)
        while True:
            for _ in range(SINGLE_LINES):
                yield self._single.draw(rng.getrandbits(48))
            drawn = [
                line for line in self._documents.lines(rng.getrandbits(32)) if line.pixels.shape[1] <= WIDEST
            ]
            rng.shuffle(drawn)
            yield from drawn[:LINES_OF_DOCUMENT]


class Reading:
    """The recogniser of an ONNX file, as it reads single lines."""

    def __init__(self, weights: Path, characters: Sequence[str]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(str(weights), options)
        self._input = self._session.get_inputs()[0].name
        self._characters = ["", *characters]

    def text(self, line: npt.NDArray[np.uint8]) -> str:
        """What it reads."""
        (scores,) = self._session.run(None, {self._input: network_input([line])})
        best = scores[0].argmax(-1).tolist()
        kept = (one for place, one in enumerate(best) if one and (not place or best[place - 1] != one))
        return "".join(self._characters[one] for one in kept)


def instructive(lines: Iterator[LinePicture], before: Reading, rng: random.Random) -> Iterator[LinePicture]:
    """The lines that the reader misread `before` training, as far as they can be read, and some of the others."""
    for line in lines:
        read = before.text(line.pixels)
        wrong = Levenshtein.distance(read, line.text) / len(line.text)
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
