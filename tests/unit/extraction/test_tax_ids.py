"""Whose tax id stands where; companies and numbers are invented, check digits hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.extraction.reading import extracted


def supplier(drawing: str) -> Any:
    return extracted(drawing)["invoice"]["supplier"]


def test_a_number_without_a_country_under_its_label() -> None:
    drawing = """
    TAX INVOICE                                 Invoice Date          Brackenhurst Joinery Ltd
                                                6 May 2026            Unit 9 Tanyard Lane
    Osmotherley Hall Hotel                                            LEEDS LS9 8PX
    4 Church Row                                Invoice Number        UNITED KINGDOM
    YORK YO1 7HT                                INV-3381

                                                VAT Number
                                                731422623

    Description                    Quantity    Unit Price     VAT       Amount GBP
    Oak door, hung                     2.00        410.00     20%           820.00

                                                Subtotal                    820.00
                                                TOTAL VAT 20%               164.00
                                                TOTAL GBP                   984.00
    """
    assert supplier(drawing)["taxId"] == "731422623"


def test_a_spanish_number_without_a_label_is_the_suppliers_where_it_stands_in_its_block() -> None:
    drawing = """
    Factura                                             Cuatrovientos

    NÚMERO          FECHA             VENCIMIENTO
    F260311         02/03/2026        17/03/2026

    Bodegas Peñaluenga, S.L.               Cuatrovientos Estudio, S.L.
    B61208179                              B44719029
    Calle Mayor 8                          Avda. del Puerto 30
    47001 Valladolid                       46021 Valencia

    CONCEPTO                         PRECIO     UNIDADES       SUBTOTAL      IVA       TOTAL
    Diseño de etiquetas             300,00€            1        300,00€      21%     363,00€

                                     BASE IMPONIBLE                                  300,00€
                                     IVA 21%                                          63,00€
                                     TOTAL                                           363,00€

    Cuatrovientos Estudio, S.L. – Registro Mercantil de Valencia, tomo 88, folio 12
    """
    found = supplier(drawing)
    assert (found["name"], found["taxId"]) == ("Cuatrovientos Estudio, S.L.", "B44719029")


GERMAN = ("Rechnungsnummer: R-1207", "Rechnungsdatum: 03.02.2026", "Gesamtbetrag EUR")
FRENCH = ("Facture n° : R-1207", "Date de facture : 03/02/2026", "Total TTC EUR")
DUTCH = ("Factuurnummer: R-1207", "Factuurdatum: 03-02-2026", "Totaal EUR")
DANISH = ("Fakturanr. R-1207", "Fakturadato: 03.02.2026", "I alt DKK")
CZECH = ("Faktura č. R-1207", "Datum vystavení: 03.02.2026", "Celkem Kč")


@pytest.mark.parametrize(
    ("words", "line", "number"),
    [
        (FRENCH, "TVA LU12345678", "LU12345678"),
        (CZECH, "IČ 12345678, DIČ CZ12345678", "CZ12345678"),
        (DANISH, "CVR DK 12 34 56 78", "DK12345678"),
        (DANISH, "NO 912 345 678 MVA", "NO912345678MVA"),
        (GERMAN, "UID ATU 123 456 78", "ATU12345678"),
        (GERMAN, "CHE 123 456 789 MWST", "CHE 123 456 789 MWST"),
        (DUTCH, "Ondernemingsnummer BE 0123.456.789", "BE0123456789"),
    ],
)
def test_ids_at_the_end_of_a_line_as_countries_print_them(
    words: tuple[str, str, str], line: str, number: str
) -> None:
    drawing = f"""
    Kvarnholt Glas

    Kirkwood & Partners
    7 Ringvej

    {words[0]}
    {words[1]}
    {words[2]}                                   100,00

    IBAN DE89 3704 0044 0532 0130 00 · {line}
    """
    assert supplier(drawing)["taxId"] == number


def test_an_id_below_its_label_where_something_else_stands_beside_it() -> None:
    data = extracted(
        """
        Moyne Clinic          Invoice 30918        9 April 2026

        VAT No.               Consultation           1      85.00      85.00
        IE3514859LB           Vaccine                2      20.00      40.00
                              Total due                               125.00
        """
    )["invoice"]
    assert data["supplier"]["taxId"] == "IE3514859LB"
