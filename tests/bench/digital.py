"""How fast born-digital invoices go through the engine: text layer and extraction, no recognition."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from services.engine.documents.limits import Limits
from services.engine.work import ExtractWork, PrepareWork, ReadWork, Worker, WorkerOptions
from shared.schemas.reading import reading_to_json
from shared.template import ExtractionSettings, PreprocessingSettings
from tests.generator.samples import make_samples

DPI = 300
LIMITS = Limits(50 * 1024 * 1024, 500, 80_000_000, 512 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class DigitalResult:
    """What was done in one process, and in how many processor seconds: preparing (with page images),
    reading text layers, extracting data."""

    documents: int
    pages: int
    read_from_text_layer: int
    prepare_seconds: float
    read_seconds: float
    extract_seconds: float

    @property
    def pages_per_second(self) -> float:
        return self.pages / (self.prepare_seconds + self.read_seconds + self.extract_seconds)


def measure_digital(folder: Path, models: Path, count: int, seed: int) -> DigitalResult:
    """Put `count` generated digital PDFs through a worker, in this process."""
    worker = Worker(WorkerOptions(models, LIMITS))
    pages = from_text_layer = 0
    spent = {"prepare": 0.0, "read": 0.0, "extract": 0.0}
    for sample in make_samples(folder, count, seed, ("digital",)):
        began = time.process_time()
        files = folder / f"{sample.name}-pages"
        files.mkdir()
        prepared = worker.do(PrepareWork(sample.document, files, DPI, None))
        spent["prepare"] += time.process_time() - began
        began = time.process_time()
        readings = [
            worker.do(
                ReadWork(
                    page.image_path,
                    page.text_layer_path,
                    page.width,
                    page.height,
                    PreprocessingSettings(),
                    (),
                )
            )
            for page in prepared.pages
        ]
        spent["read"] += time.process_time() - began
        listed = files / "readings"
        lines = (json.dumps({"reading": reading_to_json(reading)}) for reading in readings)
        listed.write_text("\n".join(lines), encoding="utf-8")
        began = time.process_time()
        worker.do(ExtractWork(listed, ExtractionSettings()))
        spent["extract"] += time.process_time() - began
        pages += len(readings)
        from_text_layer += sum(reading.source == "textLayer" for reading in readings)
    return DigitalResult(count, pages, from_text_layer, spent["prepare"], spent["read"], spent["extract"])
