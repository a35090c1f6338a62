"""Amounts of money, quantities with prices, and dates, as they are written in many countries."""

from __future__ import annotations

import random

from tests.training.codes import digits_of

CURRENCIES = (
    "€", "$", "£", "EUR", "USD", "GBP", "CHF", "zł", "PLN", "kr", "SEK", "Kč", "Ft", "RM", "R$", "¥",
)  # fmt: skip
SEPARATORS = (("", "."), ("", "."), (",", "."), ("", ","), (".", ","), (" ", ","), ("'", "."))
"""Signs between thousands and before the cents."""

ROUND = 0.2
"""Share of amounts that are round, as what is handed over at a till."""

TAX_CODES = (" A", " B", "A", "*", " SR", " T", " S", " =", " ZRL", " 1")
TIMES = (" x ", " X ", "x", " × ", " @ ", "*", " ")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Januar", "März",
    "Juli", "Dezember", "janvier", "février", "août", "décembre", "enero", "marzo", "agosto", "gennaio",
    "luglio", "January", "February", "March", "June", "September", "October", "November", "December", "maart",
    "stycznia",
)  # fmt: skip


def amount(rng: random.Random) -> str:
    """A number, mostly with two decimals; at times with a sign, a currency, per cent or a tax code."""
    return _with_unit(rng, _signed(rng, _number(rng)))


def priced(rng: random.Random) -> str:
    """A quantity and its price, at times with what they make."""
    total = rng.choice(("", " " + amount(rng)))
    return f"{rng.randrange(1, 100)}{rng.choice(TIMES)}{amount(rng)}{total}"


def date(rng: random.Random) -> str:
    """A date, with a time of day now and then."""
    day, month, year = rng.randrange(1, 32), rng.randrange(1, 13), rng.randrange(1990, 2040)
    sign = rng.choice(("/", ".", "-", "/", ".", " ", ". "))
    name = rng.choice(MONTHS)
    text = rng.choice(
        (
            f"{day:02}{sign}{month:02}{sign}{year}",
            f"{day:02}{sign}{month:02}{sign}{year % 100:02}",
            f"{year}-{month:02}-{day:02}",
            f"{month}/{day}/{year}",
            f"{day}{sign}{month}{sign}{year}",
            f"{day} {name} {year}",
            f"{day}. {name} {year}",
            f"{name} {day}, {year}",
            f"{day:02}-{name.upper()[:3]}-{year}",
            f"{year}",
        )
    )
    if rng.random() < 0.3:
        text += rng.choice((" ", "  ", ", ", " - ")) + _time(rng)
    return text


def _number(rng: random.Random) -> str:
    thousands, point = rng.choice(SEPARATORS)
    whole = rng.randrange(10 ** rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6)))
    style = rng.random()
    if style < ROUND:
        rounded = f"{_rounded(rng, whole):,}".replace(",", thousands)
        return rounded + point + rng.choice(("00", "00", "00", "50"))
    text = f"{whole:,}".replace(",", thousands)
    if style < 0.88:
        return text + point + digits_of(rng, rng.choice((2, 2, 2, 2, 2, 3, 1, 4)))
    return text + point + "-" if style < 0.91 else text


def _rounded(rng: random.Random, whole: int) -> int:
    """The number with zeros at its end, mostly."""
    zeros = 10 ** rng.choice((0, 1, 1, 2))
    return whole // zeros * zeros if whole >= zeros else whole


def _signed(rng: random.Random, number: str) -> str:
    sign = rng.random()
    if sign < 0.07:
        return "-" + number
    if sign < 0.09:
        return number + "-"
    if sign < 0.11:
        return f"({number})"
    return "+" + number if sign < 0.13 else number


def _with_unit(rng: random.Random, number: str) -> str:
    unit = rng.random()
    if unit < 0.14:
        return number + rng.choice((" ", "")) + rng.choice(CURRENCIES)
    if unit < 0.28:
        return rng.choice(CURRENCIES) + rng.choice((" ", "", "")) + number
    if unit < 0.33:
        return number + rng.choice((" ", "")) + "%"
    return number + rng.choice(TAX_CODES) if unit < 0.37 else number


def _time(rng: random.Random) -> str:
    hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
    return rng.choice(
        (
            f"{hour:02}:{minute:02}",
            f"{hour:02}:{minute:02}:{second:02}",
            f"{hour % 12 + 1}:{minute:02} {rng.choice(('AM', 'PM', 'am', 'pm'))}",
            f"{hour:02}:{minute:02}:{second:02}{rng.choice(('AM', 'PM', ' Uhr', 'h'))}",
        )
    )
