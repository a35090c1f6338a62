"""Numbers with check digits: bank accounts, bank codes, and tax ids, checked with python-stdnum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum import bic, iban
from stdnum.es import nif
from stdnum.eu import vat
from stdnum.gb import vat as british_vat

from services.engine.extraction.layout import Segment, Span

_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])")
_BIC = re.compile(r"(?<![A-Z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Z0-9])")
_EU_VAT = re.compile(
    r"(?<![A-Z0-9])(?:AT ?U|BE ?[01]|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO"
    r"|SE|SI|SK|XI)"
    r"[ .\-]?[0-9A-Z](?:[ .\-]?[0-9A-Z]){6,12}(?![A-Z0-9])"
)
_UNCHECKED_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:ATU ?\d{8}|BE[01]\d{9}"
    r"|DE\d{9}|DK\d{8}|ES[A-Z]\d{7}[0-9A-Z]|FR[0-9A-Z]{2}\d{9}|GB\d{9}"
    r"|IE\d{7}[A-Z]{1,2}|IT\d{11}|LU\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9})(?![A-Za-z0-9]| ?\d)"
)
_SWISS_VAT = re.compile(r"CHE[-– ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?: ?(?:MWST|TVA|IVA))?")
_NORWEGIAN_VAT = re.compile(r"(?<![A-Z0-9])(?:NO ?)?\d{3} ?\d{3} ?\d{3} ?MVA(?![A-Z0-9])")
_GSTIN = re.compile(r"(?<![A-Z0-9])\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z](?![A-Z0-9])")
_ANY = re.compile(r"(?:NL\.|[A-Z]{0,3}[\s\-]?)\d[\dA-Z]*(?:[\s./\-]{1,2}[\dA-Z]+){0,5}")
# Countries outside the European Union whose VAT ids are checked as the British are.
_BRITISH = frozenset({"GB", "XI"})
# A Spanish NIF: the only national number whose form tells it from a telephone number.
_SPANISH = re.compile(r"(?:[A-HJNP-SUVW]-?\d{7}-?[0-9A-J]|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-Z])")
# An id that carries its country, which has no marks between its groups.
_OF_COUNTRY = re.compile(r"[A-Z]{2}(?=\d)[\dA-Z]{8,12}")
_DUTCH_WITHOUT_B = re.compile(r"NL\d{9}8\d{2}")
_LAST_GROUP = re.compile(r"[\s./\-]+[A-Z]+$")
# Several readers ask for the ids of the same segment: those of so many texts are kept.
_KEPT_TEXTS = 2048
_LETTERED_DIGITS = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5"})


@dataclass(frozen=True, slots=True)
class Identifier(Span):
    """A printed id; `checked` if its check digits hold."""

    value: str
    checked: bool


def find_ibans(segment: Segment) -> list[Identifier]:
    """IBANs whose check digits hold (ISO 13616)."""
    return [Identifier(segment, start, end, value, True) for value, start, end in _ibans_in(segment.text)]


@lru_cache(maxsize=_KEPT_TEXTS)
def _ibans_in(text: str) -> tuple[tuple[str, int, int], ...]:
    """Each IBAN in compact form, and its place in the text."""
    found = []
    for match in _IBAN.finditer(_capitals(text)):
        words = match[0].split()
        for count in range(len(words), 0, -1):
            value = "".join(words[:count])
            if iban.is_valid(value):
                found.append((value, match.start(), match.start() + len(" ".join(words[:count]))))
                break
    return tuple(found)


def is_iban(number: str) -> bool:
    """Whether the check digits of an account number hold (ISO 13616)."""
    return bool(iban.is_valid(number))


def find_broken_ibans(segment: Segment) -> list[str]:
    """Printed numbers with the country, form and length of an IBAN whose check digits do not hold."""
    if find_ibans(segment):
        return []
    found = []
    for match in _IBAN.finditer(_capitals(segment.text)):
        words = match[0].split()
        for count in range(len(words), 0, -1):
            if _would_be_iban("".join(words[:count])):
                found.append(" ".join(words[:count]))
                break
    return found


def _would_be_iban(number: str) -> bool:
    """Whether other check digits would make the number an IBAN."""
    repaired = number[:2] + iban.calc_check_digits(number) + number[4:]
    return bool(iban.is_valid(repaired, check_country=False))


def find_bic(segment: Segment, start: int = 0) -> Identifier | None:
    """The first well-formed bank identifier code (ISO 9362) from `start`."""
    for match in _BIC.finditer(segment.text, start):
        if bic.is_valid(match[0]):
            return Identifier(segment, match.start(), match.end(), match[0], True)
    return None


def find_vat_ids(segment: Segment) -> list[Identifier]:
    """VAT ids that tell their country: European, British, Swiss and Norwegian ones, and Indian GSTINs."""
    return [Identifier(segment, start, end, value, True) for value, start, end in _vat_ids_in(segment.text)]


@lru_cache(maxsize=_KEPT_TEXTS)
def _vat_ids_in(printed: str) -> tuple[tuple[str, int, int], ...]:
    """Each VAT id in compact form, and its place in the text."""
    found = []
    text = _capitals(printed)
    for match in _EU_VAT.finditer(text):
        value = _checked_vat(match[0])
        if value is not None:
            found.append((value, match.start(), match.end()))
    for pattern in (_SWISS_VAT, _GSTIN):
        found.extend((m[0].strip(), m.start(), m.end()) for m in pattern.finditer(text))
    found.extend((m[0].replace(" ", ""), m.start(), m.end()) for m in _NORWEGIAN_VAT.finditer(text))
    return tuple(found)


def find_unchecked_vat_ids(segment: Segment) -> list[Identifier]:
    """Ids printed in one piece with the country and the length of a VAT id, whose check digits don't hold."""
    return [
        Identifier(segment, match.start(), match.end(), match[0].replace(" ", ""), False)
        for match in _UNCHECKED_VAT.finditer(segment.text)
        if _checked_vat(match[0]) is None
    ]


