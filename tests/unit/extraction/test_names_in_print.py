"""Names as forms, logos and shop signs print them, and words that look like names and are none."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from services.engine.extraction import extract
from services.engine.extraction.layout import lay_out
from shared.readings import BoundingBox, Line, PageReading, Word
from shared.template import ExtractionSettings
from tests.unit.extraction.pages import page
from tests.unit.extraction.party_pages import parties
from tests.unit.extraction.reading import extracted


def test_the_printed_labels_of_a_form_are_no_names() -> None:
    invoice = parties(
        """
        Portal dos Serviços                                Fatura-Recibo N.º FR 2/31

        Dados do Transmitente de Bens ou Prestador de Serviços
        Nome                                               NIF
        Benedita Salgueiral                                501442600
        Domicílio                                          Atividade
        Rua da Figueira 4, 7000-512 Évora                  Consultoria

        Dados do Adquirente
        Nome
        Lagar da Ribeira, Lda.
        Morada
        Monte do Poço, 7220-999 Portel
        """
    )
    assert invoice["supplier"]["name"] == "Benedita Salgueiral"
    assert invoice["supplier"]["address"] == "Rua da Figueira 4, 7000-512 Évora"
    assert invoice["customer"]["name"] == "Lagar da Ribeira, Lda."
    assert invoice["customer"]["address"] == "Monte do Poço, 7220-999 Portel"


def test_headings_in_two_languages_stand_over_their_own_parties() -> None:
    invoice = parties(
        """
        Faktura / Invoice                         nr 2026/09/12

        Sprzedawca / Seller                       Nabywca / Buyer
        Programista Witold Zarzecki               Moselmetrik GmbH
        ul. Polna 10/4                            Talstraße 20
        40-856 Katowice                           45127 Essen
        """
    )
    assert invoice["supplier"]["name"] == "Programista Witold Zarzecki"
    assert invoice["customer"]["name"] == "Moselmetrik GmbH"


def test_a_block_on_every_page_is_never_the_sender() -> None:
    drawing = """
        PRAIRIE & COAST FOODS                              INVOICE NO 4417
        7700 SW 44TH ST, TULSA OK 73179

        SOLD TO:
        COPPER KETTLE GRILL
        DUST ROAD DINING LLC
        301 E MAIN ST
        NORMAN OK 73069

        Description                        Qty             Price            Amount
        Flour                                2             50.00            100.00
        Total                                                               100.00
        """
    invoice = extracted(drawing, drawing.replace("Flour", "Sugar"))["invoice"]
    assert invoice["supplier"]["name"] == "PRAIRIE & COAST FOODS"


def test_the_holder_of_the_contract_who_is_written_to_is_the_customer() -> None:
    invoice = parties(
        """
        lumatel

                                            ROSA IBARRA LUNA
                                            C/ OLMO 60, 4
                                            33003 OVIEDO

        Datos del contrato
        Titular: Rosa Ibarra Luna

        Factura

        Lumatel Comunicaciones, S.A. · C/ Ancha 9, 33004 Oviedo · CIF A58818501
        """
    )
    assert invoice["customer"]["name"] == "ROSA IBARRA LUNA"
    assert invoice["supplier"]["name"] == "Lumatel Comunicaciones, S.A."


@pytest.mark.parametrize("remark", ["Vertraulich", "Depot", "Vertrouwelijk", "Private & Confidential"])
def test_a_remark_over_an_address_is_no_name(remark: str) -> None:
    invoice = parties(
        f"""
        Holtkamp GmbH · Alter Hof 8 · 49074 Osnabrück

        {remark}
        Metallbau Fenske
        Lindenweg 19
        49143 Bissendorf

        Rechnung Nr. 20240911
        """
    )
    assert invoice["customer"]["name"] == "Metallbau Fenske"


def _sized(drawing: str, sizes: dict[int, float]) -> PageReading:
    """The drawn page, the words of some of its lines as many times as high as the others."""
    reading = page(drawing)
    lines = [
        Line(
            tuple(
                Word(
                    word.text,
                    word.confidence,
                    BoundingBox(
                        word.box.x, word.box.y, word.box.width, word.box.height * sizes.get(number, 1)
                    ),
                )
                for word in line.words
            )
        )
        for number, line in enumerate(reading.lines)
    ]
    return PageReading(reading.width, reading.height, tuple(lines), source=reading.source)


def _supplier(reading: PageReading) -> Any:
    return extract([reading], ExtractionSettings()).to_json()["extractedData"]["invoice"]["supplier"]["name"]


SIGN = """
{first}
{second}
12 Jalan Pasar Lama
36000 Teluk Intan, Perak

Receipt No: B-20417                 Date: 03/05/2021  14:05
Nasi lemak                          6.50
Teh tarik                           2.30
TOTAL RM                            8.80
CASH                               10.00
CHANGE                              1.20
"""


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("KEDAI RUNCIT", "BAH SENG", "KEDAI RUNCIT BAH SENG"),
        ("KEDA I RUNCIT", "BAH SENG", "KEDA I RUNCIT BAH SENG"),
        ("FONG HWA HOI SIN", "LAU SDN BHD", "FONG HWA HOI SIN LAU SDN BHD"),
        ("AUBERGE DE LA", "ROSELIERE", "AUBERGE DE LA ROSELIERE"),
        ("ORKID MART", "BERSATU SDN BHD", "BERSATU SDN BHD"),
        ("Mercer & Elm Home", "Teluk Intan - 248-555-0177", "Mercer & Elm Home"),
        ("BRASSERIE DU QUAI", "SAS TOULQUAI au capital de 8 000 €", "SAS TOULQUAI"),
    ],
)
def test_two_lines_over_the_address_of_a_receipt(first: str, second: str, name: str) -> None:
    supplier = extracted(SIGN.format(first=first, second=second))["invoice"]["supplier"]
    assert supplier["name"] == name
    assert supplier["address"].startswith("12 Jalan Pasar Lama")


def test_two_large_lines_are_the_sign_of_a_shop() -> None:
    reading = _sized(SIGN.format(first="GOLDEN", second="LANTERN"), {0: 1.4, 1: 1.4})
    assert _supplier(reading) == "GOLDEN LANTERN"


def test_large_lines_below_each_other_are_one_name() -> None:
    reading = _sized(
        """
        Shannon
        Veterinary
        Clinic
        Dublin Road
        Tuam
        H54 X218

        Mr. Colm Dunphy
        Cloonfush
        Tuam
        Co. Galway

        Invoice No. 4187
        Description                  Qty          Price          Amount
        Consultation                   2          50.00          100.00
        Total due                                                100.00
        """,
        {0: 1.5, 1: 1.5, 2: 1.5},
    )
    assert _supplier(reading) == "Shannon Veterinary Clinic"


def test_a_name_set_with_blanks_between_its_letters_is_read_as_words() -> None:
    letters, x = [], 20.0
    for character in "NORD WALD":
        if character != " ":
            letters.append(Word(character, 1.0, BoundingBox(x, 20.0, 12.0, 16.0)))
        x += 18.0
    cells = [Word(cell, 1.0, BoundingBox(20.0 + 80 * n, 60.0, 12.0, 16.0)) for n, cell in enumerate("ABCD")]
    reading = PageReading(800, 1100, (Line(tuple(letters)), Line(tuple(cells))), source="textLayer")
    spaced, table = lay_out([reading])[0].rows
    assert [segment.text for segment in spaced.segments] == ["NORD WALD"]
    assert [segment.text for segment in table.segments] == ["A", "B", "C", "D"]
    assert all(one.box.right < other.box.x for one, other in pairwise(spaced.segments[0].tokens))
