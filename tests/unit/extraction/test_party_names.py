"""Names as letterheads and envelopes print them: on two lines, beside trades, desks and persons."""

from __future__ import annotations

from typing import Any

import pytest

from services.engine.extraction.addresses import is_postal
from tests.unit.extraction.reading import extracted

ITEMS = """
Bezeichnung                         Menge           Preis              Betrag
Beratung im Mai                         2           50,00              100,00

Gesamtbetrag                                                           100,00
"""


def parties(page: str) -> dict[str, Any]:
    """The parties of a page that goes on with a table and a total."""
    invoice = extracted(page + ITEMS)["invoice"]
    assert isinstance(invoice, dict)
    return invoice


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        (
            "Holtkamp & Reiß",
            "Steuerberatungsgesellschaft mbB",
            "Holtkamp & Reiß Steuerberatungsgesellschaft mbB",
        ),
        ("VOSSBERG", "RECHTSANWÄLTE", "VOSSBERG RECHTSANWÄLTE"),
        ("CHARPENTES LORMONT", "SAS au capital de 40 000 €", "CHARPENTES LORMONT SAS"),
    ],
)
def test_a_line_below_completes_the_name(first: str, second: str, name: str) -> None:
    invoice = parties(
        f"""
        {first}
        {second}
        Alter Hof 8
        49074 Osnabrück
        Telefon 0541 88120

        Metallbau Fenske OHG
        Lindenweg 19
        49143 Bissendorf

        Rechnung Nr. 20240911
        """
    )
    assert invoice["supplier"]["name"] == name
    assert invoice["customer"]["name"] == "Metallbau Fenske OHG"


def test_a_brand_of_the_sender_line_is_completed_by_the_letterhead() -> None:
    invoice = parties(
        """
                                                          HOLTKAMP & REISS
                                           Steuerberatungsgesellschaft mbB

        Holtkamp & Reiss · Alter Hof 8 · 49074 Osnabrück
        Metallbau Fenske OHG
        Lindenweg 19
        49143 Bissendorf

        Rechnung Nr. 20240911
        """
    )
    assert invoice["supplier"]["name"] == "HOLTKAMP & REISS Steuerberatungsgesellschaft mbB"
    assert invoice["supplier"]["address"] == "Alter Hof 8, 49074 Osnabrück"


def test_a_trade_with_its_owner_is_a_name_and_the_customer_is_not() -> None:
    invoice = parties(
        """
                                                            wald & werk
                                                 Tischlerei Henrik Abel
                                      Alte Mühle 9, 88212 Ravensburg

        Ferienhof Sonnblick GbR
        Seestraße 140
        88085 Langenargen

        Schlussrechnung
        """
    )
    assert invoice["supplier"]["name"] == "Tischlerei Henrik Abel"
    assert invoice["customer"]["name"] == "Ferienhof Sonnblick GbR"


def test_what_somebody_does_is_not_who_it_is() -> None:
    invoice = parties(
        """
        editorial services
        Ngozi Bellweather

        Invoice: NB-0623
        """
    )
    assert invoice["supplier"]["name"] == "Ngozi Bellweather"


def test_the_street_of_a_sender_line_without_a_name_is_no_name() -> None:
    invoice = parties(
        """
                            Albergo Tre Larici
              Lungofiume Verdi 44 · 28838 Stresa (VB) · tel. 0323 318877

        Fattura n. 318/2026

        Tre Larici di Zoppi Carla & C. S.n.c. – P.IVA 07643520567
        """
    )
    assert invoice["supplier"]["name"] == "Tre Larici di Zoppi Carla & C. S.n.c."
    assert invoice["supplier"]["address"] == "Lungofiume Verdi 44, 28838 Stresa (VB)"


def test_the_owner_in_a_sender_line_that_begins_with_the_trade() -> None:
    invoice = parties(
        """
                              FRISCHHOF LAMPERT
        Großhandel für Küchen – Inh. Jonas Lampert e.K. – Schlachthofstr. 8 – 89073 Ulm

        Kantine Blautal GmbH
        Dodelweg 10
        89143 Blaubeuren

        Rechnung 559817
        USt-IdNr. DE136695976 – AG Ulm HRA 4418 – Volksbank Ulm
        """
    )
    assert invoice["supplier"]["name"] == "Jonas Lampert e.K."
    assert invoice["supplier"]["address"] == "Schlachthofstr. 8, 89073 Ulm"


