"""Item tables with sums, discounts and headings between their rows."""

from __future__ import annotations

from services.engine.extraction import extract
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page
from tests.unit.extraction.reading import extracted

Item = tuple[object, ...]


def items(*drawings: str) -> list[Item]:
    names = ("description", "quantity", "unitPrice", "amount")
    return [tuple(item.get(name) for name in names) for item in extracted(*drawings)["lineItems"]]


def test_the_article_number_above_the_text_and_discounts_on_rows_of_their_own() -> None:
    data = extracted(
        """
        Pos.   Material                              Menge ME     Preis   pro        Wert
               Bezeichnung                                          EUR               EUR
        000010  77120034                             10 ST        20,00     1      200,00
               Flanschlager UCF 205
               Kundenrabatt                       5,00- %                           10,00-
               Positionswert                                                       190,00
        000020  77120035                             2 ST         35,50     1       71,00
               Wellenmutter KM 5
               Summe Positionen                                                    261,00
        Ausgangssteuer 19,000 %                        261,00                       49,59
        Endbetrag                                         EUR                      310,59
        """
    )
    first, second = data["lineItems"]
    assert (first["description"], first["sku"]) == ("Flanschlager UCF 205", "77120034")
    assert (first["quantity"], first["unitPrice"], first["discount"], first["amount"]) == (10, 20, 10, 190)
    assert (second["description"], second["amount"]) == ("Wellenmutter KM 5", 71)
    assert data["invoice"]["amounts"]["subtotal"] == 261


def test_sums_carried_over_and_what_every_page_repeats_are_no_items() -> None:
    footer = """
        Werkbank AG    Commerzbank AG               Sitz Ulm
        Talweg 3       4257 3827 0048 1727          HRB 1234 5566
    """
    first = """
        Pos   Bezeichnung              Menge      Preis      Betrag
        1     Lagerbock                    4      12,00       48,00
        2     Stellring                    6       3,50       21,00
              Übertrag                                        69,00
    """
    second = """
        Pos   Bezeichnung              Menge      Preis      Betrag
              Übertrag                                        69,00
        3     Keilwelle                    1      80,00       80,00
              Nettosumme                                     149,00
    """
    assert items(first + footer, second + footer) == [
        ("Lagerbock", 4, 12, 48),
        ("Stellring", 6, 3.5, 21),
        ("Keilwelle", 1, 80, 80),
    ]


def test_sums_of_sections_do_not_end_the_table() -> None:
    data = extracted(
        """
        Pos.      Beschreibung                       Menge  Einheit       EP         GP
        1         Erdarbeiten
        1.1       Oberboden abtragen                   120  m²          3,50     420,00
        1.2       Baugrube ausheben                     45  m³         18,00     810,00
                  Summe Titel 1                                                1.230,00
        2         Maurerarbeiten
        2.1       Mauerwerk 24 cm                       30  m²         85,00   2.550,00
                  Summe Titel 2                                                2.550,00
                  Nettosumme                                                   3.780,00
                  zzgl. 19 % MwSt.                                               718,20
                  Gesamtsumme                                                  4.498,20
        """
    )
    assert [(item["description"], item["amount"]) for item in data["lineItems"]] == [
        ("Oberboden abtragen", 420),
        ("Baugrube ausheben", 810),
        ("Mauerwerk 24 cm", 2550),
    ]
    assert data["invoice"]["amounts"]["total"] == 4498.2


def test_a_further_section_counts_when_a_sum_takes_it_in() -> None:
    found = items(
        """
        Date         Timekeeper     Description                  Hours     Amount
        03/04/2024   A. Brandt      Review transcripts            2.50    1,062.50
        03/06/2024   A. Brandt      Prepare motion                3.00    1,275.00
                     TOTAL FEES                                   5.50    2,337.50

        COSTS ADVANCED
        03/05/2024   Court reporter                                         410.00
        03/09/2024   Messenger                                               38.75
                     TOTAL COSTS                                            448.75

                     TOTAL THIS INVOICE                                   2,786.25
        """
    )
    assert [amount for *_, amount in found] == [1062.5, 1275, 410, 38.75]


def test_taxes_and_charges_below_the_sum_are_no_items() -> None:
    found = items(
        """
        Description            Qty      Price      Amount
        Lamp                     2      20.00       40.00
        Shade                    1      10.00       10.00
        Subtotal                                    50.00
        Shipping                                     5.00
        Moms 25%                                    13.75
        Total                                       68.75
        """
    )
    assert [name for name, *_ in found] == ["Lamp", "Shade"]


def test_a_tax_in_a_word_that_is_unknown_ends_the_table() -> None:
    found = items(
        """
        Beskrivelse        Qty      Price      Amount
        Plakat               2      50.00      100.00
        Hæfte                4      25.00      100.00
        Mervaerdi 25%                           50.00
        """
    )
    assert [amount for *_, amount in found] == [100, 100]


