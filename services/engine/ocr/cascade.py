"""A quick reader in front of a thorough one, which reads again what the first was not sure of.

P. Viola and M. Jones, Rapid Object Detection using a Boosted Cascade of Simple Features, 2001, for the idea.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.engine.ocr.alphabet import UNREADABLE, written_in_latin
from services.engine.ocr.doubt import Part, doubtful_parts, whole
from services.engine.ocr.recogniser import (
    Character,
    Image,
    LineReader,
    LineRecogniser,
    Quad,
    RecognisedLine,
)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A part of the line of this index, and its picture."""

    line: int
    part: Part
    picture: Image


class CascadeRecogniser:
    """Two recognisers as one: `front` reads all lines, `thorough` finds them and reads their doubtful parts.

    Languages that are not written in Latin letters are left to `thorough`, whose detection finds letters from
    `smallest_letter` pixels on.
    """

    def __init__(self, front: LineReader, thorough: LineRecogniser, smallest_letter: float) -> None:
        self.smallest_letter = smallest_letter
        self._front = front
        self._thorough = thorough

    def detect(self, page: Image, longest_side: int) -> list[Quad]:
        """See LineRecogniser."""
        return self._thorough.detect(page, longest_side)

    def recognise(self, lines: Sequence[Image], languages: Sequence[str] = ()) -> list[RecognisedLine]:
        """See LineRecogniser."""
        if not written_in_latin(languages):
            return self._thorough.recognise(lines, languages)
        read = list(self._front.recognise(lines, languages))
        doubts = [
            _Doubt(index, part, _cut(lines[index], part))
            for index, line in enumerate(read)
            for part in doubtful_parts(line, lines[index])
        ]
        again = self._thorough.recognise([doubt.picture for doubt in doubts], languages)
        # From right to left: characters to the left of a part keep their places when it changes.
        for doubt, other in reversed(list(zip(doubts, again, strict=True))):
            read[doubt.line] = _mended(read[doubt.line], doubt.part, other)
        return read


def _cut(picture: Image, part: Part) -> Image:
    width = picture.shape[1]
    first = min(width - 1, round(part.start * width))
    return picture[:, first : max(first + 1, round(part.end * width))]


def _mended(line: RecognisedLine, part: Part, other: RecognisedLine) -> RecognisedLine:
    """The line with a part as the thorough reader read it, where that is the better reading."""
    if part == whole(line):
        return other
    if not _is_better(other.characters, line.characters[part.first : part.last]):
        return line
    length = part.end - part.start
    moved = tuple(
        replace(character, position=part.start + character.position * length)
        for character in other.characters
    )
    return RecognisedLine(line.characters[: part.first] + moved + line.characters[part.last :])


def _is_better(other: Sequence[Character], own: Sequence[Character]) -> bool:
    """Whether the thorough reader's `other` reading of a part is to be taken.

    Either may miss a space, neither makes many up; and the thorough one, which saw a part without the rest,
    must be as sure as the first was, unless that saw characters it does not know.
    """
    letters, own_letters = _without_spaces(other), _without_spaces(own)
    if letters and any(one.text == UNREADABLE for one in own_letters):
        return True
    if [one.text for one in letters] == [one.text for one in own_letters]:
        return len(other) > len(own)
    return _least(letters) >= _least(own_letters)


def _without_spaces(characters: Sequence[Character]) -> list[Character]:
    return [character for character in characters if not character.text.isspace()]


def _least(characters: Sequence[Character]) -> float:
    """How sure the least sure character is, 0..1; 0 where there is none."""
    return min((character.confidence for character in characters), default=0.0)
