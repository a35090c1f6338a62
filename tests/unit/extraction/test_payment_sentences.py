"""When to pay, read from sentences; companies and numbers are invented."""

from __future__ import annotations

import pytest

from services.engine.extraction.sentences import paragraphs
from tests.unit.extraction.reading import document, extracted


def due_date(text: str, issued: str = "Rechnungsdatum: 01.03.2024") -> object:
    return extracted(f"{issued}\n\n{text}\n")["invoice"].get("dueDate")


@pytest.mark.parametrize(
    "text",
    [
        "Zahlbar bis 11.03.2024 mit 2 % Skonto = 95,32 EUR, bis 31.03.2024 rein netto.",
        "Bis 11.03.2024 erhalten Sie 2,000 % Skonto = 22,78 EUR\nBis 31.03.2024 ohne Abzug",
        "Zahlung bis 31.03.2024 ohne Abzug oder bis 11.03.2024 abzüglich 3 % Skonto",
    ],
)
def test_the_due_date_is_that_of_the_full_sum(text: str) -> None:
    assert due_date(text) == "2024-03-31"


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        (
            "Rechnungsdatum: 01.03.2024",
            "Zahlbar innerhalb 8 Tagen mit 2 % Skonto (EUR 98,00), bis 31.03.2024 netto.",
        ),
        ("Date de facture : 01/03/2024", "Paiement avant le 31/03/2024, pas d'escompte."),
    ],
)
def test_a_discount_elsewhere_in_the_sentence_leaves_the_due_date(issued: str, text: str) -> None:
    assert due_date(text, issued) == "2024-03-31"


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        ("Rechnungsdatum: 01.03.2024", "Bitte innerhalb von 30 Tagen (31.3.2024) überweisen."),
        ("Date de facture : 01/03/2024", "Paiement à 30 jours (31/03/2024) par virement."),
        ("Data fattura: 01/03/2024", "Pagamento a 30 giorni: 31/03/2024"),
        ("Fakturadato: 01-03-2024", "Netto 30 dage (31-03-2024)"),
    ],
)
def test_a_term_in_days_may_name_its_last_day(issued: str, text: str) -> None:
    assert due_date(text, issued) == "2024-03-31"


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        ("Rechnungsdatum: 20.12.2023", "Bitte überweisen Sie den Betrag bis zum 03.01. auf unser Konto."),
        ("Invoice date: 20 December 2023", "Please pay by 3 January."),
    ],
)
def test_a_last_day_to_pay_without_its_year_comes_after_the_day_of_issue(issued: str, text: str) -> None:
    assert due_date(text, issued) == "2024-01-03"


def test_a_period_without_its_year_is_no_due_date() -> None:
    assert due_date("Leistung vom 01.04. bis 30.04. Bitte zahlen Sie den Betrag sofort.") is None


def test_a_term_counted_from_a_day_does_not_name_its_last_day() -> None:
    assert due_date("Zahlbar innerhalb von 30 Tagen ab Lieferung 04.03.2024.") is None


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        ("Rechnungsdatum: 01.03.2024", "Bitte zahlen Sie bis spätestens Sonntag, den 31.03.2024."),
        ("Invoice date: 1 March 2024", "Kindly settle by Sunday the 31st of March 2024."),
        ("Date de facture : 01/03/2024", "Merci de régler avant le dimanche 31 mars 2024."),
    ],
)
def test_a_day_of_the_week_may_stand_before_the_date(issued: str, text: str) -> None:
    assert due_date(text, issued) == "2024-03-31"


