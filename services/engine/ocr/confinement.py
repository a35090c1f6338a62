"""Keeps the libraries below a recogniser to themselves: no model hubs, no reports, nothing in a home folder.

OpenVINO reports its import to Google Analytics, ONNX Runtime (1.29 and later) its use to Microsoft, unless
told otherwise. Whoever reads invoices at home expects neither.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def confine_libraries() -> None:
    """Call it before anything imports `paddlex`, `openvino` or `onnxruntime`: they look at this then."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(Path(tempfile.gettempdir()) / "ledgerlens-paddlex"))
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # OpenVINO goes without its reporter where that is not installed; None has Python say so.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # see above
