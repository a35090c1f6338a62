"""Numbers and dates are written as their countries write them."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from tests.generator.notation import choose_notation


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("DE", "12.345,60"),
        ("GB", "12,345.60"),
        ("CH", "12'345.60"),
        ("FR", "12 345,60"),
        ("PL", "12 345,60"),
    ],
)
def test_money_is_grouped_as_in_the_country(country: str, written: str) -> None:
    assert choose_notation(random.Random(1), country).number(Decimal("12345.6")) == written


def test_rates_and_quantities_show_only_the_decimals_they_have() -> None:
    german = choose_notation(random.Random(1), "DE")
    assert german.percent(Decimal("19")) == "19 %"
    assert german.percent(Decimal("20")) == "20 %"
    assert choose_notation(random.Random(1), "CH").percent(Decimal("8.1")) == "8.1%"
    assert german.quantity(Decimal("3")) == "3"
    assert german.quantity(Decimal("4.5")) == "4,50"


def test_the_currency_sign_stands_where_the_country_puts_it() -> None:
    amounts = {
        country: choose_notation(random.Random(1), country).money(Decimal(7)) for country in ("DE", "US")
    }
    assert amounts == {"DE": "7,00 €", "US": "$7.00"}


def test_americans_write_the_month_first() -> None:
    written = {choose_notation(random.Random(seed), "US").date(date(2026, 3, 9)) for seed in range(12)}
    assert written == {"03/09/2026", "March 9, 2026"}
