"""The sound documents that are damaged: small ones, in every format that is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.einvoices.cii import cii
from tests.einvoices.pdf import attached, printed
from tests.einvoices.ubl import ubl
from tests.einvoices.zugferd_1 import zugferd_1
from tests.unit.documents.samples import draw_lines, draw_scan, image_bytes, scan

SMALL = (200.0, 280.0)


def originals() -> Mapping[str, Callable[[], bytes]]:
    """A maker for each document, by name."""
    return {
        "pdf": lambda: _pdf(compressed=False),
        "compressed pdf": lambda: _pdf(compressed=True),
        "pdf with object streams": _object_stream_pdf,
        "pdf with e-invoice": lambda: attached(printed(), cii()),
        "tiff": _tiff,
        "lzw tiff": lambda: _tiff(compression="tiff_lzw"),
        "fax tiff": lambda: image_bytes(scan(90, 120).convert("1"), "TIFF", compression="group4"),
        "jpeg tiff": lambda: image_bytes(_colored(), "TIFF", compression="jpeg"),
        "png": lambda: image_bytes(scan(90, 120), "PNG"),
        "stored png": lambda: image_bytes(scan(90, 120), "PNG", compress_level=0),
        "palette png": lambda: image_bytes(scan(90, 120).convert("P"), "PNG", transparency=3),
        "jpeg": lambda: image_bytes(_colored(), "JPEG", dpi=(100, 100)),
        "progressive jpeg": lambda: image_bytes(scan(90, 120), "JPEG", progressive=True),
        "bmp": lambda: image_bytes(scan(90, 120), "BMP"),
        "colour bmp": lambda: image_bytes(_colored(), "BMP"),
        "cii xml": cii,
        "ubl xml": ubl,
        "zugferd 1 xml": zugferd_1,
    }


def _pdf(*, compressed: bool) -> bytes:
    """Two pages: print with a form field, and a scan."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=SMALL, pageCompression=int(compressed), invariant=1)
    canvas.translate(-60, -500)
    draw_lines(canvas)
    canvas.acroForm.textfield(value="filled", x=80, y=80, width=60, height=20)
    canvas.showPage()
    draw_scan(canvas, scan(120, 160), SMALL)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _object_stream_pdf() -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(_pdf(compressed=True))) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return target.getvalue()


def _tiff(**options: Any) -> bytes:
    image = scan(90, 120)
    return image_bytes(image, "TIFF", save_all=True, append_images=[image.convert("1")], **options)


def _colored() -> Image.Image:
    return Image.merge("RGB", [scan(90, 120)] * 3)
