"""What corrections of one document teach about the next one of the same supplier.

Where a label is all that the general reading lacks, the lesson is the word: what it means on this supplier's
pages. Else it is a rule: the label that the corrected value stands at, or its place. What is the same on all
of its invoices is kept as it is, and of a field that a document does not state, the way in which something
else was taken for it. Every lesson is tried on the document that it comes from before it counts.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from services.engine.extraction.dates import DayOrder
from services.engine.extraction.document import Document, read_document
from services.engine.extraction.extract import GeneralReading
from services.engine.extraction.invoice_fields import FIELD_TYPES
from services.engine.extraction.learned import find_by_rule, way_of
from services.engine.extraction.lexicon import load_lexicon
from services.engine.extraction.model import LineItem, TaxLine
from services.engine.extraction.printed import is_value, printed, with_iso_date
from services.engine.extraction.rule_making import finds, make_rule
from services.engine.extraction.trial import Truth
from services.engine.extraction.word_search import find_words
from shared.readings import PageReading
from shared.supplier import (
    CONDITIONAL_FIELDS,
    CONSTANT_FIELDS,
    DAY_ORDER,
    ITEMS,
    PLACED_FIELDS,
    TAXES,
    Correction,
    LearnedAbsence,
    LearnedConstant,
    LearnedRule,
    LearnedWord,
    SupplierProfile,
)
from shared.template import ExtractionSettings

_MOST_RULES_OF_A_FIELD = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a person corrected of one document; a list that is None was not corrected."""

    corrections: tuple[Correction, ...] = ()
    items: tuple[LineItem, ...] | None = None
    taxes: tuple[TaxLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What a profile is to hold for `fields`, in place of what it holds for them."""

    fields: tuple[str, ...]
    rules: tuple[LearnedRule, ...] = ()
    constants: tuple[LearnedConstant, ...] = ()
    words: tuple[LearnedWord, ...] = ()
    absences: tuple[LearnedAbsence, ...] = ()


def learn(
    pages: Sequence[PageReading],
    profile: SupplierProfile,
    lesson: Lesson,
    settings: ExtractionSettings | None = None,
) -> Learned:
    """What the lesson teaches; pages must be upright, as boxes of corrections must be.

    What the profile holds for a corrected field and misleads on these pages is given up. What finds the right
    value stays, and so does what finds nothing here: the supplier may have invoices of two kinds.
    """
    settings = settings or ExtractionSettings()
    order = _known_order(profile)
    document = read_document(pages, load_lexicon(), settings.languages, order)
    corrections = tuple(with_iso_date(document, correction) for correction in lesson.corrections)
    fields = [one.field for one in corrections]
    fields += [name for name, found in ((ITEMS, lesson.items), (TAXES, lesson.taxes)) if found is not None]
    truth = Truth(corrections, lesson.items, lesson.taxes)
    words, reading = find_words(pages, settings, profile, order, truth)
    rules = [rule for one in corrections for rule in _rules(reading, profile, one)]
    constants = [constant for one in corrections for constant in _constants(reading, corrections, one)]
    turned = _day_order(pages, corrections, settings.languages, reading.document)
    if turned is not None:
        constants.append(LearnedConstant(DAY_ORDER, turned))
        fields.append(DAY_ORDER)
    absences = [absence for one in corrections for absence in _absences(reading, profile, one)]
    # A word that means something else now, or that another field needs because of it, is its lesson, too.
    touched = {word.field for word in set(profile.words) ^ set(words)} - set(fields)
    return Learned(
        fields=tuple(dict.fromkeys([*fields, *sorted(touched)])),
        rules=(*rules, *(one for one in profile.rules if one.field in touched)),
        constants=(*constants, *(one for one in profile.constants if one.field in touched)),
        words=tuple(word for word in words if word.field in touched or word.field in fields),
        absences=(*absences, *(one for one in profile.absences if one.field in touched)),
    )


def _rules(reading: GeneralReading, profile: SupplierProfile, correction: Correction) -> list[LearnedRule]:
    """Known rules that are right, or find nothing; a new one if neither they nor the reading are right."""
    if correction.field not in PLACED_FIELDS:
        return []
    known = [rule for rule in profile.rules if rule.field == correction.field]
    right = [rule for rule in known if finds(reading.document, rule, correction)]
    silent = [rule for rule in known if find_by_rule(reading.document, rule) is None]
    if not right and correction.value is not None and not _is_read(reading, correction):
        made = make_rule(reading.document, correction)
        right = [made] if made is not None else []
    return [*right, *silent][:_MOST_RULES_OF_A_FIELD]


def _is_read(reading: GeneralReading, correction: Correction) -> bool:
    found = reading.fields.get(correction.field)
    return found is not None and is_value(correction, found.value)


def _constants(
    reading: GeneralReading, corrections: Sequence[Correction], correction: Correction
) -> list[LearnedConstant]:
    """The value itself, if it is the same on the supplier's other invoices."""
    field, value = correction.field, correction.value
    if field not in CONSTANT_FIELDS or value is None:
        return []
    beside = _name_of(reading, corrections, field) if field in CONDITIONAL_FIELDS else None
    if field in CONDITIONAL_FIELDS and beside is None:
        return []
    read = reading.fields.get(field)
    is_misread = read is None or bool(read.text)  # what no page shows was not misread
    return [LearnedConstant(field, value, correction.read if is_misread else None, beside)]


def _name_of(reading: GeneralReading, corrections: Sequence[Correction], field: str) -> str | None:
    """The name of the party whose country is corrected."""
    path = f"{field.rpartition('.')[0]}.name"
    stated = next((one.value for one in corrections if one.field == path), None)
    found = reading.fields.get(path)
    return stated or (found.value if found is not None else None)


def _absences(
    reading: GeneralReading, profile: SupplierProfile, correction: Correction
) -> list[LearnedAbsence]:
    """Ways that mislead: those known before, unless they would have been right here, and this one."""
    known = [one for one in profile.absences if one.field == correction.field]
    found = reading.fields.get(correction.field)
    if found is None:
        return known
    way = LearnedAbsence(correction.field, way_of(found.reason))
    others = [one for one in known if one != way]
    if correction.value is None:
        return [*others, way]
    return others if is_value(correction, found.value) else known


def _day_order(
    pages: Sequence[PageReading],
    corrections: Sequence[Correction],
    languages: tuple[str, ...],
    document: Document,
) -> DayOrder | None:
    """The other order of day and month, if it gives all corrected dates that this order does not give."""
    dates = [one for one in corrections if FIELD_TYPES.get(one.field) is datetime.date and one.value]
    wrong = [one for one in dates if not any(printed(document, one))]
    if not wrong:
        return None
    order: DayOrder = "monthFirst" if document.date_reader.order == "dayFirst" else "dayFirst"
    turned = read_document(pages, load_lexicon(), languages, order)
    if turned.date_reader.order != order:
        return None
    return order if all(any(printed(turned, one)) for one in dates) else None


def _known_order(profile: SupplierProfile) -> DayOrder | None:
    for constant in profile.constants:
        if constant.field == DAY_ORDER:
            return "monthFirst" if constant.value == "monthFirst" else "dayFirst"
    return None
