"""A supplier's own words: columns of its items, rows that are none, sums, tax lines, and parties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from services.engine.extraction import extract
from services.engine.extraction.learning import Lesson
from services.engine.extraction.model import LineItem, TaxLine
from shared.supplier import ITEMS, TAXES, Correction
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page
from tests.unit.extraction.teaching import read_with, taught, taught_by

FIRST = """
Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart

Tolbravek                                               Rechnung Nr.:          99812
Baumann Söhne OHG                                       Datum:                 17.02.2025
Gartenweg 3
89073 Ulm

Kennz.    Sache                    Tolgri   Hulnip      Vekmor
A-12      Fräser HSS 12 mm              6    38,50      231,00
B-77      Reibahle, verstellbar         2    50,00      100,00

Grizimlem                                               331,00
Nipdel 19 % auf 331,00                                   62,89
Savhul                                                  393,89 EUR

USt-IdNr.: DE136695976
"""
SECOND = """
Kessler Werkzeugbau GmbH · Industriestr. 12 · 70565 Stuttgart

Tolbravek                                               Rechnung Nr.:          99950
Maier Metall KG                                         Datum:                 12.05.2025
Am Anger 8
80331 München

Kennz.    Sache                    Tolgri   Hulnip      Vekmor
C-01      Senker 90 Grad               10    12,50      125,00
A-12      Fräser HSS 12 mm              4    38,50      154,00
D-40      Schaftverlängerung            1    21,00       21,00

Grizimlem                                               300,00
Nipdel 19 % auf 279,00                                   53,01
Nipdel 7 % auf 21,00                                      1,47
Savhul                                                  354,48 EUR

