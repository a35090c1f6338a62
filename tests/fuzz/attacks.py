"""Documents made to harm whoever reads them: bombs, cycles, entities, sizes that are lies."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Mapping

import pikepdf

from tests.einvoices.pdf import attached, printed
from tests.einvoices.ubl import ubl

BOMB_BYTES = 256 * 2**20
# Where a document's entity would lead if it were followed.
SECRET = "file:///etc/hostname"


def attacks() -> Mapping[str, Callable[[], bytes]]:
    """A maker for each hostile document, by name."""
    return {
        "xml billion laughs": _billion_laughs,
        "xml quadratic blow-up": lambda: _with_doctype(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 5000),
        "xml external entity": lambda: _with_doctype(f'<!ENTITY a SYSTEM "{SECRET}">', "&a;"),
        "xml parameter entity": lambda: _with_doctype(f'<!ENTITY % a SYSTEM "{SECRET}"> %a;', "1"),
        "xml external document type": lambda: ubl().replace(
            b"?>", f'?><!DOCTYPE Invoice SYSTEM "{SECRET}">'.encode(), 1
        ),
        "xml inclusion": lambda: (
            b'<Invoice xmlns:xi="http://www.w3.org/2001/XInclude">'
            + f'<xi:include href="{SECRET}" parse="text"/></Invoice>'.encode()
        ),
        "xml nested deeply": lambda: b'<?xml version="1.0"?>' + b"<Invoice>" * 500_000,
        "xml of many elements": lambda: b'<?xml version="1.0"?><Invoice>' + b"<a/>" * 1_000_000,
        "xml of many attributes": lambda: (
            b'<?xml version="1.0"?><Invoice '
            + b" ".join(b'a%d=""' % number for number in range(200_000))
            + b"/>"
        ),
        "e-invoice packed a thousandfold": lambda: attached(printed(), b" " * 100_000_000),
        "png of 2 gigapixels": lambda: _png(46_000, 46_000, zlib.compress(bytes(1000))),
        "png of 79 megapixels": lambda: _png(8888, 8888, _packed_zeros((8888 + 1) * 8888)),
        "png with unpacked text": _png_with_packed_text,
        "jpeg of 4 gigapixels": _huge_jpeg,
        "bmp of 4 gigapixels": lambda: _bmp(65_535, 65_535),
        "bmp of negative size": lambda: _bmp(-5, -(2**31)),
        "tiff of 4 gigapixels": lambda: _tiff(65_535, 65_535, b"\x00" * 100),
        "tiff of a thousandfold strip": lambda: _tiff(8000, 8000, _packed_zeros(BOMB_BYTES)),
        "tiff that is its own next page": lambda: _tiff(10, 10, bytes(100), next_page=8),
        "pdf content of 256 MiB": lambda: _pdf_with_content(_packed_zeros(BOMB_BYTES, b"q ")),
        "pdf content of many paths": lambda: _pdf_with_content(
            zlib.compress(b"0 0 m 200 200 l S " * 400_000)
        ),
        "pdf content nested deeply": lambda: _pdf_with_content(zlib.compress(b"q " * 2_000_000)),
        "pdf image of 4 gigapixels": lambda: _pdf_with_image(65_535, 65_535, bytes(100)),
        "pdf image of 256 MiB": lambda: _pdf_with_image(20_000, 20_000, _packed_zeros(BOMB_BYTES)),
        "pdf form that draws itself": _pdf_form_cycle,
        "pdf forms that multiply": _pdf_form_tree,
        "pdf page tree that is a circle": _pdf_page_circle,
        "pdf of a million pages": lambda: _pdf_page_count(1_000_000),
        "pdf of a huge page": lambda: _pdf_with_content(zlib.compress(b""), size=(14_000_000, 14_000_000)),
        "pdf of a thin page": lambda: _pdf_with_content(zlib.compress(b""), size=(0.001, 14_000)),
        "pdf cross-reference circle": _pdf_xref_circle,
        "pdf cross-reference of wide rows": _pdf_wide_rows,
        "pdf nested arrays": lambda: b"%PDF-1.4\n1 0 obj\n" + b"[" * 1_000_000 + b"\nendobj\n%%EOF",
    }


def _with_doctype(entities: str, number: str) -> bytes:
    head, body = ubl().decode().split("?>", 1)
    declared = f"{head}?><!DOCTYPE Invoice [{entities}]>{body}"
    return declared.replace("LL-2026-0417", number).encode()


def _billion_laughs() -> bytes:
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))
    return _with_doctype(f'<!ENTITY a0 "ha">{levels}', "&a11;")


def _packed_zeros(size: int, unit: bytes = b"\x00") -> bytes:
    """`size` bytes of `unit` over and over, packed without ever being whole in memory."""
    packing = zlib.compressobj(1)
    piece = unit * (2**20 // len(unit))
    pieces = [packing.compress(piece) for _ in range(size // len(piece) + 1)]
    return b"".join(pieces) + packing.flush()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, packed: bytes, extra: bytes = b"") -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _png_with_packed_text() -> bytes:
    text = _chunk(b"zTXt", b"note\x00\x00" + _packed_zeros(BOMB_BYTES))
    return _png(10, 10, zlib.compress(bytes(110)), text)


def _huge_jpeg() -> bytes:
    frame = struct.pack(">HBHHB", 17, 8, 65_535, 65_535, 3) + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    scan = struct.pack(">HB", 12, 3) + b"\x01\x00\x02\x11\x03\x11\x00\x3f\x00"
    return b"\xff\xd8\xff\xc2" + frame + b"\xff\xda" + scan + bytes(2000) + b"\xff\xd9"


def _bmp(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + header + bytes(100)


def _tiff(width: int, height: int, strip: bytes, next_page: int = 0) -> bytes:
    """A grey TIFF of one strip, packed by Deflate, whose directory may name another or itself as next."""
    directory = (
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, 8),
        (262, 3, 1),
        (273, 4, 8 + 2 + 9 * 12 + 4),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, len(strip)),
    )
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in directory)
    body = struct.pack("<H", len(directory)) + entries + struct.pack("<I", next_page)
    return b"II*\x00" + struct.pack("<I", 8) + body + strip


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return target.getvalue()


def _packed_stream(pdf: pikepdf.Pdf, packed: bytes) -> pikepdf.Stream:
    stream = pikepdf.Stream(pdf, b"")
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    return stream


def _pdf_with_content(packed: bytes, size: tuple[float, float] = (200, 280)) -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.MediaBox = pikepdf.Array([0, 0, *size])
        page.Contents = _packed_stream(pdf, packed)
        return _saved(pdf)


def _pdf_with_image(width: int, height: int, packed: bytes) -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 280))
        image = _packed_stream(pdf, packed)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = width, height, 8
        image.ColorSpace = pikepdf.Name.DeviceRGB
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
        page.Contents = pikepdf.Stream(pdf, b"200 0 0 280 0 0 cm /Im Do")
        return _saved(pdf)


def _form(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Stream:
    form = pikepdf.Stream(pdf, content)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([0, 0, 200, 280])
    return form


def _pdf_form_cycle() -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 280))
        form = pdf.make_indirect(_form(pdf, b"/Fm Do"))
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
        page.Contents = pikepdf.Stream(pdf, b"/Fm Do")
        return _saved(pdf)


def _pdf_form_tree() -> bytes:
    """Each of 20 forms draws the next ten times: 10^20 rectangles."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 280))
        form = pdf.make_indirect(_form(pdf, b"0 0 10 10 re f"))
        for _ in range(20):
            inner, form = form, pdf.make_indirect(_form(pdf, b"/Fm Do " * 10))
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=inner))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
        page.Contents = pikepdf.Stream(pdf, b"/Fm Do")
        return _saved(pdf)


def _pdf_page_circle() -> bytes:
    content = printed()
    return content.replace(b"/Type /Page\n", b"/Type /Pages /Kids [ 1 0 R 2 0 R 3 0 R 4 0 R 5 0 R ]\n")


def _pdf_page_count(count: int) -> bytes:
    return printed().replace(b"/Count 1", b"/Count %d" % count)


def _pdf_xref_circle() -> bytes:
    content = printed()
    start = content.rindex(b"startxref")
    offset = int(content[start:].split()[1])
    return content.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % offset, 1)


def _pdf_wide_rows() -> bytes:
    """A cross-reference stream whose rows have four gigabytes each, by its own account."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed())) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    content = target.getvalue()
    return re.sub(rb"/Columns \d+", b"/Columns 4294967296", content)
