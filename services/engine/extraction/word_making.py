"""The words of a supplier's own that the corrected values of a document speak for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from services.engine.extraction.document import Document
from services.engine.extraction.extract import GeneralReading
from services.engine.extraction.layout import Row
from services.engine.extraction.model import TaxLine
from services.engine.extraction.own_words import phrase_key
from services.engine.extraction.party_blocks import PARTY_FIELDS
from services.engine.extraction.printed import is_sum, occurrences, printed
from services.engine.extraction.rule_making import LABEL_MARKS, beginning_of, can_be_label, labels_of
from services.engine.extraction.text import digits_in, key_of
from shared.supplier import KIND, TAXES, Correction, LearnedWord

TERMS = "invoice.paymentTerms"
TAX = "invoice.amounts.tax"
_MOST_CANDIDATES = 4
_MOST_TAX_WORDS = 3


def label_words(reading: GeneralReading, correction: Correction) -> Iterator[LearnedWord]:
    """Labels at which the corrected value stands, as words that announce its field; the likeliest first.

    What announces the kind of a document is its title.
    """
    document, field = reading.document, correction.field
    concept = _concept_of(field)
    if field == KIND:
        yield from _title_words(reading, correction)
    if concept is None or correction.value is None:
        return
    if field in PARTY_FIELDS:
        places = list(printed(document, correction))
    else:
        places = [place for group in occurrences(document, correction) for place in group]
    labels = dict.fromkeys(
        label.strip(LABEL_MARKS) for place in places for label in labels_of(document, place)
    )
    if field == TAX:
        # The tax may be printed in parts only, a row for each rate.
        parts = [label for row in _rows_with_rates(reading) for label in _beginning(document, row)]
        labels = dict.fromkeys([*islice(labels, _MOST_CANDIDATES // 2), *parts])
    for label in islice(labels, _MOST_CANDIDATES):
        yield LearnedWord(field, label, "labels", concept)


def tax_words(document: Document, taxes: Sequence[TaxLine]) -> tuple[LearnedWord, ...]:
    """The texts that the rows of the corrected tax lines begin with."""
    labels: dict[str, None] = {}
    for tax in taxes:
        for row in document.rows():
            if _shows(document, row, tax):
                known = {phrase_key(hit.text) for hit in document.labels.in_row(row) if hit.is_label("tax")}
                labels |= {one: None for one in _beginning(document, row) if phrase_key(one) not in known}
    return tuple(LearnedWord(TAXES, label, "labels", "tax") for label in islice(labels, _MOST_TAX_WORDS))


def _title_words(reading: GeneralReading, correction: Correction) -> Iterator[LearnedWord]:
    """The largest text of the first page that names nobody, unless the vocabulary knows it as a title."""
    document = reading.document
    if not document.pages or correction.value is None:
        return
    named = [key_of(found.value) for path, found in reading.fields.items() if path.endswith(".name")]
    texts = [
        segment
        for row in document.pages[0].rows
        for segment in row.segments
        if can_be_label(segment.text)
        and not digits_in(segment.text)
        and not document.lexicon.legal_form_pattern.search(segment.text)
        and not any(key_of(segment.text) in name for name in named)
    ]
    if not texts:
        return
    title = max(texts, key=lambda segment: segment.box.height)
    if not any(hit.concepts("kinds") for hit in document.labels.within(title)):
        yield LearnedWord(KIND, title.text.strip(LABEL_MARKS), "kinds", correction.value)


def _concept_of(field: str) -> str | None:
    """The vocabulary's label that announces the field, where the general reading finds it by that alone."""
    if is_sum(field):
        return field.rpartition(".")[2]
    if field in PARTY_FIELDS:
        return "customer" if ".customer." in field else "shipTo"
    return "paymentTerms" if field == TERMS else None


def _beginning(document: Document, row: Row) -> dict[str, None]:
    """What stands before the first number of the row's first piece that has words; no currency is one."""
    for segment in row.segments:
        label = beginning_of(segment)
        if label is not None and label not in document.lexicon.currencies:
            return {label: None}
    return {}


def _rows_with_rates(reading: GeneralReading) -> Iterator[Row]:
    """Rows outside the items with a rate and a sum of money, as those of a tax breakdown."""
    for row in reading.document.rows():
        amounts = reading.document.row_amounts(row)
        if (row.page, row.index) in reading.table.rows:
            continue
        if any(one.percent for one in amounts) and any(one.is_money for one in amounts):
            yield row


def _shows(document: Document, row: Row, tax: TaxLine) -> bool:
    values = [amount.value for amount in document.row_amounts(row)]
    return tax.amount in values and (tax.rate is None or tax.rate in values)
