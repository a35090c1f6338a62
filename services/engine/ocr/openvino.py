"""PaddleOCR's models on OpenVINO, behind the interface of a line recogniser.

The models, the resizing of pages, the post-processing of detection (DB), the normalisation of lines and the
decoding are PaddleOCR's; OpenVINO takes the place of ONNX Runtime underneath.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from services.engine.ocr.alphabet import usable_classes
from services.engine.ocr.batches import LINE_HEIGHT, batches
from services.engine.ocr.confinement import confine_libraries
from services.engine.ocr.decoding import read_steps
from services.engine.ocr.models import BundledModels, ModelFolder
from services.engine.ocr.openvino_graphs import GraphCompiler
from services.engine.ocr.recogniser import SMALLEST_LETTER, Image, Quad, RecognisedLine

KEPT_ALPHABETS = 3
"""Recognition models of different alphabets that stay loaded; the one unused longest gives way."""


class OpenVinoRecogniser:
    """One PaddleOCR detection and recognition pair on OpenVINO.

    `threads` bounds the threads of one inference. Loading fetches nothing. An object belongs to the thread
    that made it; another thread gets a RuntimeError.
    """

    smallest_letter = SMALLEST_LETTER

    def __init__(self, models: BundledModels, threads: int = 1) -> None:
        self._thread = threading.get_ident()
        self._detector = _Detector(models.detection, GraphCompiler(threads))
        self._reader = OpenVinoLineReader(models.recognition, threads)

    def detect(self, page: Image, longest_side: int) -> list[Quad]:
        """See LineRecogniser; detection works on a copy whose longer side is at most `longest_side`."""
        _check_thread(self._thread)
        return self._detector.quads(page, longest_side)

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """See LineReader; lines of like width share a call."""
        return self._reader.recognise(lines, languages)


class _Detector:
    """Where the text lines of a page are."""

    def __init__(self, model: ModelFolder, compiler: GraphCompiler) -> None:
        confine_libraries()
        from paddlex.inference.models.text_detection.processors import (  # noqa: PLC0415 - after confine_libraries
            DBPostProcess,
            DetResizeForTest,
        )

        description = _description(model.path)
        steps = _preprocessing(description)
        normalisation = steps["NormalizeImage"]
        self._resize = DetResizeForTest(limit_side_len=960, limit_type="max")
        self._find_boxes = DBPostProcess(**_options(description["PostProcess"]))
        self._network = compiler.detection(model.weights, normalisation["mean"], normalisation["std"])
        self._request = self._network.create_infer_request()

    def quads(self, page: Image, longest_side: int) -> list[Quad]:
        """Corners of the lines in pixels of `page`."""
        (small,), shapes = self._resize([page], longest_side, "max")
        self._request.infer([np.ascontiguousarray(small)[None]], share_inputs=True)
        probabilities = self._request.get_output_tensor(0).data
        (found,), _ = self._find_boxes([probabilities], shapes)
        # Otherwise the buffers of the largest page so far, some 300 MiB, would be kept.
        self._network.release_memory()
        return [np.asarray(quad, dtype=np.float32) for quad in found]


class OpenVinoLineReader:
    """One of PaddleOCR's recognition models on OpenVINO, with at most `threads` threads.

    An object belongs to the thread that made it; another thread gets a RuntimeError.
    """

    def __init__(self, model: ModelFolder, threads: int = 1) -> None:
        confine_libraries()
        from paddlex.inference.models.text_recognition.processors import (  # noqa: PLC0415 - after confine_libraries
            CTCLabelDecode,
            OCRReisizeNormImg,
        )

        description = _description(model.path)
        shape = _preprocessing(description)["RecResizeImg"]["image_shape"]
        self._normalise = OCRReisizeNormImg(rec_image_shape=shape).resize_norm_img
        self._decoder = CTCLabelDecode(character_list=description["PostProcess"]["character_dict"])
        self._weights = model.weights
        self._thread = threading.get_ident()
        self._compiler = GraphCompiler(threads)
        self._requests: OrderedDict[bytes, Any] = OrderedDict()
        self._request_for(usable_classes(self._decoder.character, ()))

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """See LineReader; lines of like width share a call."""
        _check_thread(self._thread)
        usable = usable_classes(self._decoder.character, languages)
        request = self._request_for(usable)
        answers = [RecognisedLine()] * len(lines)
        for width, members in batches(lines):
            pictures = [lines[index] for index in members]
            inputs = np.stack([self._normalise(picture, width / LINE_HEIGHT) for picture in pictures])
            request.infer([inputs], share_inputs=True)
            best, certainty = (request.get_output_tensor(output).data[..., 0] for output in range(2))
            read = read_steps(self._decoder, usable[best], certainty, pictures, width)
            for index, line in zip(members, read, strict=True):
                answers[index] = line
        return answers

    def _request_for(self, usable: npt.NDArray[np.intp]) -> Any:
        """The model whose output is cut down to the `usable` classes; made when first asked for."""
        alphabet = usable.tobytes()
        if alphabet not in self._requests:
            everything = len(usable) == len(self._decoder.character)
            compiled = self._compiler.recognition(self._weights, None if everything else usable)
            self._requests[alphabet] = compiled.create_infer_request()
            if len(self._requests) > KEPT_ALPHABETS:
                self._requests.popitem(last=False)
        self._requests.move_to_end(alphabet)
        return self._requests[alphabet]


def _check_thread(owner: int) -> None:
    if threading.get_ident() != owner:
        raise RuntimeError("A recogniser must be used by the thread that made it.")


def _description(folder: Path) -> dict[str, Any]:
    """What PaddleOCR needs to know beside the weights of a model."""
    # The loader in Python takes a second for the list of characters.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (folder / "inference.yml").open(encoding="utf-8") as text:
        described: dict[str, Any] = yaml.load(text, loader)  # noqa: S506 - a safe loader, too
    return described


def _preprocessing(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    steps = description["PreProcess"]["transform_ops"]
    return {name: options or {} for step in steps for name, options in step.items()}


def _options(post_processing: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in post_processing.items() if name != "name"}
