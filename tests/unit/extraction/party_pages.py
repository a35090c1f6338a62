"""Pages with a table of items, for tests of whom they name."""

from __future__ import annotations

from typing import Any

from tests.unit.extraction.reading import extracted

ITEMS = """
Bezeichnung                         Menge           Preis              Betrag
Beratung im Mai                         2           50,00              100,00

Gesamtbetrag                                                           100,00
"""

DUTCH_ITEMS = """
Omschrijving                        Aantal           Prijs              Bedrag
Arbeidsloon                              2           50,00              100,00

Totaal te betalen                                                       100,00
"""


def parties(page: str) -> dict[str, Any]:
    """The parties of a page that goes on with a table and a total."""
    invoice = extracted(page + ITEMS)["invoice"]
    assert isinstance(invoice, dict)
    return invoice
