"""From page readings to an invoice's typed data, by geometry, vocabulary and arithmetic."""

from services.engine.extraction.extract import extract
from services.engine.extraction.result import Extraction

__all__ = ["Extraction", "extract"]
