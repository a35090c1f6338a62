"""From trained numbers to the ONNX file that the engine ships."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.training.model import CHARACTERS, Model


def export(model: Model, trained: Mapping[str, npt.NDArray[np.float32]], path: Path) -> None:
    """Write `model` with the `trained` numbers, by their names in its ONNX file, to `path`.

    Numbers are stored in 16 bits and widened when the file is loaded, which halves it.
    """
    made = onnx.load(str(model.weights))
    widened = []
    for stored in made.graph.initializer:
        if stored.name not in trained:
            continue
        narrow = f"{stored.name}.narrow"
        widened.append(helper.make_node("Cast", [narrow], [stored.name], to=TensorProto.FLOAT))
        stored.CopyFrom(numpy_helper.from_array(trained[stored.name].astype(np.float16), narrow))
    nodes = [*widened, *made.graph.node]
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    del made.metadata_props[:]
    helper.set_model_props(made, {CHARACTERS: "\n".join(model.characters[:-1])})
    onnx.checker.check_model(made)
    onnx.save(made, str(path))
