"""Finding the words that make the general reading right: each is tried on the document it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.engine.extraction.dates import DayOrder
from services.engine.extraction.extract import GeneralReading, read_generally
from services.engine.extraction.own_words import phrase_key
from services.engine.extraction.table_words import column_words, idle_columns, row_words
from services.engine.extraction.trial import Truth, same_items, same_taxes
from services.engine.extraction.word_making import label_words, tax_words
from shared.readings import PageReading
from shared.supplier import ITEMS, TAXES, LearnedWord, SupplierProfile
from shared.template import ExtractionSettings

_ORDER = ("total", "due", "subtotal", "tax")
_MOST_ROUNDS = 3


@dataclass
class _Search:
    """The words that are accepted so far, and what is read with them."""

    pages: Sequence[PageReading]
    settings: ExtractionSettings
    order: DayOrder | None
    truth: Truth
    words: tuple[LearnedWord, ...]
    reading: GeneralReading

    def read(self, words: tuple[LearnedWord, ...]) -> GeneralReading:
        return read_generally(self.pages, self.settings, self.order, words)

    def accept(self, new: Sequence[LearnedWord]) -> bool:
        """Take the words along if they make more right and nothing else wrong; whether they do."""
        if not new:
            return False
        own = {(phrase_key(word.text), word.section) for word in new}
        kept = [word for word in self.words if (phrase_key(word.text), word.section) not in own]
        words = (*kept, *new)
        reading = self.read(words)
        better = self.truth.score(reading) > self.truth.score(self.reading)
        if not better or self.truth.spoils(self.reading, reading):
            return False
        self.words, self.reading = words, reading
        return True


def find_words(
    pages: Sequence[PageReading],
    settings: ExtractionSettings,
    profile: SupplierProfile,
    order: DayOrder | None,
    truth: Truth,
) -> tuple[tuple[LearnedWord, ...], GeneralReading]:
    """The words of the profile that do not mislead, with new ones that help; and what is read with them."""
    words = _not_misleading(pages, settings, profile, order, truth)
    search = _Search(pages, settings, order, truth, words, read_generally(pages, settings, order, words))
    for _ in range(_MOST_ROUNDS):
        before = search.words
        _search_items(search)
        _search_labels(search)
        if search.words == before:
            break
    return search.words, search.reading


def _not_misleading(
    pages: Sequence[PageReading],
    settings: ExtractionSettings,
    profile: SupplierProfile,
    order: DayOrder | None,
    truth: Truth,
) -> tuple[LearnedWord, ...]:
    """The profile's words without those of corrected fields that the document is read better without."""
    words = profile.words
    score = truth.score(read_generally(pages, settings, order, words)) if words else 0
    for field in _corrected(truth):
        without = tuple(word for word in words if word.field != field)
        if without == words:
            continue
        other = truth.score(read_generally(pages, settings, order, without))
        if other > score:
            words, score = without, other
    return words


def _corrected(truth: Truth) -> list[str]:
    lists = [name for name, one in ((ITEMS, truth.items), (TAXES, truth.taxes)) if one is not None]
    return [*dict.fromkeys(one.field for one in truth.corrections), *lists]


def _search_items(search: _Search) -> None:
    items = search.truth.items
    if items is None or not items or same_items(items, search.reading.table.items):
        return
    columns = column_words(search.reading.document, items)
    if not search.accept(columns):
        for word in columns:
            search.accept((word,))
    search.accept(idle_columns(search.reading.document, search.reading.table, items))
    for words in row_words(search.reading.document, search.reading.table, items):
        search.accept(words)


def _search_labels(search: _Search) -> None:
    """Words for corrected fields that are still wrong: the total first, as the other sums hang on it."""
    for candidates in _candidates(search):
        for words in candidates:
            if search.accept(words):
                break


def _candidates(search: _Search) -> Iterator[list[tuple[LearnedWord, ...]]]:
    truth = search.truth

    def rank(field: str) -> int:
        name = field.rpartition(".")[2]
        return _ORDER.index(name) if name in _ORDER else len(_ORDER)

    for correction in sorted(truth.corrections, key=lambda one: rank(one.field)):
        if not truth.is_right(search.reading, correction):
            yield [(word,) for word in label_words(search.reading.document, correction)]
    if truth.taxes and not same_taxes(truth.taxes, search.reading.totals.taxes):
        words = tax_words(search.reading.document, truth.taxes)
        yield [words, *((word,) for word in words)]
