"""Which words of a page a field was read from, told by their place in the page's list of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from shared.readings import BoundingBox, PageReading
from shared.schemas.reading import box_from_json

# Of a word, or of a field that is a part of a word, at least this share of the area is common to both.
COMMON = 0.5


def add_words(extracted_data: dict[str, Any], readings: Sequence[PageReading]) -> None:
    """Put `words` into every entry of `extractedData.provenance` that has a box, in place.

    They are indexes, from 0, into the words of the entry's page; `readings` are in page order, and in the
    frame that the boxes are in.
    """
    edges = [_edges(reading) for reading in readings]
    for entry in extracted_data.get("provenance", {}).values():
        if "boundingBox" in entry and "page" in entry:
            entry["words"] = _words_in(edges[entry["page"] - 1], box_from_json(entry["boundingBox"]))


def _edges(reading: PageReading) -> npt.NDArray[np.float64]:
    """Left, top, right and bottom of every word, a row each."""
    boxes = [word.box for word in reading.words]
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], dtype=float).reshape(-1, 4)


def _words_in(edges: npt.NDArray[np.float64], box: BoundingBox) -> list[int]:
    left, top, right, bottom = edges.T
    width = np.minimum(right, box.right) - np.maximum(left, box.x)
    height = np.minimum(bottom, box.bottom) - np.maximum(top, box.y)
    common = np.clip(width, 0, None) * np.clip(height, 0, None)
    smaller = np.minimum((right - left) * (bottom - top), box.width * box.height)
    return [int(place) for place in np.flatnonzero((common > 0) & (common >= COMMON * smaller))]
