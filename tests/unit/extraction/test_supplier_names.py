"""Names as letterheads and sender's lines print them: on two lines, beside trades, owners and streets."""

from __future__ import annotations

import pytest

from services.engine.extraction.addresses import is_postal
from tests.unit.extraction.party_pages import DUTCH_ITEMS, parties
from tests.unit.extraction.reading import extracted


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
