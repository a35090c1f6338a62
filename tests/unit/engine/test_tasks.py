"""Tasks from message to result, with a real file server and real worker processes without models."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.engine import files, tasks
from services.engine.documents.fetch import Fetcher
from services.engine.files import GatewayFiles, TaskOutdated
from services.engine.maker import Maker
from services.engine.settings import Settings
from services.engine.tasks import Tasks
from services.engine.workers import PoolOptions, WorkerPool
from shared.errors import DocumentError
from shared.messages.results import PreparedPage
from shared.messages.tasks import ExtractTask, PrepareTask, RecogniseTask
from shared.messages.wire import to_cloud_event
from shared.schemas.reading import reading_from_json
from shared.settings import load_settings
from tests.unit.engine.gateway import FileServer, serving
from tests.unit.engine.scripted_worker import EXTRACTION, MARKS, ScriptedWorker

COMMON: dict[str, Any] = {"tenant": "acme", "job_id": "j1", "attempt": 3}
UPLOAD = "/files/jobs/j1/3/pages/{page}/{name}?signature=5"
PREPARE = PrepareTask(**COMMON, document_path="/files/document", upload_path=UPLOAD)
READ_IMAGE = RecogniseTask(**COMMON, page_id="p1", page_number=1, image_path="/files/image")
MAKER = Maker(
    version="1.2.3",
    code="c" * 64,
    runtime="openvino",
    libraries={"numpy": "2.0"},
    models={"recogniser": "d" * 64},
    vocabulary="e" * 64,
    calibration="f" * 64,
)


@pytest.fixture
async def gateway(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FileServer]:
    monkeypatch.setattr(files, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(tasks, "FETCH_PAUSE_SECONDS", 0.001)
    async with serving() as server:
        yield server


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of all temporary files; empty again after every task."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert _names(folder) == []


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture(scope="module")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
async def pool(worker_folder: Path) -> AsyncIterator[WorkerPool]:
    async with WorkerPool(PoolOptions(1, 1000, 2**40, partial(ScriptedWorker, worker_folder))) as started:
        yield started


@asynccontextmanager
async def _tasks(gateway: FileServer, pool: WorkerPool, **environment: str) -> AsyncIterator[Tasks]:
    allowed = {"FETCH_ALLOW_HOSTS": gateway.url.removeprefix("http://")}
    settings = load_settings(Settings, allowed | environment)
    async with GatewayFiles(gateway.url) as own, Fetcher(settings.fetch_policy) as fetcher:
        yield Tasks(settings, fetcher, own, pool, MAKER)


@pytest.fixture
async def doing(
    gateway: FileServer, pool: WorkerPool, worker_folder: Path, scratch: Path
) -> AsyncIterator[Tasks]:
    assert _names(scratch) == []
    (worker_folder / "deaths").write_text("0")
    async with _tasks(gateway, pool) as made:
        yield made


async def test_an_uploaded_document_is_prepared(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/document"] = b"invoice"
    result = await doing.prepare(PREPARE)
    assert (result.tenant, result.job_id, result.attempt) == ("acme", "j1", 3)
    assert (result.format, result.size, result.sha256, result.notes) == ("pdf", 7, "ab", ("One note.",))
    assert result.pages == (
        PreparedPage(
            number=1,
            width=10,
            height=20,
            dpi=300,
            color_space="rgb",
            format="png",
            size=5,
            has_text_layer=True,
        ),
        PreparedPage(number=2, error="The page is broken."),
    )
    assert gateway.files["/files/jobs/j1/3/pages/1/image"] == b"image"
    assert gateway.types["/files/jobs/j1/3/pages/1/image"] == "image/png"
    assert gateway.types["/files/jobs/j1/3/pages/1/text-layer"] == "application/json"
    assert all("signature=5" in request for request in gateway.requests if request.startswith("PUT"))
    assert to_cloud_event(result, "/x")["data"]["pages"][1] == {
        "number": 2,
        "hasTextLayer": False,
        "error": "The page is broken.",
    }


async def test_a_client_s_document_is_fetched_with_patience(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/invoice.pdf"] = b"invoice"
    gateway.failures.extend([503, 503])
    url = f"{gateway.url}/invoice.pdf"
    result = await doing.prepare(PrepareTask(**COMMON, document_url=url, upload_path=UPLOAD))
    assert result.size == 7
    assert gateway.requests[:3] == ["GET /invoice.pdf"] * 3


async def test_a_document_that_can_not_be_fetched_is_named(gateway: FileServer, doing: Tasks) -> None:
    gateway.failures.extend([503] * 10)
    with pytest.raises(DocumentError, match="503"):
        await doing.prepare(PrepareTask(**COMMON, document_url=f"{gateway.url}/a", upload_path=UPLOAD))
    assert len(gateway.requests) == tasks.FETCH_ATTEMPTS
    with pytest.raises(DocumentError) as caught:
        await doing.prepare(PrepareTask(**COMMON, upload_path=UPLOAD))
    assert caught.value.code == "noDocument"


async def test_a_document_s_own_fault_comes_from_the_worker(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/document"] = b"protected"
    with pytest.raises(DocumentError) as caught:
        await doing.prepare(PREPARE)
    assert (caught.value.code, str(caught.value)) == ("encryptedPdf", "The PDF asks for a password.")


@pytest.mark.usefixtures("gateway")
async def test_a_task_whose_job_has_moved_on_is_outdated(doing: Tasks) -> None:
    with pytest.raises(TaskOutdated):
        await doing.prepare(PrepareTask(**COMMON, document_path="/files/gone", upload_path=UPLOAD))
    with pytest.raises(TaskOutdated):
        await doing.extract(ExtractTask(**COMMON, pages_path="/files/gone"))


async def test_an_upload_for_a_job_that_has_moved_on_is_outdated(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/document"] = b"invoice"
    gateway.failures.extend([503, 404])
    with pytest.raises(TaskOutdated):
        await doing.prepare(PREPARE)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ({"text_layer_path": "/files/layer", "image_path": "/files/image"}, "from the text layer"),
        ({"image_path": "/files/image"}, "from the image"),
        ({"image_url": "client"}, "from the client"),
    ],
)
async def test_a_page_is_read_from_the_best_source(
    gateway: FileServer, doing: Tasks, source: dict[str, str], read: str
) -> None:
    gateway.files |= {
        "/files/layer": b"from the text layer",
        "/files/image": b"from the image",
        "/page.png": b"from the client",
    }
    places: dict[str, Any] = {
        name: f"{gateway.url}/page.png" if path == "client" else path for name, path in source.items()
    }
    task = RecogniseTask(**COMMON, page_id="p1", page_number=1, width=800, height=600, **places)
    result = await doing.recognise(task)
    assert (result.page_id, result.attempt) == ("p1", 3)
    reading = reading_from_json(result.reading)
    assert (reading.text, reading.width, reading.height) == (read, 800, 600)
    assert to_cloud_event(result, "/x")["data"]["reading"] == result.reading
    assert len(gateway.requests) == 1


async def test_only_the_first_pages_are_searched_for_companies(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/image"] = b"harmless"
    marks = [(await doing.recognise(replace(READ_IMAGE, page_number=number))).marks for number in (1, 5, 6)]
    assert marks == [MARKS, MARKS, ()]


async def test_a_page_without_a_source_is_the_page_s_fault(doing: Tasks) -> None:
    with pytest.raises(DocumentError) as caught:
        await doing.recognise(RecogniseTask(**COMMON, page_id="p1", page_number=1))
    assert caught.value.code == "noImage"


async def test_a_document_is_extracted(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/readings"] = b'{"pageNumber": 1}\n'
    result = await doing.extract(ExtractTask(**COMMON, pages_path="/files/readings"))
    assert result.extraction == EXTRACTION
    assert 0 <= result.seconds < 10


async def test_a_result_tells_what_it_was_made_from(gateway: FileServer, doing: Tasks) -> None:
    readings, einvoice = b'{"pageNumber": 1}\n', b"<Invoice/>"
    gateway.files |= {"/files/readings": readings, "/files/einvoice": einvoice}
    template = {"languages": ["de"]}
    result = await doing.extract(
        ExtractTask(
            **COMMON, pages_path="/files/readings", einvoice_path="/files/einvoice", template=template
        )
    )
    assert result.produced_by == MAKER.of_extraction(
        template, hashlib.sha256(readings).hexdigest(), hashlib.sha256(einvoice).hexdigest()
    )
    assert to_cloud_event(result, "/test")["data"]["producedBy"] == result.produced_by


async def test_a_worker_that_dies_once_does_not_cost_the_document(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/image"] = b"die 1"
    assert reading_from_json((await doing.recognise(READ_IMAGE)).reading).text == "die 1"


async def test_a_document_that_kills_two_workers_is_to_blame(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/image"] = b"die 2"
    with pytest.raises(DocumentError) as caught:
        await doing.recognise(READ_IMAGE)
    assert caught.value.code == "workerDied"
    gateway.files["/files/image"] = b"harmless"
    assert reading_from_json((await doing.recognise(READ_IMAGE)).reading).text == "harmless"


async def test_an_error_that_nobody_expected_is_the_document_s_too(gateway: FileServer, doing: Tasks) -> None:
    gateway.files["/files/image"] = b"odd"
    with pytest.raises(DocumentError, match="ValueError") as caught:
        await doing.recognise(READ_IMAGE)
    assert caught.value.code == "internalError"


async def test_a_page_that_takes_too_long_is_given_up(
    gateway: FileServer, pool: WorkerPool, scratch: Path
) -> None:
    assert _names(scratch) == []
    gateway.files["/files/image"] = b"sleep"
    async with _tasks(gateway, pool, PAGE_SECONDS="1") as doing:
        with pytest.raises(DocumentError) as caught:
            await doing.recognise(READ_IMAGE)
    assert (caught.value.code, str(caught.value)) == (
        "timedOut",
        "Reading the page took longer than 1 seconds and was given up.",
    )


async def test_a_cancelled_task_leaves_no_files(gateway: FileServer, doing: Tasks, scratch: Path) -> None:
    gateway.files["/files/image"] = b"sleep"
    running = asyncio.create_task(doing.recognise(READ_IMAGE))
    while not gateway.requests:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert len(_names(scratch)) == 1
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert _names(scratch) == []
