"""The document's own number, among other numbers and glued to its label or its date."""

from __future__ import annotations

import pytest

from services.engine.extraction import extract
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page
from tests.unit.extraction.reading import extracted


def number(drawing: str) -> object:
    return extracted(drawing)["invoice"].get("number")


def test_a_number_may_stand_close_behind_its_sign() -> None:
    assert number("Facture n°2023-0655          Neuchâtel, 12 décembre 2023") == "2023-0655"


def test_a_number_with_its_date_behind_a_slash() -> None:
    data = extracted(
        """
        Rechnungsnummer/Datum
        9001248837/14.02.2023
        """
    )["invoice"]
    assert (data["number"], data["date"]) == ("9001248837", "2023-02-14")


def test_a_letter_before_the_number_belongs_to_it_on_recognised_pages() -> None:
    drawing = "RECHNUNG Nr. W 230418        Bielefeld, 26.04.2023"
    extraction = extract([page(drawing, source="ocr")], ExtractionSettings())
    assert extraction.invoice.number == "W 230418"


def test_an_amount_under_the_title_is_no_number() -> None:
    drawing = """
    RECHNUNG
    890,00 1.780,00
    """
    assert number(drawing) is None


def test_a_credit_note_is_not_called_by_the_invoice_it_corrects() -> None:
    data = extracted(
        """
        AVOIR AV-2207 du 12/07/2023
        Facture N° FA-1309 du 03/07/2023

        Retour de marchandises                     120,00
        Total TTC                                  120,00
        """
    )["invoice"]
    assert (data["number"], data["date"]) == ("AV-2207", "2023-07-12")


def test_a_number_before_the_date_needs_no_label() -> None:
    data = extracted(
        """
        Kurverwaltung Nordstrand
        AR-24/0815 | 14. August 2024
        Ihre Bestellung 2024-V-331 vom 17.06.2024

        RECHNUNG
        Lichttechniker                             744,00
        Gesamtbetrag                               744,00
        """
    )["invoice"]
    assert (data["number"], data["date"]) == ("AR-24/0815", "2024-08-14")


def test_every_name_of_an_invoice_may_stand_before_its_number() -> None:
    data = extracted(
        """
        FACTURE DE SOLDE F2405-17 du 22/05/2024
        Total TTC                                8 760,80 €
        Acompte reçu (facture F2401-03)         - 2 400,00 €
        """
    )["invoice"]
    assert (data["number"], data["date"]) == ("F2405-17", "2024-05-22")


def test_letters_that_end_a_lettered_number_belong_to_it() -> None:
    drawing = """
    Bill number          Bill date
    K207 TW              3 May 2025
    """
    assert number(drawing) == "K207 TW"


def test_a_currency_behind_a_number_is_none_of_it() -> None:
    drawing = """
    Invoice number       Invoice date
    K207 GBP             3 May 2025
    """
    assert number(drawing) == "K207"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("K31 0442 1180 07", "K31 0442 1180 07"),
        ("K31 0442", "K31"),  # one group behind a lettered one may be anything
        ("K31 0442 118.00", "K31"),
    ],
)
def test_a_lettered_group_before_groups_of_digits(printed: str, expected: str) -> None:
    drawing = f"""
    Rechnungsnummer       Rechnungsdatum    Kundenkonto
    {printed:<20}  14.07.2026        8 11 440
    """
    assert extracted(drawing)["invoice"]["number"] == expected


def test_a_reference_beside_the_date_is_the_customers_where_the_title_has_a_number() -> None:
    drawing = """
    Facture FA/2026/00771

    Date de facturation:    Date d'échéance:    Référence:
    10/09/2026              10/10/2026          BC-4418-2
    """
    assert extracted(drawing)["invoice"]["number"] == "FA/2026/00771"


def test_labels_in_a_stack_with_the_date_number_the_invoice_and_not_a_herd() -> None:
    drawing = """
    Invoice
    Mr. Eamon Tully                No.
    Kilcoona                       30918
    Headford                       Date
    Co. Galway                     9 April 2026
    Herd no. H 204 3306            Client ref.
                                   TULL02
    """
    assert number(drawing) == "30918"


def test_a_number_made_of_a_year_a_month_and_a_serial_below_the_title() -> None:
    drawing = """
    Margaux Lestienne              FACTURE
    Traductrice                    2026-10-03

    Date de la facture : 6 octobre 2026
    Votre commande : BC 71 du 18/09/2026
    TOTAL À PAYER : 1 019,60 €
    """
    assert number(drawing) == "2026-10-03"
    assert number(drawing.replace("6 octobre 2026", "2026-10-06")) is None  # it may be a date of another kind


def test_the_number_of_a_certified_program_is_not_the_invoices() -> None:
    drawing = """
                                   Fatura eletrónica
    vaga                           FT VG26/0204471
    Data de emissão: 8 de abril de 2026
    Total da fatura                55,98 €
    ATCUD: JF7K44XT-204471 · Processado por programa certificado n.º 2204/AT
    """
    assert number(drawing) == "FT VG26/0204471"