USt-IdNr.: DE136695976
"""
ITEMS_OF_FIRST = (
    LineItem("Fräser HSS 12 mm", Decimal(6), Decimal("38.50"), Decimal("231.00"), "A-12"),
    LineItem("Reibahle, verstellbar", Decimal(2), Decimal("50.00"), Decimal("100.00"), "B-77"),
)
LESSON = Lesson(
    corrections=(
        Correction("invoice.amounts.subtotal", "331"),
        Correction("invoice.amounts.tax", "62.89"),
        Correction("invoice.amounts.total", "393.89"),
        Correction("invoice.customer.name", "Baumann Söhne OHG"),
        Correction("invoice.customer.address", "Gartenweg 3, 89073 Ulm"),
    ),
    items=ITEMS_OF_FIRST,
    taxes=(TaxLine(Decimal(19), Decimal("331.00"), Decimal("62.89")),),
)


def test_corrected_items_teach_what_the_columns_mean() -> None:
    """The amounts are less a rebate that is not printed, so arithmetic does not tell the columns."""
    second = SECOND.replace("125,00", "118,00").replace("154,00", "149,00")
    second = second.replace("21,00       21,00", "21,00       19,00")
    assert read_with(second).line_items == ()
    profile = taught_by(FIRST, LESSON)
    meant = {word.text: word.concept for word in profile.words if word.field == ITEMS}
    assert meant["Tolgri"] == "quantity"
    assert meant["Hulnip"] == "unitPrice"
    assert meant["Vekmor"] == "amount"
    items = read_with(second, profile).line_items
    assert [(item.sku, item.quantity, item.unit_price, item.amount) for item in items] == [
        ("C-01", Decimal(10), Decimal("12.50"), Decimal("118.00")),
        ("A-12", Decimal(4), Decimal("38.50"), Decimal("149.00")),
        ("D-40", Decimal(1), Decimal("21.00"), Decimal("19.00")),
    ]
    assert items[0].description == "Senker 90 Grad"


def test_corrected_sums_and_tax_lines_teach_their_words() -> None:
    invoice = read_with(SECOND, taught_by(FIRST, LESSON)).invoice
    assert invoice.amounts.subtotal == Decimal("300.00")
    assert invoice.amounts.tax == Decimal("54.48")
    assert invoice.amounts.total == Decimal("354.48")
    assert invoice.taxes == (
        TaxLine(Decimal(19), Decimal("279.00"), Decimal("53.01")),
        TaxLine(Decimal(7), Decimal("21.00"), Decimal("1.47")),
    )


def test_a_corrected_sum_is_learned_by_its_label_though_arithmetic_tells_it() -> None:
    """On the next invoice a charge lies between the sums, and arithmetic tells another one."""
    first = FIRST.replace("Savhul   ", "Endbetrag").replace(
        "Nipdel 19 % auf 331,00", "MwSt. 19 %            "
    )
    assert read_with(first).invoice.amounts.subtotal == Decimal("331.00")
    profile = taught(first, Correction("invoice.amounts.subtotal", "331", "330"))
    assert [(word.text, word.concept) for word in profile.words] == [("Grizimlem", "subtotal")]
    charged = "Lemrudfon                                                10,00\nMwSt. 19 % auf 341,00"
    second = first.replace("MwSt. 19 %            ", charged).replace("62,89", "64,79")
    second = second.replace("393,89", "405,79")
    assert read_with(second).invoice.amounts.subtotal == Decimal("341.00")
    assert read_with(second, profile).invoice.amounts.subtotal == Decimal("331.00")


def test_a_total_that_arithmetic_tells_is_learned_beside_a_corrected_sum() -> None:
    first = FIRST.replace("\nUSt-IdNr.", f"Anzahlung{'':47}-100,00\nNoch zu zahlen{'':42}293,89\n\nUSt-IdNr.")
    assert read_with(first).invoice.amounts.total == Decimal("393.89")
    profile = taught(first, Correction("invoice.amounts.tax", "62.89"))
    assert ("Savhul", "total") in {(word.text, word.concept) for word in profile.words}
    assert read_with(FIRST, profile).invoice.amounts.total == Decimal("393.89")


def test_corrected_tax_lines_alone_teach_their_word() -> None:
    known = FIRST.replace("Grizimlem", "Nettosumme").replace("Savhul   ", "Endbetrag")
    lesson = Lesson(taxes=LESSON.taxes)
    profile = taught_by(known, lesson)
    assert [(word.field, word.text, word.concept) for word in profile.words] == [(TAXES, "Nipdel", "tax")]
    following = SECOND.replace("Grizimlem", "Nettosumme").replace("Savhul   ", "Endbetrag")
    assert len(read_with(following, profile).invoice.taxes) == 2


def test_a_corrected_customer_teaches_its_heading() -> None:
    customer = read_with(SECOND, taught_by(FIRST, LESSON)).invoice.customer
    assert (customer.name, customer.address) == ("Maier Metall KG", "Am Anger 8, 80331 München")


def test_a_delivery_address_in_one_line() -> None:
    first = FIRST.replace("Kennz. ", "Zimkas: Peter Lang, Seeweg 4, 20095 Hamburg\n\nKennz. ", 1)
    corrections = (
        Correction("invoice.shipTo.name", "Peter Lang"),
        Correction("invoice.shipTo.address", "Seeweg 4, 20095 Hamburg"),
    )
    profile = taught(first, *corrections)
    second = SECOND.replace("Kennz. ", "Zimkas: Eva Kurz, Hauptstr. 9, 50667 Köln\n\nKennz. ", 1)
    ship_to = read_with(second, profile).invoice.ship_to
    assert (ship_to.name, ship_to.address) == ("Eva Kurz", "Hauptstr. 9, 50667 Köln")


def test_rows_that_are_no_items_are_learned() -> None:
    row = "B-77      Reibahle"
    first = FIRST.replace(row, f"Blockwert{231:>50},00\n{row}")
    assert len(read_with(first, taught_by(FIRST, LESSON)).line_items) == 3
    profile = taught_by(first, LESSON)
    assert any(word.text == "Blockwert" and word.concept == "noItem" for word in profile.words)
    row = "D-40      Schaft"
    second = SECOND.replace(row, f"Blockwert{279:>50},00\n{row}")
    amounts = [item.amount for item in read_with(second, profile).line_items]
    assert amounts == [Decimal("125.00"), Decimal("154.00"), Decimal("21.00")]


def test_a_second_correction_of_the_items_adds_to_the_first() -> None:
    row = "B-77      Reibahle"
    first = taught_by(FIRST, LESSON)
    profile = taught_by(
        FIRST.replace(row, f"Blockwert{231:>50},00\n{row}"), Lesson(items=LESSON.items), first
    )
    assert set(profile.words) > set(first.words)
    assert {word.text for word in profile.words} - {word.text for word in first.words} == {"Blockwert"}


def test_an_item_may_begin_with_a_word_that_marks_no_item_elsewhere() -> None:
    row = "B-77      Reibahle"
    first = FIRST.replace(row, f"Blockwert{231:>50},00\n{row}")
    profile = taught_by(first, LESSON)
    second = SECOND.replace("D-40      Schaftverlängerung", "Blockwert neu, Anzeiger       ")
    assert len(read_with(second, profile).line_items) == 3


def test_a_row_below_the_table_is_learned_as_its_end() -> None:
    def with_end(drawing: str, value: int) -> str:
        return drawing.replace("\nGrizimlem", f"Fonkas{value:>53},00\n\nGrizimlem")

    profile = taught_by(with_end(FIRST, 5), LESSON)
    assert any(word.text == "Fonkas" and word.concept == "tableEnd" for word in profile.words)
    assert len(read_with(with_end(SECOND, 7), taught_by(FIRST, LESSON)).line_items) == 4
    assert len(read_with(with_end(SECOND, 7), profile).line_items) == 3


def test_the_row_of_the_items_sum_is_learned_as_their_end() -> None:
    """Below several items arithmetic tells it; the sum of a single one could be another."""
    first, second = (
        one.replace("Nipdel", "MwSt. ").replace("Savhul   ", "Endbetrag") for one in (FIRST, SECOND)
    )
    profile = taught_by(first, Lesson(items=LESSON.items))
    assert any(word.text == "Grizimlem" for word in profile.words if word.field == ITEMS)
    rows = second.splitlines(keepends=True)
    single = "".join(row for row in rows if not row.startswith(("C-01", "A-12"))).replace("300,00", " 21,00")
    assert [item.sku for item in read_with(single, profile).line_items] == ["D-40"]


def test_a_heading_that_means_something_else_to_this_supplier() -> None:
    """What everyone else calls a quantity is this supplier's article number."""
    first = FIRST.replace("Kennz.", "Menge ").replace("Sache", "Ware ")
    assert [item.quantity for item in read_with(first).line_items] != [Decimal(6), Decimal(2)]
    profile = taught_by(first, LESSON)
    second = SECOND.replace("Kennz.", "Menge ").replace("Sache", "Ware ")
    assert [item.quantity for item in read_with(second, profile).line_items] == [
        Decimal(10),
        Decimal(4),
        Decimal(1),
    ]


