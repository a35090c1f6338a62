"""What a sender calls itself besides its name: the words of its logo and of its web addresses."""

from __future__ import annotations

import re
import statistics

from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment
from services.engine.extraction.text import key_of

_WEB = re.compile(r"(?:@|www\.|https?://)([\w\-]+(?:\.[\w\-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_FREE_MAIL = frozenset(
    {"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "tonline", "icloud", "aol", "live"}
)
# A headline's height, in usual heights of the page's lines.
_HEADLINE = 1.3
_HEAD_PLACE = 0.2
_SHORTEST = 4


def domains_on(document: Document) -> set[str]:
    """The second levels of the web and mail addresses, without those of mail for everyone."""
    found = set()
    for segment in document.segments():
        for match in _WEB.finditer(segment.text):
            name = key_of(match[1].split(".")[-1])
            if name and name not in _FREE_MAIL:
                found.add(name)
    return found


def logo_words(document: Document) -> dict[str, list[Segment]]:
    """The words of the headlines at the top of the first page, with where they stand."""
    found: dict[str, list[Segment]] = {}
    page = document.pages[0] if document.pages else None
    for row in page.rows if page is not None else ():
        if page is None or row.box.y > _HEAD_PLACE * page.height:
            break
        for segment in row.segments:
            if not is_headline(document, segment) or document.labels.starts_with_label(segment):
                continue
            for word in segment.text.split():
                key = key_of(word)
                if len(key) >= _SHORTEST and key not in document.lexicon.entries and key.isalpha():
                    found.setdefault(key, []).append(segment)
    return found


def is_headline(document: Document, segment: Segment) -> bool:
    """Whether the text is clearly larger than the page's usual text."""
    heights = [other.box.height for row in document.page(segment.page).rows for other in row.segments]
    return segment.box.height > _HEADLINE * statistics.median(heights)
