"""How a document writes money, numbers, rates and dates."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tests.generator.countries import COUNTRIES
from tests.generator.languages import LANGUAGES

CurrencyPlace = Literal["before", "after"]

SYMBOLS: dict[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "PLN": "zł"}


@dataclass(frozen=True, slots=True)
class Notation:
    """A country's marks, and the document's choice of currency sign and date pattern."""

    decimal_mark: str
    group_mark: str
    currency_sign: str
    currency_place: CurrencyPlace
    date_pattern: str
    months: tuple[str, ...]

    def number(self, value: Decimal, places: int = 2) -> str:
        """A number with exactly `places` decimals and grouped thousands."""
        plain = f"{value:,.{places}f}"
        return plain.translate({ord(","): self.group_mark, ord("."): self.decimal_mark})

    def quantity(self, value: Decimal) -> str:
        """A quantity with as many decimals as it has."""
        return self.number(value, 0 if value == value.to_integral_value() else 2)

    def percent(self, value: Decimal) -> str:
        """A rate such as `19 %` or `8.1%`."""
        text = f"{value.normalize():f}".replace(".", self.decimal_mark)
        return f"{text}%" if self.decimal_mark == "." else f"{text} %"

    def money(self, value: Decimal) -> str:
        """An amount with the document's currency sign."""
        amount = self.number(value)
        if self.currency_place == "after":
            return f"{amount} {self.currency_sign}"
        space = " " if len(self.currency_sign) > 1 or self.decimal_mark == "," else ""
        return f"{self.currency_sign}{space}{amount}"

    def date(self, day: date) -> str:
        """A date in the document's pattern."""
        return self.date_pattern.format(
            day=day.day, month=day.month, year=day.year, month_name=self.months[day.month - 1]
        )


def choose_notation(rng: random.Random, country: str) -> Notation:
    """The notation of one document from `country` (ISO 3166 code)."""
    home = COUNTRIES[country]
    sign = SYMBOLS[home.currency] if rng.random() < 0.7 else home.currency
    before = (
        home.decimal_mark == "." or (home.language == "nl") or (home.language == "it" and rng.random() < 0.5)
    )
    return Notation(
        home.decimal_mark,
        home.group_mark,
        sign,
        "before" if before else "after",
        rng.choice(home.date_patterns),
        LANGUAGES[home.language].months,
    )
