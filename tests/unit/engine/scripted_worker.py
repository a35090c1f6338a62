"""A worker whose documents say themselves what is to happen to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from services.engine.documents.prepare import PreparedDocument, PreparedPage
from services.engine.documents.sniff import DocumentFormat
from services.engine.work import ExtractWork, PageResult, PageWork, PrepareWork, ReadWork
from shared.errors import DocumentError
from shared.readings import BoundingBox, Line, PageReading, Word
from shared.schemas.reading import reading_to_json
from tests.unit.engine.light_worker import Die, Fail, LightWorker, Sleep

EXTRACTION = {
    "extractedData": {},
    "confidence": {"overall": 0.0, "fields": {}},
    "validationResults": {"isValid": True, "errors": []},
}


MARKS = ("name:acme",)


class ScriptedWorker:
    """Does what the document's own content says, in place of reading it."""

    def __init__(self, folder: Path) -> None:
        self._deaths = folder / "deaths"

    def do(self, work: PrepareWork | PageWork | ExtractWork) -> Any:
        match work:
            case PrepareWork():
                return self._prepare(work)
            case PageWork():
                return PageResult(reading_to_json(self._read(work.read)), MARKS if work.with_marks else ())
            case ExtractWork():
                assert json.loads(work.readings.read_text()) == {"pageNumber": 1}
                return EXTRACTION

    def _prepare(self, work: PrepareWork) -> PreparedDocument:
        content = work.path.read_text()
        self._follow(content)
        image, text_layer = work.folder / "1.png", work.folder / "1.json"
        image.write_bytes(b"image")
        text_layer.write_text("[]")
        good = PreparedPage(
            number=1,
            image_path=image,
            width=10,
            height=20,
            dpi=300,
            color_space="rgb",
            format="png",
            size=5,
            text_layer_path=text_layer,
        )
        bad = PreparedPage(number=2, error="The page is broken.")
        return PreparedDocument(
            format=DocumentFormat.PDF, size=len(content), sha256="ab", pages=(good, bad), notes=("One note.",)
        )

    def _read(self, work: ReadWork) -> PageReading:
        source = work.text_layer or work.image
        if source is None:
            raise DocumentError("noImage", "The page has neither an image nor a text layer.")
        self._follow(source.read_text())
        word = Word(source.read_text(), 0.5, BoundingBox(1, 2, 3, 4))
        return PageReading(work.width, work.height, (Line((word,)),))

    def _follow(self, content: str) -> None:
        worker = LightWorker()
        match content.split():
            case ["die", times]:
                worker.do(Die(self._deaths, int(times)))
            case ["odd"]:
                worker.do(Fail("value"))
            case ["sleep"]:
                worker.do(Sleep(60))
            case ["protected"]:
                raise DocumentError("encryptedPdf", "The PDF asks for a password.")
