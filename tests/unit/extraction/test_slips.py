"""What a printed number may have been before recognition got one character of it wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.engine.extraction.amounts import DecimalMark
from services.engine.extraction.slips import Slip, slips_of


def slip_to(read: str, value: str, mark: DecimalMark = ".") -> Slip | None:
    found = [slip for slip in slips_of(read, mark) if slip.value == Decimal(value)]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("read", "mark", "value"),
    [
        ("76.30", ".", "78.30"),  # a look-alike
        ("104.50", ".", "1004.50"),  # one of two equal digits lost
        ("1004.50", ".", "104.50"),  # a digit seen twice
        ("620", ".", "6.20"),  # the decimal mark lost
        ("1143", ",", "1.43"),  # the decimal mark taken for a digit
        ("1.23450", ",", "1234.50"),  # the decimal mark lost behind thousands
        ("1.234", ".", "1234"),
    ],
)
def test_usual_slips(read: str, mark: DecimalMark, value: str) -> None:
    slip = slip_to(read, value, mark)
    assert slip is not None
    assert slip.kind == "usual"


def test_the_slip_says_what_is_printed_where() -> None:
    slip = slip_to("RM 76.30", "78.30")
    assert slip is not None
    assert (slip.start, slip.end, slip.intended) == (4, 5, "8")


def test_a_digit_unlike_its_neighbours_is_lost_more_rarely() -> None:
    slip = slip_to("14.50", "194.50")
    assert slip is not None
    assert slip.kind == "lost"


def test_a_digit_of_what_stands_beside_the_number_is_no_usual_slip() -> None:
    slip = slip_to("7.003", "7.00")
    assert slip is not None
    assert slip.kind == "lost"


def test_digits_that_do_not_look_alike_are_hardly_confused() -> None:
    slip = slip_to("14.50", "34.50")
    assert slip is not None
    assert slip.kind == "unlike"


def test_two_slips_are_none() -> None:
    assert slip_to("14.50", "15.60") is None


def test_money_keeps_its_form() -> None:
    assert slip_to("41.45", "41.045") is None
    assert slip_to("41.045", "41.45") is not None


def test_no_number_no_slip() -> None:
    assert list(slips_of("total", ".")) == []