def is_vat_id_of(country: str, printed: str) -> bool:
    """Whether a number printed without its country is a VAT id of `country` (ISO 3166)."""
    if country in _BRITISH:
        return bool(british_vat.is_valid(printed))
    return bool(vat.is_valid(country + printed))


def bare_tax_id(segment: Segment) -> Identifier | None:
    """The tax id that a line without a label is made of: a Spanish NIF whose check letter or digit holds.

    Those of other countries are nothing but digits, as telephone numbers are.
    """
    printed = segment.text.strip(" .")
    if not _SPANISH.fullmatch(printed) or not nif.is_valid(printed):
        return None
    start = segment.text.index(printed)
    return Identifier(segment, start, start + len(printed), printed.replace("-", ""), True)


def labelled_id(segment: Segment, start: int, end: int) -> Identifier | None:
    """An id that stands after a tax id label, whatever its form; it has at least six digits."""
    match = _ANY.search(segment.text, start, end)
    if match is None:
        return None
    swiss = _SWISS_VAT.match(segment.text, match.start())
    if swiss is not None:
        return Identifier(segment, swiss.start(), swiss.end(), swiss[0], True)
    printed = match[0]
    if segment.text[match.end() : match.end() + 1].islower():
        printed = _LAST_GROUP.sub("", printed)  # the beginning of a word
    value = re.sub(r"\s+", " ", printed.strip(" .-/"))
    if sum(c.isdigit() for c in value) < 6:
        return None
    checked = _checked_vat(value.upper()) is not None
    end = match.start() + len(printed)
    compact = re.sub(r"[\s.\-]", "", value)
    if not _OF_COUNTRY.fullmatch(compact):
        compact = re.sub(r"\s", "", value)
    return Identifier(segment, match.start(), end, compact, checked)


def _capitals(text: str) -> str:
    """The text in capitals, character by character, so that places in it stay the same."""
    capitals = text.upper()
    if len(capitals) == len(text):
        return capitals
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _checked_vat(printed: str) -> str | None:
    """The compact VAT id if its check digits hold, also after reading O, I and S in it as digits.

    The B of a Dutch one may have been read as 8.
    """
    compact = re.sub(r"[\s.\-]", "", printed)
    candidates = [compact, compact[:2] + compact[2:].translate(_LETTERED_DIGITS)]
    if _DUTCH_WITHOUT_B.fullmatch(compact):
        candidates.append(compact[:-3] + "B" + compact[-2:])
    for candidate in dict.fromkeys(candidates):
        if is_vat_id_of(candidate[:2], candidate[2:]):
            return candidate
    return None
