"""The languages that invoices are written in."""

from __future__ import annotations

from tests.generator.languages.base import Label, Language, Product, Trade, Wording
from tests.generator.languages.dutch import DUTCH
from tests.generator.languages.english import ENGLISH
from tests.generator.languages.french import FRENCH
from tests.generator.languages.german import GERMAN
from tests.generator.languages.italian import ITALIAN
from tests.generator.languages.polish import POLISH
from tests.generator.languages.portuguese import PORTUGUESE
from tests.generator.languages.spanish import SPANISH

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (ENGLISH, GERMAN, FRENCH, DUTCH, SPANISH, ITALIAN, PORTUGUESE, POLISH)
}

__all__ = ["LANGUAGES", "Label", "Language", "Product", "Trade", "Wording"]
