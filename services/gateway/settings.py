"""The gateway's settings; `docs/configuration.md` shows them as a table."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import base_url, integer, number, one_of, setting


def _secret(text: str) -> bytes:
    if len(text) < 32:
        raise ValueError("it is shorter than 32 characters.")
    return text.encode()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the gateway reads from the environment."""

    secret_key: bytes = setting(
        "SECRET_KEY",
        "Signs links and hashes API keys; at least 32 characters, the same for all gateways.",
        _secret,
        secret=True,
    )
    mongo_url: str = setting(
        "MONGO_URL",
        "MongoDB to keep records in; a replica set, since transactions are used.",
        default="mongodb://127.0.0.1:27017/ledgerlens",
        secret=True,
    )
    amqp_url: str = setting(
        "AMQP_URL",
        "RabbitMQ to publish tasks to.",
        default="amqp://guest:guest@127.0.0.1:5672/",
        secret=True,
    )
    host: str = setting("HOST", "Address to listen on.", default="127.0.0.1")
    port: int = setting("PORT", "Port to listen on.", integer(1, 65535), default=8080)
    public_url: str = setting(
        "PUBLIC_URL",
        "Where clients reach the gateway; page links start with it.",
        base_url,
        default="http://127.0.0.1:8080",
    )
    api_key: str = setting(
        "API_KEY", "A key that is accepted from the start, for the tenant `default`.", default="", secret=True
    )
    rate_limit_per_minute: int = setting(
        "RATE_LIMIT_PER_MINUTE",
        "Requests that one API key may make in a minute, at all gateways together; 0 means no limit.",
        integer(0, 10_000_000),
        default=60_000,
    )
    price_per_page: float = setting(
        "PRICE_PER_PAGE", "What a page costs, for the job's `cost`.", number(0, 1e6), default=0.0
    )
    currency: str = setting("CURRENCY", "Currency of `cost`.", default="USD")
    max_body_bytes: int = setting(
        "MAX_BODY_BYTES", "Largest JSON body of a request.", integer(1024, 2**31), default=2 * 1024 * 1024
    )
    max_document_bytes: int = setting(
        "MAX_DOCUMENT_BYTES", "Largest document.", integer(1024, 2**31), default=50 * 1024 * 1024
    )
    results_prefetch: int = setting(
        "RESULTS_PREFETCH", "Results that are applied at the same time.", integer(1, 500), default=16
    )
    shutdown_seconds: float = setting(
        "SHUTDOWN_SECONDS",
        "How long requests and results in hand may take at a stop.",
        number(0, 600),
        default=20.0,
    )
    log_level: str = setting(
        "LOG_LEVEL", "Least severe log level.", one_of("debug", "info", "warning", "error"), default="info"
    )
