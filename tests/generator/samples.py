"""Finished documents: a file and its truth, for the demo, tests and benchmarks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from tests.generator import degrade
from tests.generator.compose import compose_invoice
from tests.generator.fonts import HELVETICA, TIMES, Typeface
from tests.generator.invoice import DocumentKind, Invoice
from tests.generator.languages import Label
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import LayoutName, Presentation, choose_presentation
from tests.generator.render import (
    Page,
    encode_image,
    encode_jpeg,
    encode_tiff,
    image_only_pdf,
    move_lines,
    render_pages,
)
from tests.generator.truth import document_truth, truth_json

SampleKind = Literal["digital", "scan", "photo", "fax", "png", "tiff", "bmp"]
SAMPLE_KINDS: tuple[SampleKind, ...] = ("digital", "scan", "photo", "fax", "png", "tiff", "bmp")

ONE_PAGE_KINDS: tuple[SampleKind, ...] = ("photo", "png", "bmp")
MOST_ITEMS_ON_ONE_PAGE = 7

TRUTH_DPI = 150
SCAN_DPI = 150
FAX_DPI = 200
PHOTO_QUALITY = 74
SCAN_QUALITY = 70
STAMP_COLOURS = ((178, 34, 40), (36, 62, 150), (24, 110, 60))


@dataclass(frozen=True, slots=True)
class Sample:
    """One document on disk, the truth file beside it, and what it says."""

    name: str
    kind: SampleKind
    document: Path
    truth: Path
    invoice: Invoice
    page_count: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A document drawn but not yet put into a file; `randomness` seeds what happens to its pages."""

    invoice: Invoice
    look: Presentation
    content: bytes
    randomness: int


@dataclass(frozen=True, slots=True)
class _Finished:
    """A file's content, its suffix without the dot, what was done to it, and its pages as truth."""

    content: bytes
    suffix: str
    effects: list[str]
    pages: list[Page]


def make_demo_samples(folder: Path) -> list[Sample]:
    """Write three documents with their truth: a digital PDF, a two-page scan as PDF, and a photo as JPEG.

    Always the same bytes. Raises OSError when `folder` can't be written.
    """
    digital = _draw(259, kind="invoice", country="DE", item_count=5, layout="classic", typeface=HELVETICA)
    scan = _draw(213, kind="invoice", country="GB", item_count=34, layout="boxed", typeface=HELVETICA)
    photo = _draw(47, kind="invoice", country="FR", item_count=4, layout="centred", typeface=TIMES)
    return [
        _write(folder, "demo-digital", "digital", digital),
        _write(folder, "demo-scan", "scan", scan),
        _write(folder, "demo-photo", "photo", photo),
    ]


def make_samples(
    folder: Path, count: int, seed: int, kinds: Sequence[SampleKind] = SAMPLE_KINDS
) -> list[Sample]:
    """Write `count` documents of the `kinds` in turn, with their truth.

    The same seed gives the same bytes. Raises OSError when `folder` can't be written.
    """
    samples = []
    for index in range(count):
        kind = kinds[index % len(kinds)]
        drawn = _draw(seed * 1_000_003 + index, one_page=kind in ONE_PAGE_KINDS)
        samples.append(_write(folder, f"{seed}-{index:04}-{kind}", kind, drawn))
    return samples


def _draw(
    seed: int,
    *,
    kind: DocumentKind | None = None,
    country: str | None = None,
    item_count: int | None = None,
    layout: LayoutName | None = None,
    typeface: Typeface | None = None,
    one_page: bool = False,
) -> _Drawn:
    rng = random.Random(seed)
    kinds: tuple[DocumentKind, ...] = ("invoice", "invoice", "invoice", "invoice", "creditNote", "receipt")
    wanted: DocumentKind = kind if kind is not None else rng.choice(kinds)
    if one_page:
        item_count = rng.randrange(1, MOST_ITEMS_ON_ONE_PAGE + 1)
    elif item_count is None and wanted != "receipt" and rng.random() < 0.12:
        item_count = rng.randrange(26, 60)
    invoice = compose_invoice(rng, wanted, country, item_count)
    look = choose_presentation(rng, invoice, layout, typeface)
    return _Drawn(invoice, look, draw_invoice(invoice, look), rng.getrandbits(32))


def _write(folder: Path, name: str, kind: SampleKind, drawn: _Drawn) -> Sample:
    finishers: dict[SampleKind, Callable[[_Drawn], _Finished]] = {
        "digital": _finish_digital,
        "scan": _finish_scan,
        "photo": _finish_photo,
        "fax": _finish_fax,
        "png": _finish_png,
        "tiff": _finish_tiff,
        "bmp": _finish_bmp,
    }
    finished = finishers[kind](drawn)
    folder.mkdir(parents=True, exist_ok=True)
    document = folder / f"{name}.{finished.suffix}"
    truth = folder / f"{name}.truth.json"
    document.write_bytes(finished.content)
    facts = document_truth(drawn.invoice, document.name, finished.suffix, finished.effects, finished.pages)
    truth.write_text(truth_json(facts), encoding="utf-8")
    return Sample(name, kind, document, truth, drawn.invoice, len(finished.pages))


