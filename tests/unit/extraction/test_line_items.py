from __future__ import annotations

from services.engine.extraction import extract
from shared.readings import BoundingBox, Cell, PageReading
from shared.template import ColumnRule, ExtractionSettings, LineItemRules
from tests.unit.extraction.pages import page
from tests.unit.extraction.reading import extracted, read

TABLE = """
Text                      A         B          C
Oak board                 4     12.50      50.00
Pine board               10      3.20      32.00

Total                                      82.00
"""


def items(drawing: str) -> list[tuple[object, ...]]:
    names = ("description", "quantity", "unitPrice", "amount")
    return [tuple(item.get(name) for name in names) for item in extracted(drawing)["lineItems"]]


def test_arithmetic_tells_the_columns_that_headings_do_not() -> None:
    found = items(
        """
        Amount     Product              VAT       Price       Total
        2          Cover                7%       160.00      320.00
        400        Balloons             19%        0.79      316.00
        """
    )
    assert found == [("Cover", 2, 160, 320), ("Balloons", 400, 0.79, 316)]


def test_a_heading_of_several_lines() -> None:
    found = items(
        """
                                                 Prix
        Désignation              Quantité                    Montant
                                             unitaire
        Chaise                          6       49,00         294,00
        """
    )
    assert found == [("Chaise", 6, 49, 294)]


def test_the_amount_may_stand_a_line_below_the_item() -> None:
    found = items(
        """
        Pos   Beschreibung            Nettopreis     Menge     Nettobetrag
        1     Abrechnungskreis 1       15.387,08         1
                                                                 15.387,08
        Summe netto                                              15.387,08
        """
    )
    assert found == [("Abrechnungskreis 1", 1, 15387.08, 15387.08)]


def test_items_without_quantity_or_price() -> None:
    found = items(
        """
        Description                          Amount
        Consulting in May                    900.00
        Travel expenses                      120.40

        Total                              1,020.40
        """
    )
    assert found == [("Consulting in May", None, None, 900), ("Travel expenses", None, None, 120.4)]


def test_a_page_number_under_the_table_is_no_item() -> None:
    found = items(
        """
        Item             Qty      Price      Amount
        Lamp               1      20.00       20.00
                                        Page 1 of 1
        """
    )
    assert found == [("Lamp", 1, 20, 20)]


def test_a_tax_breakdown_is_no_item_table() -> None:
    data = extracted(
        """
        Bezeichnung      Menge     Einzelpreis     Gesamt
        Stuhl                2           50,00     100,00

        Steuersatz      Nettobetrag      Steuerbetrag
        19 %                 100,00             19,00
        Gesamtbetrag                           119,00
        """
    )
    assert [item["description"] for item in data["lineItems"]] == ["Stuhl"]
    assert data["invoice"]["taxes"] == [{"rate": 19, "base": 100, "amount": 19}]


def test_amounts_without_heading_count_only_if_they_add_up() -> None:
    receipt = "Milk 1L       1.20\nBread         2.30\n\nTOTAL         {total}\nCASH         10.00\n12:30"
    assert items(receipt.format(total="3.50")) == [("Milk 1L", None, None, 1.2), ("Bread", None, None, 2.3)]
    assert items(receipt.format(total="9.90")) == []


def test_a_template_can_switch_items_off() -> None:
    settings = ExtractionSettings(line_items=LineItemRules(enabled=False))
    drawing = "Item     Qty     Price     Amount\nLamp       1     20.00      20.00"
    assert read(drawing).line_items
    assert not read(drawing, settings=settings).line_items


def test_a_template_names_columns_by_their_place() -> None:
    drawing = """
        Item     Qty     Price     Amount
        Lamp       5     20.00     100.00
        Bulb       2      5.00      10.00
        """
    columns = (ColumnRule("sku", 0),)
    settings = ExtractionSettings(line_items=LineItemRules(columns=columns))
    assert [item.sku for item in read(drawing, settings=settings).line_items] == ["Lamp", "Bulb"]


