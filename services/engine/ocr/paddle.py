"""PaddleOCR behind the interface of a line recogniser.

Detection, its box post-processing, the input normalisation and the decoding are PaddleOCR's. How lines are
grouped for recognition is not: see batches.py.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from services.engine.ocr.alphabet import usable_classes
from services.engine.ocr.batches import LINE_HEIGHT, batches
from services.engine.ocr.confinement import confine_libraries
from services.engine.ocr.decoding import read_steps
from services.engine.ocr.models import BundledModels, ModelFolder
from services.engine.ocr.recogniser import SMALLEST_LETTER, Image, Quad, RecognisedLine


class PaddleRecogniser:
    """One PaddleOCR detection and recognition pair on ONNX Runtime.

    `threads` bounds the threads of one inference. Loading takes about a second and fetches nothing. An
    object belongs to the thread that made it: PaddleX predictors keep state between calls, so that sharing
    one mixes pages up silently; another thread gets a RuntimeError.
    """

    smallest_letter = SMALLEST_LETTER

    def __init__(self, models: BundledModels, threads: int = 1) -> None:
        confine_libraries()
        from paddleocr import TextDetection  # noqa: PLC0415 - after confine_libraries

        self._thread = threading.get_ident()
        with _yaml_parsed_in_c():
            self._detection = TextDetection(**_options(models.detection, threads))
        self._reader = PaddleLineReader(models.recognition, threads)

    def detect(self, page: Image, longest_side: int) -> list[Quad]:
        """See LineRecogniser; detection works on a copy whose longer side is at most `longest_side`."""
        _check_thread(self._thread)
        answer = self._detection.predict(page, limit_side_len=longest_side, limit_type="max")
        return [np.asarray(quad, dtype=np.float32) for quad in answer[0]["dt_polys"]]

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """See LineReader; lines of like width share a call."""
        return self._reader.recognise(lines, languages)


class PaddleLineReader:
    """One of PaddleOCR's recognition models on ONNX Runtime, with at most `threads` threads.

    An object belongs to the thread that made it; another thread gets a RuntimeError.
    """

    def __init__(self, model: ModelFolder, threads: int = 1) -> None:
        confine_libraries()
        from paddleocr import TextRecognition  # noqa: PLC0415 - after confine_libraries

        self._thread = threading.get_ident()
        with _yaml_parsed_in_c():
            recognition = TextRecognition(**_options(model, threads)).paddlex_predictor
        self._normalise = recognition.pre_tfs["ReisizeNorm"].resize_norm_img
        self._infer = recognition.runner
        self._decoder = recognition.post_op
        self._languages: tuple[str, ...] = ()
        self._usable = usable_classes(self._decoder.character, ())

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """See LineReader; lines of like width share a call."""
        _check_thread(self._thread)
        classes = self._classes(tuple(languages))
        answers = [RecognisedLine()] * len(lines)
        for width, members in batches(lines):
            pictures = [lines[index] for index in members]
            inputs = np.stack([self._normalise(picture, width / LINE_HEIGHT) for picture in pictures])
            scores = self._infer(x=[inputs.astype(np.float32, copy=False)])[0]
            best, certainty = _best(scores, classes)
            for index, line in zip(
                members, read_steps(self._decoder, best, certainty, pictures, width), strict=True
            ):
                answers[index] = line
        return answers

    def _classes(self, languages: tuple[str, ...]) -> npt.NDArray[np.intp]:
        if languages != self._languages:
            self._languages = languages
            self._usable = usable_classes(self._decoder.character, languages)
        return self._usable


def _check_thread(owner: int) -> None:
    if threading.get_ident() != owner:
        raise RuntimeError("A PaddleOCR pipeline must be used by the thread that made it.")


@contextmanager
def _yaml_parsed_in_c() -> Iterator[None]:
    """PyYAML's usual loader needs a second for the 18,000 characters of a model; the one in C is the same."""
    usual = yaml.FullLoader
    yaml.FullLoader = getattr(yaml, "CFullLoader", usual)
    try:
        yield
    finally:
        yaml.FullLoader = usual


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


def _best(
    scores: npt.NDArray[np.float32], classes: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """Per line and step the best of the usable `classes`, and how likely it is among these."""
    if len(classes) < scores.shape[-1]:
        scores = scores[..., classes]
        scores = scores / scores.sum(axis=-1, keepdims=True)
    best = scores.argmax(axis=-1)
    certainty = np.take_along_axis(scores, best[..., None], axis=-1)[..., 0]
    return classes[best], certainty
