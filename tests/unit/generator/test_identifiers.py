"""Identifiers carry correct check digits in every country."""

from __future__ import annotations

import random
from importlib import import_module

import pytest
from stdnum import bic, iban

from tests.generator.countries import COUNTRIES
from tests.generator.identifiers import (
    BBAN_PATTERNS,
    TAX_ID_PATTERNS,
    draw_bic,
    draw_iban,
    draw_tax_id,
    format_iban,
    format_tax_id,
)


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_a_tax_id_is_valid_in_its_country_also_as_printed(country: str) -> None:
    number = draw_tax_id(random.Random(4), country)
    rules = import_module(TAX_ID_PATTERNS[country][1])
    assert rules.is_valid(number)
    assert rules.compact(format_tax_id(number, country)) == rules.compact(number)


@pytest.mark.parametrize("country", sorted(BBAN_PATTERNS))
def test_an_iban_is_valid_and_printed_in_fours(country: str) -> None:
    number = draw_iban(random.Random(8), country)
    assert number is not None
    assert number.startswith(country)
    assert iban.is_valid(number)
    assert format_iban(number).replace(" ", "") == number
    assert {len(group) for group in format_iban(number).split()[:-1]} == {4}


def test_one_wrong_digit_makes_an_iban_invalid() -> None:
    number = draw_iban(random.Random(2), "DE")
    assert number is not None
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not iban.is_valid(wrong)


def test_a_bic_is_well_formed() -> None:
    assert bic.is_valid(draw_bic(random.Random(1), "FR"))


def test_the_usa_has_no_iban() -> None:
    assert draw_iban(random.Random(1), "US") is None
