"""What a document itself gives for a page, its words and pictures, and the file they travel in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import DocumentError
from shared.readings import Block, BoundingBox, Word

FORMAT_VERSION = 1
PICTURE_TYPES = ("image", "signature")


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text of a page as its document gives it.

    `words` have boxes in pixels of the rendered page, in the document's own order. `trusted` says whether
    they may replace reading the image; `reason` is a sentence that says why, or why not.
    """

    words: tuple[Word, ...]
    trusted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StoredTextLayer:
    """A text layer that stands for its page; `pictures` are blocks of type `image` and `signature`."""

    words: tuple[Word, ...]
    pictures: tuple[Block, ...] = ()


def write_text_layer(path: Path, words: Iterable[Word], pictures: Iterable[Block] = ()) -> None:
    """Write JSON: one row of text, x, y, width, height (pixels) per word, and of type and box per picture."""
    content: dict[str, Any] = {
        "version": FORMAT_VERSION,
        "words": [(word.text, *_numbers(word.box)) for word in words],
    }
    if rows := [(picture.type, *_numbers(picture.box)) for picture in pictures]:
        content["pictures"] = rows
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def read_text_layer(source: Path | bytes) -> StoredTextLayer:
    """What `write_text_layer` wrote, words and pictures each with confidence 1.0.

    Raises DocumentError `brokenTextLayer` when the content is not such a file.
    """
    raw = source if isinstance(source, bytes) else source.read_bytes()
    try:
        content = json.loads(raw)
        version = content["version"]
        words = tuple(_word(row) for row in content["words"])
        pictures = tuple(_picture(row) for row in content.get("pictures", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken() from error
    if version != FORMAT_VERSION:
        raise _broken()
    return StoredTextLayer(words, pictures)


def _broken() -> DocumentError:
    return DocumentError(
        "brokenTextLayer", "The stored text layer of the page can't be read; process the document again."
    )


def _numbers(box: BoundingBox) -> tuple[float, float, float, float]:
    return round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2)


def _word(row: list[str | float]) -> Word:
    text, x, y, width, height = row
    return Word(str(text), 1.0, BoundingBox(float(x), float(y), float(width), float(height)))


def _picture(row: list[Any]) -> Block:
    kind, x, y, width, height = row
    if kind not in PICTURE_TYPES:
        raise ValueError(f"No picture is of the type {kind}.")
    return Block("", 1.0, BoundingBox(float(x), float(y), float(width), float(height)), kind)