def test_words_of_one_supplier_mean_nothing_on_anothers_pages() -> None:
    other = SECOND.replace("Kessler Werkzeugbau GmbH", "Ander & Sohn KG")
    other = other.replace("DE136695976", "DE811569869")
    profile = taught_by(FIRST, LESSON)
    assert read_with(other, profile) == read_with(other)


def test_an_account_alone_gives_no_words() -> None:
    """Several suppliers may have sold their claims to one factor."""
    account = "IBAN: DE89 3704 0044 0532 0130 00"
    drawing = FIRST.replace("USt-IdNr.: DE136695976", account)
    profile = replace(
        taught_by(FIRST, LESSON), names=("Otto Vogel KG",), tax_ids=(), ibans=("DE89370400440532013000",)
    )
    assert profile.words
    assert read_with(drawing, profile) == read_with(drawing)
    certain = replace(profile, names=("Kessler Werkzeugbau GmbH",))
    assert read_with(drawing, certain).line_items == ITEMS_OF_FIRST


def test_a_word_on_a_scan_may_have_one_wrong_character() -> None:
    profile = taught_by(FIRST, LESSON)
    scanned = page(SECOND.replace("Grizimlem", "Grizimlen"), source="ocr")
    invoice = extract([scanned], ExtractionSettings(), [profile]).invoice
    assert invoice.amounts.subtotal == Decimal("300.00")
    assert (
        "Grizimlen"
        in extract([scanned], ExtractionSettings(), [profile]).provenance["invoice.amounts.subtotal"].reason
    )


def test_the_kind_of_a_document_is_learned_by_its_title() -> None:
    def titled(drawing: str, title: str) -> str:
        return drawing.replace("Rechnung Nr.: ", "Vorgang Nr.: ").replace(
            "\n\nTolbravek", f"\n\n{title}\n\nTolbravek"
        )

    profile = taught(titled(FIRST, "Rückführung"), Correction("invoice.kind", "creditNote"))
    assert [(word.text, word.concept) for word in profile.words] == [("Rückführung", "creditNote")]
    assert read_with(titled(SECOND, "Rückführung"), profile).invoice.kind == "creditNote"
    assert read_with(titled(SECOND, "Rechnung"), profile).invoice.kind == "invoice"


def test_a_title_that_the_vocabulary_knows_keeps_its_meaning() -> None:
    titled = FIRST.replace("\n\nTolbravek", "\n\nRechnung\n\nTolbravek")
    assert taught(titled, Correction("invoice.kind", "creditNote", "invoice")).words == ()


def test_what_pages_do_not_show_of_a_customer_holds_for_that_customer() -> None:
    profile = taught(
        FIRST,
        Correction("invoice.customer.name", "Baumann Söhne OHG"),
        Correction("invoice.customer.country", "AT"),
    )
    assert read_with(FIRST, profile).invoice.customer.country == "AT"
    assert read_with(SECOND, profile).invoice.customer.country != "AT"
    assert read_with(FIRST.replace("99812", "99999"), profile).invoice.customer.country == "AT"


def test_the_suppliers_country_and_the_language_are_learned_as_they_are() -> None:
    profile = taught(
        FIRST, Correction("invoice.supplier.country", "LI"), Correction("invoice.language", "en")
    )
    invoice = read_with(SECOND, profile).invoice
    assert (invoice.supplier.country, invoice.language) == ("LI", "en")
