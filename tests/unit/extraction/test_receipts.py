"""Till receipts: whose they are, of which day, and what was paid, where nothing but the layout tells."""

from __future__ import annotations

from typing import Any

import pytest

from services.engine.extraction.kinds import looks_like_receipt
from tests.unit.extraction.reading import document, extracted

SALE = """

Receipt No: B-20417                 Date: 03/05/2021  14:05
Nasi lemak                          6.50
Teh tarik                           2.30
TOTAL RM                            8.80
CASH                               10.00
CHANGE                              1.20
"""


def supplier(head: str, foot: str = "") -> tuple[str | None, str | None]:
    """Name and address of the shop of a receipt with this head and foot."""
    found = extracted(head.strip("\n") + SALE + foot)["invoice"].get("supplier", {})
    return found.get("name"), found.get("address")


STREET_AND_TOWN = ("8, Jalan Kenanga 2/1,", "43000 Kajang, Selangor")
ADDRESS = "8, Jalan Kenanga 2/1, 43000 Kajang, Selangor"


@pytest.mark.parametrize(
    "lines",
    [
        # A logo or a title above the company.
        ("ORKID MART", "ORKID BERSATU SDN BHD (1200345-K)", *STREET_AND_TOWN),
        (
            "TAX INVOICE",
            "Orkid",
            "ORKID BERSATU SDN BHD",
            "1200345-K",
            "GST NO: 001536708608",
            *STREET_AND_TOWN,
        ),
        # The legal form, or a part of it, in the next line.
        ("ORKID BERSATU", "SDN BHD", "(1200345-K)", *STREET_AND_TOWN),
        ("ORKID BERSATU SDN.", "BHD. (JM0333831-P)", *STREET_AND_TOWN),
        # The company number in the form of 2019, and a date above the address.
        ("ORKID BERSATU SDN BHD (201901234567 (1200345-K))", "12 May 2021 18:46", *STREET_AND_TOWN),
        # The branch above and below the address.
        ("ORKID BERSATU SDN BHD", "(1200345-K)", "ORKID 1 KAJANG", *STREET_AND_TOWN),
        ("ORKID BERSATU SDN BHD", *STREET_AND_TOWN, "METRO POINT KAJANG", "TEL: 03-5555 1234"),
    ],
)
def test_the_company_among_logo_branch_and_number(lines: tuple[str, ...]) -> None:
    name, address = supplier("\n".join(lines))
    assert name is not None
    assert name.replace(".", "") == "ORKID BERSATU SDN BHD"
    assert address == ADDRESS


def test_a_name_stands_above_its_address_whatever_stands_above_the_name() -> None:
    assert supplier(f"PETRONOVA\nMAWAR SERVICE STATION\n{ADDRESS}") == ("MAWAR SERVICE STATION", ADDRESS)
    registered = f"FACE ON FACE NOODLES\nFOF NOODLES\n(002049088-U)\n{ADDRESS}"
    assert supplier(registered) == ("FOF NOODLES", ADDRESS)


def test_a_name_that_had_no_room_in_one_line() -> None:
    first, second = "CEMPAKA WANGI OFFICE AND SCHOOL FURNITURE PRINTING AND", "STATIONERY CENTRE"
    assert supplier(f"{first}\n{second}\n{ADDRESS}") == (f"{first} {second}", ADDRESS)
    assert supplier(f"CEMPAKA WANGI\n{second}\n{ADDRESS}") == (second, ADDRESS)


def test_pieces_of_a_line_with_wide_blanks_are_one_text() -> None:
    head = "ORKID BERSATU SDN  BHD\nNo 8, Jalan Kenanga 2/1,  Taman Kenanga\n43000 Kajang, Selangor"
    assert supplier(head) == (
        "ORKID BERSATU SDN BHD",
        "No 8, Jalan Kenanga 2/1, Taman Kenanga, 43000 Kajang, Selangor",
    )


def test_a_price_in_a_name_is_none() -> None:
    assert supplier(f"TOKO 2.20 SDN BHD\n{ADDRESS}") == ("TOKO 2.20 SDN BHD", ADDRESS)


def test_what_things_cost_may_be_the_name_of_the_shop() -> None:
    head = f"RM2 TOKO SEMUA STORE\n(003381774-H)\n{ADDRESS}"
    assert supplier(head) == ("RM2 TOKO SEMUA STORE", ADDRESS)


def test_a_trade_above_the_owner_belongs_to_the_name() -> None:
    name, _ = supplier("Bäckerei Konditorei\nUnterhauser\nKirchplatz 4, 84489 Burghausen")
    assert name == "Bäckerei Konditorei Unterhauser"


