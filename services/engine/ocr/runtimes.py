"""The runtimes that PaddleOCR's models can run on; only what is chosen is loaded.

This module itself imports next to nothing: an engine's settings, and the start of its workers, wait for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from services.engine.ocr.confinement import confine_libraries

if TYPE_CHECKING:
    from services.engine.ocr.models import BundledModels, ModelFolder
    from services.engine.ocr.recogniser import LineReader, LineRecogniser

Runtime = Literal["openvino", "onnxruntime"]
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)

SMALLEST_LETTER_FOUND_QUICKLY = 6.5
"""Height in pixels of a letter from which PP-OCRv6 tiny finds its line reliably (docs/performance.md)."""


def fastest_runtime(instruction_sets: Collection[str]) -> Runtime:
    """What reads fastest on a processor with these extensions, as measured (docs/performance.md)."""
    return "openvino" if "avx512f" in instruction_sets else "onnxruntime"


def open_recogniser(
    runtime: Runtime, models: BundledModels, threads: int = 1, quick: BundledModels | None = None
) -> LineRecogniser:
    """Load `models` on `runtime`, for the calling thread; an inference takes at most `threads` threads.

    With the smaller models `quick`, these find the lines and read them first, and `models` read what those
    were not sure of.
    """
    confine_libraries()
    if quick is None:
        return _recogniser(runtime, models, threads)
    from services.engine.ocr.cascade import CascadeRecogniser  # noqa: PLC0415 - see above

    thorough = _recogniser(runtime, replace(models, detection=quick.detection), threads)
    front = _line_reader(runtime, quick.recognition, threads)
    return CascadeRecogniser(front, thorough, SMALLEST_LETTER_FOUND_QUICKLY)


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
