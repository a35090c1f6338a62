"""What a detector cuts out with a line: margins, edges of other lines, rules, and its being crooked."""

from __future__ import annotations

import random

import cv2
import numpy as np

from tests.training.ink import Grey


def framed(rng: random.Random, ink: Grey) -> Grey:
    """The ink within the margins that a detector leaves: mostly a little, at times none or much."""
    height = ink.shape[0]
    if rng.random() < 0.9:
        upright, sideways = (0.04, 0.32), (0.02, 0.4)
    else:
        upright, sideways = (-0.06, 0.8), (-0.02, 1.2)
    above, below = (round(height * rng.uniform(*upright)) for _ in range(2))
    before, after = (round(height * rng.uniform(*sideways)) for _ in range(2))
    area = np.pad(ink, ((max(0, above), max(0, below)), (max(0, before), max(0, after))))
    return area[
        max(0, -above) : area.shape[0] - max(0, -below), max(0, -before) : area.shape[1] - max(0, -after)
    ]


def add_neighbour(rng: random.Random, area: Grey, neighbour: Grey) -> None:
    """Let the edge of a line above or below be seen in `area`, as if it had been cut along."""
    seen = min(max(1, int(area.shape[0] * rng.uniform(0.03, 0.13))), neighbour.shape[0])
    left = rng.randrange(area.shape[1])
    width = min(neighbour.shape[1], area.shape[1] - left)
    if rng.random() < 0.5:
        edge, part = area[:seen, left : left + width], neighbour[-seen:, :width]
    else:
        edge, part = area[-seen:, left : left + width], neighbour[:seen, :width]
    np.maximum(edge, part, out=edge)


def add_rules(rng: random.Random, area: Grey) -> None:
    """Draw rules of a table or a box into `area`, or a line under the text."""
    height, width = area.shape
    strong = rng.uniform(0.3, 1)
    thick = max(1, round(height * rng.uniform(0.02, 0.07)))
    if rng.random() < 0.6:
        under, over = int(height * rng.uniform(0.9, 0.97)), int(height * rng.uniform(0, 0.05))
        row = rng.choice((0, height - thick, under, over))
        _darken(area[row : row + thick], strong)
    if rng.random() < 0.5:
        column = rng.choice((0, width - thick))
        _darken(area[:, column : column + thick], strong)


def askew(rng: random.Random, area: Grey) -> Grey:
    """Turned by a degree or two and leaning, as a crooked scan or a photo leaves it."""
    height, width = area.shape
    rise = float(np.clip(rng.gauss(0, 0.012) * width, -0.16 * height, 0.16 * height))
    lean = rng.gauss(0, 0.06) * height
    source = np.array([[0, 0], [width, 0], [0, height]], dtype=np.float32)
    target = np.array([[lean, rise / 2], [width + lean, -rise / 2], [0, height + rise / 2]], dtype=np.float32)
    turned = cv2.warpAffine(area, cv2.getAffineTransform(source, target), (width, height))
    return np.asarray(turned, dtype=np.float32)


def _darken(part: Grey, strong: float) -> None:
    np.maximum(part, np.float32(strong), out=part)
