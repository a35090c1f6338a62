"""PaddleOCR's networks as OpenVINO graphs, with what surrounds them moved into the graph.

Detection takes the page as bytes and normalises it there. Recognition answers with the best class per step
and its probability in place of the probabilities of all 18,710 classes, and where the alphabet is known, with
an output layer that holds the classes of that alphabet alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino
from openvino import opset13
from openvino.preprocess import PrePostProcessor

BRIGHTEST = 255.0

KEPT_KERNELS = 1024
"""Kernels made for a shape of input that are kept, so that memory does not grow with ever new shapes."""


class GraphCompiler:
    """Makes networks ready to run on the processor, each with at most `threads` threads."""

    def __init__(self, threads: int) -> None:
        self._core = openvino.Core()
        self._properties = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "CPU_RUNTIME_CACHE_CAPACITY": KEPT_KERNELS,
            # Bound to a core, the thread of every process would be bound to the same, the first.
            "ENABLE_CPU_PINNING": False,
        }

    def detection(self, weights: Path, mean: Sequence[float], deviation: Sequence[float]) -> Any:
        """From a page (1 × height × width × 3 bytes) to the probability that a pixel belongs to text.

        `mean` and `deviation` are of the training images, per channel, 0..1.
        """
        steps = PrePostProcessor(self._core.read_model(weights))
        steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        steps.input().model().set_layout(openvino.Layout("NCHW"))
        normalisation = steps.input().preprocess().convert_element_type(openvino.Type.f32)
        normalisation.mean([BRIGHTEST * value for value in mean])
        normalisation.scale([BRIGHTEST * value for value in deviation])
        return self._core.compile_model(steps.build(), "CPU", self._properties)

    def recognition(self, weights: Path, classes: npt.NDArray[np.intp] | None) -> Any:
        """From pictures of lines (count × 3 × 48 × width) to two outputs of count × steps × 1.

        The first is the best class per step, the second its probability, 0..1. With `classes`, only these
        are told apart, and the best one is given as its place among them.
        """
        model = self._core.read_model(weights)
        scores = _logits(model)
        if classes is not None:
            scores = _only(scores, classes)
        probabilities = opset13.softmax(scores, -1)
        best = opset13.topk(probabilities, opset13.constant(1), -1, "max", "none", "i32")
        answer = openvino.Model([best.output(1), best.output(0)], model.get_parameters(), "recognition")
        return self._core.compile_model(answer, "CPU", self._properties)


def _logits(model: Any) -> Any:
    """The scores per class that the model's closing softmax makes probabilities of."""
    closing = _before(model.get_results()[0].input_value(0))
    if closing.get_node().get_type_name() != "Softmax":
        raise ValueError("The recognition model does not end in a softmax over its classes.")
    return _before(closing.get_node().input_value(0))


def _only(logits: Any, classes: npt.NDArray[np.intp]) -> Any:
    """The scores of `classes` alone, computed by the closing layer's weights for them where it has such."""
    addition = logits.get_node()
    if addition.get_type_name() == "Add":
        product, bias = (_before(addition.input_value(place)) for place in range(2))
        layer = product.get_node()
        if layer.get_type_name() == "MatMul":
            features, weights = layer.input_value(0), _before(layer.input_value(1))
            if _is_constant(weights) and _is_constant(bias):
                kept = np.ascontiguousarray(weights.get_node().data[:, classes])
                fewer = opset13.matmul(features, opset13.constant(kept), False, False)
                return opset13.add(fewer, opset13.constant(bias.get_node().data[classes])).output(0)
    return opset13.gather(logits, opset13.constant(classes), opset13.constant(-1)).output(0)


def _is_constant(output: Any) -> bool:
    return bool(output.get_node().get_type_name() == "Constant")


def _before(output: Any) -> Any:
    """The output itself, or what comes before nodes that change nothing."""
    while output.get_node().get_type_name() == "Identity":
        output = output.get_node().input_value(0)
    return output
