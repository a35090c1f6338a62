"""The words that a document itself gives for a page, and the file they travel in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shared.errors import DocumentError
from shared.readings import BoundingBox, Word

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text of a page as its document gives it.

    `words` have boxes in pixels of the rendered page, in the document's own order. `trusted` says whether
    they may replace reading the image; `reason` is a sentence that says why, or why not.
    """

    words: tuple[Word, ...]
    trusted: bool
    reason: str


def write_text_layer(path: Path, words: Iterable[Word]) -> None:
    """Write `words` as JSON: one row of text, x, y, width, height (pixels) per word."""
    rows = [
        (
            word.text,
            round(word.box.x, 2),
            round(word.box.y, 2),
            round(word.box.width, 2),
            round(word.box.height, 2),
        )
        for word in words
    ]
    content = {"version": FORMAT_VERSION, "words": rows}
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def read_text_layer(source: Path | bytes) -> tuple[Word, ...]:
    """The words that `write_text_layer` wrote, each with confidence 1.0.

    Raises DocumentError `brokenTextLayer` when the content is not such a file.
    """
    raw = source if isinstance(source, bytes) else source.read_bytes()
    try:
        content = json.loads(raw)
        version = content["version"]
        words = tuple(_word(row) for row in content["words"])
    except (ValueError, KeyError, TypeError) as error:
        raise _broken() from error
    if version != FORMAT_VERSION:
        raise _broken()
    return words


def _broken() -> DocumentError:
    return DocumentError(
        "brokenTextLayer", "The stored text layer of the page can't be read; process the document again."
    )


def _word(row: list[str | float]) -> Word:
    text, x, y, width, height = row
    return Word(str(text), 1.0, BoundingBox(float(x), float(y), float(width), float(height)))
