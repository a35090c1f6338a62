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
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from services.engine.ocr.crops import cut
from shared.readings import Word
from tests.generator import degrade
from tests.generator.compose import compose_invoice
from tests.generator.fonts import Typeface
from tests.generator.invoice import DocumentKind
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import choose_presentation
from tests.generator.render import Page, render_pages
from tests.training.fonts import FontFile
from tests.training.pictures import LinePicture, at_height
from tests.training.signs import known_signs

KINDS: tuple[DocumentKind, ...] = ("invoice", "invoice", "creditNote", "receipt", "receipt")
OWN_TYPEFACE = 0.25
"""Share of documents set in the generator's own typefaces."""

Pixels = npt.NDArray[np.uint8]


class PagePrinter:
    """Draws documents and cuts their lines out, in `fonts`, or in `till_fonts` where they are receipts."""

    def __init__(
        self, fonts: Sequence[FontFile], till_fonts: Sequence[FontFile], known: frozenset[str]
    ) -> None:
        letters = set(known_signs()) & set("äöüßéèêàçñáíóúãõąćęłńśźż€")
        self._fonts = [font for font in fonts if font.path.suffix == ".ttf" and font.characters >= letters]
        self._till_fonts = [
            font
            for font in till_fonts
            if font.path.suffix == ".ttf" and font.characters >= set("äöüßéèêàçñáíóú")
        ]
        self._known = known

    def lines(self, seed: int) -> Iterator[LinePicture]:
        """The lines of the document of this seed, spoilt as its pages were."""
        rng = random.Random(seed)
        invoice = compose_invoice(rng, rng.choice(KINDS), None, rng.randrange(1, 12))
        typeface = None if rng.random() < OWN_TYPEFACE else self._typeface(rng, invoice.kind)
        content = draw_invoice(invoice, choose_presentation(rng, invoice, typeface=typeface))
        noise = np.random.default_rng(seed)
        for page in render_pages(content, rng.choice((100, 120, 150, 150, 150, 200, 200, 300))):
            image, transform = _spoilt(rng, noise, page)
            for words in _runs(rng, page):
                label = " ".join(word.text for word in words)
                if label and self._known.issuperset(label):
                    picture = at_height(cut(image, _quad(rng, words, transform)))
                    if len(label) + 1 <= picture.shape[1] // 8:
                        yield LinePicture(picture, label)

    def _typeface(self, rng: random.Random, kind: DocumentKind) -> Typeface | None:
        font = rng.choice(self._till_fonts if kind == "receipt" and rng.random() < 0.7 else self._fonts)
        name = font.path.stem
        if name not in pdfmetrics.getRegisteredFontNames():
            try:
                pdfmetrics.registerFont(TTFont(name, str(font.path)))
            except TTFError:
                return None
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


def _spoilt(
    rng: random.Random, noise: np.random.Generator, page: Page
) -> tuple[Pixels, npt.NDArray[np.float64]]:
    """The page (blue-green-red) after scanning, faxing or photographing, and where its points went."""
    image, transform = page.image, np.eye(3)
    way = rng.choice(("clean", "clean", "scan", "scan", "scan", "photo", "fax", "pale"))
    if way in ("scan", "fax"):
        moved = degrade.rotate(image, rng.uniform(-1.6, 1.6))
        image, transform = moved.image, moved.transform
    if way == "scan":
        image = degrade.blur(image, rng.uniform(0.2, 0.9))
        image = degrade.add_noise(image, noise, rng.uniform(1, 10))
        image = degrade.add_specks(image, noise, rng.choice((0.0, 0.00015, 0.001)))
        image = degrade.compress(image, rng.randrange(30, 90))
    elif way == "photo":
        moved = degrade.photograph(image, noise, tilt=0.012, degrees=rng.uniform(-3, 3), margin=0.06)
        image, transform = moved.image, moved.transform
        image = degrade.light_unevenly(image, noise, strength=rng.uniform(0.1, 0.4))
        image = degrade.compress(degrade.blur(image, rng.uniform(0.3, 0.9)), rng.randrange(40, 90))
    elif way == "fax" and page.dpi >= 150:
        image = degrade.add_specks(degrade.fax(image), noise, share=0.0006)
    elif way == "pale":
        image = degrade.fade(degrade.blur(image, rng.uniform(0.2, 0.9)), contrast=rng.uniform(0.25, 0.8))
    if rng.random() < 0.5:
        image = degrade.to_grey(image)
    return np.ascontiguousarray(image[..., ::-1]), np.asarray(transform, dtype=np.float64)
