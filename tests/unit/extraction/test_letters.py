"""Sender and addressee of letters that name neither by a heading."""

from __future__ import annotations

import pytest

from services.engine.extraction.party import is_street
from tests.unit.extraction.reading import document, extracted

FREELANCER = """
                                                              Hanne Petersilge
                                                             Lektorat und Satz
                                                                 Marktgasse 12
                                                                 04107 Leipzig
                                                             Tel. 0341 4407712

Verlag am Mühlgraben GmbH
Frau Dr. Lang
Uferstraße 8
04229 Leipzig

                                                   Leipzig, 18. März 2024

RECHNUNG Nr. 12/2024

Korrektorat Manuskript                                     678,40 EUR
Rechnungsbetrag                                            678,40 EUR
"""


def test_a_freelancer_s_block_at_the_right_edge_is_the_sender_s() -> None:
    invoice = extracted(FREELANCER)["invoice"]
    assert invoice["supplier"]["name"] == "Hanne Petersilge"
    assert invoice["customer"]["name"] == "Verlag am Mühlgraben GmbH"


CRAFTSMAN = """
                         Zimmerei Anton Gschwend
                    Holzbau - Dachstühle - Altbau
       Seestraße 12 · 83209 Prien · Telefon 08051/71822 · Mobil 0171/66278

Familie Huber
Am Innufer 5
83024 Rosenheim

                                              Prien, den 3. März 2024
Rechnung Nr. 2024/017

14 Std.   Stunden Zimmerer         à       62,00        868,00
          Summe netto EUR                               868,00
          + 19 % MwSt.                                  164,92
          Gesamtsumme EUR                             1.032,92

  Bankverbindung: Raiffeisenbank Chiemgau eG IBAN DE89 3704 0044 0532 0130 00
"""


def test_a_sender_s_line_that_begins_with_a_street_names_nobody() -> None:
    invoice = extracted(CRAFTSMAN)["invoice"]
    assert invoice["supplier"]["name"] == "Zimmerei Anton Gschwend"
    assert invoice["customer"]["name"] == "Familie Huber"


