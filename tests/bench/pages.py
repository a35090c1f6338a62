"""The pages that are read: of our own making, or real documents with their truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2

from services.engine.ocr.recogniser import Image
from tests.generator.samples import SampleKind, make_samples

DPI = 150
POINTS_PER_INCH = 72
KINDS: tuple[SampleKind, ...] = ("scan", "fax", "photo", "png", "tiff", "bmp")


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page (blue-green-red), the group it is reported in, and the text printed on it."""

    group: str
    name: str
    pixels: Image
    text: str


def generated_pages(folder: Path, count: int, seed: int) -> list[BenchPage]:
    """The first pages of `count` generated documents that are written into `folder`."""
    pages = []
    for sample in make_samples(folder, count, seed, KINDS):
        truth = json.loads(sample.truth.read_text(encoding="utf-8"))["pages"][0]
        text = "\n".join(line["text"] for line in truth["lines"])
        pages.append(BenchPage("generated", sample.document.name, first_page(sample.document), text))
    return pages


def real_pages(folder: Path, most: int) -> list[BenchPage]:
    """First pages of at most `most` documents of each kind, evenly chosen from the folder's manifest.json.

    The manifest lists documents as `file`, `kind` and `truth.pages`: the lines of text of every page.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    pages = []
    for kind in sorted({entry["kind"] for entry in manifest}):
        entries = [entry for entry in manifest if entry["kind"] == kind and entry["truth"].get("pages")]
        for entry in _evenly(entries, most):
            text = "\n".join(entry["truth"]["pages"][0])
            pages.append(BenchPage(kind, entry["file"], first_page(folder / entry["file"]), text))
    return pages


def first_page(document: Path) -> Image:
    """The first page of a PDF at 150 dpi, or of an image file as it is."""
    if document.suffix.lower() == ".pdf":
        with pypdfium2.PdfDocument(document) as pdf:
            picture = pdf[0].render(scale=DPI / POINTS_PER_INCH).to_pil().convert("RGB")
        return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8)[:, :, ::-1])
    pixels = cv2.imread(str(document), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{document.name} is neither a PDF nor an image.")
    return np.asarray(pixels, dtype=np.uint8)


def _evenly(entries: Sequence[Any], most: int) -> list[Any]:
    step = max(1, len(entries) // most)
    return list(entries[::step][:most])
