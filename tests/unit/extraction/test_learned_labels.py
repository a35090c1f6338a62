"""Labels of every kind and place: with numbers in them, above, below, and at a distance in the row."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from shared.supplier import Correction
from tests.unit.extraction.teaching import read_with, taught

HEAD = "Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart\n"
FOOT = """

Bezeichnung                    Menge   Einzelpreis   Gesamtpreis
Fräser HSS 12 mm                   6         38,50        231,00

Summe netto                                               231,00
zzgl. 19 % MwSt.                                           43,89
Gesamtbetrag                                              274,89 EUR

USt-IdNr.: DE136695976
"""

BESIDE_NUMBERED = HEAD + "\nFeld 12:   KW-2025-0317\nRechnung Nr.: 99812" + FOOT
BEFORE_NUMBERED = HEAD + "\nFeld 12: KW-2025-0317\nRechnung Nr.: 99812" + FOOT
ABOVE = HEAD + "\nAktenzeile            Rechnung Nr.\nKW-2025-0317          99812" + FOOT
FAR_ABOVE = HEAD + "\nAktenzeile            Rechnung Nr.: 99812\n\n\nKW-2025-0317" + FOOT
BELOW = HEAD + "\nKW-2025-0317          Rechnung Nr.: 99812\nAktenzeile" + FOOT
IN_ROW = HEAD + "\nAktenzeile     gültig   Werk Nord    KW-2025-0317\nRechnung Nr.: 99812" + FOOT


@pytest.mark.parametrize(
    ("drawing", "label", "relation"),
    [
        (BESIDE_NUMBERED, "Feld 12", "right of"),
        (BEFORE_NUMBERED, "Feld 12", "after"),
        (ABOVE, "Aktenzeile", "below"),
        (FAR_ABOVE, "Aktenzeile", "below"),
        (BELOW, "Aktenzeile", "above"),
    ],
)
def test_a_label_is_learned_wherever_it_stands(drawing: str, label: str, relation: str) -> None:
    assert read_with(drawing).invoice.number == "99812"
    profile = taught(drawing, Correction("invoice.number", "KW-2025-0317", "99812"))
    assert [(rule.label, rule.relation) for rule in profile.rules] == [(label, relation)]
    following = drawing.replace("KW-2025-0317", "KW-2025-0466").replace("99812", "99950")
    assert read_with(following, profile).invoice.number == "KW-2025-0466"


def test_a_label_at_the_other_end_of_the_row() -> None:
    profile = taught(IN_ROW, Correction("invoice.number", "KW-2025-0317", "99812"))
    following = IN_ROW.replace("KW-2025-0317", "KW-2025-0466")
    assert read_with(following, profile).invoice.number == "KW-2025-0466"


def test_a_label_with_another_number_is_another_label() -> None:
    profile = taught(BESIDE_NUMBERED, Correction("invoice.number", "KW-2025-0317", "99812"))
    assert read_with(BESIDE_NUMBERED.replace("Feld 12", "Feld 13"), profile).invoice.number == "99812"


def test_a_date_far_below_its_heading() -> None:
    drawing = HEAD + "\nEinlagerung\n\n\n\n17.02.2025         Rechnungsdatum: 01.02.2025" + FOOT
    profile = taught(drawing, Correction("invoice.deliveryDate", "2025-02-17"))
    following = drawing.replace("17.02.2025", "03.03.2025")
    assert read_with(following, profile).invoice.delivery_date == datetime.date(2025, 3, 3)


def test_an_order_number_may_have_any_form() -> None:
    drawing = HEAD + "\nVorgabe:     PO-4711\nRechnung Nr.: 99812" + FOOT
    profile = taught(drawing, Correction("invoice.purchaseOrder", "PO-4711"))
    assert read_with(drawing.replace("PO-4711", "4500077"), profile).invoice.purchase_order == "4500077"
    without = drawing.replace("PO-4711", "mündlich")
    assert read_with(without, profile).invoice.purchase_order is None


def test_a_place_that_another_label_announces_is_not_taken() -> None:
    drawing = HEAD + "\n                    88-4411-X\nRechnung Nr.: 99812" + FOOT
    profile = taught(drawing, Correction("invoice.number", "88-4411-X", "99812"))
    assert [rule.relation for rule in profile.rules] == ["apart from"]
    moved = drawing.replace("                    88-4411-X", "Kunde:              77-1234-K")
    assert read_with(moved, profile).invoice.number == "99812"


def test_a_deduction_is_positive_though_it_is_printed_with_a_minus() -> None:
    drawing = HEAD + FOOT.replace("USt-IdNr", "Abschlag Mai             -74,89\n\nUSt-IdNr")
    profile = taught(drawing, Correction("invoice.amounts.paid", "74.89"))
    following = drawing.replace("-74,89", "-50,00")
    assert read_with(following, profile).invoice.amounts.paid == Decimal("50.00")


def test_a_tax_is_learned_by_its_row_whatever_the_rate_and_the_base() -> None:
    """Without a known total no word helps, as sums are chosen together; the rule leads to the last sum.

    What is charged besides keeps arithmetic from telling which sum the total is.
    """
    sums = FOOT.replace("Gesamtbetrag", "Vekmor      ").replace("zzgl. 19 % MwSt.", "Nipdel 19 %     ")
    sums = sums.replace("274,89", "289,89").replace("Nipdel", "Lemrud                     15,00\nNipdel")
    profile = taught(HEAD + sums, Correction("invoice.amounts.tax", "43.89"))
    assert [(rule.label, rule.relation) for rule in profile.rules] == [("Nipdel", "in the row of")]
    following = sums.replace("Nipdel 19 %     ", "Nipdel 7 % auf 231,00").replace("43,89", "16,17")
    assert read_with(HEAD + following, profile).invoice.amounts.tax == Decimal("16.17")
