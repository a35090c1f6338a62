"""Where values stand around their labels; companies and numbers are invented."""

from __future__ import annotations

from tests.unit.extraction.reading import extracted


def test_a_heading_may_go_on_in_the_next_line() -> None:
    invoice = extracted(
        """
        Rechnungsdatum/    Rechnungsnummer      Bestelldatum
        Lieferdatum        LH-24-00774          28. Februar 2024
        1. März 2024
        """
    )["invoice"]
    assert (invoice["number"], invoice["date"]) == ("LH-24-00774", "2024-03-01")


def test_the_date_of_an_order_is_not_the_invoices() -> None:
    invoice = extracted(
        """
        Maurerei Beispiel GmbH                          Lindau, 22. März 2024

        Rechnungsnummer: LR-24-041      Projekt: 25-118      Auftrag vom: 03.11.2023
        """
    )["invoice"]
    assert invoice["date"] == "2024-03-22"


def test_an_earlier_invoice_that_is_taken_off_gives_neither_number_nor_date() -> None:
    invoice = extracted(
        """
        Maurerei Beispiel GmbH                          Lindau, 22. März 2024

        Schlussrechnung LR-24-041

        Mauerwerk                                                   5.000,00
        abzüglich 1. Abschlagsrechnung LR-24-009 vom 30.01.2024    -2.000,00
        """
    )["invoice"]
    assert (invoice["number"], invoice["date"]) == ("LR-24-041", "2024-03-22")


def test_an_invoice_in_brackets_is_another() -> None:
    invoice = extracted(
        """
        FACTURE DE SOLDE F2405-17 du 22/05/2024 - Devis n° D2311-42 accepté le 04/12/2023

        Total TTC                             8 760,80
        Acompte reçu (facture F2401-03)      -2 400,00
        Reste à payer                         6 360,80
        """
    )["invoice"]
    assert (invoice["number"], invoice["date"]) == ("F2405-17", "2024-05-22")


def test_a_number_may_have_groups_of_digits() -> None:
    invoice = extracted(
        """
        Rechnungsnummer:
        VR 2025-330 918 4
        """
    )["invoice"]
    assert invoice["number"] == "VR 2025-330 918 4"


def test_a_short_label_of_a_tax_id_may_stand_behind_a_dash() -> None:
    invoice = extracted(
        """
        Hostal Ejemplo, S.L.
        Plaza Mayor 9, 49300 Puebla de Sanabria

        FACTURA F24/1442
        Fecha factura: 25-02-2024

        Total                                  96,80 €

        Hostal Ejemplo, S.L. – CIF B17271438
        """
    )["invoice"]
    assert invoice["supplier"]["taxId"] == "B17271438"


def test_a_number_and_a_date_behind_both_their_labels() -> None:
    invoice = extracted(
        """
        Muster AG
        N° facture / date : 26118 - 12/06/2023

        Règlement par virement à 30 jours
        Total TTC                 100,00 €
        """
    )["invoice"]
    assert (invoice["number"], invoice["date"]) == ("26118", "2023-06-12")


def test_a_number_may_look_like_a_date_where_the_date_has_its_label() -> None:
    invoice = extracted(
        """
        Faktura VAT nr 12/06/2023
        Data wystawienia: 14.06.2023
        """
    )["invoice"]
    assert (invoice["number"], invoice["date"]) == ("12/06/2023", "2023-06-14")


def test_the_country_of_a_norwegian_number_is_no_label() -> None:
    invoice = extracted(
        """
        Eksempel Verksted AS
        Org.nr NO 923 609 016 MVA
        Faktura 118               Fakturadato 12.06.2023
        Forfallsdato 26.06.2023
        Å betale                  100,00
        """
    )["invoice"]
    assert invoice["supplier"]["taxId"] == "NO923609016MVA"


def test_a_date_that_is_that_of_the_delivery_as_well() -> None:
    invoice = extracted(
        """
        Rechnung 118
        Rechnungs- und Lieferdatum: 31.05.2023
        Zahlbar bis 14.06.2023
        """
    )["invoice"]
    assert (invoice["date"], invoice["deliveryDate"]) == ("2023-05-31", "2023-05-31")


def test_labels_may_stand_under_their_values() -> None:
    invoice = extracted(
        """
        Atelier Muster            K-0117
                                  NUMMER

                                  17.01.24
                                  DATUM

                                  31.01.24
                                  ZU ZAHLEN BIS
        """
    )["invoice"]
    assert (invoice["number"], invoice["date"]) == ("K-0117", "2024-01-17")
    assert invoice["dueDate"] == "2024-01-31"
