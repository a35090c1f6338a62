"""Short ways to run the extraction on drawn pages."""

from __future__ import annotations

from typing import Any

from services.engine.extraction import Extraction, extract
from services.engine.extraction.document import Document, read_document
from services.engine.extraction.lexicon import load_lexicon
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page


def read(*drawings: str, settings: ExtractionSettings | None = None) -> Extraction:
    return extract([page(drawing) for drawing in drawings], settings or ExtractionSettings())


def document(*drawings: str) -> Document:
    return read_document([page(drawing) for drawing in drawings], load_lexicon(), ())


def extracted(*drawings: str) -> Any:
    """The contract's `extractedData` of the drawn pages."""
    return read(*drawings).to_json()["extractedData"]
