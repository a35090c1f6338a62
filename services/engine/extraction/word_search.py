"""Finding the words that make the general reading right: each is tried on the document it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from services.engine.extraction.dates import DayOrder
from services.engine.extraction.extract import GeneralReading, read_generally
from services.engine.extraction.label_places import label_hits
from services.engine.extraction.own_words import phrase_key
from services.engine.extraction.printed import is_sum
from services.engine.extraction.table_words import column_words, idle_columns, row_words, sum_words
from services.engine.extraction.trial import Truth, same_items, stands_there
from services.engine.extraction.word_making import label_words, tax_words
from shared.readings import PageReading
from shared.supplier import ITEMS, TAXES, Correction, LearnedWord, SupplierProfile
from shared.template import ExtractionSettings

_ORDER = ("total", "due", "subtotal", "tax")
_TOTAL = "invoice.amounts.total"
_MOST_ROUNDS = 3
# A page takes about 25 ms: words are tried for some ten seconds at most, whatever the document.
_MOST_PAGES_READ, _FEWEST_TRIALS = 400, 8


@dataclass
class _Search:
    """The words that are accepted so far, what is read with them, and how many may yet be tried."""

    pages: Sequence[PageReading]
    settings: ExtractionSettings
    order: DayOrder | None
    truth: Truth
    words: tuple[LearnedWord, ...]
    reading: GeneralReading
    trials: int

    def accept(self, new: Sequence[LearnedWord], gain: int = 1) -> bool:
        """Take the words along if they make so much more right and nothing else wrong; whether they do.

        Where they take a sum's place that was right by another's label, that sum needs a word of its own.
        """
        if not new:
            return False
        words = _with(self.words, new)
        reading = self._read(words)
        if reading is None or not self._gains(reading, gain):
            return False
        if self.truth.spoils(self.reading, reading):
            words = _with(words, list(_words_of_spoilt_sums(self.reading, reading)))
            mended = self._read(words)
            if mended is None or not self._gains(mended, gain) or self.truth.spoils(self.reading, mended):
                return False
            reading = mended
        self.words, self.reading = words, reading
        return True

    def prune(self, new: Sequence[LearnedWord]) -> None:
        """Give up those of the words that nothing hangs on."""
        for word in new:
            words = tuple(one for one in self.words if one != word)
            reading = self._read(words)
            if reading is None or not self._gains(reading, 0) or self.truth.spoils(self.reading, reading):
                continue
            self.words, self.reading = words, reading

    def _read(self, words: tuple[LearnedWord, ...]) -> GeneralReading | None:
        """What is read with the words; None if they are those of now, or nothing more may be tried."""
        if words == self.words or self.trials <= 0:
            return None
        self.trials -= 1
        return read_generally(self.pages, self.settings, self.order, words)

    def _gains(self, reading: GeneralReading, gain: int) -> bool:
        return self.truth.score(reading) - self.truth.score(self.reading) >= gain


def find_words(
    pages: Sequence[PageReading],
    settings: ExtractionSettings,
    profile: SupplierProfile,
    order: DayOrder | None,
    truth: Truth,
) -> tuple[tuple[LearnedWord, ...], GeneralReading]:
    """The words of the profile that do not mislead, with new ones that help; and what is read with them.

    Words that are not on the pages stay: the supplier may have invoices of two kinds.
    """
    words = _not_misleading(pages, settings, profile, order, truth)
    reading = read_generally(pages, settings, order, words)
    trials = max(_FEWEST_TRIALS, _MOST_PAGES_READ // max(len(pages), 1))
    search = _Search(pages, settings, order, _with_told_total(truth, reading), words, reading, trials)
    for _ in range(_MOST_ROUNDS):
        before = search.words
        _search_columns(search)
        _search_labels(search)
        _search_rows(search)
        if search.words == before and not _search_together(search):
            break
    search.prune(list(_contradicted(search, profile)))
    return search.words, search.reading


def _with_told_total(truth: Truth, reading: GeneralReading) -> Truth:
    """The truth with a total that arithmetic alone tells and that was left as it is beside corrected sums.

    It needs a word of its own, as what tells it here may not be printed on the next invoice.
    """
    fields = {one.field for one in truth.corrections}
    total = reading.fields.get(_TOTAL)
    if total is None or _TOTAL in fields or not (truth.taxes is not None or any(map(is_sum, fields))):
        return truth
    told = Correction(_TOTAL, str(total.value))
    return truth if stands_there(reading, told) else replace(truth, corrections=(*truth.corrections, told))


def _contradicted(search: _Search, profile: SupplierProfile) -> Iterator[LearnedWord]:
    """Labels of a corrected field that stand on the pages, but not at the corrected value."""
    document = search.reading.document
    for correction in search.truth.corrections:
        right = {phrase_key(word.text) for word in label_words(search.reading, correction)}
        for word in profile.words:
            is_other = word.field == correction.field and phrase_key(word.text) not in right
            if is_other and next(label_hits(document, word.text), None) is not None:
                yield word


def _words_of_spoilt_sums(before: GeneralReading, after: GeneralReading) -> Iterator[LearnedWord]:
    """The likeliest label of each sum that was read right and is not found where it is printed any more."""
    for path, found in before.fields.items():
        if is_sum(path):
            right = Correction(path, str(found.value))
            now = after.fields.get(path)
            if now is None or now.value != found.value or not stands_there(after, right):
                yield from islice(label_words(after, right), 1)


def _with(words: Sequence[LearnedWord], new: Sequence[LearnedWord]) -> tuple[LearnedWord, ...]:
    """The words with the new ones, each in place of what its text meant in its section."""
    own = {(phrase_key(word.text), word.section) for word in new}
    kept = [word for word in words if (phrase_key(word.text), word.section) not in own]
    return (*kept, *new)


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


def _search_columns(search: _Search) -> None:
    """Words for the headings of the corrected items."""
    items = search.truth.items
    if not items or same_items(items, search.reading.table.items):
        return
    columns = column_words(search.reading.document, items)
    if not search.accept(columns):
        for word in columns:
            search.accept((word,))
    search.accept(idle_columns(search.reading.document, search.reading.table, items))


def _search_rows(search: _Search) -> None:
    """Words for rows that were wrongly taken for items, or not taken, and for the row of their sum."""
    items = search.truth.items
    if items is None:
        return
    sums = {
        path.rpartition(".")[2]: found.value for path, found in search.reading.fields.items() if is_sum(path)
    }
    if not same_items(items, search.reading.table.items):
        for words in row_words(search.reading.document, search.reading.table, items, sums):
            search.accept(words)
    if same_items(items, search.reading.table.items):
        search.accept(sum_words(search.reading.document, items, sums), gain=0)


def _search_labels(search: _Search) -> None:
    """Words for corrected fields that are still wrong: the total first, as the other sums hang on it."""
    for correction in _wrong(search):
        for word in label_words(search.reading, correction):
            if search.accept((word,)):
                break
    for word in tax_words(search.reading.document, search.truth.taxes or ()):
        # The rows may be right by chance, for the sake of a heading near by.
        search.accept((word,), gain=0)


def _search_together(search: _Search) -> bool:
    """The likeliest words for all that is wrong at once: one may spoil what only the other mends."""
    document = search.reading.document
    items = search.truth.items or ()
    wrong_items = bool(items) and not same_items(items, search.reading.table.items)
    words = list(column_words(document, items)) if wrong_items else []
    words += tax_words(document, search.truth.taxes or ())[:1]
    for correction in _wrong(search):
        words += islice(label_words(search.reading, correction), 1)
    new = [word for word in words if word not in search.words]
    if not search.accept(new):
        return False
    search.prune(new)
    return True


def _wrong(search: _Search) -> list[Correction]:
    """Corrected fields whose value is not found where it is printed."""
    truth, reading = search.truth, search.reading

    def rank(correction: Correction) -> int:
        name = correction.field.rpartition(".")[2]
        return _ORDER.index(name) if name in _ORDER else len(_ORDER)

    wrong = [
        one
        for one in truth.corrections
        if one.value is not None and not (truth.is_right(reading, one) and stands_there(reading, one))
    ]
    return sorted(wrong, key=rank)
