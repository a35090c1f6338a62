"""The engine's settings; `docs/configuration.md` shows them as a table."""

from __future__ import annotations

from dataclasses import dataclass

from services.engine.cores import instruction_sets
from services.engine.documents.fetch import FetchPolicy
from services.engine.documents.limits import Limits
from services.engine.ocr.runtimes import RUNTIMES, Runtime, fastest_runtime
from shared.settings import base_url, comma_separated, integer, number, one_of, setting

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What the engine reads from the environment."""

    amqp_url: str = setting(
        "AMQP_URL",
        "RabbitMQ to take tasks from.",
        default="amqp://guest:guest@127.0.0.1:5672/",
        secret=True,
    )
    gateway_url: str = setting(
        "GATEWAY_URL", "Where the gateway keeps files.", base_url, default="http://127.0.0.1:8080"
    )
    health_host: str = setting("HEALTH_HOST", "Address of the health page.", default="127.0.0.1")
    health_port: int = setting("HEALTH_PORT", "Port of the health page.", integer(1, 65535), default=8081)
    model_dir: str = setting(
        "MODEL_DIR", "Where the bundled models are unpacked to, once.", default=".local/models"
    )
    ocr_runtime_name: str = setting(
        "OCR_RUNTIME",
        "What runs PaddleOCR's models; `auto`: what is fastest on this processor.",
        one_of("auto", *RUNTIMES),
        default="auto",
    )
    ocr_reading: str = setting(
        "OCR_READING",
        "`quick`: small models find and read lines, the usual ones read again what those were not sure of; "
        "`thorough`: the usual ones alone.",
        one_of("quick", "thorough"),
        default="quick",
    )
    workers: int = setting(
        "WORKERS", "Worker processes; 0: one per core that this process may use.", integer(0, 256), default=0
    )
    fetch_allow_hosts: frozenset[str] = setting(
        "FETCH_ALLOW_HOSTS",
        "Private hosts, comma-separated, as `host` or `host:port`, that documents may be fetched from.",
        comma_separated,
        default=frozenset(),
    )
    fetch_seconds: float = setting(
        "FETCH_SECONDS", "Longest time for fetching a document.", number(1, 3600), default=120.0
    )
    max_document_bytes: int = setting(
        "MAX_DOCUMENT_BYTES", "Largest document.", integer(1024, 2**31), default=50 * MEBIBYTE
    )
    max_pages: int = setting("MAX_PAGES", "Most pages of a document.", integer(1, 100_000), default=500)
    max_pixels: int = setting(
        "MAX_PIXELS", "Most pixels of a page image.", integer(10_000, 2**31), default=80_000_000
    )
    max_decoded_bytes: int = setting(
        "MAX_DECODED_BYTES",
        "Most memory that decoding the images of one page may take.",
        integer(1024, 2**36),
        default=512 * MEBIBYTE,
    )
    prepare_seconds: float = setting(
        "PREPARE_SECONDS", "Longest time for preparing a document.", number(1, 3600), default=300.0
    )
    page_seconds: float = setting(
        "PAGE_SECONDS", "Longest time for reading a page.", number(1, 3600), default=60.0
    )
    extract_seconds: float = setting(
        "EXTRACT_SECONDS", "Longest time for extracting a document's data.", number(1, 3600), default=60.0
    )
    worker_tasks: int = setting(
        "WORKER_TASKS", "Tasks after which a worker is replaced.", integer(1, 1_000_000), default=1000
    )
    worker_memory_bytes: int = setting(
        "WORKER_MEMORY_BYTES",
        "Memory past which a worker is replaced once its task is done.",
        integer(256 * MEBIBYTE, 2**40),
        default=2048 * MEBIBYTE,
    )
    shutdown_seconds: float = setting(
        "SHUTDOWN_SECONDS", "How long tasks in hand may take at a stop.", number(0, 3600), default=60.0
    )
    log_level: str = setting(
        "LOG_LEVEL", "Least severe log level.", one_of("debug", "info", "warning", "error"), default="info"
    )

    @property
    def ocr_runtime(self) -> Runtime:
        chosen = (runtime for runtime in RUNTIMES if runtime == self.ocr_runtime_name)
        return next(chosen, fastest_runtime(instruction_sets()))

    @property
    def reads_quickly(self) -> bool:
        return self.ocr_reading == "quick"

    @property
    def limits(self) -> Limits:
        return Limits(self.max_document_bytes, self.max_pages, self.max_pixels, self.max_decoded_bytes)

    @property
    def fetch_policy(self) -> FetchPolicy:
        return FetchPolicy(
            allowed_hosts=self.fetch_allow_hosts,
            max_bytes=self.max_document_bytes,
            total_timeout=self.fetch_seconds,
        )
