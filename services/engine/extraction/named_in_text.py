"""Names of companies inside running text: "Larkwell Ltd is registered in England"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.engine.extraction.addresses import TextPart
from services.engine.extraction.document import Document
from services.engine.extraction.identifiers import find_vat_ids
from services.engine.extraction.layout import Segment
from services.engine.extraction.text import letters_in

# Words in small letters that stand inside names.
PARTICLES = frozenset(
    (
        *("&", "+", "-", "–", "and", "of", "the", "und", "für", "von", "zu", "zum", "et", "de", "du", "des"),
        *(
            "la",
            "le",
            "les",
            "los",
            "las",
            "el",
            "e",
            "y",
            "i",
            "di",
            "del",
            "della",
            "do",
            "da",
            "dos",
            "das",
        ),
        *("van", "der", "den", "voor", "en", "og", "och"),
    )
)
_ENDS_PHRASE = re.compile(r"[:;,]$|[^\W\d_]{3}\.$")
_ANNOUNCING = ("supplier", "operator", "customer", "recipient", "iban", "bic", "contact", "vatId")
_FOOT = 0.85
_MOST_WORDS = 8


def names_in_text(document: Document, segment: Segment) -> Iterator[TextPart]:
    """The names with a legal form in a line of running text that speaks of the sender.

    It does at the foot of a page, and where the name is followed by its register or by a tax id, or
    announced as that of whoever is paid or runs the business.
    """
    end = 0
    for form in document.lexicon.legal_form_pattern.finditer(segment.text):
        first = _first_word(document, segment, form.start())
        if first is None or segment.tokens[first].start < end:
            continue
        part = TextPart(segment, segment.tokens[first].start, form.end())
        end = form.end()
        if letters_in(segment.text[part.start : form.start()]) >= 3 and _is_senders(document, part, first):
            yield part


def _first_word(document: Document, segment: Segment, form: int) -> int | None:
    """Where the name that ends in a legal form at `form` begins: after the last small or announcing word."""
    announcing = {
        place
        for hit in document.labels.within(segment)
        if hit.is_label(*_ANNOUNCING)
        for place in range(hit.first, hit.last)
    }
    before = [place for place, token in enumerate(segment.tokens) if token.end <= form]
    first: int | None = None
    for place in reversed(before[-_MOST_WORDS:]):
        word = segment.tokens[place].text
        is_particle = word.lower() in PARTICLES
        if place in announcing or not (word[:1].isupper() or is_particle):
            break
        if _ENDS_PHRASE.search(word) and first is not None:
            break
        first = first if is_particle else place
    return first


def _is_senders(document: Document, part: TextPart, first: int) -> bool:
    segment = part.segment
    if segment.box.y > _FOOT * document.page(segment.page).height:
        return True
    if document.lexicon.after_name_pattern.match(segment.text, part.end) or find_vat_ids(segment):
        return True
    return any(
        hit.last == first and hit.is_label("supplier", "operator") for hit in document.labels.within(segment)
    )
