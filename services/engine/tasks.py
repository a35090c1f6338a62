"""One task from message to result: fetch, work in a worker process, upload, describe."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from services.engine.documents.fetch import Fetcher, TemporaryFetchError
from services.engine.documents.prepare import PreparedDocument, PreparedPage
from services.engine.documents.text_pages import TEXT_PAGE_DPI
from services.engine.extraction.learning import Learned, Lesson
from services.engine.extraction.stated import items_from_json, taxes_from_json
from services.engine.files import GatewayFiles
from services.engine.maker import Maker, digest_of_file
from services.engine.settings import Settings
from services.engine.work import (
    CheckWork,
    ExtractWork,
    LearnWork,
    PageResult,
    PageWork,
    PrepareWork,
    ReadWork,
    Work,
)
from services.engine.workers import WorkerDied, WorkerPool, WorkFailed, WorkTimedOut
from shared.errors import DocumentError, PassingError
from shared.identity import PAGES_WITH_KEYS
from shared.messages import results
from shared.messages.results import (
    CorrectionsLearned,
    DataChecked,
    DocumentExtracted,
    DocumentPrepared,
    PageRecognised,
)
from shared.messages.tasks import CheckTask, ExtractTask, LearnTask, PrepareTask, RecogniseTask
from shared.schemas.supplier import KINDS, corrections_from_json, learned_to_json, profile_from_json
from shared.schemas.template import extraction_settings, preprocessing_settings

FETCH_ATTEMPTS = 3
FETCH_PAUSE_SECONDS = 1.0
_CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


class Tasks:
    """Does the kinds of task. Every error that the document is to blame for is a DocumentError."""

    def __init__(
        self, settings: Settings, fetcher: Fetcher, files: GatewayFiles, pool: WorkerPool, maker: Maker
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._files = files
        self._pool = pool
        self._maker = maker

    async def prepare(self, task: PrepareTask) -> DocumentPrepared:
        """Fetch the document, split it, upload its pages."""
        began = time.monotonic()
        async with _scratch_folder() as folder:
            document = folder / "document"
            if task.document_path:
                await self._files.get(task.document_path, document)
            elif task.document_url:
                await self._fetch(task.document_url, document)
            else:
                raise DocumentError("noDocument", "The job has neither a document URL nor an uploaded file.")
            pages = folder / "pages"
            pages.mkdir()
            work = PrepareWork(
                document,
                pages,
                task.resolution_dpi,
                task.declared_format,
                text_dpi=task.resolution_dpi if task.exact_resolution else TEXT_PAGE_DPI,
            )
            prepared: PreparedDocument = await self._work(
                work, self._settings.prepare_seconds, "Preparing the document"
            )
            described = [await self._upload(task, page) for page in prepared.pages]
            has_einvoice = await self._upload_einvoice(task, prepared)
        return DocumentPrepared(
            tenant=task.tenant,
            job_id=task.job_id,
            attempt=task.attempt,
            format=str(prepared.format),
            size=prepared.size,
            sha256=prepared.sha256,
            pages=tuple(described),
            has_einvoice=has_einvoice,
            notes=prepared.notes,
            seconds=time.monotonic() - began,
        )

    async def recognise(self, task: RecogniseTask) -> PageRecognised:
        """Read one page."""
        began = time.monotonic()
        async with _scratch_folder() as folder:
            image, text_layer = folder / "image", folder / "text-layer"
            if task.text_layer_path:
                await self._files.get(task.text_layer_path, text_layer)
            elif task.image_path:
                await self._files.get(task.image_path, image)
            elif task.image_url:
                await self._fetch(task.image_url, image)
            work = ReadWork(
                image=image if image.exists() else None,
                text_layer=text_layer if text_layer.exists() else None,
                width=task.width or 0,
                height=task.height or 0,
                preprocessing=preprocessing_settings(task.template),
                languages=tuple(task.template.get("languages") or ()),
            )
            page: PageResult = await self._work(
                PageWork(work, with_marks=task.page_number <= PAGES_WITH_KEYS),
                self._settings.page_seconds,
                "Reading the page",
            )
        return PageRecognised(
            tenant=task.tenant,
            job_id=task.job_id,
            attempt=task.attempt,
            page_id=task.page_id,
            reading=page.reading,
            marks=page.marks,
            seconds=time.monotonic() - began,
            produced_by=self._maker.of_page(task.template),
        )

    async def extract(self, task: ExtractTask) -> DocumentExtracted:
        """Extract the data of a document that was read."""
        began = time.monotonic()
        async with _scratch_folder() as folder:
            readings, einvoice = await self._document(task, folder)
            extraction = await self._work(
                ExtractWork(
                    readings,
                    extraction_settings(task.template),
                    einvoice,
                    tuple(profile_from_json(profile) for profile in task.profiles),
                ),
                self._settings.extract_seconds,
                "Extracting the data",
            )
            produced_by = self._maker.of_extraction(
                task.template,
                readings=digest_of_file(readings),
                einvoice=digest_of_file(einvoice) if einvoice else None,
                profiles=task.profiles,
            )
        return DocumentExtracted(
            tenant=task.tenant,
            job_id=task.job_id,
            attempt=task.attempt,
            extraction=extraction,
            seconds=time.monotonic() - began,
            produced_by=produced_by,
        )

    async def learn(self, task: LearnTask) -> CorrectionsLearned:
        """Learn from corrections of a document that was read."""
        began = time.monotonic()
        async with _scratch_folder() as folder:
            readings = folder / "readings"
            await self._files.get(task.pages_path, readings)
            lesson = Lesson(
                corrections_from_json(task.corrections),
                items_from_json(task.line_items) if task.line_items is not None else None,
                taxes_from_json(task.taxes) if task.taxes is not None else None,
            )
            settings = extraction_settings(task.template)
            work = LearnWork(readings, profile_from_json(task.profile), lesson, settings)
            learned: Learned = await self._work(
                work, self._settings.extract_seconds, "Learning from the corrections"
            )
        return CorrectionsLearned(
            tenant=task.tenant,
            job_id=task.job_id,
            attempt=task.attempt,
            profile_id=task.profile["id"],
            learned_fields=learned.fields,
            **{kind: tuple(learned_to_json(one) for one in getattr(learned, kind)) for kind in KINDS},
            revision=task.revision,
            seconds=time.monotonic() - began,
        )

    async def check(self, task: CheckTask) -> DataChecked:
        """Check data that a person has corrected."""
        began = time.monotonic()
        async with _scratch_folder() as folder:
            readings, einvoice = await self._document(task, folder)
            settings = extraction_settings(task.template)
            work = CheckWork(readings, task.extracted_data, task.confidence, settings, einvoice)
            found = await self._work(work, self._settings.extract_seconds, "Checking the corrected data")
        return DataChecked(
            tenant=task.tenant,
            job_id=task.job_id,
            attempt=task.attempt,
            revision=task.revision,
            validation_results=found,
            seconds=time.monotonic() - began,
        )

    async def _document(self, task: ExtractTask | CheckTask, folder: Path) -> tuple[Path, Path | None]:
        """The readings of the document's pages, and the XML of its e-invoice if it has one."""
        readings, einvoice = folder / "readings", folder / "einvoice"
        await self._files.get(task.pages_path, readings)
        if not task.einvoice_path:
            return readings, None
        await self._files.get(task.einvoice_path, einvoice)
        return readings, einvoice

    async def _fetch(self, url: str, target: Path) -> None:
        """Fetch a client's URL; a server that is away for a moment gets another chance."""
        for attempt in range(1, FETCH_ATTEMPTS + 1):
            try:
                await self._fetcher.fetch(url, target)
            except TemporaryFetchError:
                if attempt == FETCH_ATTEMPTS:
                    raise
                await asyncio.sleep(FETCH_PAUSE_SECONDS * attempt)
            else:
                return

    async def _work(self, work: Work, seconds: float, doing: str) -> Any:
        """Run work in a worker; a document that kills two workers, or takes too long, is to blame."""
        try:
            try:
                return await self._pool.run(work, seconds)
            except WorkerDied:
                return await self._pool.run(work, seconds)
        except WorkFailed as error:
            raise DocumentError(
                "internalError", f"{doing} failed unexpectedly ({error}); the engine's log says more."
            ) from error
        except WorkTimedOut as error:
            raise PassingError(
                "timedOut", f"{doing} took longer than {seconds:g} seconds and was given up."
            ) from error
        except WorkerDied as error:
            raise PassingError(
                "workerDied",
                f"{doing} ended two worker processes, perhaps for lack of memory; it was given up.",
            ) from error

    async def _upload_einvoice(self, task: PrepareTask, prepared: PreparedDocument) -> bool:
        """Put the e-invoice's XML into the gateway, if the document has one; whether it has."""
        if prepared.einvoice_path is None or task.einvoice_upload_path is None:
            return False
        await self._files.put(task.einvoice_upload_path, prepared.einvoice_path, "application/xml")
        return True

    async def _upload(self, task: PrepareTask, page: PreparedPage) -> results.PreparedPage:
        """Put the page's files into the gateway and describe the page."""
        if page.error is not None or page.image_path is None or page.format is None:
            return results.PreparedPage(number=page.number, error=page.error or "The page has no image.")
        path = task.upload_path.replace("{page}", str(page.number))
        await self._files.put(path.replace("{name}", "image"), page.image_path, _CONTENT_TYPES[page.format])
        if page.text_layer_path is not None:
            await self._files.put(
                path.replace("{name}", "text-layer"), page.text_layer_path, "application/json"
            )
        return results.PreparedPage(
            number=page.number,
            width=page.width,
            height=page.height,
            dpi=page.dpi,
            color_space=page.color_space,
            format=page.format,
            size=page.size,
            has_text_layer=page.text_layer_path is not None,
        )


@asynccontextmanager
async def _scratch_folder() -> AsyncIterator[Path]:
    """A folder of the task's own that is gone afterwards, whatever happens."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="ledgerlens-"))
    try:
        yield folder
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))