def test_a_date_of_a_discount_alone_is_no_due_date() -> None:
    assert due_date("Zahlbar bis 11.03.2024 mit 2 % Skonto oder 30 Tage netto.") is None


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        (
            "Rechnungsdatum: 01.03.2024",
            "Den offenen Betrag von 64,67 € buchen wir am 14.03.2024 von Ihrem Konto ab.",
        ),
        (
            "Rechnungsdatum: 01.03.2024",
            "Der Rechnungsbetrag wird am 14.03.2024 von Ihrem Konto bei der Beispielbank\neingezogen.",
        ),
        (
            "Date de facture : 01/03/2024",
            "Le montant de cette facture sera prélevé le 14/03/2024 sur votre compte.",
        ),
        ("Factuurdatum: 01-03-2024", "Het bedrag van deze factuur schrijven we op 14 maart 2024 af."),
        ("Invoice date: 1 March 2024", "Your payment of 64.67 will be collected on 14 March 2024."),
    ],
)
def test_what_is_collected_is_due_on_that_day(issued: str, text: str) -> None:
    assert due_date(text, issued) == "2024-03-14"


@pytest.mark.parametrize(
    ("issued", "text"),
    [
        (
            "Rechnungsdatum: 01.03.2024",
            "Bitte überweisen Sie den Betrag spätestens bis 14.03.2024 auf unser Konto.",
        ),
        ("Date de facture : 01/03/2024", "Merci de régler cette facture au plus tard le 14/03/2024."),
        ("Data fattura: 01/03/2024", "Si prega di versare la somma entro il 14/03/2024."),
        ("Invoice date: 1 March 2024", "Kindly settle this account no later than 14 March 2024."),
    ],
)
def test_a_sentence_says_until_when_to_pay(issued: str, text: str) -> None:
    assert due_date(text, issued) == "2024-03-14"


def test_a_day_before_the_invoice_is_not_when_to_pay() -> None:
    assert due_date("Ihre Zahlung bis 12.02.2024 haben wir verbucht.") is None


@pytest.mark.parametrize("period", ["01.03.2024 bis 31.03.2024", "01.03. bis 31.03.2024", "1.-31.03.2024"])
def test_the_end_of_a_period_is_not_when_to_pay(period: str) -> None:
    assert due_date(f"Der Rechnungsbetrag für die Zeit vom {period} wird demnächst abgebucht.") is None


def test_the_day_may_stand_under_what_is_to_pay() -> None:
    text = """
                          Montant total à payer (TTC)
                             avant le 26/03/2024      240,49 €
    """
    assert due_date(text, "Date de facture : 01/03/2024") == "2024-03-26"


def test_a_due_date_may_stand_under_its_heading_in_a_table() -> None:
    data = extracted(
        """
        Rechnung Nr. 4711 vom 01.03.2024

        Beschreibung        Fälligkeit        Teilzahlung
                            31.03.2024
        """
    )
    assert data["invoice"]["dueDate"] == "2024-03-31"


def test_dates_under_a_heading_of_a_table_are_not_the_documents() -> None:
    data = extracted(
        """
        Rechnung Nr. 4711                            Ulm, 22.03.2024

        Datum         Ziffer    Leistung              Betrag
        12.03.2024    1         Beratung               10,72
        13.03.2024    5         Untersuchung           14,57

        Rechnungsbetrag                                25,29
        """
    )
    assert data["invoice"]["date"] == "2024-03-22"


def test_a_date_among_the_columns_of_the_work_is_not_the_documents() -> None:
    data = extracted(
        """
        INVOICE No. 20417                       March 29, 2024

        Date          Description                   Hours      Amount
        03/05/2024    Review of the lease             1.2      420.00
                      Call with the landlord          0.4      140.00

        Total                                                  560.00
        """
    )
    assert data["invoice"]["date"] == "2024-03-29"


def test_a_paragraph_goes_on_over_its_lines() -> None:
    pages = document(
        """
        Der Betrag wird am 14.03.2024          Bank
        eingezogen.                            Konto 12
        """
    ).pages
    assert [p.text for p in paragraphs(pages)] == [
        "Der Betrag wird am 14.03.2024 eingezogen.",
        "Bank Konto 12",
    ]


def test_a_date_whose_year_stands_in_the_next_line() -> None:
    drawing = """
    Bill date                            8 April 2026

    This bill       Payment received     Please pay by 29 April
    £426.39         2 February           2026
                                         £426.39
    """
    assert extracted(drawing)["invoice"]["dueDate"] == "2026-04-29"
