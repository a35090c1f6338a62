"""Running text on the pages, put together over its lines, and what its sentences speak of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.engine.extraction.layout import PageLayout, Row, Segment, Token
from services.engine.extraction.text import plain

# A full stop ends a sentence behind a word or a year, before a capital: not "Nr. 5", not "14. März".
_END = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=\d{4})|(?<=\d%)|(?<=\)))[.!?](?=\s+[^\W\d_])")
_SAME_EDGE = 1.5
_SAME_HEIGHT = 1.35
_NEAR = 1.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text under each other as one segment; `lines` are where they begin in its text.

    `parts` are the segments of the page that the lines are.
    """

    segment: Segment
    lines: tuple[int, ...]
    parts: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return self.segment.text

    def part_at(self, place: int) -> Segment:
        """The segment of the page that `text[place]` stands in."""
        return self.parts[max(bisect_right(self.lines, place) - 1, 0)]

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence that holds `text[start:end]` begins and ends."""
        ends = [match.end() for match in _END.finditer(self.text)]
        first = max((place for place in ends if place <= start), default=0)
        return first, min((place for place in ends if place >= end), default=len(self.text))


@dataclass(frozen=True)
class SentenceWords:
    """What a language says in sentences about paying and taxes: a pattern for each concept.

    The patterns are for folded text; the vocabulary's files list their phrases under `sentences`.
    """

    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def of_phrases(cls, phrases: Mapping[str, Iterable[str]]) -> SentenceWords:
        return cls({concept: _any_of(found) for concept, found in phrases.items()})

    def search(self, concept: str, text: str) -> re.Match[str] | None:
        """The first phrase of a concept in `text`; places are those in `text` itself."""
        pattern = self.patterns.get(concept)
        return pattern.search(folded(text)) if pattern is not None else None

    def without(self, concept: str, text: str) -> str:
        """`text` with blanks in place of the phrases of a concept."""
        pattern = self.patterns.get(concept)
        if pattern is None:
            return text
        for match in pattern.finditer(folded(text)):
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        return text

    def start_of_ending(self, concept: str, text: str) -> int | None:
        """Where the phrase of a concept begins that ends `text`; None if none does."""
        pattern = self.patterns.get(concept)
        tail = folded(text).rstrip(" :,")
        if pattern is None:
            return None
        return next((match.start() for match in pattern.finditer(tail) if match.end() == len(tail)), None)


def folded(text: str) -> str:
    """`text` in lower case without accents, every character in its place."""
    return text.lower() if text.isascii() else "".join(map(_folded_character, text))


@lru_cache(maxsize=1024)
def _folded_character(character: str) -> str:
    return (plain(character) or character)[0]


def paragraphs(pages: Iterable[PageLayout]) -> Iterator[Paragraph]:
    """The running text of the pages: segments that begin at the same edge, line under line."""
    for page in pages:
        open_ones: list[list[Segment]] = []
        for row in page.rows:
            open_ones, closed = _extend(open_ones, row, page.line_height)
            yield from map(_joined, closed)
        yield from map(_joined, open_ones)


def _extend(
    open_ones: list[list[Segment]], row: Row, line_height: float
) -> tuple[list[list[Segment]], list[list[Segment]]]:
    """The paragraphs that may go on below the row, and those that have ended above it."""
    going: list[list[Segment]] = []
    closed: list[list[Segment]] = []
    for lines in open_ones:
        reach = row.box.y - lines[-1].box.bottom
        (going if reach <= _NEAR * line_height else closed).append(lines)
    for segment in row.segments:
        home = next((lines for lines in going if _goes_on(lines[-1], segment)), None)
        if home is None:
            going.append([segment])
        else:
            home.append(segment)
    return going, closed


def _goes_on(last: Segment, segment: Segment) -> bool:
    heights = sorted((max(last.box.height, 1.0), max(segment.box.height, 1.0)))
    return (
        segment.row > last.row
        and abs(segment.box.x - last.box.x) < _SAME_EDGE * heights[0]
        and heights[1] / heights[0] < _SAME_HEIGHT
    )


def _joined(lines: list[Segment]) -> Paragraph:
    tokens: list[Token] = [token for line in lines for token in line.tokens]
    segment = Segment.of_tokens(lines[0].page, lines[0].row, tokens)
    starts = []
    place = 0
    for line in lines:
        starts.append(segment.tokens[place].start)
        place += len(line.tokens)
    return Paragraph(segment, tuple(starts), tuple(lines))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Matches the phrases as whole words in folded text, with or without their blanks."""
    found = sorted((_expression(folded(phrase)) for phrase in phrases), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})")


def _expression(phrase: str) -> str:
    """A phrase's own expression; "*" at its end stands for any ending."""
    words = re.escape(phrase.removesuffix("*")).replace(r"\ ", r"\s?")
    if phrase.endswith("*"):
        return words + r"[^\W\d_]*"
    return words + (r"(?![^\W_])" if phrase[-1].isalnum() else "")
