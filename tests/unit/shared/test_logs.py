"""Every log line is one JSON object that names its job, whatever was logged."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from shared.logs import JsonFormatter, configure_logging, log_context

_log = logging.getLogger("ledgerlens.test")


@pytest.fixture
def stream() -> Iterator[io.TextIOWrapper]:
    """Logging configured to a stream that takes only ASCII, as a container without a locale has."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    configure_logging("engine", "info", written)
    try:
        yield written
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def _lines(stream: io.TextIOWrapper) -> list[dict[str, Any]]:
    stream.seek(0)
    return [json.loads(line, parse_constant=pytest.fail) for line in stream.read().splitlines()]


def test_a_line_tells_when_who_and_what(stream: io.TextIOWrapper) -> None:
    _log.warning("Read %d pages.", 3, extra={"seconds": 1.5})
    (line,) = _lines(stream)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "service": "engine",
        "logger": "ledgerlens.test",
        "message": "Read 3 pages.",
        "jobId": None,
        "seconds": 1.5,
    }


def test_the_job_is_named_within_its_block_only(stream: io.TextIOWrapper) -> None:
    with log_context(jobId="j1", pageId=None):
        _log.info("a")
        with log_context(pageId="p1"):
            _log.info("b")
        _log.info("c")
    _log.info("d")
    assert [(line["jobId"], line.get("pageId")) for line in _lines(stream)] == [
        ("j1", None),
        ("j1", "p1"),
        ("j1", None),
        (None, None),
    ]


async def test_concurrent_jobs_do_not_mix(stream: io.TextIOWrapper) -> None:
    async def work(job: str) -> None:
        with log_context(jobId=job):
            for _ in range(3):
                await asyncio.sleep(0)
                _log.info(job)

    await asyncio.gather(work("one"), work("two"))
    lines = _lines(stream)
    assert len(lines) == 6
    assert all(line["jobId"] == line["message"] for line in lines)


def test_an_exception_stays_on_its_line(stream: io.TextIOWrapper) -> None:
    try:
        int("first\nsecond")
    except ValueError:
        _log.exception("It failed.")
    (line,) = _lines(stream)
    assert line["message"] == "It failed."
    assert "Traceback" in line["exception"]
    assert "ValueError" in line["exception"]


def test_a_requested_stack_is_shown(stream: io.TextIOWrapper) -> None:
    _log.info("Here.", stack_info=True)
    assert "test_logs" in _lines(stream)[0]["stack"]


@pytest.mark.parametrize(
    "text", ["Grüße, 株式会社", "two\nlines\r\nand\u2028more", "half a pair \ud800", "nul\0", '"quoted" \\']
)
def test_any_text_can_be_logged(stream: io.TextIOWrapper, text: str) -> None:
    _log.info("%s", text)
    assert [line["message"] for line in _lines(stream)] == [text]


class _Awkward:
    def __repr__(self) -> str:
        return "awkward"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (_Awkward(), "awkward"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ({(1, 2): 3}, "{(1, 2): 3}"),
        (b"bytes", "b'bytes'"),
        ({"a": [1]}, {"a": [1]}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_can_be_logged(stream: io.TextIOWrapper, value: Any, shown: Any) -> None:
    _log.info("x", extra={"value": value, "code": "c"})
    (line,) = _lines(stream)
    assert line["value"] == shown
    assert (line["code"], line["message"], line["jobId"]) == ("c", "x", None)


def test_what_contains_itself_can_be_logged(stream: io.TextIOWrapper) -> None:
    value: list[Any] = []
    value.append(value)
    _log.info("x", extra={"value": value})
    assert _lines(stream)[0]["value"] == "[[...]]"


def test_arguments_that_do_not_fit_do_not_lose_the_line() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "%d pages", ("no",), None)
    line = json.loads(JsonFormatter("engine").format(record))
    assert "%d pages" in line["message"]
    assert "'no'" in line["message"]


def test_extra_values_do_not_replace_what_every_line_has(stream: io.TextIOWrapper) -> None:
    _log.info("x", extra={"level": "none", "service": "other", "time": 1, "logger": "y"})
    (line,) = _lines(stream)
    assert (line["level"], line["service"], line["logger"]) == ("info", "engine", "ledgerlens.test")


def test_the_level_and_noisy_libraries_are_bounded(stream: io.TextIOWrapper) -> None:
    _log.debug("below")
    logging.getLogger("aio_pika").info("noise")
    logging.getLogger("aio_pika").warning("trouble")
    assert [line["message"] for line in _lines(stream)] == ["trouble"]
