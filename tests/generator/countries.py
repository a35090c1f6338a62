"""What a country decides about its invoices: currency, tax rates, notation of numbers and dates, places."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Country:
    """`rates` are the standard and the reduced tax rate in percent; `date_patterns` use day, month, year,
    and month_name; `places` are (postcode, city)."""

    code: str
    language: str
    currency: str
    rates: tuple[Decimal, Decimal]
    decimal_mark: str
    group_mark: str
    date_patterns: tuple[str, ...]
    legal_forms: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    dialling_code: str


def _rates(standard: str, reduced: str) -> tuple[Decimal, Decimal]:
    return Decimal(standard), Decimal(reduced)


_DOTTED = ("{day:02}.{month:02}.{year}",)
_SLASHED = ("{day:02}/{month:02}/{year}",)
_LONG = ("{day} {month_name} {year}",)

COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (
        Country(
            "DE",
            "de",
            "EUR",
            _rates("19", "7"),
            ",",
            ".",
            (*_DOTTED, *_DOTTED, "{day}. {month_name} {year}"),
            ("GmbH", "GmbH & Co. KG", "AG", "e.K."),
            (
                ("20457", "Hamburg"),
                ("50667", "Köln"),
                ("70173", "Stuttgart"),
                ("01067", "Dresden"),
                ("48143", "Münster"),
                ("90402", "Nürnberg"),
            ),
            "+49",
        ),
        Country(
            "AT",
            "de",
            "EUR",
            _rates("20", "10"),
            ",",
            ".",
            _DOTTED,
            ("GmbH", "OG", "KG"),
            (("1070", "Wien"), ("8010", "Graz"), ("5020", "Salzburg"), ("4020", "Linz")),
            "+43",
        ),
        Country(
            "CH",
            "de",
            "CHF",
            _rates("8.1", "2.6"),
            ".",
            "'",
            (*_DOTTED, "{day}. {month_name} {year}"),
            ("AG", "GmbH"),
            (("8004", "Zürich"), ("3011", "Bern"), ("9000", "St. Gallen"), ("6003", "Luzern")),
            "+41",
        ),
        Country(
            "GB",
            "en",
            "GBP",
            _rates("20", "5"),
            ".",
            ",",
            (*_SLASHED, *_LONG),
            ("Ltd", "Limited", "LLP"),
            (("LS1 4AP", "Leeds"), ("BS1 6QH", "Bristol"), ("EH3 9QN", "Edinburgh"), ("NR2 1NQ", "Norwich")),
            "+44",
        ),
        Country(
            "IE",
            "en",
            "EUR",
            _rates("23", "13.5"),
            ".",
            ",",
            (*_SLASHED, *_LONG),
            ("Ltd", "DAC"),
            (("D02 XE80", "Dublin 2"), ("T12 W8KP", "Cork"), ("H91 E2K3", "Galway")),
            "+353",
        ),
        Country(
            "US",
            "en",
            "USD",
            _rates("8.25", "6"),
            ".",
            ",",
            ("{month:02}/{day:02}/{year}", "{month_name} {day}, {year}"),
            ("Inc.", "LLC", "Corp."),
            (
                ("OR 97205", "Portland"),
                ("OH 43215", "Columbus"),
                ("TX 78701", "Austin"),
                ("VT 05401", "Burlington"),
            ),
            "+1",
        ),
        Country(
            "FR",
            "fr",
            "EUR",
            _rates("20", "5.5"),
            ",",
            " ",
            (*_SLASHED, *_LONG),
            ("SARL", "SAS", "SA"),
            (("69002", "Lyon"), ("44000", "Nantes"), ("67000", "Strasbourg"), ("31000", "Toulouse")),
            "+33",
        ),
        Country(
            "NL",
            "nl",
            "EUR",
            _rates("21", "9"),
            ",",
            ".",
            ("{day:02}-{month:02}-{year}", *_LONG),
            ("B.V.", "V.O.F."),
            (
                ("3511 LX", "Utrecht"),
                ("9712 HN", "Groningen"),
                ("5611 EM", "Eindhoven"),
                ("2312 HD", "Leiden"),
            ),
            "+31",
        ),
        Country(
            "BE",
            "nl",
            "EUR",
            _rates("21", "6"),
            ",",
            ".",
            _SLASHED,
            ("BV", "NV"),
            (("9000", "Gent"), ("2000", "Antwerpen"), ("3000", "Leuven"), ("8000", "Brugge")),
            "+32",
        ),
        Country(
            "ES",
            "es",
            "EUR",
            _rates("21", "10"),
            ",",
            ".",
            (*_SLASHED, "{day} de {month_name} de {year}"),
            ("S.L.", "S.A."),
            (("46002", "Valencia"), ("41001", "Sevilla"), ("48009", "Bilbao"), ("50001", "Zaragoza")),
            "+34",
        ),
        Country(
            "IT",
            "it",
            "EUR",
            _rates("22", "10"),
            ",",
            ".",
            (*_SLASHED, *_LONG),
            ("S.r.l.", "S.p.A.", "S.n.c."),
            (("40121", "Bologna BO"), ("10121", "Torino TO"), ("35121", "Padova PD"), ("16121", "Genova GE")),
            "+39",
        ),
        Country(
            "PT",
            "pt",
            "EUR",
            _rates("23", "6"),
            ",",
            " ",
            (*_SLASHED, "{day} de {month_name} de {year}"),
            ("Lda.", "S.A."),
            (("4050-253", "Porto"), ("1200-109", "Lisboa"), ("3000-150", "Coimbra"), ("4700-226", "Braga")),
            "+351",
        ),
        Country(
            "PL",
            "pl",
            "PLN",
            _rates("23", "8"),
            ",",
            " ",
            (*_DOTTED, "{year}-{month:02}-{day:02}"),
            ("Sp. z o.o.", "S.A.", "Sp. k."),
            (
                ("31-011", "Kraków"),
                ("80-831", "Gdańsk"),
                ("50-101", "Wrocław"),
                ("90-430", "Łódź"),
                ("61-772", "Poznań"),
            ),
            "+48",
        ),
    )
}