def _finish_digital(drawn: _Drawn) -> _Finished:
    return _Finished(drawn.content, "pdf", [], render_pages(drawn.content, TRUTH_DPI))


def _finish_scan(drawn: _Drawn) -> _Finished:
    rng = np.random.default_rng(drawn.randomness)
    pages, effects = _scan_pages(drawn, rng, SCAN_DPI)
    content = image_only_pdf([page.image for page in pages], SCAN_DPI, SCAN_QUALITY)
    return _Finished(content, "pdf", [*effects, f"jpeg:{SCAN_QUALITY}"], pages)


def _finish_photo(drawn: _Drawn) -> _Finished:
    rng = np.random.default_rng(drawn.randomness)
    page = render_pages(drawn.content, TRUTH_DPI)[0]
    degrees = float(rng.uniform(1.2, 3.0) * rng.choice([-1, 1]))
    moved = degrade.photograph(page.image, rng, tilt=0.012, degrees=degrees, margin=0.06)
    image = degrade.light_unevenly(moved.image, rng, strength=0.32)
    image = degrade.add_noise(degrade.blur(image, 0.6), rng, deviation=5)
    lines = move_lines(page.lines, moved.transform)
    effects = [f"skew:{degrees:.2f}", "perspective", "uneven-light", "blur", "noise", f"jpeg:{PHOTO_QUALITY}"]
    content = encode_jpeg(image, PHOTO_QUALITY, TRUTH_DPI)
    return _Finished(content, "jpg", effects, [Page(image, TRUTH_DPI, lines)])


def _finish_fax(drawn: _Drawn) -> _Finished:
    rng = np.random.default_rng(drawn.randomness)
    pages = []
    degrees = float(rng.uniform(-0.8, 0.8))
    for page in render_pages(drawn.content, FAX_DPI):
        moved = degrade.rotate(page.image, degrees)
        image = degrade.add_specks(degrade.fax(moved.image), rng, share=0.0006)
        pages.append(Page(image, FAX_DPI, move_lines(page.lines, moved.transform)))
    content = encode_tiff([page.image[..., 0] for page in pages], FAX_DPI)
    return _Finished(content, "tiff", [f"skew:{degrees:.2f}", "fax", "specks"], pages)


def _finish_png(drawn: _Drawn) -> _Finished:
    page = render_pages(drawn.content, TRUTH_DPI)[0]
    return _Finished(encode_image(page.image, "png", TRUTH_DPI), "png", [], [page])


def _finish_bmp(drawn: _Drawn) -> _Finished:
    page = render_pages(drawn.content, TRUTH_DPI)[0]
    image = degrade.fade(degrade.blur(page.image, 0.7), contrast=0.55)
    faded = Page(image, TRUTH_DPI, page.lines)
    return _Finished(encode_image(image, "bmp", TRUTH_DPI), "bmp", ["blur", "low-contrast"], [faded])


def _finish_tiff(drawn: _Drawn) -> _Finished:
    rng = np.random.default_rng(drawn.randomness)
    pages, effects = _scan_pages(drawn, rng, SCAN_DPI)
    return _Finished(encode_tiff([page.image for page in pages], SCAN_DPI), "tiff", effects, pages)


def _scan_pages(drawn: _Drawn, rng: np.random.Generator, dpi: int) -> tuple[list[Page], list[str]]:
    pages: list[Page] = []
    effects: list[str] = []
    coloured = bool(rng.random() < 0.5)
    stamped = bool(rng.random() < 0.4)
    colour = STAMP_COLOURS[int(rng.integers(len(STAMP_COLOURS)))]
    for page in render_pages(drawn.content, dpi):
        degrees = float(rng.uniform(0.4, 1.6) * rng.choice([-1, 1]))
        image = page.image
        if stamped and not pages:
            image = degrade.stamp(image, rng, drawn.look.wording[Label.PAID_STAMP], colour)
            effects.append("stamp")
        moved = degrade.rotate(image, degrees)
        image = degrade.add_noise(degrade.blur(moved.image, 0.5), rng, deviation=6)
        image = degrade.add_specks(image, rng, share=0.00015)
        image = image if coloured else degrade.to_grey(image)
        pages.append(Page(image, dpi, move_lines(page.lines, moved.transform)))
        effects.append(f"skew:{degrees:.2f}")
    effects += ["blur", "noise", "specks", *([] if coloured else ["grey"])]
    return pages, effects
