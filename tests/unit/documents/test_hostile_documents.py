"""Documents damaged at random end in a result or in a DocumentError, and soon."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from services.engine.documents.limits import Limits
from services.engine.documents.prepare import prepare
from shared.errors import DocumentError
from tests.unit.documents.samples import draw_lines, draw_scan, image_bytes, scan

LIMITS = Limits(max_bytes=1_000_000, max_pages=10, max_pixels=2_000_000, max_decoded_bytes=16_000_000)
MUTATIONS = 100
SLOWEST_SECONDS = 5.0
SMALL = (200.0, 280.0)


def small_pdf(folder: Path, compressed: bool) -> bytes:
    """Two pages: print with a form field and a note, and a scan."""
    path = folder / "small.pdf"
    canvas = Canvas(str(path), pagesize=SMALL, pageCompression=int(compressed))
    canvas.translate(-60, -500)
    draw_lines(canvas)
    canvas.acroForm.textfield(value="filled", x=80, y=80, width=60, height=20)
    canvas.showPage()
    draw_scan(canvas, scan(120, 160), SMALL)
    canvas.showPage()
    canvas.save()
    return path.read_bytes()


def object_stream_pdf(folder: Path) -> bytes:
    path = folder / "streams.pdf"
    path.write_bytes(small_pdf(folder, True))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return path.read_bytes()


def two_frames(**options: object) -> bytes:
    image = scan(90, 120)
    return image_bytes(image, "TIFF", save_all=True, append_images=[image.convert("1")], **options)


SEEDS: dict[str, Callable[[Path], bytes]] = {
    "pdf": lambda folder: small_pdf(folder, False),
    "compressed pdf": lambda folder: small_pdf(folder, True),
    "pdf with object streams": object_stream_pdf,
    "tiff": lambda _: two_frames(),
    "lzw tiff": lambda _: two_frames(compression="tiff_lzw"),
    "png": lambda _: image_bytes(scan(90, 120), "PNG"),
    "stored png": lambda _: image_bytes(scan(90, 120), "PNG", compress_level=0),
    "palette png": lambda _: image_bytes(scan(90, 120).convert("P"), "PNG", transparency=3),
    "jpeg": lambda _: image_bytes(Image.merge("RGB", [scan(90, 120)] * 3), "JPEG", dpi=(100, 100)),
    "progressive jpeg": lambda _: image_bytes(scan(90, 120), "JPEG", progressive=True),
    "bmp": lambda _: image_bytes(scan(90, 120), "BMP"),
}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """`content` with a few bytes changed, a stretch cut out, doubled or zeroed, or its end lost."""
    result = bytearray(content)
    for _ in range(chance.choice((1, 2, 4, 16))):
        at = chance.randrange(len(result))
        length = chance.randrange(1, 40)
        match chance.randrange(7):
            case 0:
                result[at] = chance.randrange(256)
            case 1:
                result[at] ^= 1 << chance.randrange(8)
            case 2:
                del result[at : at + length]
            case 3:
                result[at:at] = result[at : at + length]
            case 4:
                result[at : at + length] = bytes(len(result[at : at + length]))
            case 5:
                result[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"9999"))
            case _:
                del result[max(8, at) :]
        if len(result) < 9:
            break
    # Damage lies behind the signature and checksums are right, or only the first checks would be tried.
    return with_right_checksums(content[:8] + bytes(result[8:]))


def with_right_checksums(content: bytes) -> bytes:
    """A PNG with the checksums of its chunks made right; anything else as it is."""
    if not content.startswith(b"\x89PNG"):
        return content
    result, at = bytearray(content[:8]), 8
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        result += content[at:end]
        if end + 4 > len(content):
            return bytes(result)
        result += zlib.crc32(content[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return bytes(result + content[at:])


def is_prepared(path: Path, folder: Path) -> bool:
    """Whether the document is read; any error but a DocumentError goes through to the test."""
    try:
        document = prepare(path, folder, LIMITS, 72)
    except DocumentError:
        return False
    assert document.pages
    assert all(page.error or (page.image_path and page.image_path.exists()) for page in document.pages)
    return True


@pytest.mark.parametrize("kind", SEEDS)
def test_damage_ends_in_a_result_or_a_document_error(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    content = SEEDS[kind](tmp_path)
    path, folder = tmp_path / "document", tmp_path / "pages"
    folder.mkdir()
    read = 0
    for _ in range(MUTATIONS):
        path.write_bytes(mutated(content, chance))
        started = time.monotonic()
        read += is_prepared(path, folder)
        assert time.monotonic() - started < SLOWEST_SECONDS
    assert read, "every mutation was refused: the damage is too coarse to reach the decoders"
