"""Whom an addressee's block names: a company before its desks and persons, a person without a salutation."""

from __future__ import annotations

import re

from services.engine.extraction.addresses import TextPart
from services.engine.extraction.document import Document
from services.engine.extraction.name_lines import ends_in_house_number, names_trade
from services.engine.extraction.party import is_desk, is_name, is_street
from services.engine.extraction.text import digits_in, key_of, letters_in

_UNKNOWN_LABEL = re.compile(r"[^:,]{2,30}:(?:\s|$)")


def name_in_block(document: Document, lines: tuple[TextPart, ...]) -> TextPart | None:
    """The name: the first line that can be one, else whoever the letter is for the attention of.

    A company that is named below a person with a title, or below a part of its name, goes before these.
    """
    persons: list[TextPart] = []
    greeted = False
    for place, line in enumerate(lines):
        attention = next(
            (
                hit
                for hit in document.labels.within(line.segment)
                if hit.first == 0 and hit.is_label("attention")
            ),
            None,
        )
        start = attention.end if attention is not None else line.start
        part = _after_salutation(document, TextPart(line.segment, start, line.end))
        if part is None or _is_no_name(document, part) or _is_begun(lines[place:]):
            greeted = greeted or _begins_with_salutation(document, line)
            continue
        if attention is None:
            below = lines[place + 1 :]
            greeted = greeted or part.start > line.start
            company = _company_below(document, part, below) if greeted else None
            return None if _is_street_of(document, part, below) else company or part
        persons.append(part)
    return persons[0] if persons else None


def _is_no_name(document: Document, part: TextPart) -> bool:
    """Whether the line is a desk of a company, or a label that nobody knows, with or without its value."""
    text = part.segment.text[part.start : part.end]
    return is_desk(document.lexicon, part.text) or _UNKNOWN_LABEL.match(text) is not None


def _is_street_of(document: Document, part: TextPart, below: tuple[TextPart, ...]) -> bool:
    """Whether it is the street of the block: a "Hausgemeinschaft Hafenstr. 12" has another one below."""
    return is_street(document.lexicon, part.text) and not any(ends_in_house_number(b.text) for b in below)


def _is_begun(lines: tuple[TextPart, ...]) -> bool:
    """Whether the next line begins with all that the first one says: "MAIRIE" above "Mairie de Brenne"."""
    keys = [key_of(line.text) for line in lines[:2]]
    return len(keys) > 1 and len(keys[0]) < len(keys[1]) and keys[1].startswith(keys[0])


def _company_below(document: Document, person: TextPart, lines: tuple[TextPart, ...]) -> TextPart | None:
    """The person's company: with its legal form in these lines, or with the person's surname in the next.

    A company that the letter is only sent in care of is not it.
    """
    form = document.lexicon.legal_form_pattern
    company = next((line for line in lines if form.search(line.text)), None)
    if company is None and lines and _bears_surname(document, person, lines[0]):
        company = lines[0]
    return None if company is None or company.text.lower().startswith("c/o") else company


def _bears_surname(document: Document, person: TextPart, line: TextPart) -> bool:
    """Whether the line is a trade with the person's surname, or begins with it: "Okafor Laboratory"."""
    surname = key_of(person.text.split()[-1])
    words = [key_of(word) for word in line.text.split()]
    if len(words) < 2 or surname not in words or digits_in(line.text):
        return False
    if _begins_with_salutation(document, line) or is_street(document.lexicon, line.text):
        return False
    return words[0] == surname or names_trade(document.lexicon, line.text)


def _begins_with_salutation(document: Document, line: TextPart) -> bool:
    return document.lexicon.salutation_pattern.match(line.text + " ") is not None


def _after_salutation(document: Document, part: TextPart) -> TextPart | None:
    text = part.segment.text[part.start : part.end]
    match = document.lexicon.salutation_pattern.match(text + " ")
    rest = TextPart(part.segment, part.start + (match.end() if match else 0), part.end)
    return rest if rest.start < rest.end and letters_in(rest.text) >= 3 and is_name(rest.text) else None
