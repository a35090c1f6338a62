"""The gateway's settings; `docs/configuration.md` shows them as a table."""

from __future__ import annotations

from dataclasses import dataclass

from services.gateway.pipeline.mailer import MailServer
from shared.settings import base_url, integer, number, one_of, setting


def _secret(text: str) -> bytes:
    if len(text) < 32:
        raise ValueError("it is shorter than 32 characters.")
    return text.encode()


def _mail_address(text: str) -> str:
    name, at, domain = text.partition("@")
    if not (name and at and domain) or any(character.isspace() for character in text):
        raise ValueError(f"'{text}' is not an e-mail address.")
    return text


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
    retry_pause_seconds: float = setting(
        "RETRY_PAUSE_SECONDS",
        "Pause before a group's job is tried again; doubled each time.",
        number(0, 3600),
        default=5.0,
    )
    smtp_host: str = setting(
        "SMTP_HOST", "Mail server for a group's notifications; none are sent without.", default=""
    )
    smtp_port: int = setting("SMTP_PORT", "Port of the mail server.", integer(1, 65535), default=25)
    smtp_security: str = setting(
        "SMTP_SECURITY",
        "How the mail server is talked to.",
        one_of("none", "starttls", "tls"),
        default="none",
    )
    smtp_user: str = setting("SMTP_USER", "User at the mail server, if it asks for one.", default="")
    smtp_password: str = setting("SMTP_PASSWORD", "The user's password.", default="", secret=True)
    mail_from: str = setting(
        "MAIL_FROM", "Sender of notifications.", _mail_address, default="ledgerlens@localhost"
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

    @property
    def mail_server(self) -> MailServer:
        return MailServer(
            self.smtp_host,
            self.smtp_port,
            self.mail_from,
            self.smtp_user,
            self.smtp_password,
            self.smtp_security,
        )
