"""Structured logs: one JSON object per line, with the job that the line is about."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

_context: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)

_STANDARD_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

_NOT_EXTRA = _STANDARD_ATTRIBUTES | {"time", "level", "service", "logger"}


class JsonFormatter(logging.Formatter):
    """One line per record: time, level, service, logger, message, `jobId`, and what `extra` holds.

    Whatever is logged, a line comes out, and the line is JSON.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": _message(record),
            "jobId": None,
            **(_context.get() or {}),
        }
        line.update({name: value for name, value in record.__dict__.items() if name not in _NOT_EXTRA})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        return _json_line(line)


def configure_logging(service: str, level: str, stream: TextIO = sys.stdout) -> None:
    """Send all logs of this process to `stream` as JSON lines."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("aio_pika", "aiormq", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


@contextmanager
def log_context(**values: str | None) -> Iterator[None]:
    """Add `values` (such as `jobId`, `pageId`) to every log line within the block."""
    known = {name: value for name, value in values.items() if value is not None}
    token = _context.set({**(_context.get() or {}), **known})
    try:
        yield
    finally:
        _context.reset(token)


def current_log_context() -> dict[str, str]:
    """What `log_context` has added here, to be carried to another process."""
    return dict(_context.get() or {})


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (with arguments that do not fit: {record.args!r})"


def _json_line(line: dict[str, Any]) -> str:
    """`line` as ASCII, which no stream refuses; what JSON can't hold is written as its `repr`."""
    try:
        return json.dumps(line, default=str, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return json.dumps({name: _plain(value) for name, value in line.items()})


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, str | int) else repr(value)