def test_a_discount_on_everything_is_no_item() -> None:
    data = extracted(
        """
        Artikel                     Menge      Preis      Gesamt
        Regal Eiche                     2     120,00      240,00
        Schreibtisch                    1     380,00      380,00
        Rabatt 10 %                                       -62,00
        Zwischensumme                                     558,00
        MwSt 19 %                                         106,02
        Gesamtbetrag                                      664,02
        """
    )
    assert [item["amount"] for item in data["lineItems"]] == [240, 380]
    assert data["invoice"]["amounts"]["discount"] == 62


def test_titles_above_the_numbers_belong_to_what_follows() -> None:
    found = items(
        """
        Pos   Leistung                                                  Betrag
        1     Beratung Datenschutz
              12 Std. à 95,00 €                                       1.140,00 €
        2     Schulung Mitarbeiter
              2 Tage à 900,00 €                                       1.800,00 €
        3     Reisekosten pauschal                                      120,00 €
        Nettobetrag                                                   3.060,00 €
        """
    )
    assert found == [
        ("Beratung Datenschutz", 12, 95, 1140),
        ("Schulung Mitarbeiter", 2, 900, 1800),
        ("Reisekosten pauschal", None, None, 120),
    ]


def test_a_title_names_all_rows_below_it_that_have_no_name() -> None:
    found = items(
        """
        Ihre Kosten                Verbrauch         Preis          Betrag EUR
        Arbeitspreis
          01.01.23 - 30.06.23      1.310 kWh    34,20 Ct/kWh            448,02
          01.07.23 - 31.12.23      1.360 kWh    31,80 Ct/kWh            432,48
        Grundpreis
          01.01.23 - 31.12.23      365 Tage    130,00 EUR/Jahr          130,00
        Stromsteuer                2.670 kWh     2,05 Ct/kWh             54,74
        Summe netto                                                   1.065,24
        """
    )
    assert [(name, amount) for name, *_, amount in found] == [
        ("Arbeitspreis", 448.02),
        ("Arbeitspreis", 432.48),
        ("Grundpreis", 130),
        ("Stromsteuer", 54.74),
    ]
    assert [price for _, _, price, _ in found] == [0.342, 0.318, 130, 0.0205]


def test_text_around_the_numbers_belongs_to_the_nearer_item() -> None:
    found = items(
        """
        Description                              Qty      Price     Amount
        Annual licence for the
        analytics platform, 25                     1    2,400.00   2,400.00
        named users

        Onboarding and remote
        training for two                           2      600.00   1,200.00
        administrators

        Subtotal                                                   3,600.00
        """
    )
    assert [name for name, *_ in found] == [
        "Annual licence for the analytics platform, 25 named users",
        "Onboarding and remote training for two administrators",
    ]


def test_amounts_in_the_currency_of_the_invoice() -> None:
    found = items(
        """
        Leistung            Menge     Satz   Whg    Betrag Whg     Kurs      Betrag EUR
        Luftfracht          612,0     4,35   USD      2.662,20   0,92310       2.457,48
        Abholung                1   318,00   EUR        318,00   1,00000         318,00
                                          Steuerfreier Betrag                  2.457,48
                                          Rechnungsbetrag EUR                  2.775,48
        """
    )
    assert [(name, amount) for name, *_, amount in found] == [("Luftfracht", 2457.48), ("Abholung", 318)]


def test_a_title_above_the_heading_is_no_part_of_it() -> None:
    found = items(
        """
        Sammelrechnung Kraftstoffe und Leistungen
        Datum       Station        Produkt      Menge     Betrag EUR     MwSt%
        02.05.24    Nordtank       Diesel       41,22          69,62        19
        09.05.24    Suedtank       Diesel       38,90          66,60        19
                                   Summe                      136,22
        """
    )
    assert [(name, amount) for name, *_, amount in found] == [("Diesel", 69.62), ("Diesel", 66.6)]


def test_a_number_in_a_note_is_no_sum() -> None:
    found = items(
        """
        Pos   Bezeichnung             Menge      Preis      Betrag
        1     Schraube                  100       0,05        5,00
        2     Mutter                    100       0,04        4,00
        3     Scheibe                   100       0,03        3,00
              Grundpreis 0,01
        4     Splint                    100       0,02        2,00
        """
    )
    assert [name for name, *_ in found] == ["Schraube", "Mutter", "Scheibe Grundpreis 0,01", "Splint"]


def test_a_sum_carried_over_in_an_unknown_word() -> None:
    found = items(
        """
        Pos   Bezeichnung             Menge      Preis      Betrag
        1     Schraube                  100       0,05        5,00
        2     Mutter                    100       0,04        4,00
        3     Scheibe                   100       0,03        3,00
        """,
        """
        Pos   Bezeichnung             Menge      Preis      Betrag
              Hinüber                                        12,00
        4     Splint                    100       0,02        2,00
        """,
    )
    assert [name for name, *_ in found] == ["Schraube", "Mutter", "Scheibe", "Splint"]


