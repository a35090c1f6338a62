"""What was paid on a receipt, where its label is unusual; and heads and dates that are easily misread."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from services.engine.extraction import extract
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page
from tests.unit.extraction.reading import extracted

HEAD = """
KEDAI MELATI JAYA SDN BHD
8, Jalan Kenanga 2/1,
43000 Kajang, Selangor

Receipt No: B-20417                 03/05/2021  14:05
"""


def total(lines: str) -> Any:
    return extracted(HEAD.strip("\n") + "\n\n" + lines)["invoice"]["amounts"].get("total")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (  # what was given back is a "balance"
            "GROSS RM                 28.38\nRND RM                    0.02\nNETT RM                  28.40\n"
            "PAID CASH                30.00\nBALANCE                   1.60",
            "28.40",
        ),
        (  # the net total comes after the tax
            "Total                    80.00\nSST 6%                    4.80\nNet Total                84.80\n"
            "Paid (Cash)             100.00\nChange                   15.20",
            "84.80",
        ),
        (  # the label names the tax, not the total
            "Fee (incl. GST 6%)     RM 7.00\nGST                    RM 0.40\nPaid                  RM 10.00\n"
            "Change                 RM 3.00",
            "7.00",
        ),
        (  # rounded, and paid without change
            "Bill Amount              41.52\nRounding Adj.            -0.02\nAmount Paid           RM 41.50",
            "41.50",
        ),
        (
            "Frame T-30              150.00\nLens pair               100.00\nAmount received      RM 250.00",
            "250.00",
        ),
        (  # a charge that nobody knows lies between, and a deposit is given back
            "Room 12                 180.00\nCot                      40.00\nSubtotal                220.00\n"
            "SST 6%                   13.20\nQuay levy                 3.00\nTotal paid              236.20\n"
            "Key deposit returned    (40.00)",
            "236.20",
        ),
        (  # the net amount is what the items less a discount come to
            "Item          Qty    Rate     Value\nRice            2   210.00    420.00\n"
            "Soap            3    40.00    120.00\nItems: 2  Qty: 5               540.00\n"
            "Less: Puja offer               -27.35\nRound off                       0.35\n"
            "NET AMOUNT Rs.                 513.00",
            "513.00",
        ),
        (  # what members save is taken off the price, as what was paid shows
            "Rose bush                25.50\nPlum tree                24.50\nTotal                    50.00\n"
            "Plant Club 10%           -5.00\nAmount due               45.00\nGift card                15.00\n"
            "Mastercard               30.00",
            "45.00",
        ),
        (  # a voucher is a payment
            "Rose bush                25.50\nPlum tree                24.50\nTotal                    50.00\n"
            "Cash                      5.00\nAmount due               45.00\nMastercard               45.00",
            "50.00",
        ),
        (
            "Vaccine                  85.00\nEar drops                32.55\nAmount                  117.55\n"
            "Round                     0.00\nPAYABLE             MYR 117.55",
            "117.55",
        ),
    ],
)
def test_a_total_at_an_unusual_label(lines: str, expected: str) -> None:
    assert Decimal(str(total(lines))) == Decimal(expected)


def test_a_balance_of_points_is_no_sum_on_recognised_pages() -> None:
    lines = """
        Sub-total                      83.05
        Member saving                  (4.15)
        TOTAL RM                       78.90
        MASTERCARD                     78.90
        Points balance                 1,284
        """
    data = extract([page(lines, source="ocr")], ExtractionSettings()).to_json()["extractedData"]
    assert data["invoice"]["amounts"]["total"] == 78.9


def test_a_deposit_and_what_is_left_are_no_change() -> None:
    invoice = extracted(
        """
        Invoice No. 118
        Description                              Amount
        Survey                                    70.00
        Drawings                                  50.00
        Printing                                  40.00
        Total                                    160.00
        Amount paid                              120.00
        Balance due                               40.00
        """
    )["invoice"]
    assert Decimal(str(invoice["amounts"]["total"])) == 160


SALE = """

Receipt No: B-20417                 {date}
Nasi lemak                          6.50
Teh tarik                           2.30
TOTAL                               8.80
CASH                               10.00
CHANGE                              1.20
"""


def receipt(head: str, date: str = "03/05/2021  14:05") -> Any:
    return extracted(head.strip("\n") + SALE.format(date=date))["invoice"]


def test_the_number_of_a_shop_is_no_price() -> None:
    head = "RUMAH MELATI SDN BHD\nLOT 1.18, 1ST FLOOR, PLAZA KENANGA,\nJALAN KENANGA 3, 68000 AMPANG"
    address = "LOT 1.18, 1ST FLOOR, PLAZA KENANGA, JALAN KENANGA 3, 68000 AMPANG"
    assert receipt(head)["supplier"]["address"] == address


def test_the_number_of_a_bill_is_no_address() -> None:
    head = "KEDAI BUKU MELATI                                  CASH BILL\n" + " " * 50 + "No. 04471\n"
    head += "18 Jalan Kenanga, 43000 Kajang"
    assert receipt(head)["supplier"]["address"] == "18 Jalan Kenanga, 43000 Kajang"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ULMEN-APOTHEKE", "Apothekerin Dr. Ute Hartwig e.K."),
        ("Au Four de Julien", "Boulangerie - Pâtisserie"),
    ],
)
def test_the_owner_and_the_trade_below_a_shop_are_not_its_name(first: str, second: str) -> None:
    head = f"{first}\n{second}\nHauptstraße 118\n69117 Heidelberg"
    assert receipt(head)["supplier"]["name"] == first


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Sonnenhof Mart", "Open 24 hours"), "Sonnenhof Mart"),  # a slogan
        (("VOSKAMP", "Buurtsuper Voskamp"), "Buurtsuper Voskamp"),  # a logo
        (("TEH & CO", "BAKERY SDN BHD"), "TEH & CO BAKERY SDN BHD"),
        (("Larkwell Stores Ltd, Leeds LS1 4AB",), "Larkwell Stores Ltd"),
    ],
)
def test_the_name_among_logo_slogan_and_trade(lines: tuple[str, ...], name: str) -> None:
    head = "\n".join([*lines, "12 High Street", "43000 Kajang"])
    assert receipt(head)["supplier"]["name"] == name


def test_a_time_runs_on_behind_the_day() -> None:
    assert receipt("HALAMAN BOOKS SDN BHD", "2018-01-2716:08 /HL/0447")["date"] == "2018-01-27"


def test_an_american_telephone_tells_the_order_of_day_and_month() -> None:
    head = "CEDAR RIDGE HARDWARE\n2204 HWY 30 W, LA GRANGE\n541-555-0177"
    assert receipt(head, "05/03/25 13:08")["date"] == "2025-05-03"
    assert receipt(head.replace("541-555-0177", "03-7871 8204"), "05/03/25 13:08")["date"] == "2025-03-05"
