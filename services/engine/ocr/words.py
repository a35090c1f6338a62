"""Words with boxes out of one recognised line.

A recogniser says roughly where along the line it saw each character; the ink says exactly where words end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import cv2
import numpy as np
import numpy.typing as npt

from services.engine.ocr.recogniser import Character, Image, Quad, RecognisedLine
from shared.readings import BoundingBox, Word

INK_BAND = (0.05, 0.95)
"""Part of the line's height in which ink is looked for: rules and neighbouring lines stay outside."""

SPACE = 0.3
"""Width of a blank between two characters, by height of the line, from which it is a space."""

SPACE_IN_NUMBER = 0.4
"""The same between digits and signs, which printers of receipts set wide."""

WIDER_THAN_USUAL = 3.0
"""How much wider than the usual distance of the word's characters a space must be."""


def words_of(line: RecognisedLine, picture: Image, quad: Quad) -> tuple[Word, ...]:
    """Split `line` at its spaces and place every word in the page that `quad` belongs to.

    `picture` is what was recognised: the quad, straightened. Boxes are as high as the line and as wide as
    the word's ink; their confidence is the mean of their characters'.
    """
    blank = blank_columns(picture)
    groups = [
        word
        for printed in _split_at_spaces(line.characters)
        for word in _split_at_gaps(printed, blank, picture.shape[0])
    ]
    if not groups:
        return ()
    edges = _edges(groups, blank)
    return tuple(
        Word(
            text="".join(character.text for character in group),
            confidence=sum(character.confidence for character in group) / len(group),
            box=_part_of(quad, start, end),
        )
        for group, (start, end) in zip(groups, edges, strict=True)
    )


def _split_at_spaces(characters: Sequence[Character]) -> list[list[Character]]:
    grouped = groupby(characters, key=lambda character: character.text.isspace())
    return [list(group) for is_space, group in grouped if not is_space]


def _split_at_gaps(
    characters: Sequence[Character], blank: npt.NDArray[np.bool_], height: int
) -> list[list[Character]]:
    """Split where the print leaves a gap as wide as a space although no space was recognised.

    A gap counts when it is wide for the line's height and for the distances between the other characters,
    which in a spaced heading or in typewriter print are wide throughout.
    """
    gaps = [
        end - start
        for start, end in (
            widest_blank(blank, left.position, right.position) for left, right in pairwise(characters)
        )
    ]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 0.0
    words = [[characters[0]]]
    for (left, right), gap in zip(pairwise(characters), gaps, strict=True):
        pixels = gap * len(blank)
        least = SPACE_IN_NUMBER if _within_number(left, right) else SPACE
        if pixels >= least * height and gap >= WIDER_THAN_USUAL * usual:
            words.append([])
        words[-1].append(right)
    return words


def _within_number(left: Character, right: Character) -> bool:
    return not left.text.isalpha() and not right.text.isalpha()


def blank_columns(picture: Image) -> npt.NDArray[np.bool_]:
    """Per pixel column of the picture: whether it holds no ink."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    top, bottom = (round(share * gray.shape[0]) for share in INK_BAND)
    _, bright = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    band = bright[top : max(bottom, top + 1)] > 0
    paper_is_bright = band.mean() >= 0.5
    ink = ~band if paper_is_bright else band
    return np.asarray(~ink.any(axis=0), dtype=np.bool_)


def _edges(groups: Sequence[Sequence[Character]], blank: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Start and end of every word as shares of the line's length."""
    length = len(blank)
    starts = [_first_ink(blank, round(groups[0][0].position * length)) / length]
    ends = []
    for left, right in pairwise(groups):
        gap_start, gap_end = widest_blank(blank, left[-1].position, right[0].position)
        ends.append(gap_start)
        starts.append(gap_end)
    ends.append(1 - _first_ink(blank[::-1], round((1 - groups[-1][-1].position) * length)) / length)
    return list(zip(starts, ends, strict=True))


def _first_ink(blank: npt.NDArray[np.bool_], before: int) -> int:
    """Index of the first column with ink, at most `before`."""
    inked = np.flatnonzero(~blank[: max(before, 0)])
    return int(inked[0]) if inked.size else max(0, before)


def widest_blank(blank: npt.NDArray[np.bool_], start: float, end: float) -> tuple[float, float]:
    """The widest run of blank columns between two shares of the length; their middle where there is none."""
    length = len(blank)
    first, last = int(start * length), min(length, int(end * length) + 1)
    best = (0, 0)
    run_start = first
    for column in range(first, last + 1):
        if column == last or not blank[column]:
            if column - run_start > best[1] - best[0]:
                best = (run_start, column)
            run_start = column + 1
    if best[0] == best[1]:
        middle = (start + end) / 2
        return middle, middle
    return best[0] / length, best[1] / length


def _part_of(quad: Quad, start: float, end: float) -> BoundingBox:
    """The box around the part of a quad between two shares of its length."""
    top_left, top_right, bottom_right, bottom_left = quad
    top, bottom = top_right - top_left, bottom_right - bottom_left
    corners = np.stack(
        [
            top_left + start * top,
            top_left + end * top,
            bottom_left + start * bottom,
            bottom_left + end * bottom,
        ]
    )
    (left, upper), (right, lower) = corners.min(axis=0), corners.max(axis=0)
    return BoundingBox(float(left), float(upper), float(right - left), float(lower - upper))