def test_a_carried_sum_at_the_end_of_a_page_without_a_further_heading() -> None:
    found = items(
        """
        Pos   Bezeichnung             Menge      Preis      Betrag
        1     Schraube                  100       0,05        5,00
        2     Mutter                    100       0,04        4,00
        3     Scheibe                   100       0,03        3,00
              Zwischensumme                                  12,00
        """,
        """
        4     Splint                    100       0,02        2,00
        5     Niet                      100       0,06        6,00
        Gesamt inkl. Versand                                 25,00
        """,
    )
    assert [name for name, *_ in found] == ["Schraube", "Mutter", "Scheibe", "Splint", "Niet"]


def test_a_row_that_sums_up_several_columns_is_no_item_in_whatever_words() -> None:
    data = extracted(
        """
        Lp.  Nazwa towaru            Ilość  J.m.    Cena netto   Wartość netto   VAT   Kwota VAT   Brutto
        1    Filtr oleju             1 szt.             40,00           40,00   23%        9,20    49,20
        2    Olej 5W30               4,5 l              60,00          270,00   23%       62,10   332,10
        3    Świeca                  2 szt.             15,00           30,00   23%        6,90    36,90
                                                Zestawienie            340,00   23%       78,20   418,20
                                                     Razem             340,00             78,20   418,20
        Do zapłaty: 418,20 PLN
        """
    )
    amounts = data["invoice"]["amounts"]
    assert [(item["quantity"], item["amount"]) for item in data["lineItems"]] == [
        (1, 40),
        (4.5, 270),
        (2, 30),
    ]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (340, 78.2, 418.2)


def test_a_code_of_tax_behind_the_amounts_does_not_end_the_table() -> None:
    data = extracted(
        """
        QTY    ITEM NO.   DESCRIPTION               PRICE   UNIT     EXTENDED   CODE
        80     LOM-T1     Mat rush                  $4.00   ea        $320.00   GST
         36 WES-B200      Coast rosemary           $10.00   ea        $360.00   GST
        40     TOM-S      Tomato seedlings          $2.00   ea         $80.00   FRE

        CODE     RATE      GST          SALE AMOUNT      SALE AMOUNT             $760.00
        GST       10%      $68.00       $680.00          GST                      $68.00
        FRE        0%       $0.00        $80.00          TOTAL AMOUNT            $828.00
        """
    )
    amounts = data["invoice"]["amounts"]
    assert [item.get("quantity") for item in data["lineItems"]] == [80, 36, 40]
    assert [item["amount"] for item in data["lineItems"]] == [320, 360, 80]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (760, 68, 828)


def test_a_table_of_taxes_and_the_head_of_the_next_page_are_no_items() -> None:
    head = """
        Harrow & Tine                                                       Page {} of 2
        Product    Description                  Qty Per      Price £    Goods £   V
    """
    first = """
        TIM-47     Carcassing 47x150             24 LG         10.00     240.00   S
        BAT-25     Roofing batten 25x50          60 LG          2.00     120.00   S
    """
    second = """
        PLB-12     Plasterboard                   4 SH         10.00      40.00   S

        VAT ANALYSIS                             Goods Total             400.00
        Code   Rate     Goods       VAT          VAT                      80.00
        S      20.00    400.00      80.00        INVOICE TOTAL £         480.00
        Z       0.00      0.00       0.00
    """
    data = extracted(head.format(1) + first, head.format(2) + second)
    amounts = data["invoice"]["amounts"]
    assert [(item["quantity"], item["amount"]) for item in data["lineItems"]] == [
        (24, 240),
        (60, 120),
        (4, 40),
    ]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (400, 80, 480)


def test_two_names_of_columns_that_run_into_each_other() -> None:
    drawing = """
        Libellé                      Quantité     Prix unitaire HT     Montant HT TVA
        Fibre 1 Gb/s                        1                45,00      45,00   20 %
        Téléphonie 4 postes                 4                12,00      48,00   20 %
        """
    data = extract([page(drawing, source="ocr")], ExtractionSettings()).to_json()["extractedData"]
    assert [(item["amount"], item["taxRate"]) for item in data["lineItems"]] == [(45, 20), (48, 20)]


def test_amounts_below_a_name_that_runs_into_that_of_the_tax() -> None:
    found = items(
        """
        CODICE    DESCRIZIONE             UM     Q.TÀ     PREZZO     SC.%     IMPORTO IVA
        VT88      Vite 8x50               CF       10      20,00       40      120,00 22
        TS10      Tassello                CF       12      10,00       50       60,00 22
        MT5       Metro                   PZ        6       8,00                48,00 22
        """
    )
    assert [row[1:] for row in found] == [(10, 20, 120), (12, 10, 60), (6, 8, 48)]


def test_a_rate_and_an_amount_below_one_name() -> None:
    found = items(
        """
        Description              Quantity   Unit Price   VAT Amount GBP
        Marquee hire                 1.00     1,400.00   20%   1,400.00
        Chairs, limewash           100.00         2.50   20%     250.00
        """
    )
    assert [row[1:] for row in found] == [(1, 1400, 1400), (100, 2.5, 250)]
