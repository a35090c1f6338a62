"""PaddleOCR behind the interface of a line recogniser.

Detection, its box post-processing, the input normalisation and the decoding are PaddleOCR's. How lines are
grouped for recognition is not: PaddleOCR pads every line to 320 pixels at least and to the widest of its
batch, and most lines of an invoice are shorter.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from services.engine.ocr.alphabet import usable_classes
from services.engine.ocr.models import BundledModels, ModelFolder, confine_paddlex
from services.engine.ocr.recogniser import Character, Image, Quad, RecognisedLine

LINE_HEIGHT = 48
"""Height in pixels at which the recogniser looks at a line."""

WIDTH_STEP = 32
"""Lines are padded to a multiple of this width: few input shapes, little padding."""

WIDEST_LINE = 3200
"""Width in pixels above which a line is squeezed, PaddleOCR's own bound."""

BATCH_WIDTH = 640
"""Summed width of the lines recognised in one call, so that memory does not depend on the page."""


class PaddleRecogniser:
    """One PaddleOCR detection and recognition pair on ONNX Runtime.

    `threads` bounds the threads of one inference. Loading takes about a second and fetches nothing. An
    object belongs to the thread that made it: PaddleX predictors keep state between calls, so that sharing
    one mixes pages up silently; another thread gets a RuntimeError.
    """

    def __init__(self, models: BundledModels, threads: int = 1) -> None:
        confine_paddlex()
        from paddleocr import TextDetection, TextRecognition  # noqa: PLC0415 - after confine_paddlex

        self._thread = threading.get_ident()
        self._detection = TextDetection(**_options(models.detection, threads))
        recognition = TextRecognition(**_options(models.recognition, threads)).paddlex_predictor
        self._normalise = recognition.pre_tfs["ReisizeNorm"].resize_norm_img
        self._infer = recognition.runner
        self._decoder = recognition.post_op
        self._languages: tuple[str, ...] = ()
        self._usable = usable_classes(self._decoder.character, ())

    def detect(self, page: Image, longest_side: int) -> list[Quad]:
        """See LineRecogniser; detection works on a copy whose longer side is at most `longest_side`."""
        self._check_thread()
        answer = self._detection.predict(page, limit_side_len=longest_side, limit_type="max")
        return [np.asarray(quad, dtype=np.float32) for quad in answer[0]["dt_polys"]]

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """See LineRecogniser; lines of like width share a call."""
        self._check_thread()
        classes = self._classes(tuple(languages))
        answers = [RecognisedLine()] * len(lines)
        for width, members in _batches([_input_width(line) for line in lines]):
            pictures = np.stack([self._normalise(lines[index], width / LINE_HEIGHT) for index in members])
            scores = self._infer(x=[pictures.astype(np.float32, copy=False)])[0]
            for index, decoded in zip(members, self._decode(scores, classes), strict=True):
                answers[index] = _placed(decoded, width, lines[index])
        return answers

    def _decode(
        self, scores: npt.NDArray[np.float32], classes: npt.NDArray[np.intp]
    ) -> Iterator[tuple[list[tuple[str, int, float]], int]]:
        """Per line of a batch: its characters with the step they were read at, and the number of steps."""
        if len(classes) < scores.shape[-1]:
            scores = scores[..., classes]
        best = scores.argmax(axis=-1)
        certainty = np.take_along_axis(scores, best[..., None], axis=-1)[..., 0]
        best = classes[best]
        decoded = self._decoder.decode(best, certainty, is_remove_duplicate=True, return_word_box=True)
        for row, (_, _, (steps, groups, positions, _)) in enumerate(decoded):
            texts = [text for group in groups for text in group]
            columns = [column for group in positions for column in group]
            characters = [
                (text, column, float(certainty[row, column]))
                for text, column in zip(texts, columns, strict=True)
            ]
            yield characters, steps

    def _classes(self, languages: tuple[str, ...]) -> npt.NDArray[np.intp]:
        if languages != self._languages:
            self._languages = languages
            self._usable = usable_classes(self._decoder.character, languages)
        return self._usable

    def _check_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise RuntimeError("A PaddleOCR pipeline must be used by the thread that made it.")


def _options(model: ModelFolder, threads: int) -> dict[str, Any]:
    return {
        "model_name": model.name,
        "model_dir": str(model.path),
        "engine": "onnxruntime",
        "device": "cpu",
        "engine_config": {
            "intra_op_num_threads": threads,
            "inter_op_num_threads": 1,
            # The arena keeps the largest buffer of every shape it has seen and never gives it back.
            "enable_cpu_mem_arena": False,
            "enable_mem_pattern": False,
        },
    }


def _input_width(line: Image) -> int:
    height, width = line.shape[:2]
    wanted = math.ceil(LINE_HEIGHT * int(width) / int(height))
    return min(math.ceil(wanted / WIDTH_STEP) * WIDTH_STEP, WIDEST_LINE)


def _batches(widths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Indexes of equally wide lines, at most BATCH_WIDTH pixels together, or one line."""
    by_width: dict[int, list[int]] = {}
    for index, width in enumerate(widths):
        by_width.setdefault(width, []).append(index)
    for width, members in sorted(by_width.items()):
        size = max(1, BATCH_WIDTH // width)
        for start in range(0, len(members), size):
            yield width, members[start : start + size]


def _placed(decoded: tuple[list[tuple[str, int, float]], int], width: int, line: Image) -> RecognisedLine:
    """Characters at their place along the line's picture, without the padding to its right."""
    characters, steps = decoded
    height, own_width = line.shape[:2]
    filled = min(1.0, math.ceil(LINE_HEIGHT * own_width / height) / width)
    return RecognisedLine(
        tuple(
            Character(text, min(1.0, (step + 0.5) / steps / filled), confidence)
            for text, step, confidence in characters
        )
    )