def test_a_street_that_only_its_number_and_the_town_below_tell() -> None:
    assert supplier("TRAFIK NOWAK\nLange Lende 18\n1060 Wien\nUID ATU71250861") == (
        "TRAFIK NOWAK",
        "Lange Lende 18, 1060 Wien",
    )


def test_a_dutch_post_code_is_no_legal_form() -> None:
    assert supplier("De Groene Winkel\nDorpsstraat 12\n1811 AB Alkmaar") == (
        "De Groene Winkel",
        "Dorpsstraat 12, 1811 AB Alkmaar",
    )


def test_a_county_is_no_legal_form() -> None:
    assert supplier("Kilbrook Pharmacy\n14 Main Street\nKilbrook, Co. Wicklow\nA67 XK31") == (
        "Kilbrook Pharmacy",
        "14 Main Street, Kilbrook, Co. Wicklow, A67 XK31",
    )


def test_an_address_at_the_foot() -> None:
    foot = "\nWisma Orkid, 2 Persiaran Helang,\n70450 Seremban, Negeri Sembilan\nCareline 1-800-88-2201"
    assert supplier("ORKID RAYA\nORKID RAYA PASARAYA SDN. BHD.\nReg. 510228-X", foot) == (
        "ORKID RAYA PASARAYA SDN. BHD.",
        "Wisma Orkid, 2 Persiaran Helang, 70450 Seremban, Negeri Sembilan",
    )


def test_the_buyer_on_a_receipt_is_not_the_shop() -> None:
    buyer = "PASAR MINI TERATAI ENTERPRISE\n5, Jalan Ros 1,\n15200 Kota Bharu"
    assert supplier(f"ORKID BERSATU SDN BHD\n{ADDRESS}\nDate: 03/05/2021\n{buyer}") == (
        "ORKID BERSATU SDN BHD",
        ADDRESS,
    )


def test_the_merchant_and_not_the_bank_on_a_card_slip() -> None:
    assert supplier(f"HARTABANK\nORKID CAFE\n{ADDRESS}")[0] == "ORKID CAFE"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("ORKID MART 5/8 (1200345-K)", "ORKID MART S/B"),
        ("ORKID MART S/8 (1200345-K)", "ORKID MART S/B"),
        ("BÄCKEREI ORKID 6mbH", "BÄCKEREI ORKID GmbH"),
        ("KEDAI ORKID 58", "KEDAI ORKID 58"),
    ],
)
def test_a_legal_form_that_was_read_with_digits(printed: str, name: str) -> None:
    assert supplier("\n".join((printed, *STREET_AND_TOWN)))[0] == name


def test_the_company_that_runs_the_shop_named_at_the_foot() -> None:
    foot = f"\nOwned and operated by:\nORKID BERSATU SDN BHD\n(1200345-K)\n{ADDRESS}"
    assert supplier("BEAN & LEAF\nTable 3", foot) == ("ORKID BERSATU SDN BHD", ADDRESS)
    assert supplier(f"BEAN & LEAF\n{ADDRESS}", "\nOwned by\nOrkid Bersatu Sdn Bhd\nCo. No. 419060-A") == (
        "Orkid Bersatu Sdn Bhd",
        ADDRESS,
    )


def test_an_unread_name_gives_none_rather_than_the_street() -> None:
    assert supplier(f"8\n{ADDRESS}") == (None, ADDRESS)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Trattoria Il Faro\ndi Bianchi Anna\nVia Roma 9\n95131 Catania", "Trattoria Il Faro"),
        ("Le Bon Coin\nSAS VERLAINE\n12 bis rue des Lilas\n44000 NANTES", "SAS VERLAINE"),
        ("SKLEP POD DĘBEM\nSP.J.\nul. Polna 4/2\n35-030 Rzeszów", "SKLEP POD DĘBEM SP.J."),
        ("The Oak Arms\n88 Quayside, Whitby\nNorth Yorkshire YO22 4QQ", "The Oak Arms"),
    ],
)
def test_shops_of_other_countries(head: str, name: str) -> None:
    assert supplier(head)[0] == name


def date_of(*lines: str) -> Any:
    """The date of a receipt with these lines below its prices."""
    rows = [
        "ORKID CAFE",
        "Teh tarik      2.30",
        "TOTAL RM       2.30",
        "CASH           5.00",
        "CHANGE  2.70",
        *lines,
    ]
    return extracted("\n".join(rows))["invoice"].get("date")


