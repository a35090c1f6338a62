"""Whom a page is made out to: blocks at headings and on envelopes, beside desks and persons."""

from __future__ import annotations

import pytest

from tests.unit.extraction.party_pages import DUTCH_ITEMS, parties
from tests.unit.extraction.reading import extracted


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
