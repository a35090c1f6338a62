"""Invoices in Swedish, Danish, Norwegian and Czech."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.extraction.reading import extracted

SWEDISH = """
Rosenlunds Rör AB                                     Faktura
                                                      Fakturanr       10458
Fakturaadress                                         Fakturadatum    2024-02-05
Brf Ekhagen                                           Förfallodatum   2024-03-06
Kungsgatan 12
582 24 Linköping

Benämning              Antal      À-pris       Belopp
Arbete                  9,50      695,00     6 602,50
Kulventil               4,00      248,00       992,00

Netto                                        7 594,50
Moms 25%                                     1 898,63
Att betala                              SEK  9 493,13
"""

DANISH = """
Vestkystens Trykkeri ApS                              FAKTURA
Søndergade 88
9900 Frederikshavn
CVR-nr.: 10103940

Kunde
Skagen Sommerfest
Havnevej 3
9990 Skagen

Fakturanr.: 5512     Fakturadato: 22-06-2023     Forfaldsdato: 06-07-2023

Beskrivelse            Antal        Pris        Beløb
Plakater A2              500        4,20     2.100,00
Programhæfte           2.500        3,15     7.875,00

Subtotal                                     9.975,00
Moms (25,00%)                                2.493,75
Total DKK                                   12.468,75
"""

CZECH = """
FAKTURA č. 240100077

Dodavatel                                   Odběratel
Dřevovýroba Horní Les s.r.o.                Penzion U Jelena
Tovární 118                                 Kvilda 33
385 01 Vimperk                              384 93 Kvilda
DIČ: CZ25123891

Datum vystavení: 6. 5. 2024                 Datum splatnosti: 20. 5. 2024

Popis                Množství      Cena za MJ         Cena
Stůl dubový                 4       12 000,00    48 000,00
Židle                      12        1 580,00    18 960,00

Základ                                           66 960,00
DPH 21 %                                         14 061,60
Celkem k úhradě                                  81 021,60 Kč
"""


def _invoice(drawing: str) -> dict[str, Any]:
    data = extracted(drawing)
    invoice, amounts = data["invoice"], data["invoice"]["amounts"]
    return {
        **{name: invoice.get(name) for name in ("language", "number", "date", "dueDate")},
        "names": (invoice["supplier"]["name"], invoice["customer"]["name"]),
        "amounts": tuple(amounts.get(name) for name in ("subtotal", "tax", "total", "currency")),
        "items": [item["amount"] for item in data["lineItems"]],
    }


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        (
            SWEDISH,
            {
                **{"language": "sv", "number": "10458", "date": "2024-02-05", "dueDate": "2024-03-06"},
                "names": ("Rosenlunds Rör AB", "Brf Ekhagen"),
                "amounts": (7594.5, 1898.63, 9493.13, "SEK"),
                "items": [6602.5, 992],
            },
        ),
        (
            DANISH,
            {
                **{"language": "da", "number": "5512", "date": "2023-06-22", "dueDate": "2023-07-06"},
                "names": ("Vestkystens Trykkeri ApS", "Skagen Sommerfest"),
                "amounts": (9975, 2493.75, 12468.75, "DKK"),
                "items": [2100, 7875],
            },
        ),
        (
            CZECH,
            {
                **{"language": "cs", "number": "240100077", "date": "2024-05-06", "dueDate": "2024-05-20"},
                "names": ("Dřevovýroba Horní Les s.r.o.", "Penzion U Jelena"),
                "amounts": (66960, 14061.6, 81021.6, "CZK"),
                "items": [48000, 18960],
            },
        ),
    ],
)
def test_an_invoice_is_read(drawing: str, expected: dict[str, Any]) -> None:
    assert _invoice(drawing) == expected
