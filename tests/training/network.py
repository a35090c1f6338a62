"""PaddleOCR's recogniser as a PyTorch module, made of its ONNX file, so that it can be trained further.

Only the operations that PP-OCRv6 tiny consists of are known; any other raises NotImplementedError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

Operation = Callable[[list[Tensor], Mapping[str, Any]], Tensor]

GELU = ("Div", "Erf", "Add", "Mul", "Mul")
"""The nodes that the exact Gaussian error linear unit is written down as."""


@dataclass(frozen=True, slots=True)
class _Node:
    operation: str
    inputs: list[str]
    output: str
    options: dict[str, Any]


class Recogniser(nn.Module):  # type: ignore[misc]  # PyTorch is there for training alone
    """Lines (count × 3 × 48 × width, -1..1) to scores (count × steps × classes) before the softmax.

    `weights` is the ONNX file. Statistics of normalisation and lone numbers stay as they are; all others may
    be trained.
    """

    def __init__(self, weights: Path) -> None:
        super().__init__()
        graph = onnx.load(str(weights)).graph
        self._input = graph.input[0].name
        self._nodes = _with_gelu(_nodes(graph))
        fixed = {
            name for node in self._nodes if node.operation == "BatchNormalization" for name in node.inputs[3:]
        }
        self._constants: dict[str, Tensor] = {}
        self._names: dict[str, str] = {}
        self.numbers = nn.ParameterDict()
        for stored in graph.initializer:
            value = torch.from_numpy(numpy_helper.to_array(stored).copy())
            if value.dtype == torch.float32 and value.numel() > 1 and stored.name not in fixed:
                # PyTorch allows no dots in the names of numbers.
                self._names[stored.name] = stored.name.replace(".", "_")
                self.numbers[self._names[stored.name]] = nn.Parameter(value)
            else:
                self._constants[stored.name] = value

    def forward(self, lines: Tensor) -> Tensor:
        """The scores of all classes."""
        values = {self._input: lines}
        scores = lines
        for node in self._nodes:
            inputs = [self._value(name, values) for name in node.inputs]
            scores = values[node.output] = OPERATIONS[node.operation](inputs, node.options)
        return scores

    def trained(self) -> dict[str, Tensor]:
        """The numbers that are trained, by their names in the ONNX file."""
        return {name: self.numbers[key] for name, key in self._names.items()}

    def _value(self, name: str, values: Mapping[str, Tensor]) -> Tensor:
        if name in values:
            return values[name]
        key = self._names.get(name)
        value: Tensor = self.numbers[key] if key is not None else self._constants[name]
        return value


def _nodes(graph: Any) -> list[_Node]:
    """The nodes in order; those that only pass a value on are left out."""
    same: dict[str, str] = {}
    nodes = []
    for node in graph.node:
        inputs = [same.get(name, name) for name in node.input]
        if node.op_type == "Identity":
            same[node.output[0]] = inputs[0]
            continue
        if node.op_type not in OPERATIONS and node.op_type not in GELU:
            raise NotImplementedError(f"The operation {node.op_type} is not known here.")
        options = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        nodes.append(_Node(node.op_type, inputs, node.output[0], options))
    return nodes


def _with_gelu(nodes: Sequence[_Node]) -> list[_Node]:
    joined = []
    place = 0
    while place < len(nodes):
        run = nodes[place : place + len(GELU)]
        if tuple(node.operation for node in run) == GELU:
            joined.append(_Node("Gelu", run[0].inputs[:1], run[-1].output, {}))
            place += len(GELU)
        else:
            joined.append(nodes[place])
            place += 1
    return joined


def _convolution(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    top, left, bottom, right = options["pads"]
    padded = functional.pad(inputs[0], (left, right, top, bottom))
    return functional.conv2d(
        padded,
        inputs[1],
        inputs[2] if len(inputs) > 2 else None,
        stride=options["strides"],
        dilation=options["dilations"],
        groups=options["group"],
    )


def _normalisation(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    values, scale, offset, mean, variance = inputs
    return functional.batch_norm(values, mean, variance, scale, offset, eps=options["epsilon"])


def _unsqueeze(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    value = inputs[0]
    for axis in options["axes"]:
        value = value.unsqueeze(axis)
    return value


def _hard_sigmoid(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    return torch.clamp(inputs[0] * options["alpha"] + options["beta"], 0, 1)


OPERATIONS: dict[str, Operation] = {
    "Add": lambda inputs, _: inputs[0] + inputs[1],
    "Mul": lambda inputs, _: inputs[0] * inputs[1],
    "MatMul": lambda inputs, _: inputs[0] @ inputs[1],
    "Relu": lambda inputs, _: functional.relu(inputs[0]),
    "Gelu": lambda inputs, _: functional.gelu(inputs[0]),
    "HardSigmoid": _hard_sigmoid,
    "Conv": _convolution,
    "BatchNormalization": _normalisation,
    "AveragePool": lambda inputs, options: functional.avg_pool2d(
        inputs[0], options["kernel_shape"], options["strides"]
    ),
    "ReduceMean": lambda inputs, options: inputs[0].mean(
        dim=options["axes"], keepdim=bool(options["keepdims"])
    ),
    # The closing one: the loss works on scores.
    "Softmax": lambda inputs, _: inputs[0],
    "Squeeze": lambda inputs, options: inputs[0].squeeze(options["axes"]),
    "Unsqueeze": _unsqueeze,
    "Transpose": lambda inputs, options: inputs[0].permute(options["perm"]),
}
