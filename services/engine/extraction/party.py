"""A party as it is found on the pages, and the small steps all ways of finding one share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.engine.extraction.addresses import TextPart, is_contact
from services.engine.extraction.identifiers import is_vat_id_of
from services.engine.extraction.layout import Segment
from services.engine.extraction.lexicon import Lexicon
from services.engine.extraction.model import Found
from services.engine.extraction.text import digits_in, letters_in

# The marks between the parts of a sender's line or a footer; a comma is one where a street or town follows.
SEPARATORS = re.compile(r"\s+[-–—|●•·*]\s+|\s*[|●•·]\s*|,\s+(?=\d|[A-ZÀ-Ý](?:(?!\s[-–—*]\s)[^,|●•·])*\d)")
_REGISTRATION = re.compile(
    r"\s*[(\[]?\s*(?:co\.?\s*(?:reg)?\.?|company|reg|roc)?[\s.:no]*\(?\d{4,}\s*-\s*[A-Z]\)?.*$", re.IGNORECASE
)
# What ends the sentence behind a name; abbreviated legal forms are shorter.
_FULL_STOP = re.compile(r"(?<=[a-z]{5})\.$|(?<=mbH)\.$")
# "De", "Da", "Von", "Van", "An", "Pour", "Voor" are headings only where they stand as one.
SHORT_HEADING = 4


@dataclass(frozen=True)
class PartyFound:
    """A party with the places its name, address and tax id were found at; `lines` are those it takes up."""

    name: Found[str] | None = None
    address: Found[str] | None = None
    tax_id: Found[str] | None = None
    lines: tuple[Segment, ...] = ()


def is_name(text: str) -> bool:
    """Whether the text can be a name: mostly letters, short, and no reference to a law."""
    return (
        letters_in(text) >= 2 and letters_in(text) >= digits_in(text) and len(text) <= 90 and "§" not in text
    )


def is_desk(lexicon: Lexicon, text: str) -> bool:
    """Whether the line is a desk or an officer of a company and not the company."""
    return bool(lexicon.desk_pattern.match(text)) and not lexicon.legal_form_pattern.search(text)


def is_street(lexicon: Lexicon, text: str) -> bool:
    """Whether the text is a street, with or without its number, and not a company named after one."""
    return bool(lexicon.street_pattern.match(text)) and not lexicon.legal_form_pattern.search(text)


def address_of(parts: tuple[TextPart, ...], reason: str, weight: float) -> Found[str] | None:
    """The lines as one address, in the order they are printed; contact details are left out."""
    texts = [part.text for part in parts if not is_contact(part.text)]
    if not texts:
        return None
    return found_at(parts[0], ", ".join(texts), reason, weight)


def found_at(part: TextPart, value: str, reason: str, weight: float) -> Found[str]:
    """`value` as found at `part`; `weight` 0..1 is how sure the way of finding it is."""
    box = part.segment.box_of(part.start, part.end)
    confidence = weight * part.segment.confidence_of(part.start, part.end)
    return Found(value, part.segment.page, box, part.text, reason, confidence)


def clean_name(text: str) -> str:
    """A name without the company registration number printed behind it and without stray marks."""
    name = _REGISTRATION.sub("", text).strip(" -–|,:;*=_") if re.search(r"\d{4,}\s*-\s*[A-Z]", text) else text
    return _FULL_STOP.sub("", name.strip(" -–|,:;*=_")) or text


def party_country(lexicon: Lexicon, address: str | None, tax_id: str | None) -> str | None:
    """The party's country (ISO 3166): named in its address, or carried by its VAT id."""
    named = lexicon.countries_in(address or "")
    if named:
        return named[-1]
    carried = (tax_id or "")[:2]
    return carried if carried.isalpha() and is_vat_id_of(carried, (tax_id or "")[2:]) else None


def pieces_of(segment: Segment) -> Iterator[TextPart]:
    """The segment cut at the marks that sender's lines and footers use between their parts."""
    start = 0
    for match in SEPARATORS.finditer(segment.text):
        yield TextPart(segment, start, match.start())
        start = match.end()
    yield TextPart(segment, start, len(segment.text))
