"""PaddleOCR's recogniser cut down to Latin letters: one class stands for all other characters.

Of 6,906 classes some 420 remain, which spares a sixth of the time that a line takes. A character of another
script is seen as such, so that a reader that knows it can be asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from services.engine.ocr.alphabet import UNREADABLE, usable_classes
from tests.training.model import Model

ANY_LATIN = ("en",)
"""Languages whose alphabet is kept: that of one holds all Latin letters."""


def cut_to_latin(model: Model, path: Path) -> Model:
    """Write the ONNX file of `model` with fewer classes to `path`.

    The class of all that is not Latin begins as the average of those that it stands for. Raises ValueError
    when the graph does not end in a product with the classes, an offset, and a softmax.
    """
    signs = ["", *model.characters]
    kept = usable_classes(signs, ANY_LATIN)
    others = np.setdiff1d(np.arange(len(signs)), kept)
    # A recogniser of PaddleOCR ends its alphabet with the space.
    *letters, space = kept.tolist()
    graph = onnx.load(str(model.weights))
    for stored in _closing_numbers(graph.graph, len(signs)):
        numbers = numpy_helper.to_array(stored)
        cut = np.concatenate(
            [numbers[..., letters], numbers[..., others].mean(-1, keepdims=True), numbers[..., [space]]], -1
        )
        stored.CopyFrom(numpy_helper.from_array(cut.astype(np.float32), stored.name))
    del graph.graph.value_info[:]
    graph.graph.output[0].type.tensor_type.shape.dim[-1].dim_value = len(kept) + 1
    onnx.save(graph, str(path))
    return Model(path, (*(signs[place] for place in letters[1:]), UNREADABLE, signs[space]))


def _closing_numbers(graph: Any, classes: int) -> list[Any]:
    """The matrix and the offset that give every class its score."""
    found = [stored for stored in graph.initializer if stored.dims and stored.dims[-1] == classes]
    if len(found) != 2:
        raise ValueError("The recogniser does not end in one matrix and one offset of its classes.")
    return found