def test_a_legal_form_behind_a_comma_before_a_number() -> None:
    invoice = parties(
        """
        Posada del Molino                                           FACTURA F26/1442

        Hospedería Arlanza, S.L. - CIF B17271438
        """
    )
    assert invoice["supplier"]["name"] == "Hospedería Arlanza, S.L."


@pytest.mark.parametrize("heading", ["Client :", "Facturé à :"])
def test_a_block_that_ends_where_its_heading_ends(heading: str) -> None:
    invoice = parties(
        f"""
        SARL Pont Restauration
        12 place de la Gare
        34700 Lodève

        Facture n° 1188              {heading:>40}
        Date : 21/05/2026                           Mutuelle des Garrigues
                                                 2 bd Pasteur, 12100 Millau
        """
    )
    assert invoice["customer"]["name"] == "Mutuelle des Garrigues"
    assert invoice["customer"]["address"] == "2 bd Pasteur, 12100 Millau"


def test_where_goods_go_is_not_who_pays() -> None:
    invoice = parties(
        """
        Delmas Distribution SA                                   Facture 26F00871

        Adresse de livraison
                                              Menuiserie Agencement Roux
        Chantier Les Cyprès
                                              4 rue du Colombier
        Avenue de Royat
                                              63800 Cournon
        63400 Chamalières
        """
    )
    assert invoice["customer"]["name"] == "Menuiserie Agencement Roux"
    assert invoice["shipTo"] == {
        "name": "Chantier Les Cyprès",
        "address": "Avenue de Royat, 63400 Chamalières",
    }


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Eheleute", "Sabine und Ralf Mohn"), "Sabine und Ralf Mohn"),
        (("Herr und Frau", "Beat und Ursula Zbind"), "Beat und Ursula Zbind"),
        (("Kreditorenbuchhaltung", "Kirchtor Textil AG"), "Kirchtor Textil AG"),
        (("Herrn Karl Altmann", "Metallbau Altmann OHG"), "Metallbau Altmann OHG"),
        (("Herrn Karl Altmann", "c/o Metallbau Altmann OHG"), "Karl Altmann"),
        (("RATHAUS", "Rathaus Brennstett"), "Rathaus Brennstett"),
        (("Mr K Altmann", "Altmann Dental Laboratory"), "Altmann Dental Laboratory"),
        (("Herrn Karl Altmann", "Bäckerei Altmann"), "Bäckerei Altmann"),
        (("Herrn Karl Altmann", "Frau Eva Altmann"), "Karl Altmann"),
        (("Herrn Karl Altmann", "Haus Sonnenblick"), "Karl Altmann"),
    ],
)
def test_who_an_envelope_is_for(lines: tuple[str, str], name: str) -> None:
    invoice = parties(
        f"""
        Nordvent Lüftung GmbH · Hafenweg 3 · 48155 Münster
        {lines[0]}
        {lines[1]}
        Am Weinberg 12
        97717 Euerdorf

        Rechnungsnummer: AR3-26-041
        """
    )
    assert invoice["customer"]["name"] == name


@pytest.mark.parametrize("above", ["The Finance Director", "Mr John Abbot", "Accounts Payable"])
def test_a_desk_or_a_person_above_the_company_at_a_heading(above: str) -> None:
    invoice = parties(
        f"""
        Bill to                                    Invoice number AV/1187
        {above}
        Millgate Textiles plc
        Unit 9, Canal Wharf
        Leeds LS11 5QN

        VAT Invoice
        """
    )
    assert invoice["customer"] == {
        "name": "Millgate Textiles plc",
        "address": "Unit 9, Canal Wharf, Leeds LS11 5QN",
    }


DUTCH_ITEMS = """
Omschrijving                        Aantal           Prijs              Bedrag
Arbeidsloon                              2           50,00              100,00

Totaal te betalen                                                       100,00
"""


