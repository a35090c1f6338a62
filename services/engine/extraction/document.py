"""The document as the field readers see it: rows, labels, amounts and dates, read once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.engine.extraction.amounts import Amount, AmountReader, make_reader
from services.engine.extraction.dates import DateReader, DayOrder, PrintedDate, day_order
from services.engine.extraction.identifiers import (
    bare_tax_id,
    find_ibans,
    find_vat_ids,
    is_vat_id_of,
    labelled_id,
)
from services.engine.extraction.label_search import detect_languages, index_labels
from services.engine.extraction.labels import LabelIndex
from services.engine.extraction.layout import PageLayout, Row, Segment, lay_out
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.own_words import OWN_WORDS, with_words
from services.engine.extraction.post_codes import AMERICAN, AUSTRALIAN
from services.engine.extraction.text import has_digits
from shared.readings import PageReading
from shared.supplier import LearnedWord

# Customs that print the month first.
_MONTH_FIRST = frozenset({"US"})
_HOME = {
    **{"de": "DE", "fr": "FR", "nl": "NL", "es": "ES", "it": "IT", "pt": "PT", "pl": "PL"},
    **{"sv": "SE", "da": "DK", "cs": "CZ"},
}
_DAY_AND_MONTH = re.compile(r"\s*(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?!\d)")
_US_PHONE = re.compile(r"(?<![\d-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}(?![\d-])")
_US_ADDRESS = re.compile(AMERICAN)
_AUSTRALIAN_ADDRESS = re.compile(AUSTRALIAN)


@dataclass(frozen=True)
class Document:
    """Everything the readers of fields share. Languages are ISO 639-1 codes, the country ISO 3166."""

    pages: tuple[PageLayout, ...]
    lexicon: Lexicon
    language: str | None
    country: str | None
    labels: LabelIndex
    amount_reader: AmountReader
    date_reader: DateReader
    amounts: dict[tuple[int, int, int], tuple[Amount, ...]]
    dates: dict[tuple[int, int, int], tuple[PrintedDate, ...]]

    def rows(self) -> Iterator[Row]:
        for page in self.pages:
            yield from page.rows

    def segments(self) -> Iterator[Segment]:
        for row in self.rows():
            yield from row.segments

    def amounts_in(self, segment: Segment) -> tuple[Amount, ...]:
        """Numbers in the segment that are no part of a date."""
        return self.amounts.get((segment.page, segment.row, segment.index), ())

    def row_amounts(self, row: Row) -> list[Amount]:
        return [amount for segment in row.segments for amount in self.amounts_in(segment)]

    def has_money(self, row: Row) -> bool:
        return any(amount.is_money for amount in self.row_amounts(row))

    def dates_in(self, segment: Segment) -> tuple[PrintedDate, ...]:
        return self.dates.get((segment.page, segment.row, segment.index), ())

    def page(self, number: int) -> PageLayout:
        return self.pages[number - 1]


def read_document(
    pages: Sequence[PageReading],
    lexicon: Lexicon,
    languages: tuple[str, ...],
    usual_order: DayOrder | None = None,
    words: Sequence[LearnedWord] = (),
) -> Document:
    """Prepare the pages; `languages` of a template restrict the vocabulary, otherwise they are detected.

    `usual_order` takes the place of the country's custom for dates that may be read in either order, `words`
    that of what the vocabulary says of them.
    """
    layouts = lay_out(pages)
    shares = detect_languages(layouts, lexicon)
    language = shares[0][0] if shares else None
    vocabularies = _vocabularies(shares, languages, lexicon)
    if words:
        lexicon, vocabularies = with_words(lexicon, words), (*vocabularies, OWN_WORDS)
    labels = index_labels(layouts, lexicon, vocabularies)
    segments = [segment for page in layouts for row in page.rows for segment in row.segments]
    country = _country(segments, lexicon) or _country_of_tax_id(labels, language)
    month_first = usual_order == "monthFirst" if usual_order else country in _MONTH_FIRST
    date_reader = DateReader(lexicon.months, day_order(segments, month_first))
    amount_reader = make_reader(segments, lexicon)
    dates = {(s.page, s.row, s.index): tuple(date_reader.read(s)) for s in segments}
    amounts = {
        (s.page, s.row, s.index): tuple(_outside(amount_reader.read(s), dates[(s.page, s.row, s.index)]))
        for s in segments
    }
    return Document(layouts, lexicon, language, country, labels, amount_reader, date_reader, amounts, dates)


def _vocabularies(
    shares: list[tuple[str, float]], wanted: tuple[str, ...], lexicon: Lexicon
) -> tuple[str, ...]:
    """English is always read along: many invoices of other countries carry English labels."""
    if chosen := [language for language in wanted if language in lexicon.languages]:
        return tuple(dict.fromkeys([*chosen, "en"]))
    if not shares:
        return lexicon.languages
    strong = [language for language, share in shares if share >= 0.5 * shares[0][1]]
    return tuple(dict.fromkeys([*strong, "en"]))


def _country_of_tax_id(labels: LabelIndex, language: str | None) -> str | None:
    """The language's own country, if a labelled tax id has that country's check digits."""
    home = _HOME.get(language or "")
    for hit in labels.of("vatId") if home else []:
        slot = labels.after(hit) or labels.right(hit)
        found = labelled_id(slot.segment, slot.start, slot.end) if slot else None
        if found is not None and is_vat_id_of(home or "", found.value):
            return home
    return None


def _outside(amounts: list[Amount], dates: tuple[PrintedDate, ...]) -> list[Amount]:
    """The amounts that are no part of a date, nor a day and month: "01.05. - 31.05.2024"."""
    return [
        amount
        for amount in amounts
        if not any(amount.start < date.end and amount.end > date.start for date in dates)
        and not _DAY_AND_MONTH.match(amount.segment.text, amount.start)
    ]


def _country(segments: list[Segment], lexicon: Lexicon) -> str | None:
    """The country most evidence on the pages speaks for: tax ids, accounts, addresses, currency."""
    votes: Counter[str] = Counter()
    homes: dict[str, list[str]] = defaultdict(list)
    for country, code in lexicon.home_currency.items():
        homes[code].append(country)
    for segment in segments:
        if has_digits(segment.text):
            for identifier in [*find_vat_ids(segment), *find_ibans(segment)]:
                prefix = identifier.value[:2]
                votes["IN" if prefix.isdigit() else prefix] += 2
            votes["ES"] += bare_tax_id(segment) is not None
            votes["US"] += 2 * len(_US_ADDRESS.findall(segment.text)) + len(_US_PHONE.findall(segment.text))
            votes["AU"] += 2 * len(_AUSTRALIAN_ADDRESS.findall(segment.text))
        votes.update(lexicon.countries_in(segment.text))
        for match in lexicon.currency_pattern.finditer(segment.text):
            at_home = homes[lexicon.currencies[match[0]]]
            if len(at_home) == 1 and match[0] != "$":
                votes[at_home[0]] += 1
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return ranked[0][0] if ranked and ranked[0][1] > 0 else None
