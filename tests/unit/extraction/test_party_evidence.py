"""What tells sender and customer apart where names, headings or addresses are printed in unusual ways."""

from __future__ import annotations

import pytest

from services.engine.extraction.addresses import is_postal
from tests.unit.extraction.party_pages import parties
from tests.unit.extraction.reading import extracted


def test_a_list_of_numbers_beside_a_heading_names_nobody() -> None:
    invoice = parties(
        """
        Hoveniersbedrijf Zandstra B.V.                Factuur       7015
        Dorpsweg 2, 8401 AA Gorredijk                 Klant         2290
                                                      Weekbon       118
                                                      Route         4B
        Brasserie Het Anker
        Havenkade 3
        8531 AB Lemmer
        """
    )
    assert invoice["customer"]["name"] == "Brasserie Het Anker"


@pytest.mark.parametrize("heading", ["Credit to:", "Tenant", "Gutschrift an", "Contract party:"])
def test_a_heading_over_the_name_is_no_name(heading: str) -> None:
    invoice = parties(
        f"""
        Copperline Storage Ltd
        9 Dock Street, Hull HU1 3AA

        {heading}
        Peregrine Crafts
        18 Weaver Lane
        Leeds LS12 4AB

        Invoice No. 20118
        """
    )
    assert invoice["customer"]["name"] == "Peregrine Crafts"
    assert invoice["supplier"]["name"] == "Copperline Storage Ltd"


def test_whoever_a_payment_is_for_is_not_the_customer() -> None:
    invoice = extracted(
        """
                                                              Lumaro Energia S.A.
                                                   ul. Jasna 12, 00-950 Warszawa
                                                                  NIP 5252248481

        Pracownia Ceramiki Wir
        ul. Lipowa 7
        20-020 Lublin

        Faktura VAT nr F/118/26
        Usługa                                                        Brutto
        Energia czynna                                                100,00
        Do zapłaty                                                    100,00










        Polecenie przelewu        Tytułem: F/118/26
        Odbiorca: Lumaro Energia S.A.
        Konto: PL61 1090 1014 0000 0712 1981 2874
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Pracownia Ceramiki Wir"
    assert invoice["supplier"]["name"] == "Lumaro Energia S.A."


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("Hallowell Heating &", "Plumbing Ltd", "Hallowell Heating & Plumbing Ltd"),
        ("Vale Verde –", "Empreendimentos Rurais, Lda", "Vale Verde – Empreendimentos Rurais, Lda"),
    ],
)
def test_a_name_whose_first_line_is_open_goes_on(first: str, second: str, name: str) -> None:
    invoice = parties(
        f"""
        {first}
        {second}
        Unit 3 Cribbs Yard
        Leeds LS12 4AB

        Bill to
        Thornfield Care Home
        2 Abbey Road
        Leeds LS12 4AC
        """
    )
    assert invoice["supplier"]["name"] == name


def test_the_trade_behind_a_dash_belongs_to_the_name() -> None:
    invoice = parties(
        """
        Pauta & Linha – Contabilidade, Lda
        Rua Nova 8, 4700-320 Braga

        Exmo.(s) Sr.(s)
        Padaria Alvor, Lda
        Rua Direita 4
        4700-321 Braga

        Fatura FT A/1182
        """
    )
    assert invoice["supplier"]["name"] == "Pauta & Linha – Contabilidade, Lda"


def test_the_legal_notice_names_the_company_of_a_brand() -> None:
    invoice = extracted(
        """
        tarnbrook for business                                        Your bill

        Fernhill Laundry
        6 Highgate
        Kendal LA9 4ND

        Bill number  B-88170442
        Description                                                      Amount
        Water                                                            100.00
        Total                                                            100.00














        Tarnbrook Utilities Limited. Registered in England & Wales no. 10448127. VAT no. 923641629
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Tarnbrook Utilities Limited"


def test_the_lines_of_a_customer_name_no_supplier() -> None:
    invoice = parties(
        """
        Grey Heron                                              Grey Heron Studio
                                                           317 Market St, Suite 2
                                                               Portland, ME 04101
                                                                     207-555-0148

        Billed To
        Dana Whitlock
        Cape Shell Oysters, Inc.
        40 Harbor Rd
        Portland, ME 04107

        Invoice Number 0000412
        """
    )
    assert invoice["supplier"]["name"] == "Grey Heron Studio"
    assert invoice["supplier"]["address"] == "317 Market St, Suite 2, Portland, ME 04101"


def test_a_street_whose_number_stands_apart_is_no_name() -> None:
    invoice = parties(
        """
        Studio Tecnico Ivo Marangon
        Galleria dei Mulini, 4 – 40126 Bologna – tel. 051 23 18 04

        Spett.le
        Cooperativa Agricola Val Dorata
        Via Provinciale 118
        40053 Valsamoggia (BO)
        """
    )
    assert invoice["supplier"]["name"] == "Studio Tecnico Ivo Marangon"
    assert invoice["supplier"]["address"] == "Galleria dei Mulini, 4, 40126 Bologna"


@pytest.mark.parametrize("town", ["Co. Laois", "Clonbrack", "Auckland 1010"])
def test_an_addressee_without_a_post_code(town: str) -> None:
    invoice = parties(
        f"""
        Slate Hill Supplies Ltd                          INVOICE
        VAT IE8Z76460P                                   Date 24/03/2026

        Patrick & Una Dolan
        14 Quay Street
        {town}
        """
    )
    assert invoice["customer"]["name"] == "Patrick & Una Dolan"
    assert invoice["supplier"]["name"] == "Slate Hill Supplies Ltd"


def test_an_addressee_on_the_slip_to_return() -> None:
    invoice = extracted(
        """
        Larch Valley Water Cooperative                    Account Number 11874-02
        PO Box 880, Larch Valley, KS 67001                Invoice 202406-0011874
        Office (620) 555-0100                             Billing Date 06/10/2024

        Charge                                                          Amount
        Water                                                          $100.00
        TOTAL AMOUNT DUE                                               $100.00











        Please detach and return this portion with your payment.

        Bluegrass Brewing
        400 Elevator Rd
        Larch Valley, KS 67001


        .
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Bluegrass Brewing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Co. Wicklow", True), ("Kilbride, Co. Wicklow", True), ("Hart & Co. Solicitors", False)],
)
def test_a_county_ends_an_address(text: str, expected: bool) -> None:
    assert is_postal(text) is expected


def test_a_guest_is_the_customer_where_nobody_else_is() -> None:
    invoice = parties(
        """
        Hotel Erlenhof
        Kurallee 2 · 79410 Badenweiler

        Gast: Amelie Winkler
        Zimmer 12

        Rechnung 2211
        """
    )
    assert invoice["customer"]["name"] == "Amelie Winkler"


def test_a_reference_to_a_law_is_no_name() -> None:
    invoice = parties(
        """
        Bescheinigung nach § 48b EStG liegt bei

        Wenz Rohbau GmbH
        Frankenstraße 8
        67059 Ludwigshafen

        Rechnung DB/26-019
        """
    )
    assert "supplier" not in invoice or invoice["supplier"].get("name") is None
