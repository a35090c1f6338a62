"""What made a result is told by digests that change when it does."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from services.engine import VERSION
from services.engine.maker import Maker, digest_of_json, identify
from services.engine.ocr.models import install_bundled_models
from shared.schemas.produced_by import PageProducedBySchema, ProducedBySchema

TEMPLATE = {"languages": ["de"], "preprocessingSettings": {"deskew": True, "resolutionDPI": 300}}
READINGS = "a" * 64


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def maker(model_dir: Path) -> Maker:
    return identify(model_dir, "openvino")


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def test_models_are_told_by_their_weights(maker: Maker, model_dir: Path) -> None:
    weights = install_bundled_models(model_dir).recognition.weights
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert maker.models["PP-OCRv6_small_rec"] == digest
    assert set(maker.models) == {"PP-OCRv6_small_det", "PP-OCRv6_small_rec"}


def test_the_models_of_quick_reading_are_told_where_it_is_used(maker: Maker, model_dir: Path) -> None:
    told = identify(model_dir, "openvino", quick=True).models
    assert set(told) == {"PP-OCRv6_tiny_det", "PP-OCRv6_tiny_rec", "PP-OCRv6_small_rec"}
    assert told["PP-OCRv6_small_rec"] == maker.models["PP-OCRv6_small_rec"]


def test_an_engine_knows_itself_again(maker: Maker, model_dir: Path) -> None:
    assert identify(model_dir, "openvino") == maker
    assert identify(model_dir, "onnxruntime") != maker


def test_a_changed_template_changes_its_digest_and_nothing_else(maker: Maker) -> None:
    before = maker.of_extraction(TEMPLATE, READINGS, None)
    after = maker.of_extraction({**TEMPLATE, "languages": ["fr"]}, READINGS, None)
    assert {name for name in before if before[name] != after[name]} == {"template"}


def test_the_order_of_a_templates_names_does_not_matter() -> None:
    turned = {name: TEMPLATE[name] for name in reversed(TEMPLATE)}
    assert digest_of_json(turned) == digest_of_json(TEMPLATE)


def test_what_is_told_fits_its_schema(maker: Maker) -> None:
    assert PageProducedBySchema().validate(maker.of_page(TEMPLATE)) == {}
    told = maker.of_extraction(TEMPLATE, READINGS, "b" * 64)
    assert ProducedBySchema().validate(told) == {}
    assert (told["readings"], told["einvoice"]) == (READINGS, "b" * 64)
    assert "einvoice" not in maker.of_extraction(TEMPLATE, READINGS, None)


def test_what_was_learned_is_told_where_it_took_part(maker: Maker) -> None:
    told = maker.of_extraction(TEMPLATE, READINGS, None, [{"id": "a", "rules": []}])
    other = maker.of_extraction(TEMPLATE, READINGS, None, [{"id": "a", "rules": [{"field": "x"}]}])
    assert ProducedBySchema().validate(told) == {}
    assert told["profiles"] != other["profiles"]
    assert "profiles" not in maker.of_extraction(TEMPLATE, READINGS, None)


def test_a_digest_must_be_one(maker: Maker) -> None:
    broken = replace(maker, vocabulary="latest").of_extraction(TEMPLATE, READINGS, None)
    assert set(ProducedBySchema().validate(broken)) == {"vocabulary"}
