"""Short ways to run the extraction on drawn pages."""

from __future__ import annotations

from typing import Any

from services.engine.extraction import Extraction, extract
from services.engine.extraction.document import Document, read_document
from services.engine.extraction.lexicon import load_lexicon
from shared.schemas.invoice import ExtractionSchema
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page


def read(*drawings: str, settings: ExtractionSettings | None = None) -> Extraction:
    """What is extracted from the drawn pages; an engine must be able to send it."""
    extraction = extract([page(drawing) for drawing in drawings], settings or ExtractionSettings())
    assert ExtractionSchema().validate(extraction.to_json()) == {}
    return extraction


def document(*drawings: str) -> Document:
    return read_document([page(drawing) for drawing in drawings], load_lexicon(), ())


def extracted(*drawings: str) -> Any:
    """The contract's `extractedData` of the drawn pages."""
    return read(*drawings).to_json()["extractedData"]