def test_a_name_goes_on_in_a_line_that_is_its_legal_form() -> None:
    invoice = extracted(
        """
                                                  Bauunternehmung Gottlob Kühn
                                                  GmbH
                                                  Werkstraße 41
                                                  72639 Neuffen
                                                  Tel. 07025 / 9120-0
        Wohnbau Filstal eG
        Technische Abteilung
        Plochinger Straße 3
        73730 Esslingen

        3. Abschlagsrechnung 23.118
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Bauunternehmung Gottlob Kühn GmbH"
    assert invoice["customer"]["name"] == "Wohnbau Filstal eG"


@pytest.mark.parametrize(
    "footer",
    [
        "Walliser Kantonalbank, 3951 Sitten · IBAN CH93 0076 2011 6238 5295 7 · Bäckerei Imfeld GmbH",
        "Bäckerei Imfeld GmbH au capital de 20 000 CHF – Dorfplatz 2 3920 Zermatt – RCS Sitten 449955475",
    ],
)
def test_the_legal_name_goes_before_the_brand_and_a_bank_is_nobody_s(footer: str) -> None:
    invoice = extracted(
        f"""
        Imfeld
        BÄCKEREI UND CAFÉ

                                              Alterszentrum Bergheim
                                              Küche / Frau Sommer
                                              Wiesstrasse 51
                                              3920 Zermatt

        Monatsrechnung August 2024

        Artikel                 Menge          Preis          Total
        Ruchbrot                  186           3.15         585.90
        Gipfeli                   310           1.05         325.50
        Rechnungstotal CHF                                   911.40









        {footer}
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Bäckerei Imfeld GmbH"
    assert invoice["customer"]["name"] == "Alterszentrum Bergheim"


@pytest.mark.parametrize("attention", ["z. Hd. Herrn Tobias Kern", "À l’attention de Mme Kern"])
def test_whom_a_letter_is_for_the_attention_of_does_not_end_the_addressee_s_block(attention: str) -> None:
    invoice = extracted(
        f"""
        Pixelhof
        Pixelhof Medien – Kastanienallee 73 – 10435 Berlin
        Fahrradwerk Nordlicht GmbH
        {attention}
        Am Speicher 9
        28217 Bremen

        Rechnung Nr. RE-1043
        Webdesign                                                2.762,50 €
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Fahrradwerk Nordlicht GmbH"


def test_two_blocks_side_by_side_are_told_apart_by_their_contacts() -> None:
    invoice = extracted(
        """
        Cerámicas Levante, S.L.              REFORMAS INTEGRALES SOTO, S.A.
        Ctra. Vila-real km 2,5               C/ Luis Salvador, 3, bajo
        12200 ONDA (Castellón)               46015 VALENCIA
        C.I.F.: B58818501                    C.I.F.: A58818501
        Telf. 918767474

        FACTURA Nº        FECHA
        VE-1877           31/10/2023
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Cerámicas Levante, S.L."
    assert invoice["customer"]["name"] == "REFORMAS INTEGRALES SOTO, S.A."


def test_a_customer_s_number_is_no_heading_of_the_customer() -> None:
    invoice = extracted(
        """
        Vallon Distribution SAS

        Facture N° VTE2406                      Mairie de Saint-Aubin
        Client : 0035214                        1 place Veuve Gaillard
        Engagement : 2024-E-0771                35140 SAINT-AUBIN
        Service : DST

        Total TTC                                              7 144,02
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Mairie de Saint-Aubin"


HOTEL = """
Parkhotel Belvedere

Consulting Werk AG                               RECHNUNG        117 438
Herrn Dr. Felix Arndt                            Datum           16.06.23
Königsallee 92a                                  Zimmer          214
40212 Düsseldorf                                 Kassierer       MS 08:12

Leistung                      Anzahl       Einzel      Betrag EUR
Übernachtung                       2       119,00          238,00
Gesamtbetrag                                           EUR 238,00
VISA                                                      -238,00
Bar                                                          0,00










Parkhotel Belvedere GmbH · Lichtentaler Weg 54 · 76530 Baden-Baden · IBAN DE89 3704 0044 0532 0130 00
"""


def test_a_letter_that_was_paid_by_card_is_no_till_receipt() -> None:
    invoice = extracted(HOTEL)["invoice"]
    assert invoice["supplier"]["name"] == "Parkhotel Belvedere GmbH"
    assert invoice["customer"]["name"] == "Consulting Werk AG"


def test_the_customer_s_tax_id_is_not_the_supplier_s() -> None:
    invoice = extracted(
        """
        Hoffmeister Antriebe AG, Postfach 80 01 24, 70501 Stuttgart
        Maschinenbau Ellwangen GmbH
        Industriestraße 7
        73479 Ellwangen

        Ihre USt-IdNr.                                 Rechnung 4711
        DE136695976

        Gesamtbetrag                                         119,00











        70565 Stuttgart     HRB 73921 AG Stuttgart     USt-IdNr.: DE123456788
        """
    )["invoice"]
    assert invoice["supplier"]["taxId"] == "DE123456788"
    assert invoice["customer"]["taxId"] == "DE136695976"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Venloer Str. 310", True),
        ("Corso Vittorio Emanuele II", True),
        ("12 rue de l’Industrie", True),
        ("27 Quarry Rd", True),
        ("Am Speicher 9", True),
        ("Havnevej 3", True),
        ("Zimmerei Gschwend", False),
        ("Corso Moda S.r.l.", False),
        ("Am Markt Apotheke", False),
        ("Road Runner Ltd", False),
    ],
)
def test_streets_are_told_from_companies(text: str, is_one: bool) -> None:
    assert is_street(document(text).lexicon, text) is is_one
