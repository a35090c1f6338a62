"""Between the frame of the served page image and the upright frame in which the page is read.

The upright frame is the served image turned counter-clockwise about its centre, on a canvas that has grown
to hold all of it. Page readings are stored in the served frame, with boxes parallel to its edges. Such a box
is the one around a turned rectangle, and because the angle is known it gives that rectangle back exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from shared.readings import Block, BoundingBox, Cell, Line, PageReading, Word

MapBox = Callable[[BoundingBox], BoundingBox]


@dataclass(frozen=True, slots=True)
class Rotation:
    """The turn, in degrees counter-clockwise, that makes a served image of width × height pixels upright.

    Boxes can be brought back for angles within 40 degrees of a multiple of 90: near 45 degrees a box says
    nothing about the rectangle it was put around.
    """

    width: int
    height: int
    angle: float

    def __post_init__(self) -> None:
        skew = (self.angle + 45) % 90 - 45
        if abs(skew) > 40:
            raise ValueError(f"A page can't be turned by {self.angle} degrees: skew is at most 40 degrees.")

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height in pixels of the canvas that holds the whole turned image."""
        width, height = self._extent(self.width, self.height)
        return math.ceil(width - 1e-6), math.ceil(height - 1e-6)

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """The 2 × 3 affine matrix from points of the served image to points of the upright one."""
        cosine, sine = self._direction
        width, height = self.upright_size
        turn = np.array([[cosine, sine], [-sine, cosine]])
        shift = np.array([width / 2, height / 2]) - turn @ np.array([self.width / 2, self.height / 2])
        return np.column_stack([turn, shift])

    def turn(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The upright image; what the served image does not cover is white."""
        quarters, rest = divmod(self.angle, 90)
        if rest == 0:
            return np.ascontiguousarray(np.rot90(image, int(quarters) % 4))
        # OpenCV puts pixel centres on whole coordinates, boxes put pixel corners there.
        half = np.array([0.5, 0.5])
        pixels = self.matrix
        pixels[:, 2] += pixels[:, :2] @ half - half
        turned = cv2.warpAffine(
            image, pixels, self.upright_size, flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)
        )
        return np.asarray(turned, dtype=np.uint8)

    def to_upright(self, box: BoundingBox) -> BoundingBox:
        """The upright rectangle of which `box` is the surrounding box in the served frame."""
        cosine, sine = (abs(part) for part in self._direction)
        spread = cosine * cosine - sine * sine
        width = (box.width * cosine - box.height * sine) / spread
        height = (box.height * cosine - box.width * sine) / spread
        x, y = self.matrix @ (box.center_x, box.center_y, 1.0)
        # A box that some other program has drawn may be too narrow for this angle.
        width, height = max(0.0, width), max(0.0, height)
        return BoundingBox(float(x) - width / 2, float(y) - height / 2, width, height)

    def to_served(self, box: BoundingBox) -> BoundingBox:
        """The box, parallel to the served image's edges, around a rectangle of the upright frame."""
        turn, shift = self.matrix[:, :2], self.matrix[:, 2]
        x, y = turn.T @ (np.array([box.center_x, box.center_y]) - shift)
        width, height = self._extent(box.width, box.height)
        return BoundingBox(float(x) - width / 2, float(y) - height / 2, width, height)

    @property
    def _direction(self) -> tuple[float, float]:
        """Cosine and sine of the angle, exact for quarter turns."""
        quarters, rest = divmod(self.angle, 90)
        cosine, sine = math.cos(math.radians(rest)), math.sin(math.radians(rest))
        for _ in range(int(quarters) % 4):
            cosine, sine = -sine, cosine
        return cosine, sine

    def _extent(self, width: float, height: float) -> tuple[float, float]:
        cosine, sine = (abs(part) for part in self._direction)
        return width * cosine + height * sine, width * sine + height * cosine


def rotation_of(reading: PageReading) -> Rotation:
    """The turn from the frame a reading is stored in to its upright frame."""
    return Rotation(reading.width, reading.height, reading.preprocessing.rotation_angle)


def upright(reading: PageReading) -> PageReading:
    """The reading with all boxes in the upright frame, where lines are level; its rotation is then 0."""
    rotation = rotation_of(reading)
    if rotation.angle == 0:
        return reading
    width, height = rotation.upright_size
    return replace(
        _mapped(reading, rotation.to_upright),
        width=width,
        height=height,
        preprocessing=replace(reading.preprocessing, rotation_angle=0.0),
    )


def served(reading: PageReading, rotation: Rotation) -> PageReading:
    """The reading of an upright page with all boxes in the frame of the image that `rotation` turns."""
    return replace(
        _mapped(reading, rotation.to_served) if rotation.angle else reading,
        width=rotation.width,
        height=rotation.height,
        preprocessing=replace(reading.preprocessing, rotation_angle=rotation.angle),
    )


def _mapped(reading: PageReading, move: MapBox) -> PageReading:
    def moved_word(word: Word) -> Word:
        return replace(word, box=move(word.box))

    def moved_line(line: Line) -> Line:
        return Line(tuple(moved_word(word) for word in line.words))

    def moved_block(block: Block) -> Block:
        return replace(block, box=move(block.box))

    def moved_cell(cell: Cell) -> Cell:
        return replace(cell, box=move(cell.box))

    return replace(
        reading,
        lines=tuple(moved_line(line) for line in reading.lines),
        blocks=tuple(moved_block(block) for block in reading.blocks),
        cells=tuple(moved_cell(cell) for cell in reading.cells),
    )
