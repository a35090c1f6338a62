"""How fast born-digital invoices go through the engine: text layer and extraction, no recognition."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.engine.documents.limits import Limits
from services.engine.documents.pdf import open_pdf
from services.engine.documents.pdf_drawing import Canvas
from services.engine.documents.text_pages import picture_of, text_page_dpi
from services.engine.work import ExtractWork, PrepareWork, ReadWork, Worker, WorkerOptions
from shared.schemas.reading import reading_to_json
from shared.template import ExtractionSettings, PreprocessingSettings
from tests.generator.samples import make_samples

DPI = 300
LIMITS = Limits(50 * 1024 * 1024, 500, 80_000_000, 512 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class DigitalResult:
    """What was done in one process, and in how many processor seconds: preparing (with page images),
    reading text layers, extracting data. `image_seconds` is the part of preparing that can't be saved:
    rendering the page image and storing it, by itself."""

    documents: int
    pages: int
    read_from_text_layer: int
    prepare_seconds: float
    read_seconds: float
    extract_seconds: float
    image_seconds: float

    @property
    def pages_per_second(self) -> float:
        return self.pages / (self.prepare_seconds + self.read_seconds + self.extract_seconds)


def measure_digital(folder: Path, models: Path, count: int, seed: int) -> DigitalResult:
    """Put `count` generated digital PDFs through a worker, in this process; one more warms it up."""
    worker, canvas = Worker(WorkerOptions(models, LIMITS)), Canvas()
    spent = dict.fromkeys(("prepare", "read", "extract", "image"), 0.0)
    pages = from_text_layer = 0
    for number, sample in enumerate(make_samples(folder, count + 1, seed, ("digital",))):
        files = folder / f"{sample.name}-pages"
        files.mkdir()
        sources = _one_document(worker, canvas, sample.document, files, spent)
        if number == 0:
            spent = dict.fromkeys(spent, 0.0)
            continue
        pages += len(sources)
        from_text_layer += sources.count("textLayer")
    return DigitalResult(
        count, pages, from_text_layer, spent["prepare"], spent["read"], spent["extract"], spent["image"]
    )


def _one_document(
    worker: Worker, canvas: Canvas, document: Path, files: Path, spent: dict[str, float]
) -> list[str]:
    """Where the text of each page came from; adds to the processor seconds `spent`."""
    prepared = _timed(spent, "prepare", lambda: worker.do(PrepareWork(document, files, DPI, None)))
    works = [
        ReadWork(page.image_path, page.text_layer_path, page.width, page.height, PreprocessingSettings(), ())
        for page in prepared.pages
    ]
    readings = _timed(spent, "read", lambda: [worker.do(work) for work in works])
    listed = files / "readings"
    lines = (
        json.dumps({"pageNumber": number, "reading": reading_to_json(reading)})
        for number, reading in enumerate(readings, start=1)
    )
    listed.write_text("\n".join(lines), encoding="utf-8")
    _timed(spent, "extract", lambda: worker.do(ExtractWork(listed, ExtractionSettings())))
    _timed(spent, "image", lambda: _page_images(document, files, canvas))
    return [reading.source for reading in readings]


def _page_images(document: Path, files: Path, canvas: Canvas) -> None:
    """The page images alone, as preparing makes them."""
    with open_pdf(document, LIMITS, canvas) as pdf:
        for number in range(1, pdf.page_count + 1):
            with (
                pdf.page(number) as page,
                picture_of(page, text_page_dpi(page, DPI, LIMITS)) as picture,
            ):
                picture.write(files / "image")


def _timed(spent: dict[str, float], step: str, work: Callable[[], Any]) -> Any:
    began = time.process_time()
    done = work()
    spent[step] += time.process_time() - began
    return done
