"""How much there is to draw on a PDF page, found out before PDFium unpacks it.

A packed stream of a megabyte may hold a gigabyte, and forms that draw forms multiply: twenty that draw the
next ten times are 10^20 drawings. PDFium follows both without an end; here unpacking stops at a bound and
every form is looked at once.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of drawing instructions of one page, forms counted as often as they are drawn."""

DEEPEST_FORM = 12
"""Forms within forms that are followed; PDFium stops soon after."""

DRAWN_NAME = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
MOST_NAMES = 100_000
PIECE_BYTES = 1024 * 1024
# What packings other than Deflate grow by at most: LZW reaches some hundreds in theory only.
OTHER_PACKING = 64


class DrawingTooLarge(Exception):
    """The page has more drawing instructions than a page may have."""


def check_drawing(page: pikepdf.Page) -> None:
    """Raise DrawingTooLarge when `page` holds more than MOST_BYTES of drawing instructions."""
    _Measure().measure(page)


class _Measure:
    """What the forms of one page amount to, each measured once."""

    def __init__(self) -> None:
        self._sizes: dict[tuple[int, int], int] = {}

    def measure(self, page: pikepdf.Page) -> None:
        pieces: list[bytes] = []
        for stream in _streams(page.obj.get("/Contents")):
            pieces.append(_unpacked(stream))
            _check(sum(map(len, pieces)))
        content = b"\n".join(pieces)
        _check(len(content) + self._forms(content, page.obj.get("/Resources"), 0))

    def _forms(self, content: bytes, resources: Any, depth: int) -> int:
        """Bytes of the forms that `content` draws, as often as it does."""
        objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        if not isinstance(objects, pikepdf.Dictionary) or depth >= DEEPEST_FORM:
            return 0
        total = 0
        sizes: dict[bytes, int] = {}
        for _, match in zip(range(MOST_NAMES), DRAWN_NAME.finditer(content), strict=False):
            name = match[1]
            if name not in sizes:
                form = objects.get("/" + name.decode("latin-1"))
                sizes[name] = self._form(form, depth + 1)
            total += sizes[name]
            _check(total)
        return total

    def _form(self, form: Any, depth: int) -> int:
        if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != pikepdf.Name.Form:
            return 0
        if form.objgen not in self._sizes:
            self._sizes[form.objgen] = 0  # a form that draws itself counts once
            content = _unpacked(form)
            inner = self._forms(content, form.get("/Resources"), depth)
            self._sizes[form.objgen] = len(content) + inner
        return self._sizes[form.objgen]


def _check(size: int) -> None:
    if size > MOST_BYTES:
        raise DrawingTooLarge


def _streams(contents: Any) -> Iterator[pikepdf.Stream]:
    """A page's content is one stream or several."""
    if isinstance(contents, pikepdf.Stream):
        yield contents
    elif isinstance(contents, pikepdf.Array):
        yield from (one for one in contents.as_list() if isinstance(one, pikepdf.Stream))


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """The stream's instructions; of packings that can't be unpacked piece by piece, none.

    Raises DrawingTooLarge when there are more than MOST_BYTES.
    """
    content = stream.read_raw_bytes()
    filters: Any = stream.get("/Filter", [])
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
    for name in map(str, names):
        if name in ("/FlateDecode", "/Fl"):
            content = _inflated(content)
        elif name in ("/ASCII85Decode", "/A85"):
            content = _from_ascii85(content)
        else:
            _check(len(content) * OTHER_PACKING)
            return b""
    _check(len(content))
    return content


def _inflated(content: bytes) -> bytes:
    """As much as can be unpacked: readers draw what comes before damage."""
    unpacking = zlib.decompressobj()
    pieces: list[bytes] = []
    size = 0
    try:
        while content and not unpacking.eof:
            pieces.append(unpacking.decompress(content, PIECE_BYTES))
            size += len(pieces[-1])
            _check(size)
            content = unpacking.unconsumed_tail
    except zlib.error:
        return b"".join(pieces)
    return b"".join(pieces)


def _from_ascii85(content: bytes) -> bytes:
    body = content.partition(b"~>")[0].strip()
    try:
        return base64.a85decode(body)
    except ValueError:
        return b""
