"""Printers of lines in the fonts that come with the project's own packages, with a small vocabulary."""

from __future__ import annotations

from reportlab.pdfbase.ttfonts import TTFont

from tests.generator.fonts import font_path
from tests.training.fonts import FontChoice, FontFile
from tests.training.pages import PagePrinter
from tests.training.pictures import LinePrinter
from tests.training.signs import known_signs
from tests.training.texts import TextMaker
from tests.training.words import COMMON_LANGUAGES, FOREIGN_LANGUAGES, LATIN_LANGUAGES, Vocabulary

LATIN_WORDS = ("and", "invoice", "größe", "reçu", "total", "später", "delivery", "cañón", "łódź", "paper")
FOREIGN_WORDS = ("счёт", "сумма")
KNOWN = frozenset(chr(code) for code in range(32, 127)) | frozenset(known_signs())
"""Characters of the tests' reader: no others stand on its lines."""


def vocabulary() -> Vocabulary:
    latin = dict.fromkeys((*COMMON_LANGUAGES, *LATIN_LANGUAGES), LATIN_WORDS)
    return Vocabulary({**latin, **dict.fromkeys(FOREIGN_LANGUAGES, FOREIGN_WORDS)})


def text_maker() -> TextMaker:
    return TextMaker(vocabulary(), known_signs())


def packaged_font(name: str) -> FontFile:
    """A font that reportlab or a font package brings along."""
    path = font_path(name)
    codes = TTFont(f"of-tests-{name}", str(path)).face.charToGlyph
    return FontFile(path, name, frozenset(map(chr, codes)))


def line_printer(known: frozenset[str] = KNOWN) -> LinePrinter:
    fonts = FontChoice([packaged_font(name) for name in ("Lato-Regular", "SourceSerifPro-Bold", "Vera")])
    return LinePrinter(text_maker(), fonts, fonts, known)


def page_printer(known: frozenset[str] = KNOWN) -> PagePrinter:
    return PagePrinter(
        [packaged_font("Lato-Regular"), packaged_font("SourceSerifPro-Regular")],
        [packaged_font("Lato-Bold")],
        known,
    )
