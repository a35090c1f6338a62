"""Pictures and places for signatures on a page whose text layer stands for it, as blocks.

A PDF says exactly where its images and signature fields lie; what is a picture to a reader, such as a logo,
may be made of several images.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from services.engine.documents.pdf_annotations import Edges
from services.engine.documents.pdf_content import COVERING_SHARE
from services.engine.documents.pdf_frame import to_pixels
from services.engine.documents.print_coverage import LEAST_CONTRAST, contrast
from services.engine.documents.text_pages import TextPicture
from shared.readings import Block, BlockType, BoundingBox

# In points (1/72 inch): shorter sides belong to ornaments and rules; strips of one picture lie this close.
LEAST_SIDE = 14
TOUCHING = 0.5
# A picture counts as that of a signature when so much of it lies in a signature field.
COMMON_SHARE = 0.8
# Of more images than this the largest are looked at.
MOST_IMAGES = 200


def picture_blocks(picture: TextPicture) -> tuple[Block, ...]:
    """Blocks of type `image` and `signature`, without text, in pixels of the picture and top to bottom.

    Backgrounds that cover the page are no pictures.
    """
    page = picture.page
    signatures = _boxes(picture, page.signatures)
    images = _boxes(picture, (image.seen for image in page.content.images))
    pictures = [
        box
        for box in _joined(_without_backgrounds(picture, images), TOUCHING * picture.dpi / 72)
        if not any(_share_inside(box, field) >= COMMON_SHARE for field in signatures)
        and min(box.width, box.height) >= LEAST_SIDE * picture.dpi / 72
        and _shows_something(picture, box)
    ]
    kinds: tuple[tuple[BlockType, Sequence[BoundingBox]], ...] = (
        ("image", _without_backgrounds(picture, pictures)),
        ("signature", signatures),
    )
    blocks = [Block("", 1.0, box, kind) for kind, boxes in kinds for box in boxes]
    return tuple(sorted(blocks, key=lambda block: (block.box.y, block.box.x)))


def _boxes(picture: TextPicture, places: Iterable[Edges]) -> list[BoundingBox]:
    """What of the places lies on the page, in pixels, the largest first."""
    corners = np.array([place for place in places if place[0] < place[2] and place[1] < place[3]])
    if not corners.size:
        return []
    width, height = picture.page.pixel_size(picture.dpi)
    edges = np.clip(to_pixels(picture.page, picture.dpi, corners), 0, np.array([width, height] * 2))
    boxes = [
        BoundingBox(left, top, right - left, bottom - top) for left, top, right, bottom in edges.tolist()
    ]
    seen = [box for box in boxes if box.width > 0 and box.height > 0]
    return sorted(seen, key=_area, reverse=True)[:MOST_IMAGES]


def _without_backgrounds(picture: TextPicture, boxes: Sequence[BoundingBox]) -> list[BoundingBox]:
    width, height = picture.page.pixel_size(picture.dpi)
    return [box for box in boxes if _area(box) < COVERING_SHARE * width * height]


def _joined(boxes: Sequence[BoundingBox], reach: float) -> list[BoundingBox]:
    """The boxes around those that overlap or lie within `reach` pixels of each other."""
    joined: list[BoundingBox] = []
    for box in boxes:
        whole = box
        while touching := [other for other in joined if _is_near(whole, other, reach)]:
            joined = [other for other in joined if not _is_near(whole, other, reach)]
            whole = BoundingBox.around([whole, *touching])
        joined.append(whole)
    return joined


def _is_near(one: BoundingBox, other: BoundingBox, reach: float) -> bool:
    across = max(one.x, other.x) - min(one.right, other.right)
    down = max(one.y, other.y) - min(one.bottom, other.bottom)
    return max(across, down) <= reach


def _shows_something(picture: TextPicture, box: BoundingBox) -> bool:
    """Whether anything is seen there: images may be blank or wholly transparent."""
    scale = picture.reduction
    rows = slice(max(0, int(box.y / scale) - 1), int(box.bottom / scale) + 2)
    columns = slice(max(0, int(box.x / scale) - 1), int(box.right / scale) + 2)
    patch = picture.small_gray[rows, columns]
    return contrast(patch) >= LEAST_CONTRAST


def _share_inside(box: BoundingBox, other: BoundingBox) -> float:
    """The share of the box, 0..1, that lies in the other."""
    width = min(box.right, other.right) - max(box.x, other.x)
    height = min(box.bottom, other.bottom) - max(box.y, other.y)
    return max(width, 0.0) * max(height, 0.0) / _area(box)


def _area(box: BoundingBox) -> float:
    return box.width * box.height
