"""Reading single lines with a recogniser's ONNX file, as it was before training or as it is since."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from rapidfuzz.distance import Levenshtein

from services.engine.ocr.alphabet import UNREADABLE
from tests.training.lines import Reader, network_input
from tests.training.pictures import LinePicture


class Reading:
    """The recogniser of an ONNX file; `characters` are its classes from 1 on, class 0 is the blank of CTC."""

    def __init__(self, weights: bytes, characters: Sequence[str]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(weights, options)
        self._input = self._session.get_inputs()[0].name
        self._characters = ["", *characters]
        self._known = frozenset(characters)

    def text(self, line: npt.NDArray[np.uint8]) -> str:
        """What it reads on a line of its height (grey, or × 3 blue-green-red; 0..255)."""
        (scores,) = self._session.run(None, {self._input: network_input([line])})
        return "".join(self._characters[best] for best, _ in groupby(scores[0].argmax(-1).tolist()))

    def sayable(self, text: str) -> str:
        """See Reader."""
        return "".join(sign if sign in self._known else UNREADABLE for sign in text)


def reading_report(reader: Reader, lines: Sequence[LinePicture]) -> str:
    """How many of the lines are read without a mistake, and how many characters are wrong."""
    mistakes = [Levenshtein.distance(reader.text(line.pixels), reader.sayable(line.text)) for line in lines]
    right = mistakes.count(0) / len(lines)
    wrong = sum(mistakes) / sum(len(line.text) for line in lines)
    return f"{right:.1%} of {len(lines)} lines right, {wrong:.2%} of their characters wrong."
