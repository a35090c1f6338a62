"""Who sells, buys and receives, and the terms between them, where pages say it in unusual places."""

from __future__ import annotations

import pytest

from services.engine.extraction.addresses import is_postal
from tests.unit.extraction.reading import extracted


def test_a_short_heading_inside_a_line_is_a_word() -> None:
    invoice = extracted(
        """
        Papelaria Horizonte Lda.                               FATURA
        Rua das Flores 12
        1250-096 Lisboa                                        NIPC: PT501442600

        Descrição                          Qtd.      Preço unitário     Valor líquido
        Estante de 5 prateleiras              1              98,10             98,10
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Papelaria Horizonte Lda."


@pytest.mark.parametrize("name", ["Thijs van Ooijen", "Jansen, de Wit & Zn. B.V."])
def test_a_delivery_address_in_one_line(name: str) -> None:
    invoice = extracted(
        f"""
        Van der Kolk Techniek B.V.                             FACTUUR 2025-118
        Korenmarkt 138
        9712 HN Groningen

        Bezorgadres: {name}, Havenkade 103, 2312 HD Leiden
        Creditnota bij uw bestelling
        """
    )["invoice"]
    assert invoice["shipTo"] == {"name": name, "address": "Havenkade 103, 2312 HD Leiden"}
    assert invoice["supplier"]["name"] == "Van der Kolk Techniek B.V."


RIGHT_ALIGNED = """
                                                  Noorderhaven Kantoor V.O.F.
Factuur                                                         Havenkade 138
                                                              3511 LX Utrecht
                                                   info@noorderhaven.example

Factuurnr.        Factuurdatum
R26034007         16-03-2026

Fenna Drijver
Weversstraat 71
5611 EM Eindhoven
BTW-id NL241735440B01

Omschrijving                        Aantal           Prijs              Bedrag
Kopieerpapier A4                        12            5,87               70,44

Subtotaal                                                                70,44
21 % btw                                                                 14,79
Te betalen                                                               85,23
Vooruitbetaald                                                          -25,23
Openstaand bedrag                                                        60,00

Betaaltermijn: wij verzoeken u binnen 14 dagen te betalen
Noorderhaven Kantoor V.O.F. · BTW-id NL083140736B01
"""


def test_a_letterhead_that_ends_at_the_right_edge() -> None:
    supplier = extracted(RIGHT_ALIGNED)["invoice"]["supplier"]
    assert supplier["name"] == "Noorderhaven Kantoor V.O.F."
    assert supplier["address"] == "Havenkade 138, 3511 LX Utrecht"


def test_tax_ids_belong_to_whom_they_stand_with() -> None:
    invoice = extracted(RIGHT_ALIGNED)["invoice"]
    assert invoice["supplier"]["taxId"] == "NL083140736B01"
    assert invoice["customer"]["taxId"] == "NL241735440B01"


def test_a_rate_before_the_name_of_the_tax_and_what_is_left_to_pay() -> None:
    amounts = extracted(RIGHT_ALIGNED)["invoice"]["amounts"]
    assert (amounts["tax"], amounts["paid"], amounts["due"]) == (14.79, 25.23, 60)


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("Zahlungsziel: 45 Tage netto", "45 Tage netto"),
        ("Zahlungsbedingungen: Zahlbar binnen 10 Tagen", "Zahlbar binnen 10 Tagen"),
        ("Fällig am: 3.4.2025", None),
    ],
)
def test_terms_of_payment(line: str, terms: str | None) -> None:
    invoice = extracted(f"Rechnung Nr. 5\nRechnungsdatum 1.3.2025\nGesamtbetrag  10,00 EUR\n{line}")[
        "invoice"
    ]
    assert invoice.get("paymentTerms") == terms


def test_a_sentence_about_payment_keeps_its_first_word() -> None:
    invoice = extracted("Fatura n.º 7\nTotal a pagar    10,00 EUR\nPagamento a 45 dias da fatura")["invoice"]
    assert invoice["paymentTerms"] == "Pagamento a 45 dias da fatura"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cork, T12 W8KP", True),
        ("9000 St. Gallen", True),
        ("Springfield 62704", True),
        ("44544", False),
        ("29 de enero de 2026", False),
    ],
)
def test_lines_with_a_post_code(text: str, expected: bool) -> None:
    assert is_postal(text) is expected


def test_a_company_whose_name_begins_like_a_heading() -> None:
    invoice = extracted(
        """
        Van der Kolk & Zn. Kantoor V.O.F.
        Populierenlaan 111
        9712 HN Groningen

        Kastanjehof Techniek B.V.                   Factuurnummer:   INV-04674
        Korenmarkt 109                              Factuurdatum:    23-02-2025
        2312 HD Leiden
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Van der Kolk & Zn. Kantoor V.O.F."
    assert invoice["customer"]["name"] == "Kastanjehof Techniek B.V."


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Uw referentie", "PO-73808"),
        ("Ihr Zeichen", "MB-4711"),
        ("Votre référence", "2024/118"),
        ("Your ref", "PO-9"),
    ],
)
def test_the_reference_of_the_customer_stands_in_for_its_order(label: str, value: str) -> None:
    assert extracted(f"Invoice No: 12\n{label}: {value}")["invoice"]["purchaseOrder"] == value


