"""Weights of a PaddleOCR model that were trained further, to be laid over those that its wheel carries.

`python -m tests.training` makes such a file from lines that the project draws (docs/training.md).
It holds nothing but the numbers that changed and where they stand in the ONNX file, and so belongs to exactly
one version of that file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt


class OtherWeights(ValueError):
    """The weights are not those that were trained further."""


@dataclass(frozen=True, slots=True)
class TunedWeights:
    """Numbers to write over an ONNX file whose SHA-256 is `base`.

    `places` are (offset in bytes, count of numbers) of runs of 32-bit floats, n × 2; `values` are all their
    numbers one after another.
    """

    base: str
    places: npt.NDArray[np.int64]
    values: npt.NDArray[np.float16]

    @classmethod
    def load(cls, path: Path) -> TunedWeights:
        """Read a file written by `save`; raises OSError when it is not there."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(str(stored["base"]), stored["places"], stored["values"])

    @property
    def digest(self) -> str:
        """SHA-256 of the numbers, in hexadecimal."""
        return hashlib.sha256(self.values.tobytes()).hexdigest()

    def save(self, path: Path) -> None:
        """Write the numbers into a file of NumPy's format npz."""
        np.savez_compressed(path, base=np.array(self.base), places=self.places, values=self.values)

    def laid_over(self, base: bytes) -> bytes:
        """The ONNX file `base` with these weights; raises OtherWeights when it is not the one they are of."""
        if hashlib.sha256(base).hexdigest() != self.base:
            raise OtherWeights("The tuned weights are of another version of this model.")
        tuned = bytearray(base)
        start = 0
        for offset, count in self.places.tolist():
            numbers = self.values[start : start + count].astype("<f4")
            tuned[offset : offset + numbers.nbytes] = numbers.tobytes()
            start += count
        return bytes(tuned)
