from __future__ import annotations

from pathlib import Path

import pytest

from services.engine.ocr.models import BundledModels, install_bundled_models
from services.engine.ocr.openvino import OpenVinoRecogniser
from services.engine.ocr.paddle import PaddleRecogniser
from services.engine.ocr.reader import PageReader
from tests.unit.ocr.drawing import DrawnPage, invoice_page


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> BundledModels:
    folder: Path = tmp_path_factory.mktemp("models")
    return install_bundled_models(folder)


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> BundledModels:
    return install_bundled_models(tmp_path_factory.mktemp("models"), "tiny")


@pytest.fixture(scope="session")
def recogniser(models: BundledModels) -> PaddleRecogniser:
    return PaddleRecogniser(models)


@pytest.fixture(scope="session")
def openvino_recogniser(models: BundledModels) -> OpenVinoRecogniser:
    return OpenVinoRecogniser(models)


@pytest.fixture(scope="session")
def reader(recogniser: PaddleRecogniser) -> PageReader:
    return PageReader(recogniser)


@pytest.fixture(scope="session")
def invoice() -> DrawnPage:
    return invoice_page()
