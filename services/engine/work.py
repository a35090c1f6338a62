"""What a worker process does: prepare documents, read pages, extract data. No network here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2

from services.engine.documents.limits import Limits
from services.engine.documents.pdf_drawing import Canvas
from services.engine.documents.prepare import PreparedDocument, prepare
from services.engine.documents.single_image import read_single_image
from services.engine.documents.text_layer import read_text_layer
from services.engine.documents.text_pages import TEXT_PAGE_DPI
from services.engine.einvoice.merge import merge
from services.engine.einvoice.read import read_einvoice
from services.engine.extraction.extract import extract
from services.engine.extraction.learning import Learned, Lesson, learn
from services.engine.extraction.presentation import validation_results
from services.engine.extraction.stated_checks import check_stated
from services.engine.extraction.supplier_marks import page_marks
from services.engine.extraction.validation import in_order
from services.engine.extraction.word_places import add_words
from services.engine.imaging.frames import DocumentFrames
from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.reader import PageReader
from services.engine.ocr.runtimes import Runtime, open_recogniser
from shared.errors import DocumentError
from shared.readings import PageReading
from shared.schemas.reading import reading_from_json, reading_to_json
from shared.supplier import Correction, SupplierProfile
from shared.template import ExtractionSettings, PreprocessingSettings


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What a worker is made with."""

    model_dir: Path
    limits: Limits
    threads: int = 1
    runtime: Runtime = "onnxruntime"
    quick: bool = True


@dataclass(frozen=True, slots=True)
class PrepareWork:
    """Split the document at `path` into page files in `folder`."""

    path: Path
    folder: Path
    resolution_dpi: int
    declared_format: str | None
    text_dpi: int = TEXT_PAGE_DPI


@dataclass(frozen=True, slots=True)
class ReadWork:
    """Read a page from its text layer if there is one, else from its image."""

    image: Path | None
    text_layer: Path | None
    width: int
    height: int
    preprocessing: PreprocessingSettings
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageWork:
    """Read a page, and find the keys of companies on it where they are wanted: a `PageResult`."""

    read: ReadWork
    with_marks: bool


@dataclass(frozen=True, slots=True)
class PageResult:
    """What was read on a page, as JSON: that goes through a pipe at a fraction of a reading's cost.

    `marks` are the keys of companies on it.
    """

    reading: dict[str, Any]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtractWork:
    """Extract the data of the document whose page readings are the lines of the file `readings`.

    What the XML file `einvoice` states goes before what the pages show.
    """

    readings: Path
    settings: ExtractionSettings
    einvoice: Path | None = None
    profiles: tuple[SupplierProfile, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnWork:
    """Learn from corrections of the document whose page readings are the lines of the file `readings`."""

    readings: Path
    profile: SupplierProfile
    lesson: Lesson
    settings: ExtractionSettings


@dataclass(frozen=True, slots=True)
class CheckWork:
    """Check what a person says that a document's data is, in the API's JSON.

    The readings of its pages are the lines of the file `readings`; `confidence` is that of what was read.
    """

    readings: Path
    data: Mapping[str, Any]
    confidence: Mapping[str, float]
    settings: ExtractionSettings
    einvoice: Path | None = None


Work = PrepareWork | ReadWork | PageWork | ExtractWork | LearnWork | CheckWork


class Worker:
    """Holds the models, which are loaded once per process."""

    def __init__(self, options: WorkerOptions) -> None:
        self._limits = options.limits
        self._canvas = Canvas()
        cv2.setNumThreads(options.threads)  # OpenCV's pool would take every core of the machine
        models = install_bundled_models(options.model_dir)
        quick = install_bundled_models(options.model_dir, "tiny") if options.quick else None
        recogniser = open_recogniser(options.runtime, models, options.threads, quick)
        self._reader = PageReader(recogniser)

    def do(self, work: Work) -> Any:
        """Do one piece of work; raises DocumentError when the document does not allow it."""
        match work:
            case PrepareWork():
                return self._prepare(work)
            case ReadWork():
                return self._read(work)
            case PageWork():
                return self._read_page(work)
            case ExtractWork():
                return self._extract(work)
            case LearnWork():
                return self._learn(work)
            case CheckWork():
                return self._check(work)

    def _prepare(self, work: PrepareWork) -> PreparedDocument:
        return prepare(
            work.path,
            work.folder,
            self._limits,
            work.resolution_dpi,
            declared_format=work.declared_format,
            text_dpi=work.text_dpi,
            canvas=self._canvas,
        )

    def _read(self, work: ReadWork) -> PageReading:
        if work.text_layer is not None:
            layer = read_text_layer(work.text_layer)
            return self._reader.read_text_layer(layer.words, work.width, work.height, layer.pictures)
        if work.image is None:
            raise DocumentError("noImage", "The page has neither an image nor a text layer.")
        image = read_single_image(work.image, self._limits)
        return self._reader.read(image, work.preprocessing, work.languages)

    def _read_page(self, work: PageWork) -> PageResult:
        reading = self._read(work.read)
        marks = page_marks(DocumentFrames({1: reading}).upright[0]) if work.with_marks else ()
        return PageResult(reading_to_json(reading), marks)

    def _extract(self, work: ExtractWork) -> dict[str, Any]:
        frames = _frames(work.readings)
        extraction = extract(frames.upright, work.settings, work.profiles)
        if work.einvoice is not None:
            einvoice = read_einvoice(work.einvoice.read_bytes())
            extraction = merge(extraction, einvoice, frames.upright, work.settings)
        result = extraction.to_json()
        add_words(result["extractedData"], frames.upright)
        frames.serve(result["extractedData"])
        return result

    def _learn(self, work: LearnWork) -> Learned:
        frames = _frames(work.readings)
        corrections = tuple(_upright(frames, correction) for correction in work.lesson.corrections)
        lesson = replace(work.lesson, corrections=corrections)
        return learn(frames.upright, work.profile, lesson, work.settings)

    def _check(self, work: CheckWork) -> dict[str, Any]:
        pages = _frames(work.readings).upright
        findings = check_stated(pages, work.data, work.confidence, work.settings)
        if work.einvoice is not None:
            einvoice = read_einvoice(work.einvoice.read_bytes())
            read = replace(extract(pages, work.settings), findings=())
            about_it = merge(read, einvoice, pages, work.settings).findings
            told = {finding.field for finding in about_it}
            findings = in_order([*about_it, *(one for one in findings if one.field not in told)])
        return validation_results(findings)


def _frames(readings: Path) -> DocumentFrames:
    """The pages in a file with one reading a line."""
    with readings.open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    return DocumentFrames({page["pageNumber"]: reading_from_json(page["reading"]) for page in pages})


def _upright(frames: DocumentFrames, correction: Correction) -> Correction:
    """The correction with its place in the frame of the upright page."""
    if correction.page is None or correction.box is None:
        return correction
    return correction.at(frames.to_upright(correction.page, correction.box))
