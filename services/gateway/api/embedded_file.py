"""A JSON body with a whole file in it, as base64: read as a stream, so that no file is ever in memory."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from services.gateway.errors import BadRequest, PayloadTooLarge

_CUT_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{0,3})?$")
_QUOTE, _BACKSLASH = b'"\\'
_OPENING, _CLOSING, _COLON, _COMMA = b"{[", b"}]", b":"[0], b","[0]


class FileMember:
    """Splits a JSON object into the text of its member `name`, passed on in pieces, and all the rest.

    The rest, with an empty text in place of the file, is bounded by `max_rest` bytes.
    """

    def __init__(self, name: str, max_rest: int) -> None:
        self._name = json.dumps(name)[1:-1].encode()
        self._max_rest = max_rest
        self._rest = bytearray()
        self._depth = 0
        self._string_start: int | None = None
        self._escaped = False
        self._last_string = b""
        self._key: bytes | None = None
        self._in_file = False
        self.found = False

    def feed(self, chunk: bytes) -> bytes:
        """What of the file's text is in `chunk`, JSON escapes still in it.

        Raises BadRequest when the member occurs twice, PayloadTooLarge when the rest is over its bound.
        """
        text = bytearray()
        at = 0
        while at < len(chunk):
            if not self._in_file:
                self._read(chunk[at])
                at += 1
                continue
            end = chunk.find(b'"', at)
            text += chunk[at : end if end >= 0 else len(chunk)]
            at = end if end >= 0 else len(chunk)
            self._in_file = end < 0
            if end >= 0:
                self._rest.append(_QUOTE)
                at += 1
        return bytes(text)

    @property
    def rest(self) -> bytes:
        """The body without the file's text."""
        return bytes(self._rest)

    def _read(self, byte: int) -> None:
        if len(self._rest) >= self._max_rest:
            raise PayloadTooLarge(f"The body has more than {self._max_rest:,} bytes besides the file.")
        self._rest.append(byte)
        if self._string_start is not None:
            self._read_in_string(byte, self._string_start)
        elif byte == _QUOTE:
            self._open_string()
        elif byte in _OPENING:
            self._depth += 1
        elif byte in _CLOSING:
            self._depth -= 1
        elif self._depth == 1 and byte == _COLON:
            self._key = self._last_string
        elif self._depth == 1 and byte == _COMMA:
            self._key = None

    def _read_in_string(self, byte: int, start: int) -> None:
        if self._escaped:
            self._escaped = False
        elif byte == _BACKSLASH:
            self._escaped = True
        elif byte == _QUOTE:
            self._last_string = bytes(self._rest[start:-1])
            self._string_start = None

    def _open_string(self) -> None:
        if self._depth != 1 or self._key != self._name:
            self._string_start = len(self._rest)
            return
        if self.found:
            raise BadRequest(f"The body has '{self._name.decode()}' twice.")
        self.found = True
        self._in_file = True


class Base64Text:
    """Decodes base64 that comes in pieces, out of a JSON text."""

    def __init__(self) -> None:
        self._cut_escape = b""
        self._carried = b""
        self._padded = False

    def feed(self, piece: bytes) -> bytes:
        """The bytes that can be decoded so far; raises BadRequest for what is no base64."""
        text = self._unescaped(self._cut_escape + piece)
        text = self._carried + b"".join(text.split())
        whole = len(text) // 4 * 4
        self._carried = text[whole:]
        if not whole:
            return b""
        if self._padded:
            raise _not_base64()
        self._padded = text[:whole].endswith(b"=")
        try:
            return binascii.a2b_base64(text[:whole], strict_mode=True)
        except binascii.Error:
            raise _not_base64() from None

    def finish(self) -> None:
        """Raises BadRequest when the text was cut off."""
        if self._carried or self._cut_escape:
            raise _not_base64()

    def _unescaped(self, text: bytes) -> bytes:
        """`text` without JSON's escapes, which some writers use for '/' and '+'."""
        cut = _CUT_ESCAPE.search(text)
        self._cut_escape = cut.group() if cut else b""
        if cut:
            text = text[: cut.start()]
        if b"\\" not in text:
            return text
        try:
            return str(json.loads(b'"' + text + b'"', strict=False)).encode()
        except ValueError:
            raise _not_base64() from None


async def split_body(chunks: AsyncIterator[bytes], member: FileMember) -> tuple[bool, AsyncIterator[bytes]]:
    """Read up to the file: whether there is one, and its decoded bytes.

    The rest of the body is complete in `member` once those bytes are read to their end.
    """
    decoder = Base64Text()

    async def decoded() -> AsyncIterator[bytes]:
        async for chunk in chunks:
            if data := decoder.feed(member.feed(chunk)):
                yield data
        decoder.finish()

    stream = decoded()
    first = await anext(stream, None)
    if first is None:
        return member.found, _nothing()
    return True, _joined(first, stream)


def parse_rest(member: FileMember) -> dict[str, Any]:
    """The body's other members; raises BadRequest when the body is no JSON object."""
    try:
        data = json.loads(member.rest or b"{}")
    except (ValueError, RecursionError):
        raise BadRequest("The body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    return data


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


async def _nothing() -> AsyncIterator[bytes]:
    empty: tuple[bytes, ...] = ()
    for chunk in empty:
        yield chunk


def _not_base64() -> BadRequest:
    return BadRequest("data: Not valid base64.", {"data": ["Not valid base64."]})
