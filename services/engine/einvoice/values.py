"""From the texts of an e-invoice's XML to values, and the table rows that say where each one stands."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.engine.einvoice.model import Fault, Stated, Value
from services.engine.einvoice.tree import Element
from shared.schemas.invoice import LARGEST_SUM

# Document type codes (UNTDID 1001) that are credit notes, and those that ask for no payment.
CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "532"})
NOT_INVOICES = frozenset({"50", "130", "310", "325"})
# Countries that write the town before the postcode.
TOWN_FIRST = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US"})
UNIT_PRICE_PLACES = Decimal("0.000001")
# Beyond this a number has no room for these places in Decimal's 28 digits.
_LARGEST_EXPONENT = 20

_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4,6})?")
# An xs:date may carry a time zone, and careless senders write an xs:dateTime.
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?")
_IBAN_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


class Unreadable(ValueError):
    """A text is not of the form its business term asks for; the message names the form."""


Reader = Callable[[str], Value | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a mapping table: the field at `path` is business term `term`, stated at `place`.

    Of several rules for one path the first whose place holds something counts. `{currency}` in a place is
    the invoice's currency.
    """

    path: str
    term: str
    place: str
    read: Reader


@dataclass(frozen=True, slots=True)
class AddressPlaces:
    """Where the parts of a postal address stand below its element: lines in order, then the town's parts."""

    lines: tuple[str, ...]
    town: str
    postcode: str
    region: str
    country: str


def text(written: str) -> str | None:
    """The text on one line, or None when nothing is left of it."""
    return " ".join(written.split()) or None


def decimal(written: str) -> Decimal:
    """An xs:decimal; raises Unreadable for what is none, as with a decimal comma, and for one too large."""
    if not _NUMBER.fullmatch(written.strip()):
        raise Unreadable("is not a number")
    number = Decimal(written.strip())
    if abs(number) > LARGEST_SUM:
        raise Unreadable("is too large")
    return number


def date(written: str) -> datetime.date | None:
    """`20240131` (format 102 of UNTDID 2379) or `2024-01-31`; None for a month or week (610, 616)."""
    compact = written.strip()
    match = _ISO_DATE.fullmatch(compact) or _COMPACT_DATE.fullmatch(compact)
    if match is None:
        if re.fullmatch(r"\d{6}", compact):
            return None
        raise Unreadable("is not a date")
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Unreadable("is not a date") from None


def kind(written: str) -> str:
    """The kind of document that a type code stands for."""
    code = written.strip()
    if code in CREDIT_NOTES:
        return "creditNote"
    return "other" if code in NOT_INVOICES else "invoice"


def compact(written: str) -> str | None:
    """An identifier without blanks, in capitals."""
    return "".join(written.split()).upper() or None


def iban(written: str) -> str | None:
    """An IBAN; None for an account number of another kind (BT-84 may be one)."""
    account = compact(written)
    return account if account and _IBAN_FORM.fullmatch(account) else None


def currency(written: str) -> str:
    """An ISO 4217 code."""
    if not re.fullmatch(r"[A-Z]{3}", written.strip()):
        raise Unreadable("is not a currency code")
    return written.strip()


def country(written: str) -> str:
    """An ISO 3166-1 alpha-2 code."""
    if not re.fullmatch(r"[A-Z]{2}", written.strip()):
        raise Unreadable("is not a country code")
    return written.strip()


def written_at(element: Element, place: str) -> str | None:
    """The first text at `place` that is not blank."""
    for found in element.iterfind(place):
        if found.text and found.text.strip():
            return found.text.strip()
    return None


class Numbers:
    """Reads numbers of the XML, and keeps a fault for each that is none."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def at(self, element: Element, place: str, path: str, term: str) -> Decimal | None:
        """The number at `place`, which is the field at `path` or a part of it."""
        written = written_at(element, place)
        if written is None:
            return None
        try:
            return decimal(written)
        except Unreadable as error:
            self.faults.append(fault(path, term, written, error))
            return None

    def sums(self, places: Mapping[str, tuple[str, str]], root: Element) -> dict[str, Decimal]:
        """Document totals by business term; `places` says for each the field's path and where it stands."""
        found = {term: self.at(root, place, path, term) for term, (path, place) in places.items()}
        return {term: amount for term, amount in found.items() if amount is not None}


def fault(path: str, term: str, written: str, error: Unreadable) -> Fault:
    """The fault of a text that is not of its term's form."""
    return Fault(path, f'"{written[:60]}" in the e-invoice ({term}) {error}; it was not used.')


def text_at(element: Element, place: str) -> str | None:
    """The text at `place` on one line."""
    written = written_at(element, place)
    return text(written) if written else None


def apply(rules: Iterable[Rule], root: Element, currency_code: str) -> tuple[dict[str, Stated], list[Fault]]:
    """What the rules find below `root`, and what they can't read."""
    fields: dict[str, Stated] = {}
    faults: list[Fault] = []
    for rule in rules:
        written = written_at(root, rule.place.format(currency=currency_code))
        if written is None or rule.path in fields:
            continue
        try:
            value = rule.read(written)
        except Unreadable as error:
            faults.append(fault(rule.path, rule.term, written, error))
            continue
        if value is not None:
            fields[rule.path] = Stated(value, rule.term, written)
    return fields, faults


def address_line(address: Element | None, places: AddressPlaces, with_country: bool = False) -> str | None:
    """A postal address (BG-5, BG-8, BG-15) as one line, the way letters are addressed in its country."""
    if address is None:
        return None
    code = text_at(address, places.country)
    town = [text_at(address, places.postcode), text_at(address, places.town)]
    if code in TOWN_FIRST:
        town.reverse()
    parts = [
        *(text_at(address, line) for line in places.lines),
        " ".join(part for part in town if part),
        text_at(address, places.region),
        code if with_country else None,
    ]
    return ", ".join(part for part in parts if part) or None


def price_of_one(price: Decimal | None, base: Decimal | None) -> Decimal | None:
    """The price of one unit: BT-146 is the price of BT-149 units, which is 1 when it is not stated."""
    if price is None or base is None or base in (0, 1):
        return price
    exact = price / base
    if exact.adjusted() > _LARGEST_EXPONENT:
        return exact
    rounded = exact.quantize(UNIT_PRICE_PLACES)
    return rounded.normalize() if rounded != rounded.to_integral_value() else rounded.quantize(Decimal(1))


def total_of(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the amounts that are there; None when there is none, or they add up to nothing."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0)) or None
