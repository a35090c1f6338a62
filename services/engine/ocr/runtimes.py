"""The runtimes that PaddleOCR's models can run on; only the chosen one is loaded."""

from __future__ import annotations

from typing import Literal, get_args

from services.engine.ocr.confinement import confine_libraries
from services.engine.ocr.models import BundledModels
from services.engine.ocr.recogniser import LineRecogniser

Runtime = Literal["openvino", "onnxruntime"]
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)


def open_recogniser(runtime: Runtime, models: BundledModels, threads: int = 1) -> LineRecogniser:
    """Load the models on `runtime`, for the calling thread; an inference takes at most `threads` threads."""
    confine_libraries()
    if runtime == "openvino":
        from services.engine.ocr.openvino import OpenVinoRecogniser  # noqa: PLC0415 - see above

        return OpenVinoRecogniser(models, threads)
    from services.engine.ocr.paddle import PaddleRecogniser  # noqa: PLC0415 - see above

    return PaddleRecogniser(models, threads)