@pytest.mark.parametrize(
    "lines",
    [
        ("Card expiry: 13/08/2024", "07/10/2021  18:22"),
        ("Next visit 06/12/2021", "Date 07 0ct 2021"),
        ("Points expiring 31/12/2021", ".07/10/21  20:18"),
        ("01:34PM   568017   07 10-21",),
        ("Date 07/1:0/2021",),
        ("31/12/2023 until", "07/10/2021 14:27"),
        ("Code valid until 29/10/2021", "#33 -REG #5- 07/10/202114:27"),
        ("Exchange before 26/10/2021", "07 Oct 202119:51:11"),
    ],
)
def test_the_day_of_the_sale_among_other_dates(lines: tuple[str, ...]) -> None:
    assert date_of(*lines) == "2021-10-07"


def test_a_receipt_of_america_has_the_month_first() -> None:
    shop = "ROSE CAFE\n77 W 3rd Street\nTempe, AZ 85281"
    sale = "Coffee   2.89\nTotal   $2.89\nCash   3.00\n05/06/17 08:59PM"
    assert extracted(f"{shop}\n{sale}")["invoice"]["date"] == "2017-05-06"


def amounts(*lines: str) -> Any:
    return extracted("\n".join(["ORKID CAFE", "03/05/2021 14:05", *lines]))["invoice"]["amounts"]


def test_malay_labels() -> None:
    found = amounts("SIRAP      *3.01", "PELARASAN  -0.01", "JUMLAH     *3.00", "TUNAI   5.00", "BAKI   2.00")
    assert found["total"] == 3


def test_a_net_amount_below_the_taxes_is_the_total() -> None:
    found = amounts(
        "Sub Total         309.00",
        "CGST @ 2.5%         7.72",
        "SGST @ 2.5%         7.72",
        "Round Off          -0.44",
        "NET AMOUNT Rs.    324.00",
    )
    assert (found["subtotal"], found["total"]) == (309, 324)


@pytest.mark.parametrize("paid", [("VISA   84.30",), ("CASH  100.00", "CHANGE   15.70")])
def test_a_net_total_below_the_rounding_is_the_total(paid: tuple[str, ...]) -> None:
    sums = ("Total Sales (Incl GST)    84.28", "Rounding Adjustment   0.02", "NET TOTAL     84.30")
    assert amounts(*sums, *paid)["total"] == 84.3


def test_what_was_paid_outright_is_the_total_where_no_other_is_printed() -> None:
    found = amounts("TOTAL PAID     RM 508.00", "Lens 1.60    508.00", "Payment: VISA   508.00")
    assert found["total"] == 508


def test_the_gross_sum_of_one_rate_is_not_the_total() -> None:
    found = amounts(
        "SUMME EUR                          17,20",
        "Mastercard EUR                    -17,20",
        "MwSt-Satz    Brutto   Netto   MwSt",
        "1=19,00%      13,80   11,60   2,20",
        "2=7,00%        3,40    3,18   0,22",
    )
    assert (found["total"], found["tax"]) == (17.2, 2.42)


def test_what_was_given_back_is_not_due() -> None:
    found = amounts("Amount payable  133.75", "Amount received (cash)  134.00", "Balance   0.25")
    assert (found["total"], found.get("due")) == (133.75, None)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("TOTAL  2.30", "CASH  5.00", "CHANGE  2.70", "NO REFUND NO EXCHANGE"), "receipt"),
        (("TAX INVOICE", "TOTAL  2.30", "CASH  5.00", "CHANGE  2.70"), "invoice"),
    ],
)
def test_the_kind_of_a_receipt(lines: tuple[str, ...], kind: str) -> None:
    assert extracted("\n".join(["ORKID CAFE", *lines]))["invoice"]["kind"] == kind


def test_a_title_of_two_names_is_a_receipts() -> None:
    rows = "ORKID CAFE\nINVOICE / CASH SALE\nTeh tarik   2.30\nTOTAL   2.30"
    assert looks_like_receipt(document(rows))


def test_narrow_paper_with_a_time_of_day_is_a_receipt() -> None:
    rows = [
        "OAK ARMS",
        "88 Quayside, Whitby",
        "Wed 03 Dec 2025 11:24",
        *(f"Pie {n}   2.50" for n in range(8)),
    ]
    assert looks_like_receipt(document("\n".join([*rows, "Balance due   20.00"])))
    assert not looks_like_receipt(document("\n".join([*rows, "Balance due   20.00"]).replace("  ", " " * 60)))


def test_a_card_and_a_way_of_payment_make_no_receipt() -> None:
    card = "TANKHAUS NORD GMBH\nKarte 7002 8841    02.05.2024 07:41\nSumme   12,00"
    assert not looks_like_receipt(document(card.replace("    ", " " * 70)))
    assert not looks_like_receipt(document("FACTURA\nRecibo domiciliado a 30 días\nTOTAL   12,00"))
