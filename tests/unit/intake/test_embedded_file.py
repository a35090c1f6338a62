"""A file within a JSON body, split off as the body streams in."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.api.embedded_file import FileMember, parse_rest, split_body
from services.gateway.errors import BadRequest, PayloadTooLarge

TEXTS = st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.just("data"), inner, max_size=3),
    max_leaves=8,
)
OTHERS = st.dictionaries(TEXTS.filter(lambda name: name != "data"), VALUES, max_size=4)


def split(body: bytes, size: int, max_rest: int = 10_000) -> tuple[bool, bytes, FileMember]:
    """The body's file and rest, when it comes in chunks of `size` bytes."""
    member = FileMember("data", max_rest)

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), size):
            yield body[at : at + size]

    async def read() -> tuple[bool, bytes]:
        found, file = await split_body(chunks(), member)
        return found, b"".join([chunk async for chunk in file])

    found, content = asyncio.run(read())
    return found, content, member


@settings(max_examples=50, deadline=None)
@given(
    content=st.binary(max_size=200), before=OTHERS, after=OTHERS, size=st.integers(1, 64), ascii=st.booleans()
)
def test_the_file_and_the_rest_come_out_whole(
    content: bytes, before: dict[str, object], after: dict[str, object], size: int, ascii: bool
) -> None:
    members = {**before, "data": base64.b64encode(content).decode(), **after}
    found, file, member = split(json.dumps(members, ensure_ascii=ascii).encode(), size)
    assert (found, file) == (True, content)
    assert parse_rest(member) == {**members, "data": ""}


@settings(max_examples=50, deadline=None)
@given(members=OTHERS, size=st.integers(1, 64))
def test_a_body_without_a_file_is_all_rest(members: dict[str, object], size: int) -> None:
    found, file, member = split(json.dumps({**members, "inner": {"data": "QUJD"}}).encode(), size)
    assert (found, file) == (False, b"")
    assert parse_rest(member) == {**members, "inner": {"data": "QUJD"}}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_escapes_and_line_breaks_are_taken(size: int) -> None:
    content = bytes(range(256)) * 3
    text = base64.encodebytes(content).decode()
    escaped = json.dumps(text).replace("/", "\\/").replace("+", "\\u002B")
    assert split(f'{{"data": {escaped}}}'.encode(), size)[1] == content


@pytest.mark.parametrize(
    "text", ["QUJ", "QUJD=", "QU=JD", "QUJD=QUJ", "QQ==QQ==", "QUJ-", "Q\\u12", 'Q\\"UJ', "\\q", "ä" * 4]
)
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_what_is_no_base64_is_refused(text: str, size: int) -> None:
    with pytest.raises(BadRequest, match=r"base64|twice"):
        split(f'{{"data": "{text}"}}'.encode(), size)


def test_the_rest_is_bounded_and_the_file_is_not() -> None:
    file = "QUJD" * 1000
    assert split(json.dumps({"data": file}).encode(), 100, max_rest=100)[1] == b"ABC" * 1000
    with pytest.raises(PayloadTooLarge):
        split(json.dumps({"data": file, "name": "x" * 200}).encode(), 100, max_rest=100)


def test_two_files_are_refused() -> None:
    with pytest.raises(BadRequest, match="twice"):
        split(b'{"data": "QUJD", "data": "QUJD"}', 1000)
