"""What misled is given up: values that are not there, corrections that contradict each other, new layouts."""

from __future__ import annotations

from dataclasses import replace

from shared.supplier import Correction, LearnedAbsence, LearnedWord
from tests.unit.extraction.teaching import KESSLER, read_with, taught

INVOICE = """
Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart

Baumann Söhne OHG                                       Rechnung Nr.:          99812
Gartenweg 3                                             Datum:                 17.02.2025
89073 Ulm                                               Fällig am:             19.02.2025
                                                        Kennzahl Lager:        4711
                                                        Kennzahl Werk:         8000

Bezeichnung                    Menge   Einzelpreis   Gesamtpreis
Fräser HSS 12 mm                   6         38,50        231,00

Summe netto                                               231,00
zzgl. 19 % MwSt.                                           43,89
Gesamtbetrag                                              274,89 EUR

USt-IdNr.: DE136695976
"""
NEXT = (
    INVOICE.replace("99812", "99950")
    .replace("17.02.2025", "12.05.2025")
    .replace("19.02.2025", "14.05.2025")
    .replace("4711", "4722")
    .replace("8000", "8011")
)


def test_a_field_that_is_not_there_is_not_guessed_again() -> None:
    assert read_with(NEXT).invoice.due_date is not None
    profile = taught(INVOICE, Correction("invoice.dueDate", None, "2025-02-19"))
    assert profile.absences == (LearnedAbsence("invoice.dueDate", 'Stands right of the label "Fällig am"'),)
    extraction = read_with(NEXT, profile)
    assert extraction.invoice.due_date is None
    assert "invoice.dueDate" not in extraction.provenance
    assert "A correction" in extraction.missing["invoice.dueDate"]


def test_the_same_field_found_in_another_way_still_counts() -> None:
    profile = taught(INVOICE, Correction("invoice.dueDate", None, "2025-02-19"))
    other = NEXT.replace("Fällig am:  ", "Zahlbar bis:")
    assert read_with(other, profile).invoice == read_with(other).invoice
    assert read_with(other).invoice.due_date is not None


def test_a_field_that_is_there_after_all_is_read_again() -> None:
    profile = taught(INVOICE, Correction("invoice.dueDate", None, "2025-02-19"))
    profile = taught(NEXT, Correction("invoice.dueDate", "2025-05-14"), profile=profile)
    assert profile.absences == ()
    assert read_with(INVOICE, profile).invoice.due_date is not None


def test_a_rule_for_a_field_that_is_not_there_is_given_up() -> None:
    profile = taught(INVOICE, Correction("invoice.purchaseOrder", "4711"))
    assert read_with(NEXT, profile).invoice.purchase_order == "4722"
    profile = taught(NEXT, Correction("invoice.purchaseOrder", None, "4722"), profile=profile)
    assert profile.rules == ()
    assert read_with(INVOICE, profile).invoice.purchase_order is None


def test_of_two_corrections_that_contradict_each_other_the_later_counts() -> None:
    first = taught(INVOICE, Correction("invoice.purchaseOrder", "4711"))
    second = taught(NEXT, Correction("invoice.purchaseOrder", "8011", "4722"), profile=first)
    assert [rule.label for rule in second.rules] == ["Kennzahl Werk"]
    assert read_with(INVOICE, second).invoice.purchase_order == "8000"
    third = taught(INVOICE, Correction("invoice.purchaseOrder", "4711", "8000"), profile=second)
    assert read_with(NEXT, third).invoice.purchase_order == "4722"


def test_a_word_that_misled_is_given_up() -> None:
    drawing = INVOICE.replace("Gesamtbetrag ", "Vekmor       ")
    wrong = LearnedWord("invoice.amounts.total", "Einzelpreis", "labels", "total")
    profile = replace(KESSLER, words=(wrong,))
    profile = taught(drawing, Correction("invoice.amounts.total", "274.89"), profile=profile)
    assert [word.text for word in profile.words] == ["Vekmor"]


def test_a_word_that_means_something_else_now_no_longer_means_the_other() -> None:
    drawing = INVOICE.replace("Gesamtbetrag ", "Vekmor       ")
    mistaken = LearnedWord("invoice.amounts.discount", "Vekmor", "labels", "discount")
    profile = replace(KESSLER, words=(mistaken,))
    profile = taught(drawing, Correction("invoice.amounts.total", "274.89"), profile=profile)
    assert [(word.text, word.concept) for word in profile.words] == [("Vekmor", "total")]
    assert read_with(drawing, profile).invoice.amounts.discount is None


def test_after_a_change_of_layout_nothing_old_gets_in_the_way() -> None:
    old = INVOICE.replace("Rechnung Nr.:", "Aktenzeile:  ").replace("Gesamtbetrag ", "Vekmor       ")
    profile = taught(
        old, Correction("invoice.number", "99812"), Correction("invoice.amounts.total", "274.89")
    )
    assert (read_with(old, profile).invoice.number, profile.words != ()) == ("99812", True)
    renewed = """
    Kessler Werkzeugbau GmbH                              RECHNUNG
    Industriestr. 12, 70565 Stuttgart

    Rechnungsnummer     Rechnungsdatum     Bestellnummer
    99950               12.05.2025         B-77

    Artikel                     Anzahl      Preis       Betrag
    Fräser HSS 12 mm                 6      38,50       231,00

    Nettobetrag                                         231,00
    19 % MwSt.                                           43,89
    Rechnungsbetrag                                     274,89 EUR

    USt-IdNr.: DE136695976
    """
    assert read_with(renewed, profile) == read_with(renewed)
    assert read_with(renewed, profile).invoice.number == "99950"


def test_a_layout_in_which_an_old_label_means_something_else_recovers_by_one_correction() -> None:
    profile = taught(INVOICE, Correction("invoice.purchaseOrder", "4711"))
    renewed = NEXT.replace("Kennzahl Lager:", "Bestellnummer: ").replace("Kennzahl Werk:", "Kennzahl Lager:")
    assert read_with(renewed, profile).invoice.purchase_order == "8011"
    profile = taught(renewed, Correction("invoice.purchaseOrder", "4722", "8011"), profile=profile)
    assert read_with(renewed, profile).invoice.purchase_order == "4722"


def test_learning_twice_from_the_same_invoice_changes_nothing() -> None:
    lesson = (Correction("invoice.purchaseOrder", "4711"), Correction("invoice.dueDate", None, "2025-02-19"))
    once = taught(INVOICE, *lesson)
    assert taught(INVOICE, *lesson, profile=once) == once
