"""From what a recogniser saw at every step along a line to characters at their places.

A. Graves et al., Connectionist Temporal Classification, 2006: the best class per step, repetitions and blanks
left out. The decoding itself is PaddleOCR's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from services.engine.ocr.batches import filled_share
from services.engine.ocr.recogniser import Character, Image, RecognisedLine


def read_steps(
    decoder: Any,
    classes: npt.NDArray[np.integer],
    certainty: npt.NDArray[np.float32],
    lines: list[Image],
    width: int,
) -> list[RecognisedLine]:
    """Decode a batch of `lines` that were recognised at an input of `width` pixels.

    `classes` and `certainty` (0..1) are the best class per line and step; `decoder` is PaddleOCR's, whose
    classes they are.
    """
    decoded = decoder.decode(classes, certainty, is_remove_duplicate=True, return_word_box=True)
    answers = []
    for line, sure, (_, _, (steps, groups, positions, _)) in zip(lines, certainty, decoded, strict=True):
        texts = [text for group in groups for text in group]
        columns = [column for group in positions for column in group]
        filled = filled_share(line, width)
        characters = (
            Character(text, min(1.0, (column + 0.5) / steps / filled), float(sure[column]))
            for text, column in zip(texts, columns, strict=True)
        )
        answers.append(RecognisedLine(tuple(characters)))
    return answers
