"""Amounts at labels nobody knows, taxes of 0 that are stated, and labels over amounts."""

from __future__ import annotations

import pytest

from tests.unit.extraction.reading import extracted


def amounts(drawing: str) -> dict[str, object]:
    found = extracted(drawing)["invoice"]["amounts"]
    assert isinstance(found, dict)
    return {name: found.get(name) for name in ("subtotal", "tax", "total")}


def test_a_tax_of_an_unknown_name_is_told_by_rate_and_difference() -> None:
    found = amounts(
        """
        Subtotal                     10,350.00
        Moms (25.00%)                 2,587.50
        Total                        12,937.50
        """
    )
    assert found == {"subtotal": 10350, "tax": 2587.5, "total": 12937.5}


def test_a_total_of_an_unknown_name_is_the_sum() -> None:
    found = amounts(
        """
        Gesamtkosten netto:                71,05 €
        zzgl. 19 % MwSt:                   13,50 €
        Gesamtaufwand:                     84,55 €
        """
    )
    assert found == {"subtotal": 71.05, "tax": 13.5, "total": 84.55}


def test_a_total_of_an_unknown_name_is_the_sum_with_the_taxes_of_all_rates() -> None:
    found = amounts(
        """
        Gesamtkosten netto:               111,00 €
        zzgl. 19 % MwSt:                   13,55 €
        zzgl. 7 % MwSt:                     2,78 €
        Gesamtaufwand:                    127,33 €
        """
    )
    assert found == {"subtotal": 111, "tax": 16.33, "total": 127.33}


def test_a_total_of_an_unknown_name_is_what_was_paid_and_what_is_due() -> None:
    found = amounts(
        """
        Net total                      2,221.79
        Shipping                          14.00
        VAT 8.25 % on 2,235.79           184.45
        Everything                     2,420.24
        Paid                          -1,210.12
        Balance due                    1,210.12
        """
    )
    assert found == {"subtotal": 2221.79, "tax": 184.45, "total": 2420.24}


def test_what_stands_below_what_is_due_is_not_the_total() -> None:
    found = amounts(
        """
        Balance due                      100.00
        Paid                              40.00
        Credit limit                     140.00
        """
    )
    assert found["total"] == 100


def test_the_sum_of_one_rate_is_not_the_total() -> None:
    found = amounts(
        """
        Total 6% supplies (excl. GST)     15.84
        GST                                0.95
        Supplies at 6%                    16.79
        Total payable                     39.78
        """
    )
    assert found["total"] == 39.78


def test_a_base_of_the_tax_is_not_the_subtotal_where_that_has_a_label() -> None:
    found = amounts(
        """
        Subtotal                  280.80
        Shipping                   27.50
        VAT 20 % of 308.30         61.66
        Total                     369.96
        """
    )
    assert found["subtotal"] == 280.8


def test_labels_close_together_over_amounts_have_one_each() -> None:
    found = amounts(
        """
        Gesamt netto MwSt. 19,00 % Endbetrag EUR
        514,27          97,71         611,98
        """
    )
    assert found == {"subtotal": 514.27, "tax": 97.71, "total": 611.98}


def test_a_currency_behind_the_name_of_the_tax_leaves_it_a_tax() -> None:
    found = amounts(
        """
        Summe netto EUR        338,98
        + 19 % MwSt. EUR        64,41
        Gesamtsumme EUR        403,39
        """
    )
    assert found["tax"] == 64.41


@pytest.mark.parametrize(
    "statement",
    [
        "Gemäß § 19 UStG enthält der Betrag keine Umsatzsteuer.",
        "TVA non applicable, art. 293 B du CGI",
        "Operazione effettuata in regime forfettario, senza applicazione dell'IVA",
        "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)",
        "VAT exempt under Article 132",
    ],
)
def test_a_tax_that_is_stated_not_to_be_due_is_zero(statement: str) -> None:
    language = "Rechnungsbetrag        635,20 EUR\n\nBitte zahlen Sie die Rechnung\n"
    french = "Facture\nTotal à payer          635,20 EUR\n\nRèglement de la facture par virement\n"
    italian = "Fattura\nTotale fattura         635,20 EUR\n\nPagamento della fattura\n"
    start = {"TVA": french, "Ope": italian}.get(statement[:3], language)
    data = extracted(start + statement + "\n")
    assert data["invoice"]["amounts"]["tax"] == 0
    assert "no tax is due" in data["provenance"]["invoice.amounts.tax"]["reason"]


def test_a_tax_that_is_charged_stands_against_a_statement() -> None:
    found = amounts(
        """
        Steuerfrei nach § 4 UStG             3.255,60
        19 % USt auf 391,44                     74,37
        Rechnungsbetrag EUR                  3.721,41
        """
    )
    assert found["tax"] == 74.37


def test_the_currency_is_that_of_the_total() -> None:
    data = extracted(
        """
        Warenwert laut Zoll       USD 84.200,00
        Versicherung              USD    120,00
        Rechnungsbetrag EUR            3.721,41
        """
    )
    assert data["invoice"]["amounts"]["currency"] == "EUR"


def test_a_number_beside_a_date_in_a_heading_is_the_documents() -> None:
    data = extracted(
        """
        Quincaillerie Aubert SARL                       FACTURE
        12 rue des Lilas
        12000 RODEZ                           Numéro        Date          Code client

                                              FA00018742    28/09/2023    C00412
        """
    )
    assert data["invoice"]["number"] == "FA00018742"


def test_values_close_together_belong_to_the_labels_over_them() -> None:
    data = extracted(
        """
        Marlow Signs                            Invoice
                                      Date        Invoice #
                                      8/21/2023 2023-771

        Total                                      $803.76
        """
    )
    assert (data["invoice"]["number"], data["invoice"]["date"]) == ("2023-771", "2023-08-21")


def test_one_rate_is_not_the_tax_where_nothing_adds_up() -> None:
    found = amounts(
        """
        Netto                  339,77
        MwSt. 19 %               2,28
        MwSt. 7 %               22,90
        Gesamt                 364,29
        """
    )
    assert found["tax"] == 25.18


def test_what_was_paid_is_the_total_where_it_is_the_base_with_its_tax() -> None:
    found = amounts(
        """
        Total pagado           96,80 €
        Base imponible         80,00 €
        IVA (21%)              16,80 €
        """
    )
    assert (found["subtotal"], found["tax"], found["total"]) == (80, 16.8, 96.8)


def test_a_stamp_duty_is_added_to_the_fees() -> None:
    found = amounts(
        """
        Prestazione                      Q.tà     Tariffa      Importo
        Lezioni di tedesco                 12       40,00       480,00

        Totale compensi                                         480,00
        Imposta di bollo (assolta in modo virtuale)               2,00
        Totale a pagare €                                       482,00
        """
    )
    assert (found["subtotal"], found["total"]) == (480, 482)


def test_a_currency_that_only_a_heading_names_in_capitals() -> None:
    invoice = extracted(
        """
        BASE IMPONIBLE     % IVA     IMPORTE IVA     TOTAL EUROS
        200,00             21,00     42,00           242,00
        """
    )["invoice"]
    assert (invoice["amounts"]["currency"], invoice["amounts"]["total"]) == ("EUR", 242)
