"""Between the frame of the served page image and the upright frame in which the page is read.

The upright frame is the served image, or the sheet that was found on a photo and made flat, turned
counter-clockwise about its centre, on a canvas that has grown to hold all of it. Page readings are stored in
the served frame, with boxes parallel to its edges. Such a box is the one around a turned rectangle, and
because the way there is known it gives that rectangle back.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from shared.readings import Block, BoundingBox, Cell, Line, PageReading, Point, Word

MapBox = Callable[[BoundingBox], BoundingBox]
Matrix = npt.NDArray[np.float64]

LEAST_SPREAD = 0.02
"""How far from 45 degrees a box must be turned, as a share, to give its rectangle back."""


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


@dataclass(frozen=True, slots=True)
class Flattening:
    """The way from a photo of width × height pixels to the sheet on it, made flat and then turned upright.

    `corners` of the sheet in the photo run from its top left clockwise; `angle` is the turn of the flat
    sheet, in degrees counter-clockwise.
    """

    width: int
    height: int
    corners: tuple[Point, Point, Point, Point]
    angle: float = 0.0

    @property
    def flat_size(self) -> tuple[int, int]:
        """Width and height in pixels of the flat sheet: nothing on it is shown smaller than on the photo."""
        first, second, third, fourth = self.corners
        width = max(math.dist(first, second), math.dist(fourth, third))
        height = max(math.dist(first, fourth), math.dist(second, third))
        return max(1, round(width)), max(1, round(height))

    @property
    def rotation(self) -> Rotation:
        """The turn of the flat sheet."""
        return Rotation(*self.flat_size, self.angle)

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height in pixels of the canvas that holds the whole upright sheet."""
        return self.rotation.upright_size

    def flatten(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The flat sheet, not turned yet."""
        half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        pixels = np.linalg.inv(half) @ self._to_flat @ half
        return np.asarray(
            cv2.warpPerspective(
                image, pixels, self.flat_size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
            ),
            dtype=np.uint8,
        )

    def to_upright(self, box: BoundingBox) -> BoundingBox:
        """The upright rectangle of which `box` is the surrounding box on the photo.

        Over the size of a word the photo is as good as an affine picture of the sheet.
        """
        matrix = self._to_upright
        center = _projected(matrix, np.array([[box.center_x, box.center_y]]))[0]
        back = _inverse(matrix)
        x, y = center
        steps = np.array([[x - 0.5, y], [x + 0.5, y], [x, y - 0.5], [x, y + 0.5]])
        left, right, above, below = _projected(back, steps)
        extents = np.abs(np.column_stack([right - left, below - above]))
        if abs(np.linalg.det(extents)) < LEAST_SPREAD * extents.max() ** 2:
            raise ValueError("The sheet is turned by about 45 degrees, where boxes say nothing of its words.")
        width, height = np.maximum(0.0, np.linalg.solve(extents, np.array([box.width, box.height])))
        return BoundingBox(float(x - width / 2), float(y - height / 2), float(width), float(height))

    def to_served(self, box: BoundingBox) -> BoundingBox:
        """The box, parallel to the photo's edges, around a rectangle of the upright frame."""
        corners = np.array([(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)])
        (left, top), (right, bottom) = _bounds(_projected(_inverse(self._to_upright), corners))
        return BoundingBox(left, top, right - left, bottom - top)

    @property
    def _to_flat(self) -> Matrix:
        width, height = self.flat_size
        flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
        corners = np.array(self.corners, dtype=np.float32)
        return np.asarray(cv2.getPerspectiveTransform(corners, flat), dtype=np.float64)

    @property
    def _to_upright(self) -> Matrix:
        return np.vstack([self.rotation.matrix, [0, 0, 1]]) @ self._to_flat


Frame = Rotation | Flattening


def _projected(matrix: Matrix, points: Matrix) -> Matrix:
    """Points (rows of x, y) mapped by a 3 × 3 homography."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def _inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _bounds(points: Matrix) -> tuple[list[float], list[float]]:
    return points.min(axis=0).tolist(), points.max(axis=0).tolist()


def frame_of(reading: PageReading) -> Frame:
    """The way from the frame that a reading is stored in to its upright frame."""
    done = reading.preprocessing
    if done.sheet is not None:
        return Flattening(reading.width, reading.height, done.sheet, done.rotation_angle)
    return Rotation(reading.width, reading.height, done.rotation_angle)


def upright(reading: PageReading) -> PageReading:
    """The reading with all boxes in the upright frame, where lines are level."""
    frame = frame_of(reading)
    if is_same(frame):
        return reading
    width, height = frame.upright_size
    return replace(
        _mapped(reading, frame.to_upright),
        width=width,
        height=height,
        preprocessing=replace(reading.preprocessing, rotation_angle=0.0, sheet=None),
    )


def served(reading: PageReading, frame: Frame) -> PageReading:
    """The reading of an upright page with all boxes in the frame of the image that `frame` starts from."""
    return replace(
        reading if is_same(frame) else _mapped(reading, frame.to_served),
        width=frame.width,
        height=frame.height,
        preprocessing=replace(
            reading.preprocessing,
            rotation_angle=frame.angle,
            sheet=frame.corners if isinstance(frame, Flattening) else None,
        ),
    )


def is_same(frame: Frame) -> bool:
    """Whether the served image is upright as it is."""
    return isinstance(frame, Rotation) and frame.angle == 0


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
