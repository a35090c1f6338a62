"""The typefaces that documents are set in.

Helvetica, Times and Courier are PDF's own and hold the letters of Western Europe; Vera comes with reportlab;
Lato and Source Serif Pro (both under the SIL Open Font License) come as Python packages and hold Polish too.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont


@dataclass(frozen=True, slots=True)
class Typeface:
    """Names of two registered fonts that belong together."""

    regular: str
    bold: str


HELVETICA = Typeface("Helvetica", "Helvetica-Bold")
TIMES = Typeface("Times-Roman", "Times-Bold")
COURIER = Typeface("Courier", "Courier-Bold")
VERA = Typeface("Vera", "VeraBd")
LATO = Typeface("Lato-Regular", "Lato-Bold")
SOURCE_SERIF = Typeface("SourceSerifPro-Regular", "SourceSerifPro-Bold")

PACKAGE_FOLDERS: dict[str, tuple[str, str]] = {
    "Vera": ("reportlab", "fonts"),
    "VeraBd": ("reportlab", "fonts"),
    "Lato-Regular": ("fontpkg_lato", "files"),
    "Lato-Bold": ("fontpkg_lato", "files"),
    "SourceSerifPro-Regular": ("font_source_serif_pro", "files"),
    "SourceSerifPro-Bold": ("font_source_serif_pro", "files"),
}


def typefaces_for(language: str) -> tuple[Typeface, ...]:
    """The typefaces that hold all letters of `language` (ISO 639-1), the usual ones more than once."""
    if language == "pl":
        return (LATO, SOURCE_SERIF)
    return (HELVETICA, HELVETICA, TIMES, VERA, LATO, SOURCE_SERIF)


def receipt_typeface_for(language: str) -> Typeface:
    """The typeface of till receipts."""
    return LATO if language == "pl" else COURIER


def register(typeface: Typeface) -> None:
    """Make the typeface known to reportlab; raises FileNotFoundError when its package is not installed."""
    for name in (typeface.regular, typeface.bold):
        if name in PACKAGE_FOLDERS and name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font_path(name))))


def font_path(name: str) -> Path:
    """The TrueType file of one of the packaged fonts."""
    package, folder = PACKAGE_FOLDERS[name]
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"The font {name} needs the Python package {package}, which is not installed."
        )
    return Path(spec.submodule_search_locations[0]) / folder / f"{name}.ttf"
