from __future__ import annotations

from datetime import date

import pytest

from services.engine.extraction.dates import DateReader, day_order
from services.engine.extraction.layout import Segment, lay_out
from services.engine.extraction.lexicon import load_lexicon
from tests.unit.extraction.pages import page


def segments_of(text: str) -> list[Segment]:
    return [segment for row in lay_out([page(text)])[0].rows for segment in row.segments]


def dates_in(text: str, *, month_first: bool = False, compact: bool = False) -> list[date]:
    segments = segments_of(text)
    reader = DateReader(load_lexicon().months, day_order(segments, month_first))
    return [found.value for segment in segments for found in reader.read(segment, compact)]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("05.03.2018", date(2018, 3, 5)),
        ("5.3.18", date(2018, 3, 5)),
        ("2024-02-29", date(2024, 2, 29)),
        ("7. Mai 2014", date(2014, 5, 7)),
        ("August 3 , 2014", date(2014, 8, 3)),
        ("3rd of May, 2018", date(2018, 5, 3)),
        ("21 de noviembre de 2024", date(2024, 11, 21)),
        ("1er août 2023", date(2023, 8, 1)),
        ("14 czerwca 2024", date(2024, 6, 14)),
        ("03-MAY-18", date(2018, 5, 3)),
        ("21/05/2018Time:", date(2018, 5, 21)),
        ("REG #19-18/03/2018 23:02", date(2018, 3, 18)),
        ("O5/O3/2018", date(2018, 3, 5)),
        ("05-05~18", date(2018, 5, 5)),
        ("net 30 - due 31 March 2024", date(2024, 3, 31)),
        ("2024-Mar-05", date(2024, 3, 5)),
        ("05-03-'24", date(2024, 3, 5)),
        ("den 5:e mars 2024", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
    ],
)
def test_reads_printed_dates(printed: str, expected: date) -> None:
    assert dates_in(printed) == [expected]


@pytest.mark.parametrize(
    "printed", ["31.02.2024", "192.168.10.12", "12,50", "HD03-04-06", "45/46/2019", "1.2.3.4"]
)
def test_reads_no_date_where_there_is_none(printed: str) -> None:
    assert dates_in(printed) == []


def test_one_unambiguous_date_settles_the_order_of_the_others() -> None:
    assert dates_in("03/04/2024\n12/31/2024") == [date(2024, 3, 4), date(2024, 12, 31)]
    assert dates_in("03/04/2024\n31/12/2024", month_first=True) == [date(2024, 4, 3), date(2024, 12, 31)]


def test_the_country_settles_dates_that_allow_both_orders() -> None:
    assert dates_in("03/04/2024", month_first=True) == [date(2024, 3, 4)]
    assert dates_in("03/04/2024") == [date(2024, 4, 3)]


def test_full_stops_always_mean_day_first() -> None:
    assert dates_in("03.04.2024", month_first=True) == [date(2024, 4, 3)]


def test_eight_digits_are_a_date_only_on_request() -> None:
    assert dates_in("20240305") == []
    assert dates_in("20240305", compact=True) == [date(2024, 3, 5)]
