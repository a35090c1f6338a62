"""The runtimes that PaddleOCR's models can run on; only the chosen one is loaded."""

from __future__ import annotations

from typing import Literal, get_args

from services.engine.ocr.cascade import CascadeRecogniser
from services.engine.ocr.models import BundledModels, ModelFolder
from services.engine.ocr.recogniser import LineReader, LineRecogniser

Runtime = Literal["openvino", "onnxruntime"]
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)


def open_recogniser(
    runtime: Runtime, models: BundledModels, threads: int = 1, front_reader: bool = True
) -> LineRecogniser:
    """Load the models on `runtime`, for the calling thread; an inference takes at most `threads` threads.

    With `front_reader`, a small model reads all lines first, and the usual one what that was not sure of.
    """
    thorough = _recogniser(runtime, models, threads)
    if not front_reader:
        return thorough
    return CascadeRecogniser(_line_reader(runtime, models.front, threads), thorough)


def _recogniser(runtime: Runtime, models: BundledModels, threads: int) -> LineRecogniser:
    if runtime == "openvino":
        from services.engine.ocr.openvino import OpenVinoRecogniser  # noqa: PLC0415 - see above

        return OpenVinoRecogniser(models, threads)
    from services.engine.ocr.paddle import PaddleRecogniser  # noqa: PLC0415 - see above

    return PaddleRecogniser(models, threads)


def _line_reader(runtime: Runtime, model: ModelFolder, threads: int) -> LineReader:
    if runtime == "openvino":
        from services.engine.ocr.openvino import OpenVinoLineReader  # noqa: PLC0415 - see above

        return OpenVinoLineReader(model, threads)
    from services.engine.ocr.paddle import PaddleLineReader  # noqa: PLC0415 - see above

    return PaddleLineReader(model, threads)