def test_a_template_says_which_row_of_a_table_is_the_heading() -> None:
    plain = page(TABLE)
    columns = tuple(
        ColumnRule(name, n) for n, name in enumerate(("description", "quantity", "unitPrice", "amount"))
    )
    rules = LineItemRules(header_row=0, data_start_row=2, columns=columns)
    reading = PageReading(plain.width, plain.height, plain.lines, cells=_cells())
    (item,) = extract([reading], ExtractionSettings(line_items=rules)).line_items
    assert (item.description, str(item.quantity), str(item.amount)) == ("Pine board", "10", "32.00")


def _cells() -> tuple[Cell, ...]:
    """The heading row of `TABLE` as the table recognition gives it."""
    places = ((0, "Text", 4), (26, "A", 1), (36, "B", 1), (47, "C", 1))
    return tuple(
        Cell(0, 0, column, text, 1.0, BoundingBox(20 + 10.0 * start, 20, 10.0 * length, 16))
        for column, (start, text, length) in enumerate(places)
    )


def test_sums_carried_to_the_next_page_are_no_items() -> None:
    pages = (
        """
        Omschrijving    Aantal    Prijs     Bedrag
        Hout            2         5,00      10,00
        Plank           3         7,00      21,00
        Te vervoeren                        31,00
        """,
        """
        Omschrijving    Aantal    Prijs     Bedrag
        Transport                           31,00
        Lijm            3         3,00       9,00
        Totaal                              40,00
        """,
    )
    assert [item["amount"] for item in extracted(*pages)["lineItems"]] == [10, 21, 9]


def test_the_sum_of_a_section_is_no_item() -> None:
    found = items(
        """
        Description     Quantity   Price    Amount
        Floor           2          5.00     10.00
        Skirting        3          7.00     21.00
        Ground level                        31.00
        Door            1          8.00      8.00
        Lock            1          4.00      4.00
        Upper level                         12.00
        Delivery                            15.00
        Total                               58.00
        """
    )
    assert [amount for _, _, _, amount in found] == [10, 21, 8, 4, 15]


def test_descriptions_under_no_heading() -> None:
    data = extracted(
        """
                                          Quantité    Prix unitaire HT    Montant HT    TVA
        Abonnement eau                           1             28,40 €         28,40    5,5 %
        Consommation eau 61 m³               61 m³              1,72 €        104,92    5,5 %

        Total HT                                                              133,32
        """
    )
    names = [item["description"] for item in data["lineItems"]]
    assert names == ["Abonnement eau", "Consommation eau 61 m³"]


def test_litres_and_their_price_are_told_from_a_list_of_products() -> None:
    data = extracted(
        """
        Datum       Kennz.       Ort der Lieferung    Produkt      Liter    €/l netto    Netto €
        04.05.26    M-KL 22      Rasthof Birkenau     Diesel       62,39        1,398      87,22
        06.05.26    M-KL 31      Rasthof Birkenau     AdBlue       15,56        0,689      10,72

        Produkt                 Liter    Netto €
        Diesel                  62,39      87,22
        AdBlue                  15,56      10,72

        Nettosumme                         97,94 EUR
        """
    )
    items = [(i["description"], i["quantity"], i["unitPrice"], i["amount"]) for i in data["lineItems"]]
    assert items == [("Diesel", 62.39, 1.398, 87.22), ("AdBlue", 15.56, 0.689, 10.72)]


def test_a_quantity_before_a_sign_of_times() -> None:
    data = extracted(
        """
        Artikel             Anzahl    Stückpreis      Summe
        Kaffeefilter            3x        4,10 €    12,30 €
        Handmühle               1x       39,90 €    39,90 €

        Gesamtsumme                                 52,20 €
        """
    )
    assert [(i["quantity"], i.get("unit")) for i in data["lineItems"]] == [(3, None), (1, None)]
