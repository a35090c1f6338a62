"""Items of documents that have no table heading."""

from __future__ import annotations

from tests.unit.extraction.reading import extracted

Item = tuple[object, ...]


def items(*drawings: str) -> list[Item]:
    names = ("description", "quantity", "unitPrice", "amount")
    return [tuple(item.get(name) for name in names) for item in extracted(*drawings)["lineItems"]]


def test_the_name_above_and_the_numbers_below() -> None:
    found = items(
        """
        für meine Arbeit berechne ich Ihnen:
        - Lektorat Kapitel 1 bis 4
          12 Std. x 45,00 EUR                                        540,00 EUR
        - Korrektorat
          30 Seiten x 4,50 EUR                                       135,00 EUR
                                                                   ============
        Rechnungsbetrag                                              675,00 EUR
        """
    )
    assert found == [("Lektorat Kapitel 1 bis 4", 12, 45, 540), ("Korrektorat", 30, 4.5, 135)]


def test_quantity_and_price_within_the_text() -> None:
    found = items(
        """
        Labour 3 days @ £250.00 per day                              £750.00
        Timber and fixings                                           £186.40
        Total                                                        £936.40
        Less deposit paid                                           -£300.00
        Balance due                                                  £636.40
        """
    )
    assert found == [("Labour", 3, 250, 750), ("Timber and fixings", None, None, 186.4)]


def test_a_sum_without_a_name() -> None:
    found = items(
        """
        14,5 Std.     Malergeselle          à 52,00 €             754,00 €
        4 Eimer       Dispersionsfarbe      à 49,90 €             199,60 €
                                                               ___________
                                                                  953,60 €
                      + 19 % MwSt.                                181,18 €
                      Gesamtbetrag                              1.134,78 €
        """
    )
    assert found == [("Malergeselle", 14.5, 52, 754), ("Dispersionsfarbe", 4, 49.9, 199.6)]


def test_a_printed_percentage_confirms_the_rows_above_it() -> None:
    found = items(
        """
        ein Honorar von                                                     1.800,00 €
        zuzüglich Auslagen                                                     46,50 €
        Taksa 19 %                                                            350,84 €
        """
    )
    assert [amount for *_, amount in found] == [1800, 46.5]


def test_a_payment_slip_holds_no_items() -> None:
    found = items(
        """
        Einbauschrank nach Mass                                     CHF   3'450.00
        Fahrtpauschale                                              CHF      60.00
        Zwischentotal                                               CHF   3'510.00
        MWST 8.1 %                                                  CHF     284.31
        Total                                                       CHF   3'794.31

        Empfangsschein                 Zahlteil              Konto / Zahlbar an
        Währung   Betrag               Währung   Betrag
        CHF       3 794.31             CHF       3 794.31
        """
    )
    assert [amount for *_, amount in found] == [3450, 60]


def test_details_rather_than_the_summary_of_them() -> None:
    found = items(
        """
        Charges                                            €590.00
        Credits                                              €0.00
        Subtotal                                           €590.00
        VAT - 20%                                          €118.00
        TOTAL AMOUNT                                       €708.00

        Detail
        Nimbus Compute                                     €480.00
            Usage                                          €400.00
            VAT (20%)                                       €80.00
        Nimbus Storage                                     €120.00
            Usage                                          €100.00
            VAT (20%)                                       €20.00
        Nimbus Network                                     €108.00
            Usage                                           €90.00
            VAT (20%)                                       €18.00
        """
    )
    assert [(name, amount) for name, *_, amount in found] == [
        ("Nimbus Compute", 480),
        ("Nimbus Storage", 120),
        ("Nimbus Network", 108),
    ]


def test_a_duty_that_is_part_of_the_subtotal_is_an_item() -> None:
    found = items(
        """
        Energía Punta: 62 kWh x 0,182544 €/kWh                        11,32 €
        Energía Llano: 58 kWh x 0,120310 €/kWh                         6,98 €
        Impuesto electricidad                                          0,94 €
                                     Base imponible                   19,24 €
                                     IVA 21 %                          4,04 €
                                     TOTAL FACTURA                    23,28 €
        """
    )
    assert [amount for *_, amount in found] == [11.32, 6.98, 0.94]


