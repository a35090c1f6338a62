"""The shop and its address at the head of a receipt."""

from __future__ import annotations

from services.engine.extraction.joined_words import part_joined_words
from tests.unit.extraction.reading import extracted

REST = """
  Date: 05/03/2018   Time: 10:12
  2 x 4.50                     9.00
  Total                  RM    9.00
  Cash                   RM   10.00
  Change                 RM    1.00
"""


def shop(head: str) -> dict[str, str]:
    supplier = extracted(head + REST)["invoice"]["supplier"]
    assert isinstance(supplier, dict)
    return {name: supplier[name] for name in ("name", "address") if name in supplier}


def test_a_line_with_wide_blanks_is_one_line() -> None:
    found = shop(
        """
        MERAH PHARMACY
        TAMAN HEALTHCARE  SDN   BHD
        (1118258-K)
        No 8, Jalan 3/4B,   Desa Indah
        47500 Subang Jaya, Selangor
        """
    )
    assert found == {
        "name": "TAMAN HEALTHCARE SDN BHD",
        "address": "No 8, Jalan 3/4B, Desa Indah, 47500 Subang Jaya, Selangor",
    }


def test_the_name_goes_on_in_a_line_that_begins_with_the_legal_form() -> None:
    found = shop(
        """
                 BUNGA RAYA BOOK
                 CO.   (M) SDN BHD
              56000 Kuala Lumpur, Malaysia
        """
    )
    assert found == {"name": "BUNGA RAYA BOOK CO. (M) SDN BHD", "address": "56000 Kuala Lumpur, Malaysia"}


def test_a_registration_number_tells_the_name() -> None:
    found = shop(
        """
                   (4) RECEIPT COPY ONE
          77 QUICK MART 5/B (519537-X)
          LOT P.T. 2811, JALAN ANGSA,
              41150 KLANG, SELANGOR
        """
    )
    assert found == {
        "name": "77 QUICK MART S/B",
        "address": "LOT P.T. 2811, JALAN ANGSA, 41150 KLANG, SELANGOR",
    }


def test_a_date_between_name_and_address_is_passed_over() -> None:
    found = shop(
        """
            RIMBA INTERNATIONAL SDN BHD
                27 Mar 2018 18:46
                   (867388-U)
            12, Jalan Tampoi 7/4, Kawasan Hijau,
            81200 Johor Bahru, Johor
        """
    )
    assert found["address"] == "12, Jalan Tampoi 7/4, Kawasan Hijau, 81200 Johor Bahru, Johor"


def test_a_number_of_five_digits_does_not_end_the_address() -> None:
    found = shop(
        """
          TENGGARA SERVICE STATION SDN BHD
          LOT 26151 BANDAR SG LONG,
          11 MILES CHERAS
          43000 KAJANG, SELANGOR
          Site : 2188
        """
    )
    assert found["address"] == "LOT 26151 BANDAR SG LONG, 11 MILES CHERAS, 43000 KAJANG, SELANGOR"


def test_words_run_together_are_parted_before_what_shops_call_themselves() -> None:
    assert shop("ALMABAKERYSHOP\nNO. 12, JALAN SATU\n40150 SHAH ALAM")["name"] == "ALMA BAKERY SHOP"


def test_long_words_are_not_parted() -> None:
    trade_words = {"shop", "bakery", "house", "stationery"}
    assert part_joined_words("Steakhouse", trade_words) == "Steakhouse"
    assert part_joined_words("Pancakehouse", trade_words) == "Pancakehouse"
    assert part_joined_words("Stationery", trade_words) == "Stationery"
    assert part_joined_words("Konditoreibakery 24", trade_words) == "Konditorei bakery 24"
