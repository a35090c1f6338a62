"""From trained numbers to the file that is laid over the weights of PaddleOCR's wheel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from services.engine.ocr.tuned_weights import TunedWeights


def export(weights: Path, trained: Mapping[str, npt.NDArray[np.float32]]) -> TunedWeights:
    """The `trained` numbers, by their names in the ONNX file `weights`, as what is laid over it.

    Raises ValueError when the numbers of a name do not stand in the file exactly once.
    """
    base = weights.read_bytes()
    places, values = [], []
    for stored in onnx.load(str(weights)).graph.initializer:
        if stored.name not in trained:
            continue
        before = numpy_helper.to_array(stored).astype("<f4").tobytes()
        if base.count(before) != 1:
            raise ValueError(f"The numbers {stored.name} do not stand in {weights.name} exactly once.")
        places.append((base.index(before), trained[stored.name].size))
        values.append(trained[stored.name].astype(np.float16).ravel())
    return TunedWeights(
        hashlib.sha256(base).hexdigest(), np.array(places, dtype=np.int64), np.concatenate(values)
    )
