"""Damage done to documents at random, the same for the same seed."""

from __future__ import annotations

import random
import re
import zlib

SIGNATURE_BYTES = 8
PNG_SIGNATURE = b"\x89PNG"
FLATE_STREAM = re.compile(rb"stream\r?\n(x[\x01\x5e\x9c\xda].*?)\r?\nendstream", re.DOTALL)
TELLING_BYTES = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00", b"9999", b"-1 ", b"1e99")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """`content` with a few bytes changed, stretches cut out, doubled, moved or zeroed, or its end lost.

    Damage lies behind the signature; checksums of a PNG are made right and packed streams of a PDF are
    damaged inside at times, or only the first checks of a reader would be tried.
    """
    if content.startswith(b"%PDF") and chance.random() < 0.3:
        content = _damaged_within(content, chance)
    head, body = content[:SIGNATURE_BYTES], bytearray(content[SIGNATURE_BYTES:])
    for _ in range(chance.choice((1, 2, 4, 16))):
        if not body:
            break
        _damage(body, chance)
    return with_right_checksums(head + bytes(body))


def with_right_checksums(content: bytes) -> bytes:
    """A PNG with the checksums of its chunks made right; anything else as it is."""
    if not content.startswith(PNG_SIGNATURE):
        return content
    result, at = bytearray(content[:SIGNATURE_BYTES]), SIGNATURE_BYTES
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        result += content[at:end]
        if end + 4 > len(content):
            return bytes(result)
        result += zlib.crc32(content[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return bytes(result + content[at:])


def _damage(body: bytearray, chance: random.Random) -> None:
    """One damage, in place."""
    at, other = chance.randrange(len(body)), chance.randrange(len(body))
    length = chance.randrange(1, 40)
    match chance.randrange(9):
        case 0:
            body[at] = chance.randrange(256)
        case 1:
            body[at] ^= 1 << chance.randrange(8)
        case 2:
            del body[at : at + length]
        case 3:
            body[at:at] = body[at : at + length]
        case 4:
            body[at:at] = body[other : other + length]
        case 5:
            body[at : at + length] = bytes(len(body[at : at + length]))
        case 6:
            telling = chance.choice(TELLING_BYTES)
            body[at : at + len(telling)] = telling
        case 7:
            _change_number(body, chance)
        case _:
            del body[at:]


def _change_number(body: bytearray, chance: random.Random) -> None:
    """Another value in place of a number that is written in digits: sizes, references, lengths."""
    numbers = list(re.finditer(rb"\d+", body))
    if numbers:
        number = chance.choice(numbers)
        value = chance.choice((0, 1, 2, 7, 65536, 2**31 - 1, 2**32, 10**12))
        body[number.start() : number.end()] = str(value).encode()


def _damaged_within(content: bytes, chance: random.Random) -> bytes:
    """A PDF with one of its packed streams unpacked, damaged and packed again."""
    streams = list(FLATE_STREAM.finditer(content))
    if not streams:
        return content
    stream = chance.choice(streams)
    unpacking = zlib.decompressobj()
    body = bytearray(unpacking.decompress(stream[1]))
    if not body:
        return content
    _damage(body, chance)
    return content[: stream.start(1)] + zlib.compress(bytes(body)) + content[stream.end(1) :]
