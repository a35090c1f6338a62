from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.engine.extraction.amounts import Amount, decimal_mark, make_reader, parse_number
from services.engine.extraction.layout import lay_out
from services.engine.extraction.lexicon import load_lexicon
from tests.unit.extraction.pages import page


def amounts_in(text: str) -> list[Amount]:
    segments = [segment for row in lay_out([page(text)])[0].rows for segment in row.segments]
    reader = make_reader(segments, load_lexicon())
    return [amount for segment in segments for amount in reader.read(segment)]


@pytest.mark.parametrize(
    ("printed", "value", "currency"),
    [
        ("1.234,56 €", "1234.56", "EUR"),
        ("$1,234.56", "1234.56", "USD"),
        ("1 234,56 EUR", "1234.56", "EUR"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("₹ 1,24,000.00", "124000.00", "INR"),
        ("RM12.50", "12.50", "MYR"),
        ("2 484,60 zł", "2484.60", "PLN"),
        ("-20,48 €", "-20.48", "EUR"),
        ("20,48-", "-20.48", None),
        ("(150.00)", "-150.00", None),
        ("$-5.00", "-5.00", "USD"),
        ("12.5O", "12.50", None),
        ("l2.50", "12.50", None),
        ("RM 12. 50", "12.50", "MYR"),
        ("RM .50", ".50", "MYR"),
        ("5.50S", "5.50", None),
        ("1.290.00", "1290.00", None),  # the decimal mark misread
        ("100,--", "100", None),
    ],
)
def test_reads_printed_amounts(printed: str, value: str, currency: str | None) -> None:
    (amount,) = amounts_in(printed)
    assert (amount.value, amount.currency) == (Decimal(value), currency)


@pytest.mark.parametrize("printed", ["A12-34.5.6", "10:45", "12/2024", "1.2.3", "3.14.15.92"])
def test_codes_and_times_are_no_amounts(printed: str) -> None:
    assert not any(amount.is_money for amount in amounts_in(printed))


def test_a_percentage_is_no_money() -> None:
    (amount,) = amounts_in("19,00 %")
    assert amount.percent
    assert not amount.is_money


def test_the_document_decides_what_three_digits_after_a_mark_mean() -> None:
    assert [a.value for a in amounts_in("1.500\n12,50")] == [Decimal(1500), Decimal("12.50")]
    assert [a.value for a in amounts_in("1.500\n12.50")] == [Decimal("1.500"), Decimal("12.50")]
    assert [a.value for a in amounts_in("0,025\n12,50")] == [Decimal("0.025"), Decimal("12.50")]


def test_dates_do_not_vote_on_the_decimal_mark() -> None:
    assert decimal_mark(["05.03.2018", "12.10.2019", "14,99"]) == ","


@given(st.integers(0, 99_999_999), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_every_style_gives_the_value_back(cents: int, marks: tuple[str, str]) -> None:
    group, mark = marks
    printed = f"{cents // 100:,}".replace(",", group) + mark + f"{cents % 100:02d}"
    decimal: str = mark
    value, decimals = parse_number(printed, "," if decimal == "," else ".")
    assert value == Decimal(cents) / 100
    assert decimals == 2
