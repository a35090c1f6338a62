"""Sends the e-mails that wait, over SMTP: at least once, and again later when the server is away."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from services.gateway.store.database import Document
from services.gateway.store.mails import Mails
from shared.logs import log_context

POLL_SECONDS = 1.0
LEASE_SECONDS = 120.0
SMTP_TIMEOUT_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 1800.0
MOST_ATTEMPTS = 30  # a little over half a day

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over; `security` is `none`, `starttls` or `tls`."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "none"


class Mailer:
    """Moves mails from the store to the mail server; several may run, each mail is leased to one."""

    def __init__(self, mails: Mails, server: MailServer) -> None:
        self._mails = mails
        self._server = server

    async def run(self) -> None:
        """Send for ever."""
        while True:
            if not await self.send_next():
                await asyncio.sleep(POLL_SECONDS)

    async def send_next(self) -> bool:
        """Send the mail that has waited longest; false when none waits."""
        mail = await self._mails.lease(LEASE_SECONDS)
        if mail is None:
            return False
        with log_context(jobId=str(mail["jobId"])):
            try:
                refused = await asyncio.to_thread(deliver, self._server, mail)
            except (smtplib.SMTPException, OSError) as error:
                await self._put_off(mail, mail["recipients"], error)
            else:
                if refused:
                    await self._put_off(mail, refused, "recipients were refused")
                else:
                    await self._mails.remove(mail["_id"])
        return True

    async def _put_off(self, mail: Document, recipients: list[str], reason: object) -> None:
        if mail["attempts"] >= MOST_ATTEMPTS:
            _log.error("An e-mail is given up after %d attempts: %s", mail["attempts"], reason)
            await self._mails.remove(mail["_id"])
            return
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (mail["attempts"] - 1), LONGEST_PAUSE_SECONDS)
        _log.warning("An e-mail could not be sent; next attempt in %.0f s: %s", pause, reason)
        await self._mails.postpone(mail["_id"], pause, recipients)


def deliver(server: MailServer, mail: Document) -> list[str]:
    """Hand one mail over and return the recipients that were refused.

    Blocks; raises SMTPException and OSError when the server does not take it.
    """
    with _connected(server) as connection:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        try:
            refused = connection.send_message(_message(server, mail), to_addrs=mail["recipients"])
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
    return list(refused)


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SMTP_TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SMTP_TIMEOUT_SECONDS)


def _message(server: MailServer, mail: Document) -> EmailMessage:
    """Recipients stay unknown to each other; the id lets mail systems drop a mail that comes twice."""
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = mail["subject"]
    message["Message-ID"] = f"<{mail['_id']}@{server.sender.rpartition('@')[2]}>"
    message["Date"] = mail["createdAt"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail["text"])
    return message
