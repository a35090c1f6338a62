"""A mail server on the loopback interface: enough of SMTP (RFC 5321) to take mails and to refuse them."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass(slots=True)
class MailServer:
    """Keeps the mails it takes; the next `refusals_left` sessions are turned away with 421."""

    refusals_left: int = 0
    port: int = 0
    mails: list[Mail] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[MailServer]:
        mail_server = cls()
        server = await asyncio.start_server(mail_server._serve, "127.0.0.1", 0)
        mail_server.port = server.sockets[0].getsockname()[1]
        async with server:
            yield mail_server

    def mails_to(self, domain: str) -> list[Mail]:
        """The mails to addresses of a tenant's own domain."""
        return [mail for mail in self.mails if any(f"@{domain}." in one for one in mail.recipients)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusals_left:
            self.refusals_left -= 1
            writer.write(b"421 Try again later\r\n")
        else:
            writer.write(b"220 ready\r\n")
            await self._converse(reader, writer)
        await writer.drain()
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, recipients = "", list[str]()
        while line := (await reader.readline()).decode().strip():
            verb = line.upper()
            answer = "250 OK"
            if verb.startswith("MAIL FROM:"):
                sender = _address(line)
            elif verb.startswith("RCPT TO:"):
                recipients.append(_address(line))
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                raw = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
                message = email.message_from_bytes(raw, policy=email.policy.default)
                assert isinstance(message, EmailMessage)
                self.mails.append(Mail(sender, recipients, message))
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                return
            writer.write(f"{answer}\r\n".encode())


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
