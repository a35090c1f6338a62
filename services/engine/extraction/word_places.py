"""Which words of a page a field was read from, told by their place in the page's list of words."""

from __future__ import annotations

from collections import defaultdict
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
    placed: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry in extracted_data.get("provenance", {}).values():
        if "boundingBox" in entry and "page" in entry:
            placed[entry["page"]].append(entry)
    for page, entries in placed.items():
        fields = [box_from_json(entry["boundingBox"]) for entry in entries]
        words = [word.box for word in readings[page - 1].words]
        for entry, is_inside in zip(entries, _are_inside(words, fields), strict=True):
            entry["words"] = np.flatnonzero(is_inside).tolist()


def _edges(boxes: Sequence[BoundingBox]) -> npt.NDArray[np.float64]:
    """Left, top, right and bottom of every box, a row each."""
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], dtype=float).reshape(-1, 4)


def _are_inside(words: Sequence[BoundingBox], fields: Sequence[BoundingBox]) -> npt.NDArray[np.bool_]:
    """For every field, a row each, which of the words it was read from."""
    left, top, right, bottom = _edges(words).T
    field_left, field_top, field_right, field_bottom = _edges(fields).T[:, :, np.newaxis]
    width = np.minimum(right, field_right) - np.maximum(left, field_left)
    height = np.minimum(bottom, field_bottom) - np.maximum(top, field_top)
    common = np.maximum(width, 0) * np.maximum(height, 0)
    sizes = np.array([[field.width * field.height] for field in fields])
    smaller = np.minimum((right - left) * (bottom - top), sizes)
    return np.asarray((common > 0) & (common >= COMMON * smaller))
