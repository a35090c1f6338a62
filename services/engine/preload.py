"""The process that workers are forked from: it imports once what they all need.

Importing takes most of a worker's start and a third of its memory; forked workers share both. They load their
models for themselves, since these have threads, which no fork survives.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver

from services.engine.ocr.confinement import confine_libraries
from services.engine.ocr.runtimes import Runtime

# Not OpenVINO itself: each worker confines it before it imports it.
_MODULES: dict[Runtime, tuple[str, ...]] = {
    "openvino": (
        "services.engine.work",
        "paddlex.inference.models.text_detection.processors",
        "paddlex.inference.models.text_recognition.processors",
    ),
    "onnxruntime": ("services.engine.work", "services.engine.ocr.paddle", "paddleocr"),
}


def start_fork_server(runtime: Runtime) -> None:
    """Start it now, to import while this process does other things; later calls change nothing."""
    confine_libraries()
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(_MODULES[runtime]))
    forkserver.ensure_running()
