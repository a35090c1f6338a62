"""Measure how often fields are right at what confidence, and write `calibration.json` of the extraction.

The documents are parted by their names' hash: one half is fitted to, the other only checked. Page readings
are kept in build/bench/readings; remove them after a change of the page reader.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.engine.cores import instruction_sets
from services.engine.documents.limits import Limits
from services.engine.extraction import calibration as calibration_module
from services.engine.extraction.calibration import FILE_NAME, Calibration, family
from services.engine.extraction.extract import extract
from services.engine.imaging.frames import DocumentFrames
from services.engine.ocr.runtimes import fastest_runtime
from services.engine.work import PrepareWork, ReadWork, Worker, WorkerOptions
from shared.readings import PageReading
from shared.schemas.reading import reading_from_json, reading_to_json
from shared.template import ExtractionSettings, PreprocessingSettings
from tests.bench.accuracy.documents import FORMS, BenchDocument, documents_of_manifest, generated_documents
from tests.bench.accuracy.fit import Outcome, fit
from tests.bench.accuracy.grades import Answer, grade
from tests.bench.accuracy.report import reliability_table
from tests.generator.samples import SampleKind

IMAGES: tuple[SampleKind, ...] = ("scan", "photo", "fax", "png", "tiff", "bmp")
OUT = Path("build/bench")
DPI = 300
LIMITS = Limits(50 * 1024 * 1024, 500, 80_000_000, 512 * 1024 * 1024)
AS_FOUND = Calibration(1.0, 0.0)


class Reader:
    """Reads documents in this process, each once."""

    def __init__(self, models: Path, kept: Path) -> None:
        self._models = models
        self._kept = kept
        self._worker: Worker | None = None

    def read(self, document: Path) -> dict[int, PageReading]:
        """The document's pages by number; those that can't be read are left out."""
        kept = self._kept / f"{hashlib.sha256(document.read_bytes()).hexdigest()}.ndjson"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            lines = [json.dumps(page, ensure_ascii=False) for page in self._pages(document)]
            kept.write_text("\n".join(lines), encoding="utf-8")
        pages = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
        return {page["pageNumber"]: reading_from_json(page["reading"]) for page in pages}

    def _pages(self, document: Path) -> Iterator[dict[str, object]]:
        if self._worker is None:
            self._worker = Worker(
                WorkerOptions(self._models, LIMITS, runtime=fastest_runtime(instruction_sets()))
            )
        folder = Path(tempfile.mkdtemp(prefix="ledgerlens-calibrate-"))
        try:
            for page in self._worker.do(PrepareWork(document, folder, DPI, None)).pages:
                image, layer = page.image_path, page.text_layer_path
                work = ReadWork(image, layer, page.width, page.height, PreprocessingSettings(), ())
                if page.error is None:
                    yield {"pageNumber": page.number, "reading": reading_to_json(self._worker.do(work))}
        finally:
            shutil.rmtree(folder)


def main() -> None:
    """Read the command line, measure, print the check half before and after, and write the file."""
    options = _parser().parse_args()
    documents = _documents(options)
    outcomes = _outcomes(documents, Reader(options.models, OUT / "readings"))
    found = fit(_weighted([(name, one) for name, one in outcomes if not _is_checked(name)], documents))
    own = {document.name for document in documents if document.truth.complete}
    checked = [(name, one) for name, one in outcomes if _is_checked(name)]
    _show("the documents that nothing was fitted to", [one for _, one in checked], found)
    if options.data is not None:
        _show("the real ones among them", [one for name, one in checked if name not in own], found)
    path = Path(calibration_module.__file__).with_name(FILE_NAME)
    content = {"slope": found.slope, "offset": found.offset, "offsets": found.offsets}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {path.name} of the extraction package.")


def _show(which: str, outcomes: Sequence[Outcome], found: Calibration) -> None:
    """Print the reliability of evidence and of confidence."""
    print(f"Fields of {which}, evidence as it was found:\n")
    print(reliability_table((one.evidence, one.right) for one in outcomes))
    print("\nAs confidence:\n")
    print(
        reliability_table(
            (found.confidence(one.path, one.reason, one.evidence), one.right) for one in outcomes
        )
    )
    print()


def _documents(options: argparse.Namespace) -> list[BenchDocument]:
    made = OUT / "documents" / "calibration"
    documents = [
        *generated_documents(made, options.digital, options.seed, ("digital",)),
        *generated_documents(made, options.images, options.seed + 1, IMAGES),
    ]
    if options.data is not None:
        documents += documents_of_manifest(options.data, None, FORMS, OUT / "documents")
    return documents


def _outcomes(documents: Sequence[BenchDocument], reader: Reader) -> list[tuple[str, Outcome]]:
    """Every field that was read and whose truth is known, with the name of its document."""
    outcomes = []
    for document in documents:
        frames = DocumentFrames(reader.read(document.path))
        answer = extract(frames.upright, ExtractionSettings(), calibration=AS_FOUND).to_json()
        data = answer["extractedData"]
        graded = grade(document, Answer(data, answer["confidence"]["fields"], "", 0.0))
        outcomes += [
            (document.name, Outcome(field.path, _reason(data, field.path), field.confidence, field.right))
            for field in graded.fields
            if field.confidence is not None
        ]
    return outcomes


def _reason(data: Mapping[str, Any], path: str) -> str:
    return str(data["provenance"][path]["reason"])


def _weighted(outcomes: Sequence[tuple[str, Outcome]], documents: Sequence[BenchDocument]) -> list[Outcome]:
    """For each field the groups of documents count alike, however many documents they have."""
    groups = {document.name: _group(document) for document in documents}
    sizes = Counter((family(one.path), groups[name]) for name, one in outcomes)
    shares = {
        (field, group): sum(count for (other, _), count in sizes.items() if other == field)
        / (sum(other == field for other, _ in sizes) * size)
        for (field, group), size in sizes.items()
    }
    return [replace(one, weight=shares[(family(one.path), groups[name])]) for name, one in outcomes]


def _group(document: BenchDocument) -> str:
    """Born-digital or not, our own or not."""
    made, _, kind = document.corpus.partition(" ")
    return document.corpus if made != "generated" or kind == "digital" else "generated images"


def _is_checked(name: str) -> bool:
    """Whether a document is one of those that are only checked; all forms of it are, or none."""
    return hashlib.sha256(name.partition("@")[0].encode()).digest()[0] % 2 == 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with manifest.json and real documents")
    parser.add_argument("--digital", type=int, default=160, help="generated born-digital documents (160)")
    parser.add_argument("--images", type=int, default=84, help="generated scans, photos and so on (84)")
    parser.add_argument("--seed", type=int, default=7, help="seed of the generated documents (7)")
    parser.add_argument("--models", type=Path, default=Path(".local/models"), help="folder for the models")
    return parser


if __name__ == "__main__":
    main()
