"""Which of several dates is the document's own, and which is the last day to pay; all names are invented."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.extraction.reading import extracted


def invoice(drawing: str) -> Any:
    return extracted(drawing)["invoice"]


def test_a_date_with_another_papers_number_is_not_the_invoices() -> None:
    drawing = """
    TIPO DOCUMENTO      NUMERO       DATA             RIF. DDT              SCADENZA
    Fattura             418/B        30/06/2025       77 del 21/06/2025     31/07/2025

    Descrizione           Q.tà       Prezzo unit.      Importo
    Farina tipo 0            4              10,00        40,00
    """
    assert invoice(drawing)["date"] == "2025-06-30"


def test_the_days_of_a_stay_are_not_the_invoices() -> None:
    drawing = """
    RECHNUNG 25/0417      Zimmer 12      Anreise 03.02.2025      Abreise 05.02.2025      06.02.2025

    Leistung                                   Betrag EUR
    Übernachtung                                   190,00
    """
    assert invoice(drawing)["date"] == "2025-02-06"


def test_the_day_of_a_direct_debit_is_the_due_date() -> None:
    drawing = """
    Bill number                     70441
    Bill date                       1 May 2025
    Direct Debit on or after        15 May 2025
    """
    assert invoice(drawing)["dueDate"] == "2025-05-15"


def test_a_discount_in_the_sentence_leaves_the_day_the_sum_falls_due() -> None:
    drawing = """
    Rechnungsdatum: 30.01.2025

    Zahlung: 14 Tage 2 % Skonto = 98,00 EUR, 30 Tage netto, fällig am 01.03.2025
    """
    assert invoice(drawing)["dueDate"] == "2025-03-01"


def test_a_reminder_sets_a_day_of_its_own() -> None:
    drawing = """
    Auerbach, 10.06.2025

    2. Mahnung

    Beleg                    Belegdatum      Fällig am       Betrag EUR
    Rechnung RG-1127         14.04.2025      28.04.2025        1.230,65
    Mahngebühr               10.06.2025                           12,50

    Bitte überweisen Sie den Gesamtbetrag bis spätestens 20.06.2025 auf unser Konto.
    """
    assert invoice(drawing)["dueDate"] == "2025-06-20"


def test_a_date_behind_an_order_in_the_line_of_the_title() -> None:
    drawing = """
    Factura TS-20771 · Pedido 40011872 · 9 sept. 2026

    Facturar a                        Fecha de pedido
    Nerea Izco Lana                   7 sept. 2026

    Producto                      Ud.      Precio      Total
    Linterna frontal               1       24,20 €     24,20 €
    """
    assert invoice(drawing)["date"] == "2026-09-09"


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Auto-charge on", "2026-08-08"), ("Card will be charged on", "2026-08-08"), ("Card added", None)],
)
def test_the_day_that_a_card_is_charged(label: str, expected: str | None) -> None:
    drawing = f"""
    Invoice ID           7C2A-11904
    Issued               Aug 1, 2026

    {label}
    Aug 8, 2026
    """
    assert invoice(drawing).get("dueDate") == expected


def test_a_due_date_in_dutch_behind_one_word() -> None:
    drawing = """
    Factuur     711-2208
    Datum       03.03.2026
    Vervalt     17.03.2026
    """
    assert invoice(drawing)["dueDate"] == "2026-03-17"


def test_a_label_that_goes_on_behind_a_slash_has_its_date_below() -> None:
    drawing = """
    Order #LS-100-2201                                  Ordered 31 October 2026
    Invoice number        Invoice date / dispatched     Delivered by
    INV-2201              2 November 2026               Parcel post
    """
    assert invoice(drawing)["date"] == "2026-11-02"


def test_the_date_in_the_line_below_the_number() -> None:
    drawing = """
    lumeo PRO                                      Facture n° 2603-77-20447
                                                   du 4 mars 2026
    Total TTC                                      145,61 €

    Communications hors forfait
    Date               Numéro              Durée        HT
    11/02/26 09:14     08 92 70 44 18      04:12        1,88
    """
    assert invoice(drawing)["date"] == "2026-03-04"
