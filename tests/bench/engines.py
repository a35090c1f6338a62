"""The engines that are compared, each as a function from a page to its text.

Engines other than this one are optional and run with their defaults, as a user would run them.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

from services.engine.allocator import MEBIBYTE, FreedMemory
from services.engine.cores import instruction_sets
from services.engine.ocr.confinement import confine_libraries
from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.reader import PageReader
from services.engine.ocr.recogniser import Image
from services.engine.ocr.runtimes import Runtime, fastest_runtime, open_recogniser
from shared.template import PreprocessingSettings

ReadPage = Callable[[Image], str]
WORKER_MEMORY = 2048 * MEBIBYTE
"""The engine's own default for the memory of a worker, in bytes."""

LATIN = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")


@dataclass(frozen=True, slots=True)
class Contestant:
    """An engine: how it is opened, what must be installed for it, and whether one process uses one core."""

    title: str
    open: Callable[[Path], ReadPage]
    present: Callable[[], bool]
    process_per_core: bool = False


def contestants() -> dict[str, Contestant]:
    """All engines by name; this project's first."""
    return {
        "ledgerlens": Contestant("LedgerLens", _open_with_fastest, _always, True),
        "ledgerlens-latin": Contestant("LedgerLens, languages given", _open_with_languages, _always, True),
        "ledgerlens-openvino": Contestant("LedgerLens on OpenVINO", _open_with_openvino, _always, True),
        "ledgerlens-onnxruntime": Contestant(
            "LedgerLens on ONNX Runtime", _open_with_onnxruntime, _always, True
        ),
        "ledgerlens-thorough": Contestant("LedgerLens, thorough", _open_thorough, _always, True),
        "ledgerlens-thorough-latin": Contestant(
            "LedgerLens, thorough, languages given", _open_thorough_with_languages, _always, True
        ),
        "paddleocr": Contestant("PaddleOCR", _open_paddleocr, lambda: _has_module("paddleocr")),
        "rapidocr": Contestant("RapidOCR", _open_rapidocr, lambda: _has_module("rapidocr")),
        "tesseract": Contestant("Tesseract", _open_tesseract, lambda: shutil.which("tesseract") is not None),
    }


def _always() -> bool:
    return True


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _open_with_fastest(models: Path) -> ReadPage:
    return _open_ledgerlens(models, _fastest(), ())


def _open_with_openvino(models: Path) -> ReadPage:
    return _open_ledgerlens(models, "openvino", ())


def _open_with_languages(models: Path) -> ReadPage:
    return _open_ledgerlens(models, _fastest(), LATIN)


def _open_with_onnxruntime(models: Path) -> ReadPage:
    return _open_ledgerlens(models, "onnxruntime", ())


def _open_thorough(models: Path) -> ReadPage:
    return _open_ledgerlens(models, _fastest(), (), quick=False)


def _open_thorough_with_languages(models: Path) -> ReadPage:
    return _open_ledgerlens(models, _fastest(), LATIN, quick=False)


def _open_ledgerlens(
    models: Path, runtime: Runtime, languages: tuple[str, ...], quick: bool = True
) -> ReadPage:
    """As a worker process of the engine opens it, with memory handled as there: one thread."""
    cv2.setNumThreads(1)
    tiny = install_bundled_models(models, "tiny") if quick else None
    reader = PageReader(open_recogniser(runtime, install_bundled_models(models), quick=tiny))

    freed_memory = FreedMemory(WORKER_MEMORY)

    def read(page: Image) -> str:
        text = reader.read(page, PreprocessingSettings(), languages).text
        freed_memory.after_task()
        return text

    return read


def _fastest() -> Runtime:
    return fastest_runtime(instruction_sets())


def _open_paddleocr(models: Path) -> ReadPage:
    """PaddleOCR's pipeline with the same weights; its page models, which would be downloaded, are off."""
    confine_libraries()
    from paddleocr import PaddleOCR

    installed = install_bundled_models(models)
    pipeline = PaddleOCR(
        text_detection_model_name=installed.detection.name,
        text_detection_model_dir=str(installed.detection.path),
        text_recognition_model_name=installed.recognition.name,
        text_recognition_model_dir=str(installed.recognition.path),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        device="cpu",
    )
    return lambda page: "\n".join(pipeline.predict(page)[0]["rec_texts"])


def _open_rapidocr(_: Path) -> ReadPage:
    from rapidocr import RapidOCR

    engine = RapidOCR()
    return lambda page: "\n".join(getattr(engine(page), "txts", None) or ())


def _open_tesseract(_: Path) -> ReadPage:
    def read(page: Image) -> str:
        encoded = cv2.imencode(".png", page)[1].tobytes()
        command = ["tesseract", "stdin", "stdout"]
        return subprocess.run(command, input=encoded, capture_output=True, check=True).stdout.decode()

    return read
