"""A corrected invoice teaches how the next one of the same supplier is read; and never teaches it wrong."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

from services.engine.extraction.learned import shape_of
from shared.readings import BoundingBox
from shared.supplier import Correction, LearnedRule, SupplierProfile
from shared.template import ExtractionSettings, FieldRule
from tests.unit.extraction.pages import page
from tests.unit.extraction.teaching import KESSLER, read_with, taught

# The number stands at a word that no vocabulary holds; another number stands at a usual label.
FIRST = """
Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart

Baumann Söhne OHG                                       Vorgangskennung:       KW-2025-0317
Gartenweg 3                                             Rechnung Nr.:          99812
89073 Ulm                                               Datum:                 17.02.2025

Bezeichnung                    Menge   Einzelpreis   Gesamtpreis
Fräser HSS 12 mm                   6         38,50        231,00

Summe netto                                               231,00
zzgl. 19 % MwSt.                                           43,89
Gesamtbetrag                                              274,89 EUR

USt-IdNr.: DE136695976
"""
SECOND = (
    FIRST.replace("KW-2025-0317", "KW-2025-0466")
    .replace("99812", "99950")
    .replace("17.02.2025", "12.05.2025")
)


def test_a_learned_label_reads_the_next_invoice_right() -> None:
    assert read_with(FIRST).invoice.number == "99812"
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317", "99812"))
    (rule,) = profile.rules
    assert (rule.label, rule.relation, rule.shape) == ("Vorgangskennung", "right of", "A-9-9")
    extraction = read_with(SECOND, profile)
    assert extraction.invoice.number == "KW-2025-0466"
    where = extraction.provenance["invoice.number"]
    assert where.text == "KW-2025-0466"
    assert where.reason.startswith("Learned from a correction")
    assert "Vorgangskennung" in where.reason


def test_what_was_learned_of_one_supplier_does_not_touch_another() -> None:
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317"))
    other = SECOND.replace("Kessler Werkzeugbau GmbH", "Ander & Sohn KG").replace(
        "DE136695976", "DE811569869"
    )
    assert read_with(other, profile).invoice.number == "99950"


def test_a_supplier_is_known_though_its_tax_id_stands_in_groups_and_another_is_read() -> None:
    def with_ids(drawing: str) -> str:
        own = drawing.replace("USt-IdNr.: DE136695976", "Wortlaut GB 299 9289 08")
        return own.replace("89073 Ulm             ", "89073 Ulm  DE811569869")

    british = replace(KESSLER, tax_ids=("GB 299 9289 08",))
    profile = taught(with_ids(FIRST), Correction("invoice.number", "KW-2025-0317"), profile=british)
    extraction = read_with(with_ids(SECOND), profile)
    assert extraction.invoice.supplier.tax_id == "DE811569869"
    assert extraction.invoice.number == "KW-2025-0466"


def test_the_customer_is_not_taken_for_the_supplier() -> None:
    customer = SupplierProfile(id="2", names=("Baumann Söhne OHG",), rules=(rule_for("Vorgangskennung"),))
    assert read_with(SECOND, customer).invoice.number == "99950"


def test_a_learned_label_that_is_not_there_changes_nothing() -> None:
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317"))
    renamed = SECOND.replace("Vorgangskennung", "Aktenbezeichnung")
    assert read_with(renamed, profile) == read_with(renamed)


def test_a_value_of_another_form_is_not_taken() -> None:
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317"))
    empty = SECOND.replace("KW-2025-0466", "siehe unten ")
    assert read_with(empty, profile).invoice.number == "99950"


def test_a_label_with_two_different_values_is_not_followed() -> None:
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317"))
    twice = SECOND + "\nVorgangskennung: KW-2024-0001\n"
    assert read_with(twice, profile).invoice.number == "99950"


def test_template_rules_go_before_learned_ones() -> None:
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317"))
    settings = ExtractionSettings(fields=(FieldRule("invoice.number", pattern=r"Rechnung Nr\.:\s*(\d+)"),))
    assert read_with(SECOND, profile, settings=settings).invoice.number == "99950"


def test_a_learned_amount_and_a_learned_date() -> None:
    drawing = FIRST.replace("Datum:   ", "Abschluss:").replace(
        "USt-IdNr.", "Restsumme nach Anzahlung                  174,89\n\nUSt-IdNr."
    )
    profile = taught(
        drawing,
        Correction("invoice.amounts.due", "174.89"),
        Correction("invoice.deliveryDate", "2025-02-17"),
    )
    following = drawing.replace("174,89", "1.020,50").replace("17.02.2025", "30.04.2025")
    invoice = read_with(following, profile).invoice
    assert invoice.amounts.due == Decimal("1020.50")
    assert invoice.delivery_date == datetime.date(2025, 4, 30)


def test_a_value_without_a_label_is_found_by_its_place() -> None:
    drawing = """
    Nordwind Logistik AG                                    Beleg
                                    88-4411-X
    Leistung                                                           Betrag
    Transport Hamburg                                                  100,00
    Summe                                                              100,00
    """
    profile = SupplierProfile(id="1", names=("Nordwind Logistik AG",))
    learned = taught(drawing, Correction("invoice.number", "88-4411-X"), profile=profile)
    (rule,) = learned.rules
    assert rule.relation == "apart from"
    assert read_with(drawing.replace("88-4411-X", "88-4502-K"), learned).invoice.number == "88-4502-K"
    moved = drawing.replace("          88-4411-X", "88-4502-K")
    assert read_with(moved, learned).invoice == read_with(moved).invoice


def test_the_suppliers_own_data_is_learned_where_no_page_shows_it() -> None:
    drawing = FIRST.replace("Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart", "")
    profile = taught(drawing, Correction("invoice.supplier.name", "Kessler Werkzeugbau GmbH"))
    extraction = read_with(drawing.replace("KW-2025-0317", "KW-2025-0500"), profile)
    assert extraction.invoice.supplier.name == "Kessler Werkzeugbau GmbH"
    where = extraction.provenance["invoice.supplier.name"]
    assert where.text == "DE136695976"
    assert "known by the tax id" in where.reason


def test_a_value_that_is_not_printed_teaches_nothing() -> None:
    profile = taught(FIRST, Correction("invoice.number", "not on the page 7"))
    assert profile.rules == ()
    assert read_with(SECOND, profile) == read_with(SECOND)


def test_an_account_alone_gives_no_constants() -> None:
    """Several suppliers may have sold their claims to one factor."""
    drawing = FIRST.replace("USt-IdNr.: DE136695976", "IBAN: DE89 3704 0044 0532 0130 00")
    profile = SupplierProfile(id="1", names=("Otto Vogel KG",), ibans=("DE89370400440532013000",))
    profile = taught(drawing, Correction("invoice.supplier.name", "Otto Vogel KG"), profile=profile)
    assert profile.constants
    assert read_with(drawing, profile).invoice.supplier.name == "Kessler Werkzeugbau GmbH"


def test_a_corrected_currency_stands_in_for_the_same_misreading_only() -> None:
    drawing = FIRST.replace(" EUR", "")
    profile = taught(drawing, Correction("invoice.amounts.currency", "CHF", "EUR"))
    assert read_with(drawing).invoice.amounts.currency == "EUR"  # that of the country
    assert read_with(drawing, profile).invoice.amounts.currency == "CHF"
    assert read_with(FIRST, profile).invoice.amounts.currency == "EUR"


def test_the_order_of_day_and_month_is_learned() -> None:
    drawing = FIRST.replace("17.02.2025", "03/04/2025")
    assert read_with(drawing).invoice.date == datetime.date(2025, 4, 3)
    profile = taught(drawing, Correction("invoice.date", "2025-03-04", "2025-04-03"))
    assert [(one.field, one.value) for one in profile.constants] == [("dayOrder", "monthFirst")]
    following = FIRST.replace("17.02.2025", "05/06/2025")
    assert read_with(following, profile).invoice.date == datetime.date(2025, 5, 6)
    certain = FIRST.replace("17.02.2025", "25/06/2025")
    assert read_with(certain, profile).invoice.date == datetime.date(2025, 6, 25)


def test_a_rule_that_misled_is_given_up() -> None:
    profile = replace(KESSLER, rules=(rule_for("Rechnung Nr", shape="9"),))
    assert read_with(FIRST, profile).invoice.number == "99812"
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317", "99812"), profile=profile)
    assert [rule.label for rule in profile.rules] == ["Vorgangskennung"]


def test_a_rule_that_found_nothing_stays_for_invoices_of_the_other_kind() -> None:
    profile = taught(FIRST, Correction("invoice.number", "KW-2025-0317", "99812"))
    renamed = FIRST.replace("Vorgangskennung", "Aktenbezeichnung").replace("KW-2025-0317", "KW-2025-0402")
    profile = taught(renamed, Correction("invoice.number", "KW-2025-0402", "99812"), profile=profile)
    assert [rule.label for rule in profile.rules] == ["Aktenbezeichnung", "Vorgangskennung"]
    assert read_with(SECOND, profile).invoice.number == "KW-2025-0466"
    assert read_with(renamed, profile).invoice.number == "KW-2025-0402"


def test_the_place_that_a_person_points_at_decides_between_equal_values() -> None:
    drawing = """
    Nordwind Logistik AG
    Kennzahl Lager:    4711          Aktenzahl:   4711
    """
    pointed = page(drawing).lines[1].words[-1].box
    profile = SupplierProfile(id="1", names=("Nordwind Logistik AG",))
    correction = correction_at(Correction("invoice.number", "4711"), pointed)
    assert [r.label for r in taught(drawing, correction, profile=profile).rules] == ["Aktenzahl"]
    plain = Correction("invoice.number", "4711")
    assert [r.label for r in taught(drawing, plain, profile=profile).rules] == ["Kennzahl Lager"]


def test_a_date_may_be_written_as_it_is_printed() -> None:
    closed = FIRST.replace("Summe netto ", "Abschluss: 18.02.2025\n\nSumme netto ")
    drawing = closed.replace("Datum: ", "Lagerung:")
    profile = taught(drawing, Correction("invoice.date", "18.02.2025", "2025-02-17"))
    assert [rule.label for rule in profile.rules] == ["Abschluss"]


def test_a_heading_that_was_taken_for_a_name_is_no_mark() -> None:
    profile = SupplierProfile(id="1", names=("Rechnung",), rules=(rule_for("Vorgangskennung"),))
    drawing = SECOND.replace("Fräser HSS 12 mm", "Fräser HSS 12 mm") + "\nRechnung\n"
    assert read_with(drawing, profile).invoice.number == "99950"


def test_shapes() -> None:
    assert shape_of("RE-2025/17") == "A-9/9"
    assert shape_of("8F3A2") == "X"
    assert shape_of("4711") == "9"


def rule_for(label: str, shape: str = "A-9-9") -> LearnedRule:
    return LearnedRule("invoice.number", label, "right of", shape=shape)


def correction_at(correction: Correction, box: BoundingBox) -> Correction:
    return replace(correction, page=1, box=box)
