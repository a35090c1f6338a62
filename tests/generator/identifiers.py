"""Tax ids, IBANs and BICs with correct check digits, drawn at random.

A pattern's `#` stands for a digit and `@` for a capital letter. Candidates are drawn until
python-stdnum, which knows each country's rule, accepts one.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from importlib import import_module

from stdnum import iban

TAX_ID_PATTERNS: dict[str, tuple[str, str]] = {
    "AT": ("ATU########", "stdnum.at.uid"),
    "BE": ("BE0#########", "stdnum.be.vat"),
    "CH": ("CHE#########MWST", "stdnum.ch.vat"),
    "DE": ("DE#########", "stdnum.de.vat"),
    "ES": ("ESB########", "stdnum.es.nif"),
    "FR": ("FR###########", "stdnum.fr.tva"),
    "GB": ("GB#########", "stdnum.gb.vat"),
    "IE": ("IE#######@", "stdnum.ie.vat"),
    "IT": ("IT#######0###", "stdnum.it.iva"),
    "NL": ("NL#########B01", "stdnum.nl.btw"),
    "PL": ("PL##########", "stdnum.pl.nip"),
    "PT": ("PT5########", "stdnum.pt.nif"),
    "US": ("##-#######", "stdnum.us.ein"),
}

BBAN_PATTERNS: dict[str, str] = {
    "AT": "################",
    "BE": "############",
    "CH": "#################",
    "DE": "##################",
    "ES": "####################",
    "FR": "#######################",
    "GB": "@@@@##############",
    "IE": "@@@@##############",
    "IT": "@######################",
    "NL": "@@@@##########",
    "PL": "########################",
    "PT": "#####################",
}

MOST_DRAWS = 20_000


def draw_tax_id(rng: random.Random, country: str) -> str:
    """A valid tax id of `country` (ISO 3166 code), compact, with the country's prefix where it has one."""
    pattern, module_name = TAX_ID_PATTERNS[country]
    is_valid: Callable[[str], bool] = import_module(module_name).is_valid
    return _draw_valid(rng, pattern, is_valid)


def draw_iban(rng: random.Random, country: str) -> str | None:
    """A valid IBAN of `country`, compact; None where the country has none (the USA)."""
    pattern = BBAN_PATTERNS.get(country)
    if pattern is None:
        return None
    for _ in range(MOST_DRAWS):
        bban = _fill(rng, pattern)
        candidate = country + iban.calc_check_digits(f"{country}00{bban}") + bban
        if iban.is_valid(candidate):
            return candidate
    raise ValueError(f"No valid IBAN was found for {country}.")


def draw_bic(rng: random.Random, country: str) -> str:
    """A well-formed BIC (ISO 9362) of a bank that is not there: its location code is XX."""
    return _fill(rng, "@@@@") + country + "XX"


def format_iban(number: str) -> str:
    """The IBAN in groups of four, as printed on paper."""
    return str(iban.format(number))


def format_tax_id(number: str, country: str) -> str:
    """The tax id as letterheads of `country` print it."""
    if country == "CH":
        return f"CHE-{number[3:6]}.{number[6:9]}.{number[9:12]} {number[12:]}"
    if country == "GB":
        return f"GB {number[2:5]} {number[5:9]} {number[9:]}"
    if country == "FR":
        return f"FR {number[2:4]} {number[4:7]} {number[7:10]} {number[10:]}"
    return number


def _draw_valid(rng: random.Random, pattern: str, is_valid: Callable[[str], bool]) -> str:
    for _ in range(MOST_DRAWS):
        candidate = _fill(rng, pattern)
        if is_valid(candidate):
            return candidate
    raise ValueError(f"No valid number was found for the pattern {pattern}.")


def _fill(rng: random.Random, pattern: str) -> str:
    alphabets = {"#": string.digits, "@": string.ascii_uppercase}
    return "".join(rng.choice(alphabets[sign]) if sign in alphabets else sign for sign in pattern)