def test_a_street_at_a_heading_is_no_name() -> None:
    page = """
        GARAGE WESTERHOF                                   FACTUUR
        Keurenplein 14 - 4461 RW Goes

        Klant:
        Mevr.
        Zandweg 5
        4421 AH Kapelle
        """
    assert "name" not in extracted(page + DUTCH_ITEMS)["invoice"].get("customer", {})


def test_a_heading_in_two_languages_of_which_one_is_misread() -> None:
    invoice = parties(
        """
        Rechnungsempfänger / Bil to                Rechnung EXA-2401
        Kaltenhof Medizintechnik GmbH
        Rudolf-Diesel-Str. 18
        78532 Tuttlingen

        Versender                                  Empfänger
        Kaltenhof Medizintechnik GmbH              Lakeview Surgical Inc., Chicago
        """
    )
    assert invoice["customer"]["name"] == "Kaltenhof Medizintechnik GmbH"


def test_a_sentence_goes_on_behind_a_word_that_may_be_a_heading() -> None:
    page = """
        De factuur aan maart

        Dhr. J.W. Hoving
        Singelstraat 14
        8911 HJ Leeuwarden
        """
    assert extracted(page + DUTCH_ITEMS)["invoice"]["customer"]["name"] == "J.W. Hoving"


def test_a_recipient_below_an_addressee_gets_the_goods() -> None:
    invoice = extracted(
        """
        Biuro Zielona Góra Sp. z o.o. · ul. Żeglarska 72 · 31-011 Kraków
        Klonowa Biuro Sp. z o.o.
        ul. Długa 89
        31-011 Kraków

        Odbiorca: Jan Maj, ul. Polna 14, 80-831 Gdańsk

        KOREKTA FAKTURY 100442
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Klonowa Biuro Sp. z o.o."
    assert invoice["shipTo"] == {"name": "Jan Maj", "address": "ul. Polna 14, 80-831 Gdańsk"}


def test_an_address_ends_at_the_town() -> None:
    invoice = parties(
        """
        Alpenküche Service GmbH, Gewerbepark 18, 8330 Feldbach, FN 318842 k, LG Graz
        Gasthaus Wirt OG
        Dorfplatz 3
        8262 Ilz

        Rechnung 12
        """
    )
    assert invoice["supplier"]["address"] == "Gewerbepark 18, 8330 Feldbach"


def test_the_customers_address_under_a_name_is_not_the_suppliers() -> None:
    invoice = parties(
        """
        Rowan & Bracken Wholesale                                   INVOICE

        Sold to
        The Garden Shed Gift Shop
        8 Market Jew Street
        Penzance
        TR18 2HN

        VAT No. GB815398802
        """
    )
    assert "address" not in invoice["supplier"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("4402 Oak Lawn Blvd", False), ("1180 Folsom Ave, Suite 300", False), ("9000 Linz", True)],
)
def test_a_number_of_four_digits_before_an_american_street(text: str, expected: bool) -> None:
    assert is_postal(text) is expected


def test_a_house_that_is_named_after_its_street_is_a_customer() -> None:
    invoice = parties(
        """
        Malermeister Jens Ottenberg
        Am Kanal 5 · 26603 Aurich · Tel. 04941 / 55 22

        Eigentümergemeinschaft Hafenstr. 12
        vertreten durch Hausverwaltung Krämer GmbH
        Markt 3
        26603 Aurich

        Rechnung Nr. 24/055
        """
    )
    assert invoice["customer"]["name"] == "Eigentümergemeinschaft Hafenstr. 12"
    assert invoice["supplier"]["name"] == "Malermeister Jens Ottenberg"


def test_the_letters_of_a_post_code_are_no_legal_form() -> None:
    page = """
        Fietsenhuis De Trapper
        Kerkstraat 4
        1811 AB Alkmaar
        KvK 37112233
        Aan
        Fam. J. Bakker-Smit
        Dorpsweg 12
        1812 CD Alkmaar
        """
    assert extracted(page + DUTCH_ITEMS)["invoice"]["supplier"]["name"] == "Fietsenhuis De Trapper"


def test_a_tax_id_at_an_unknown_label_above_the_name_is_no_name() -> None:
    invoice = parties(
        """
        Lieferant                                Käufer
        Steuerkennziffer: DE136695976            Steuerkennziffer: DE129273398
        Firma: Mühle Rosental OHG                Firma: Backhaus Linde GmbH
        Adresse: Hofweg 5, 43121 Parchim         Adresse: Ring 9, 41121 Goch
        """
    )
    assert invoice["supplier"]["name"] == "Mühle Rosental OHG"
    assert invoice["customer"]["name"] == "Backhaus Linde GmbH"


def test_a_salutation_on_a_line_of_its_own_above_a_person_of_a_company() -> None:
    invoice = parties(
        """
        Gasthof Kranichsee
        Seeweg 3 · 24306 Plön · Telefon 04522 71877


        Herrn
        Volker Danneberg
        Danneberg Messtechnik GmbH
        Mühlenkamp 27
        22303 Hamburg

        Rechnung 26/00417
        """
    )
    assert invoice["customer"]["name"] == "Danneberg Messtechnik GmbH"


def test_the_address_in_parts_under_a_company_names_nobody() -> None:
    invoice = parties(
        """
        PESCHERIA IL FARO SRL
                                                            FATTURA ACCOMPAGNATORIA
        Molo Nord, Box 7 – 48122 Ravenna (RA)
        Partita IVA: IT01234567897

        FATTURA FA/118

        Cliente
        Trattoria Da Gino
        Viale Trieste 201
        61121 Pesaro (PU)
        """
    )
    assert invoice["supplier"]["name"] == "PESCHERIA IL FARO SRL"


def test_a_heading_inside_a_line_with_an_amount_is_a_word() -> None:
    invoice = extracted(
        """
        Clínica Los Robles, S.L.
        Calle del Olivo 30
        28231 Las Rozas (Madrid)

        Factura nº TN26-0201

        Resumen
        Fibra Empresa 1 Gb                                     38,90 €
        Centralita virtual                                     56,25 €
        Base imponible                                         95,15 €
        IVA (21%)                                              19,98 €
        Total a pagar                                         115,13 €

        Radionet Servicios, S.A.U. – Paseo del Prado 201, 28036 Madrid – CIF A28015865
        """
    )["invoice"]
    assert invoice["supplier"]["name"] == "Radionet Servicios, S.A.U."


def test_lines_with_amounts_beside_them_are_no_addressee() -> None:
    invoice = extracted(
        """
        Kanzlei Mühlbach
        Untere Marktstr. 15
        92318 Neumarkt

        Ihre Rechnung Februar 2026    Nr. 4471-0038

        Office Connect 500                       59,95
        Rufnummernblock 0-99                      9,90
        Mobilfunk Flat Team                     105,84
        Verbindungen Ausland                      3,71
        Gutschrift Ticket 88124                 -12,50
        Summe netto (EUR)                       166,90
        Umsatzsteuer 19 %                        31,71
        Zu zahlen (EUR)                         198,61

        Talnetz AG, Bahnhofplatz 2, 90443 Nürnberg
        """
    )["invoice"]
    assert invoice["customer"]["name"] == "Kanzlei Mühlbach"


def test_the_number_of_a_customer_names_nobody() -> None:
    invoice = parties(
        """
        Wehrkamp Automobile GmbH
        Osnabrücker Str. 210
        33790 Halle
        Tel. 05201 66 33-0

        Herr                                     Rechnung Nr.        RW 2607-0884
        Oliver Pankert                           Rechnungsdatum      21.07.26
        Ravensberger Straße 6                    Kunde Nr.           40217
        33829 Borgholzhausen                     Annahme             20.07.26
        """
    )
    assert invoice["customer"]["name"] == "Oliver Pankert"


def test_a_name_with_points_between_its_parts() -> None:
    invoice = parties(
        """
        DR. ASTFELD · ROSSHAUPT · PARTNER mbB
        Steuerberater – Rechtsanwalt
        Postfach 20 11 40 · 41211 Mönchengladbach

        Textilwerk Oretz GmbH
        Künkelstraße 125
        41063 Mönchengladbach

        Gebührenrechnung Nr. 260417
        """
    )
    assert invoice["supplier"]["name"] == "DR. ASTFELD · ROSSHAUPT · PARTNER mbB"
