"""A reader whose mistakes are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class FixedReader:
    """Reads the same on every line."""

    def __init__(self, read: str) -> None:
        self._read = read

    def text(self, line: npt.NDArray[np.uint8]) -> str:
        return self._read

    def sayable(self, text: str) -> str:
        return text
