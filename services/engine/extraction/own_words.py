"""Words that mean something of their own on one supplier's pages, beside the vocabulary's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from services.engine.extraction.labels import Hit
from services.engine.extraction.lexicon import Lexicon, Meaning
from services.engine.extraction.text import digits_in, key_of
from shared.supplier import LearnedWord

OWN_WORDS = "own"
"""The language that a supplier's own words count as."""

NO_ITEM = "noItem"
"""The label of a row of the item table that is no item."""
TABLE_END = "tableEnd"
"""The label of the first row below the item table."""
MEANINGLESS = "meaningless"
"""The label of what the vocabulary takes for a label and the supplier does not."""


def phrase_key(text: str) -> str:
    """The key of a phrase as the tokens on a page give it."""
    return "".join(key_of(word) for word in text.split())


def with_words(lexicon: Lexicon, words: Iterable[LearnedWord]) -> Lexicon:
    """The lexicon in which the words mean what was learned, and nothing else in their section."""
    learned: defaultdict[str, list[LearnedWord]] = defaultdict(list)
    for word in words:
        learned[phrase_key(word.text)].append(word)
    own: dict[str, tuple[Meaning, ...]] = {}
    for key, meant in learned.items():
        sections = {word.section for word in meant}
        kept = [one for one in lexicon.entries.get(key, ()) if one.section not in sections]
        own[key] = (*kept, *(Meaning(word.section, word.concept, OWN_WORDS) for word in meant))
    return lexicon.extended(own)


def marks_no_item(hits: Iterable[Hit]) -> bool:
    """Whether a row whose first segment has these hits begins with what was learned to be no item.

    Nothing else may stand before the row's first number: the same word may begin an item's description.
    """
    return any(
        hit.is_label(NO_ITEM)
        and hit.first == 0
        and (hit.last == len(hit.segment.tokens) or digits_in(hit.segment.tokens[hit.last].text) > 0)
        for hit in hits
    )
