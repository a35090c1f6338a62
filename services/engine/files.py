"""The gateway's files: the engine gets and puts them through signed links."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import aiohttp

from shared.errors import LedgerLensError, LimitExceeded

_log = logging.getLogger(__name__)

ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.5
TIMEOUT = aiohttp.ClientTimeout(total=120, connect=10)
CHUNK_BYTES = 256 * 1024

Answer = TypeVar("Answer")


class TaskOutdated(LedgerLensError):
    """The gateway does not know the file's job, or not in this attempt: the task is of no use any more."""


class GatewayUnavailable(LedgerLensError):
    """The gateway did not answer, several times over, or would not take or give the file."""


class GatewayFiles:
    """Gets and puts files of the gateway; use as an async context manager."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> GatewayFiles:
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, target: Path) -> None:
        """Store the file at the signed `path` as `target`.

        Raises TaskOutdated when the gateway has it no more, GatewayUnavailable when it does not answer.
        """

        async def download() -> None:
            async with self._open.get(self._base_url + path) as response:
                _check(response)
                with target.open("wb") as file:
                    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                        file.write(chunk)

        await self._patiently(download)

    async def put(self, path: str, source: Path, content_type: str) -> None:
        """Store the file `source` at the signed `path`.

        Raises as `get` does, and LimitExceeded when the file is larger than the gateway stores.
        """

        async def upload() -> None:
            with source.open("rb") as file:
                async with self._open.put(
                    self._base_url + path, data=file, headers={"Content-Type": content_type}
                ) as response:
                    _check(response)

        await self._patiently(upload)

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("GatewayFiles is used outside its context.")
        return self._session

    async def _patiently(self, action: Callable[[], Awaitable[Answer]]) -> Answer:
        """Repeat `action` while the gateway is away, as in a rolling update."""
        pause, failure = FIRST_PAUSE_SECONDS, ""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await action()
            except aiohttp.ClientResponseError as error:
                # Not the error's own text: it holds the link, which nobody may read in a log.
                failure = f"{error.status} {error.message}"
                if error.status < 500 and error.status not in (408, 429):
                    raise GatewayUnavailable(f"The gateway refused: {failure}.") from None
            except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
                failure = f"{type(error).__name__} {error}".strip()
            if attempt < ATTEMPTS:
                _log.warning("The gateway did not answer (%s); trying again in %.1f s.", failure, pause)
                await asyncio.sleep(pause)
                pause *= 2
        raise GatewayUnavailable(f"The gateway can't be reached: {failure}.")


def _check(response: aiohttp.ClientResponse) -> None:
    if response.status in (401, 404, 410):
        raise TaskOutdated(f"The gateway answered {response.status}: the job has moved on.")
    if response.status == 413:
        raise LimitExceeded("pageTooLarge", "A page image of the document is larger than the gateway stores.")
    response.raise_for_status()
