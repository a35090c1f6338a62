"""The one way in which a URL from outside is fetched: public addresses only, and everything bounded.

A name is resolved once per request and the connection goes to the addresses that were checked, so an
answer that changes in between (DNS rebinding) has no effect. Each redirect is a new request, checked
like the first. The environment's proxies are not used: behind one, nobody would check the address.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from services.engine.documents.addresses import (
    AllowedHosts,
    GuardedResolver,
    is_public,
    literal_address,
    not_public,
)
from services.engine.documents.limits import MEBIBYTE, readable_size
from shared.errors import FetchError, LimitExceeded

CHUNK_BYTES = 256 * 1024
LONGEST_URL = 8192
LONGEST_FILE_NAME = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class TemporaryFetchError(FetchError):
    """The URL did not give a document now, but may do so later: worth another attempt."""

    transient = True


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The bounds of a fetch; time-outs in seconds.

    `allowed_hosts` are entries `host` or `host:port` that may have private addresses.
    `total_timeout` covers everything, redirects included; `idle_timeout` is the longest silence.
    """

    allowed_hosts: frozenset[str] = frozenset()
    max_bytes: int = 50 * MEBIBYTE
    total_timeout: float = 120.0
    connect_timeout: float = 10.0
    idle_timeout: float = 30.0
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched file: `size` in bytes, `content_type` as the server declared it, and a safe file name."""

    path: Path
    size: int
    content_type: str
    file_name: str


class Fetcher:
    """Fetches documents under one policy. Use it as an async context manager, or close it."""

    def __init__(self, policy: FetchPolicy, resolver: AbstractResolver | None = None) -> None:
        """`resolver` finds the addresses that are then checked; by default it is the system's."""
        self._policy = policy
        self._allowed = AllowedHosts(policy.allowed_hosts)
        self._inner_resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close what is open; the fetcher opens it again when used again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, url: str, destination: Path) -> Fetched:
        """Fetch `url` into the file `destination`, which exists only if that succeeds.

        Raises FetchError `urlNotAllowed`, `urlNotReachable`, `urlStatus`, `urlTimeout`,
        `tooManyRedirects` or `emptyDocument`, as TemporaryFetchError where another attempt may help,
        and LimitExceeded `documentTooLarge`.
        """
        done = False
        try:
            async with asyncio.timeout(self._policy.total_timeout):
                fetched = await self._follow(self._checked(url), destination)
            done = True
        except aiohttp.ServerTimeoutError as error:
            raise TemporaryFetchError(
                "urlTimeout", "The server of the document URL stopped answering."
            ) from error
        except TimeoutError as error:
            seconds = f"{self._policy.total_timeout:g} seconds"
            raise TemporaryFetchError(
                "urlTimeout", f"The document URL did not deliver the document within {seconds}."
            ) from error
        except aiohttp.ClientError as error:
            raise _connection_error(error) from None
        finally:
            if not done:
                await asyncio.to_thread(destination.unlink, missing_ok=True)
        return fetched

    async def _follow(self, url: URL, destination: Path) -> Fetched:
        """Request `url` and every address it redirects to, until one delivers."""
        for _ in range(self._policy.max_redirects + 1):
            async with self._open_session().get(url, allow_redirects=False, max_redirects=0) as response:
                if response.status in REDIRECTS:
                    url = self._redirected(url, response)
                    continue
                if response.status != HTTPStatus.OK:
                    raise _status_error(response)
                return await self._store(url, response, destination)
        raise FetchError(
            "tooManyRedirects",
            f"The document URL redirects more than {self._policy.max_redirects} times.",
        )

    def _redirected(self, url: URL, response: aiohttp.ClientResponse) -> URL:
        location = response.headers.get("Location")
        if not location:
            raise FetchError("urlStatus", "The document URL redirects without saying where to.")
        try:
            target = str(url.join(URL(location)))
        except ValueError as error:
            raise _invalid_url() from error
        return self._checked(target)

    async def _store(self, url: URL, response: aiohttp.ClientResponse, destination: Path) -> Fetched:
        if (response.content_length or 0) > self._policy.max_bytes:
            raise self._too_large()
        size = 0
        file = await asyncio.to_thread(destination.open, "wb")
        try:
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                size += len(chunk)
                if size > self._policy.max_bytes:
                    raise self._too_large()
                await asyncio.to_thread(file.write, chunk)
        finally:
            await asyncio.to_thread(file.close)
        if not size:
            raise FetchError("emptyDocument", "The document URL delivered an empty file.")
        return Fetched(destination, size, response.content_type, _file_name(url, response))

    def _checked(self, text: str) -> URL:
        """The URL if it may be requested; names are checked when they are resolved."""
        if len(text) > LONGEST_URL or any(ord(character) < 32 for character in text):
            raise _invalid_url()
        try:
            url = URL(text.strip())
            host, port = url.host, url.port
        except ValueError as error:
            raise _invalid_url() from error
        if url.scheme not in ("http", "https"):
            raise FetchError("urlNotAllowed", "The document URL must start with http:// or https://.")
        if url.raw_user is not None or url.raw_password is not None or "@" in url.raw_authority:
            raise FetchError("urlNotAllowed", "The document URL must not hold a user name or password.")
        if not host or not port:
            raise _invalid_url()
        if not self._allowed.allows(host, port):
            address = literal_address(host)
            if address is not None and not is_public(address):
                raise not_public()
        return url

    def _too_large(self) -> LimitExceeded:
        limit = readable_size(self._policy.max_bytes)
        return LimitExceeded("documentTooLarge", f"The document is larger than the limit of {limit}.")

    def _open_session(self) -> aiohttp.ClientSession:
        """The session, made on first use as it belongs to the running event loop."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=GuardedResolver(self._allowed, self._inner_resolver),
                use_dns_cache=False,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(
                    total=None,
                    sock_connect=self._policy.connect_timeout,
                    sock_read=self._policy.idle_timeout,
                ),
                headers={"Accept-Encoding": "identity", "User-Agent": "LedgerLens"},
                trust_env=False,
            )
        return self._session


def _invalid_url() -> FetchError:
    return FetchError("urlNotAllowed", "The document URL is not a valid http or https address.")


def _status_error(response: aiohttp.ClientResponse) -> FetchError:
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    kind = TemporaryFetchError if response.status in PASSING_STATUSES else FetchError
    return kind("urlStatus", f"The document URL answered {response.status} {phrase}".rstrip() + ".")


def _connection_error(error: aiohttp.ClientError) -> FetchError:
    """A sentence without the error's own text, which may hold the URL with its secrets."""
    if isinstance(error, aiohttp.InvalidURL):
        return _invalid_url()
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return TemporaryFetchError("urlNotReachable", "The host of the document URL can't be found.")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(
            "urlNotReachable", "The document URL's server has no valid certificate for a secure connection."
        )
    if isinstance(error, aiohttp.ClientPayloadError):
        return TemporaryFetchError(
            "urlNotReachable", "The document URL broke off before the document was complete."
        )
    return TemporaryFetchError("urlNotReachable", "The server of the document URL can't be reached.")


def _file_name(url: URL, response: aiohttp.ClientResponse) -> str:
    """The last part of the declared name or of the path, without characters that file systems dislike."""
    disposition = response.content_disposition
    declared = disposition.filename if disposition is not None else None
    last = re.split(r"[/\\]", declared or unquote(url.raw_name))[-1]
    name = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "", last).strip(" .")
    return name[-LONGEST_FILE_NAME:] or "document"
