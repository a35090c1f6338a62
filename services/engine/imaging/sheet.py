"""Finding a sheet of paper that was photographed on something darker than itself."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from services.engine.imaging.measure import Pixels

Corners = npt.NDArray[np.float64]
"""Four corners (x, y) of a sheet in pixels: top left, top right, bottom right, bottom left."""

SEARCH_SIDE = 800
"""Longer side in pixels of the image on which the sheet is looked for."""

LEAST_SHARE = 0.25
"""Share of the photo from which a bright area is the sheet; less is a card or a label."""

MOST_SHARE = 0.97
"""Share of the photo beyond which there is nothing around the sheet to take away."""

LEAST_FIT = 0.96
"""Common area of the bright area and the quadrilateral, as a share of both together."""

MOST_TURN = 35.0
"""Degrees by which a sheet's edges may lean: near 45 boxes on the photo say nothing about the words."""

LEAST_POINTS = 20
"""Points of the outline from which a side of the sheet is known."""

LEAST_STEP = 25
"""Grey levels by which the sheet's edge is brighter than what lies beside it, on every side."""

ANGLES = (60.0, 120.0)
"""Degrees between which all corners of a sheet lie that can still be read."""


def find_sheet(image: Pixels) -> Corners | None:
    """The corners of the sheet in a photo (height × width × 3), or None where it is not plain to see.

    The sheet is the largest bright area whose outline is a quadrilateral, brighter than its surroundings
    along each edge. A scan, which is paper from edge to edge, has none.
    """
    scale = min(1.0, SEARCH_SIDE / max(image.shape[:2]))
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Print is smaller than this, and would make holes and notches in the sheet.
    size = max(5, max(small.shape) // 40) | 1
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), 5)
    outline = _largest_bright_outline(np.asarray(paper, dtype=np.uint8))
    if outline is None:
        return None
    quad = _quadrilateral(outline)
    if quad is None or not _is_sheet(quad, outline, np.asarray(paper, dtype=np.uint8)):
        return None
    return np.asarray(_from_top_left(quad) / scale)


def _largest_bright_outline(paper: Pixels) -> npt.NDArray[np.int32] | None:
    _, bright = cv2.threshold(paper, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    return np.asarray(max(outlines, key=cv2.contourArea), dtype=np.int32)


def _quadrilateral(outline: npt.NDArray[np.int32]) -> Corners | None:
    """The outline's four corners, at the coarsest tolerance that leaves no more and no fewer."""
    around = cv2.arcLength(outline, closed=True)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(outline, tolerance * around, closed=True)
        if len(corners) == 4:
            return _sharpened(corners.reshape(4, 2).astype(np.float64), outline)
    return None


def _sharpened(quad: Corners, outline: npt.NDArray[np.int32]) -> Corners | None:
    """The corners where straight lines through the outline's sides meet; sheets have bent corners."""
    points = outline.reshape(-1, 2).astype(np.float64)
    lines = []
    for corner in range(4):
        start, end = quad[corner], quad[(corner + 1) % 4]
        along = (end - start) / np.linalg.norm(end - start)
        share = (points - start) @ along / np.linalg.norm(end - start)
        away = np.abs((points - start) @ np.array([-along[1], along[0]]))
        side = points[(share > 0.08) & (share < 0.92) & (away < 0.03 * np.linalg.norm(end - start))]
        if len(side) < LEAST_POINTS:
            return None
        fitted = cv2.fitLine(side.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        normal = np.array([-fitted[1], fitted[0]], dtype=np.float64)
        lines.append((normal, float(normal @ fitted[2:])))
    sharpened = np.zeros((4, 2))
    for corner in range(4):
        (first, one), (second, other) = lines[corner - 1], lines[corner]
        both = np.array([first, second])
        if abs(np.linalg.det(both)) < 0.1:
            return None
        sharpened[corner] = np.linalg.solve(both, np.array([one, other]))
    return sharpened


def _is_sheet(quad: Corners, outline: npt.NDArray[np.int32], paper: Pixels) -> bool:
    height, width = paper.shape
    area = cv2.contourArea(quad.astype(np.float32))
    if not LEAST_SHARE <= area / (width * height) <= MOST_SHARE:
        return False
    bright, filled = np.zeros_like(paper), np.zeros_like(paper)
    cv2.fillPoly(bright, [outline], 1)
    cv2.fillPoly(filled, [np.rint(quad).astype(np.int32)], 1)
    if np.count_nonzero(bright & filled) < LEAST_FIT * np.count_nonzero(bright | filled):
        return False
    inner = np.array([_inner_angle(quad, corner) for corner in range(4)])
    if not ((inner >= ANGLES[0]) & (inner <= ANGLES[1])).all():
        return False
    if any(_lean(quad, edge) > MOST_TURN for edge in range(4)):
        return False
    return all(_step(quad, edge, paper) >= LEAST_STEP for edge in range(4))


def _lean(quad: Corners, edge: int) -> float:
    """Degrees between an edge and the nearest of level and upright."""
    along = quad[(edge + 1) % 4] - quad[edge]
    return float(abs((np.degrees(np.arctan2(along[1], along[0])) + 45) % 90 - 45))


def _inner_angle(quad: Corners, corner: int) -> float:
    before, after = quad[corner - 1] - quad[corner], quad[(corner + 1) % 4] - quad[corner]
    cosine = before @ after / (np.linalg.norm(before) * np.linalg.norm(after))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _step(quad: Corners, edge: int, paper: Pixels) -> float:
    """Median difference in brightness between both sides of an edge; 0 where it is the photo's own edge."""
    start, end = quad[edge], quad[(edge + 1) % 4]
    along = start + (end - start) * np.linspace(0.05, 0.95, 60)[:, None]
    inward = quad.mean(axis=0) - (start + end) / 2
    normal = np.array([start[1] - end[1], end[0] - start[0]])
    normal = normal / np.linalg.norm(normal) * np.sign(normal @ inward)
    distance = 0.02 * max(paper.shape)
    inside = np.rint(along + normal * distance).astype(int)
    outside = np.rint(along - normal * distance).astype(int)
    limits = np.array([paper.shape[1], paper.shape[0]])
    seen = ((outside >= 0) & (outside < limits) & (inside >= 0) & (inside < limits)).all(axis=1)
    if seen.mean() < 0.5:
        return 0.0
    bright = paper[inside[seen, 1], inside[seen, 0]].astype(np.int64)
    dark = paper[outside[seen, 1], outside[seen, 0]].astype(np.int64)
    return float(np.median(bright - dark))


def _from_top_left(quad: Corners) -> Corners:
    """The corners clockwise on the screen, the one nearest to the photo's top left first."""
    center = quad.mean(axis=0)
    clockwise = quad[np.argsort(np.arctan2(quad[:, 1] - center[1], quad[:, 0] - center[0]))]
    return np.roll(clockwise, -int(clockwise.sum(axis=1).argmin()), axis=0)