def test_a_table_in_a_language_without_vocabulary() -> None:
    found = items(
        """
        Označení dodávky     Množství       J.cena         Xyz    %DPH         DPH   Dohromady
        Postel masiv buk         4 ks    11 490,00   45 960,00     21%    9 651,60   55 611,60
        Noční stolek buk         8 ks     2 150,00   17 200,00     21%    3 612,00   20 812,00
        """
    )
    assert found == [("Postel masiv buk", 4, 11490, 45960), ("Noční stolek buk", 8, 2150, 17200)]


def test_whole_amounts_count_above_a_whole_sum() -> None:
    found = items(
        """
        Logo-Entwicklung                                                 1.200
        Briefbogen und Visitenkarten                                       480

        Summe                                                            1.680 €
        zzgl. 20 % USt.                                                    336 €
        Gesamt                                                           2.016 €
        """
    )
    assert [amount for *_, amount in found] == [1200, 480]


def test_more_than_the_heading_covers() -> None:
    found = items(
        """
        Workshop preparation                                 300.00
        Room hire                                            200.00
        Item                         Qty       Price         Amount
        Catering                       2       50.00         100.00
        Total                                                600.00
        """
    )
    assert [amount for *_, amount in found] == [300, 200, 100]


def test_a_second_column_of_text_beside_the_items() -> None:
    found = items(
        """
        Window cleaning                   120.00     Your customer number is 4411
        Gutter repair                      80.00     Open from Monday to Friday
                                                     a saving of 9.79 on last year
        Paint                              35.50     Thank you for your order
        Total                             235.50
        """
    )
    assert [(name, amount) for name, *_, amount in found] == [
        ("Window cleaning", 120),
        ("Gutter repair", 80),
        ("Paint", 35.5),
    ]


def test_a_long_unit_is_no_name() -> None:
    found = items(
        """
        - Korrektorat Manuskript
          212 Normseiten x 3,20 EUR                                  678,40 EUR
        - Klappentext
          1 pauschal x 75,00 EUR                                      75,00 EUR
        Rechnungsbetrag                                              753,40 EUR
        """
    )
    assert [name for name, *_ in found] == ["Korrektorat Manuskript", "Klappentext"]


def test_a_deposit_for_work_is_an_item() -> None:
    data = extracted(
        """
        Progettazione esecutiva impianto            € 1.900,00
        Direzione lavori – acconto                    € 500,00
        Contributo previdenziale 4%                    € 96,00
        Totale imponibile                           € 2.496,00
        IVA 22%                                       € 549,12
        Totale fattura                              € 3.045,12
        """
    )
    assert [item["amount"] for item in data["lineItems"]] == [1900.0, 500.0, 96.0]


def test_an_item_may_be_called_as_a_payment_is() -> None:
    data = extracted(
        """
        Pacote Fibra 500                        32,50 €
        Cartão móvel 961 204 447                10,20 €
        Chamadas internacionais                  2,80 €
        Total sem IVA                           45,50 €
        IVA 23%                                 10,47 €
        Total da fatura                         55,97 €
        """
    )
    assert [item["amount"] for item in data["lineItems"]] == [32.5, 10.2, 2.8]


def test_what_stands_beside_the_items_does_not_name_them() -> None:
    found = items(
        """
        Sus datos                  Fibra 600 Mb y fijo                  24,80 €
                                   Línea móvil 620 204 447               9,90 €
        Atención al cliente        Promoción TV                         -4,70 €
                                   Total (base imponible)               30,00 €
                                   IVA (21%)                             6,30 €
                                   Total a pagar (IVA incluido)         36,30 €
        """
    )
    assert [name for name, *_ in found] == ["Fibra 600 Mb y fijo", "Línea móvil 620 204 447", "Promoción TV"]


def test_the_one_text_below_its_heading_costs_the_subtotal() -> None:
    drawing = """
        Descrição
        Consultoria em higiene – auditoria de junho

        Resumo                                                    Valor
        Valor base                                             900,00 €
        IVA – 23%                                              207,00 €
        Total do documento                                   1.107,00 €
        Retenção na fonte de IRS à taxa de 25%                 225,00 €
        Importância recebida                                   882,00 €
        """
    assert items(drawing) == [("Consultoria em higiene – auditoria de junho", None, None, 900)]