def test_an_order_goes_before_the_reference_of_the_customer() -> None:
    invoice = extracted("Invoice No: 12\nYour ref: AB-77\nPurchase order: PO-1200")["invoice"]
    assert invoice["purchaseOrder"] == "PO-1200"


def test_a_recipient_beside_the_buyer_gets_the_goods() -> None:
    invoice = extracted(
        """
        Faktura 2026-0832
        Nabywca:                                 Data wystawienia: 2026-09-27
        Leśna Polana Sp. z o.o.
        ul. Młyńska 39
        31-011 Kraków

        Odbiorca: Jan Nowak, ul. Polna 34, 61-772 Poznań
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Leśna Polana Sp. z o.o."
    assert invoice["shipTo"] == {"name": "Jan Nowak", "address": "ul. Polna 34, 61-772 Poznań"}


def test_a_recipient_alone_is_the_customer() -> None:
    invoice = extracted(
        """
        Faktura 2026-0832
        Odbiorca:
        Leśna Polana Sp. z o.o.
        ul. Młyńska 39
        31-011 Kraków
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Leśna Polana Sp. z o.o."
    assert "shipTo" not in invoice


def test_a_word_of_an_address_in_one_line_is_no_label() -> None:
    invoice = extracted(
        """
        Invoice 2024-17
        Deliver to: Owen Tindall, 8 Foundry Street, Cork, T12 W8KP
        """
    )["invoice"]
    assert invoice["shipTo"] == {"name": "Owen Tindall", "address": "8 Foundry Street, Cork, T12 W8KP"}


def test_a_table_is_no_recipient() -> None:
    invoice = extracted(
        """
        Credit Note F24035031
        Deliver to:      Harriet Crewe, 128 Foundry Street, Galway, H91 E2K3
        Item description        Quantity     Rate     Amount
        Toner cartridge                3    68.54     205.62
        """
    )["invoice"]
    assert invoice["shipTo"] == {"name": "Harriet Crewe", "address": "128 Foundry Street, Galway, H91 E2K3"}


def test_a_bare_reference_beside_the_account_is_what_to_quote() -> None:
    invoice = extracted(
        """
        Fatura 0540/2025
        IBAN: PT50 0002 0123 1234 5678 9015 4
        Referência: 0540/2025
        """
    )["invoice"]
    assert invoice["payment"]["reference"] == "0540/2025"
    assert "payment" not in extracted("Fatura 0540/2025\nReferência: 17/2025")["invoice"]


def test_a_swiss_vat_id_keeps_what_it_ends_in() -> None:
    invoice = extracted(
        """
        Rechnung 4711
        Rechnungsempfänger
        Tanngrund Backstube GmbH
        Am Mühlgraben 87
        8004 Zürich
        MWST-Nr.: CHE-543.764.640 MWST
        """
    )["invoice"]
    assert invoice["customer"]["taxId"] == "CHE-543.764.640 MWST"


def test_the_number_of_a_ticket() -> None:
    assert extracted("Wrenfield Bakery Limited\nRECEIPT\nTicket 3-007167")["invoice"]["number"] == "3-007167"


def test_an_order_that_is_referred_to_is_not_what_the_document_is() -> None:
    invoice = extracted(
        """
        Pedido: PO-43089
        Maderas del Sur S.L.
        Calle Mayor 3
        46002 Valencia
        Factura 2025-0069
        """
    )["invoice"]
    assert invoice["kind"] == "invoice"
