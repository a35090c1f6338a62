"""Lines cut out of whole generated documents, printed in many fonts and scanned in many ways.

Their words and the order of their columns are those of invoices, which lines drawn one by one lack.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from services.engine.ocr.crops import cut
from shared.readings import Word
from tests.generator.compose import compose_invoice
from tests.generator.fonts import Typeface
from tests.generator.invoice import DocumentKind
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import choose_presentation
from tests.generator.render import Page, render_pages
from tests.training.fonts import FontFile
from tests.training.pictures import LinePicture, at_height, readable
from tests.training.spoiling import spoilt

KINDS: tuple[DocumentKind, ...] = ("invoice", "invoice", "creditNote", "receipt", "receipt")
DPI = (100, 120, 150, 150, 150, 200, 200, 300)
OWN_TYPEFACE = 0.25
"""Share of documents set in the generator's own typefaces."""

TILL_TYPEFACE = 0.7
"""Share of the other receipts that are set in a till's."""

RECEIPT_LETTERS = frozenset("äöüßéèêàçñáíóú")
INVOICE_LETTERS = RECEIPT_LETTERS | frozenset("ãõąćęłńśźż€")
"""Letters that a font must hold for a document to be set in it."""


class PagePrinter:
    """Draws documents and cuts their lines out, in `fonts`, or in `till_fonts` where they are receipts.

    Of both, only TrueType fonts that hold all letters of the documents are used; lines with other characters
    than `known` are left out.
    """

    def __init__(
        self, fonts: Sequence[FontFile], till_fonts: Sequence[FontFile], known: frozenset[str]
    ) -> None:
        self._fonts = _true_type(fonts, INVOICE_LETTERS)
        self._till_fonts = _true_type(till_fonts, RECEIPT_LETTERS)
        self._known = known

    def lines(self, seed: int) -> Iterator[LinePicture]:
        """The lines of the document of this seed, spoilt as its pages were."""
        rng = random.Random(seed)
        noise = np.random.default_rng(seed)
        invoice = compose_invoice(rng, rng.choice(KINDS), None, rng.randrange(1, 12))
        font = None if rng.random() < OWN_TYPEFACE else self._font(rng, invoice.kind)
        typeface = None if font is None else _registered(font)
        printable = self._known if font is None else self._known & (font.characters | {" "})
        content = draw_invoice(invoice, choose_presentation(rng, invoice, typeface=typeface))
        for page in render_pages(content, rng.choice(DPI)):
            image, transform = spoilt(rng, noise, page)
            for words in _runs(rng, page):
                label = " ".join(word.text for word in words)
                picture = at_height(cut(image, _quad(rng, words, transform)))
                if label and printable.issuperset(label) and readable(label, picture.shape[1]):
                    yield LinePicture(picture, label)

    def _font(self, rng: random.Random, kind: DocumentKind) -> FontFile:
        till = kind == "receipt" and rng.random() < TILL_TYPEFACE
        return rng.choice(self._till_fonts if till else self._fonts)


def _true_type(fonts: Sequence[FontFile], letters: frozenset[str]) -> list[FontFile]:
    """The fonts that reportlab can embed and that hold these letters."""
    return [font for font in fonts if font.path.suffix == ".ttf" and font.characters >= letters]


def _registered(font: FontFile) -> Typeface:
    """The font, made known to reportlab."""
    name = f"{font.package}-{font.path.stem}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(font.path)))
    return Typeface(name, name)


def _runs(rng: random.Random, page: Page) -> Iterator[list[Word]]:
    """Words that a detector takes for one line: parted where a gap is wide."""
    wide = rng.choice((0.7, 1.0, 1.0, 1.6))
    for line in page.lines:
        run = [line.words[0]]
        for before, word in pairwise(line.words):
            gap = word.box.x - before.box.right
            if gap > wide * max(before.box.height, word.box.height) or rng.random() < 0.02:
                yield run
                run = []
            run.append(word)
        yield run


def _quad(
    rng: random.Random, words: Sequence[Word], transform: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """Corners of the words on the spoilt page, with the margins that a detector leaves."""
    left, right = words[0].box.x, max(word.box.right for word in words)
    top, bottom = min(word.box.y for word in words), max(word.box.bottom for word in words)
    height = max(4.0, bottom - top)
    above, below = rng.uniform(0.05, 0.4) * height, rng.uniform(0.05, 0.4) * height
    before, after = rng.uniform(0.05, 0.5) * height, rng.uniform(0.05, 0.5) * height
    left, right, top, bottom = left - before, right + after, top - above, bottom + below
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], dtype=np.float64)
    moved = cv2.perspectiveTransform(corners, transform)[0]
    return np.asarray(
        moved + np.array([[rng.gauss(0, 0.03) * height] * 2 for _ in range(4)]), dtype=np.float32
    )
