"""Totals are chosen as a set that adds up, against amounts that only look right."""

from __future__ import annotations

from tests.unit.extraction.reading import extracted, read


def amounts(drawing: str) -> dict[str, object]:
    found = extracted(drawing)["invoice"]["amounts"]
    assert isinstance(found, dict)
    return found


def test_the_sum_that_adds_up_wins_over_a_later_total() -> None:
    found = amounts(
        """
        Net total            100.00
        VAT 20%               20.00
        Total                120.00

        Total of last month  480.00
        Total               1480.00
        """
    )
    assert (found["subtotal"], found["tax"], found["total"]) == (100, 20, 120)


def test_several_rates_are_added_up() -> None:
    data = extracted(
        """
        Nettobetrag                     336,00 €
        MwSt 7 %   auf   100,00           7,00 €
        MwSt 19 %  auf   236,00          44,84 €
        Gesamtbetrag                    387,84 €
        """
    )["invoice"]
    assert data["amounts"]["tax"] == 51.84
    assert data["taxes"] == [
        {"rate": 7, "base": 100, "amount": 7},
        {"rate": 19, "base": 236, "amount": 44.84},
    ]


def test_discount_and_shipping_explain_the_difference() -> None:
    extraction = read(
        """
        Subtotal      200.00
        Discount      -20.00
        Shipping       15.00
        Sales tax      16.00
        Total         211.00
        """
    )
    assert not [finding for finding in extraction.findings if finding.severity == "error"]
    money = extraction.invoice.amounts
    assert [str(v) for v in (money.subtotal, money.discount, money.shipping, money.tax, money.total)] == [
        "200.00",
        "20.00",
        "15.00",
        "16.00",
        "211.00",
    ]


def test_what_was_paid_and_what_is_due_are_not_the_total() -> None:
    found = amounts(
        """
        Zwischensumme            500,00 €
        zzgl. 19 % USt            95,00 €
        Gesamtbetrag             595,00 €
        Erhaltene Anzahlungen   -400,00 €
        Zahlbetrag               195,00 €
        """
    )
    assert (found["total"], found["paid"], found["due"]) == (595, 400, 195)


def test_sums_in_columns_below_their_headings() -> None:
    found = amounts(
        """
        Net amount      VAT amount      Total amount
        250.00          50.00           300.00
        """
    )
    assert (found["subtotal"], found["tax"], found["total"]) == (250, 50, 300)


def test_a_total_that_includes_the_tax_is_no_tax() -> None:
    found = amounts(
        """
        Total incl. GST 6%     RM 53.00
        CASH                   RM 60.00
        CHANGE                 RM  7.00
        """
    )
    assert found == {"total": 53, "currency": "MYR"}


def test_sums_that_contradict_each_other_are_an_error() -> None:
    extraction = read(
        """
        Subtotal    100.00
        VAT          20.00
        Total       150.00
        """
    )
    assert not extraction.is_valid
    (error,) = [finding for finding in extraction.findings if finding.severity == "error"]
    assert error.field == "invoice.amounts.total"
    assert "100.00" in error.message
    assert "150.00" in error.message
    assert "page 1" in error.message


def test_the_subtotal_is_derived_only_from_a_printed_tax() -> None:
    assert amounts("Total   119,00 €\ndavon MwSt 19 %   19,00 €")["subtotal"] == 100
    assert "subtotal" not in amounts("Total   119,00 €")


def test_a_total_before_the_taxes_is_the_subtotal() -> None:
    found = amounts(
        """
        Total amount        1960.72
        CGST @ 6%            117.64
        SGST @ 6%            117.64
        Grand total         2196.00
        """
    )
    assert (found["subtotal"], found["tax"], found["total"]) == (1960.72, 235.28, 2196)


def test_totals_of_single_rates_are_not_the_total() -> None:
    found = amounts(
        """
        Total 0% supplies                 22.99
        Total 6% supplies (excl. GST)     15.84
        GST                                0.95
        Total 6% supplies (incl. GST)     16.79
        Total payable                     39.78
        """
    )
    assert found["total"] == 39.78


def test_the_sum_over_sections_listed_again_is_the_subtotal() -> None:
    amounts = extracted(
        """
        Pos    Leistung                Menge    Einzelpreis    Betrag

        Titel 1 Vorarbeiten
        1.01   Gerüst                  10,00          50,00    500,00
        1.02   Abbruch                  4,00          25,00    100,00
        Summe Titel 1                                          600,00
        Titel 2 Dach
        2.01   Ziegel                  20,00          15,00    300,00
        2.02   Rinne                   10,00          10,00    100,00
        Summe Titel 2                                          400,00

        Zusammenstellung
        Titel 1 Vorarbeiten                                    600,00
        Titel 2 Dach                                           400,00
        Gesamtsumme netto                                    1.000,00
        zzgl. Mehrwertsteuer 19,0 %                            190,00
        Gesamtsumme brutto                                   1.190,00
        """
    )["invoice"]["amounts"]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (1000.0, 190.0, 1190.0)


def test_a_net_sum_of_an_invoice_is_no_title() -> None:
    amounts = extracted(
        """
        3. Abschlagsrechnung                     LR-24-041

        Summe Leistungsstand netto                5.000,00
        abzüglich 1. Abschlagsrechnung, netto    -4.000,00
        Netto dieser Abschlagsrechnung            1.000,00
        19 % Umsatzsteuer                           190,00
        Zu zahlender Betrag                       1.190,00
        """
    )["invoice"]["amounts"]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (1000.0, 190.0, 1190.0)


def test_sums_of_each_rate_and_of_all_under_headings_far_apart() -> None:
    amounts = extracted(
        """
        Netto 7%      MwSt 7%      Netto 19%      MwSt 19%      Netto ges.      MwSt ges.      Endbetrag
          100,00         7,00         200,00         38,00          300,00          45,00         345,00
        """
    )["invoice"]["amounts"]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (300.0, 45.0, 345.0)


def test_net_sum_tax_and_total_side_by_side() -> None:
    amounts = extracted(
        """
        Product           Qty       Net £      VAT rate      VAT £      Gross £
        Gas oil            20    1,648.00           20%     329.60     1,977.60
        Kerosene            9      555.75            5%      27.79       583.54
        Invoice total            2,203.75                   357.39     2,561.14
        """
    )["invoice"]["amounts"]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (2203.75, 357.39, 2561.14)


def test_what_a_rate_is_of_is_not_the_tax() -> None:
    amounts = extracted(
        """
        Faktura 10458           Fakturadatum 2024-02-05       Förfallodatum 2024-03-06

        Exkl. moms      Moms 25% av 10 058,52      ATT BETALA
         10 058,52                   2 514,63       12 573,15
        """
    )["invoice"]["amounts"]
    assert (amounts["subtotal"], amounts["tax"], amounts["total"]) == (10058.52, 2514.63, 12573.15)


def test_a_currency_that_is_nowhere_printed_is_that_of_the_country() -> None:
    drawing = """
        Identificativo fiscale ai fini IVA: IT09204471784
        Totale imponibile              100,00
        Totale imposta                  22,00
        Totale documento               122,00
        """
    assert amounts(drawing)["currency"] == "EUR"
    assert "currency" not in amounts(drawing.replace("IT0", "0"))
