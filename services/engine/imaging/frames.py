"""A document's pages in the frame that extraction needs, upright, and the way back to the served images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.engine.imaging.geometry import Frame, frame_of, is_same, upright
from shared.readings import BoundingBox, PageReading
from shared.schemas.reading import box_from_json, box_to_json

_UNREAD = PageReading(width=1, height=1, source="none")


class DocumentFrames:
    """The readings of a document by page number, from 1; a page that was not read counts as empty."""

    def __init__(self, readings: Mapping[int, PageReading]) -> None:
        self._frames: dict[int, Frame] = {number: frame_of(reading) for number, reading in readings.items()}
        last = max(readings, default=0)
        self.upright = tuple(
            upright(readings[number]) if number in readings else _UNREAD for number in range(1, last + 1)
        )

    def to_upright(self, page: int, box: BoundingBox) -> BoundingBox:
        """A box in the frame of a page's served image, in that of the upright page."""
        frame = self._frames.get(page)
        return box if frame is None else frame.to_upright(box)

    def serve(self, extracted_data: dict[str, Any]) -> None:
        """Turn the boxes of `extractedData.provenance` back to the frames of the served images, in place.

        What an e-invoice states and no page shows has neither page nor box.
        """
        for entry in extracted_data.get("provenance", {}).values():
            box, frame = entry.get("boundingBox"), self._frames.get(entry.get("page", 0))
            if box and frame is not None and not is_same(frame):
                entry["boundingBox"] = box_to_json(frame.to_served(box_from_json(box)))
