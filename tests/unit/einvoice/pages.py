"""Pages as a reader gives them, from lines of text set in columns."""

from __future__ import annotations

from collections.abc import Sequence

from shared.readings import BoundingBox, Line, PageReading, TextSource, Word

CHARACTER = 10.0
LINE = 30.0


def page_of(lines: Sequence[str], source: TextSource = "textLayer") -> PageReading:
    """A page on which every character is 10 pixels wide and every line 30 high; blanks are blanks."""
    return PageReading(
        width=1000,
        height=1400,
        lines=tuple(_line(text, 60 + LINE * number) for number, text in enumerate(lines) if text.strip()),
        source=source,
    )


def _line(text: str, top: float) -> Line:
    words, start = [], 0
    for word in text.split(" "):
        if word:
            box = BoundingBox(60 + CHARACTER * start, top, CHARACTER * len(word), 20.0)
            words.append(Word(word, 1.0, box))
        start += len(word) + 1
    return Line(tuple(words))
