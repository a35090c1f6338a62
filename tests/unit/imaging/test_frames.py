from __future__ import annotations

import pytest

from services.engine.imaging.frames import DocumentFrames
from services.engine.imaging.geometry import Rotation, served
from shared.readings import BoundingBox, Line, PageReading, Preprocessing, Word
from shared.schemas.reading import box_to_json


def test_provenance_is_told_in_the_frame_of_the_served_image() -> None:
    rotation = Rotation(1000, 1400, 4.0)
    box = BoundingBox(300, 400, 120, 20)
    width, height = rotation.upright_size
    read = PageReading(
        width, height, (Line((Word("Total", 1.0, box),)),), preprocessing=Preprocessing(rotation_angle=4.0)
    )
    stored = served(read, rotation)
    frames = DocumentFrames({2: stored})
    assert len(frames.upright) == 2
    assert frames.upright[0].lines == ()
    upright_box = frames.upright[1].lines[0].box
    assert upright_box.x == pytest.approx(box.x, abs=0.1)
    data = {"provenance": {"invoice.amounts.total": {"page": 2, "boundingBox": box_to_json(upright_box)}}}
    frames.serve(data)
    back = data["provenance"]["invoice.amounts.total"]["boundingBox"]
    assert back == pytest.approx(box_to_json(stored.lines[0].box), abs=0.1)
