"""What a file is, judged by its content alone: names and declared types are often wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from shared.errors import DocumentError

HEAD_BYTES = 4096
# Readers accept a PDF header that stands anywhere in the first 1,024 bytes (PDF 1.7, Annex H, note 13).
PDF_HEADER_WITHIN = 1024
BMP_HEADER_SIZES = frozenset({12, 40, 52, 56, 64, 108, 124})
SUPPORTED = "Supported are PDF, PNG, JPEG, TIFF and BMP, and e-invoices in XML."


class DocumentFormat(StrEnum):
    """The formats that are told apart; the values are those of the contract's `documentType`."""

    PDF = "pdf"
    PNG = "png"
    JPG = "jpg"
    TIFF = "tiff"
    BMP = "bmp"
    XML = "xml"


SIGNATURES: Mapping[bytes, DocumentFormat] = {
    b"\x89PNG\r\n\x1a\n": DocumentFormat.PNG,
    b"\xff\xd8\xff": DocumentFormat.JPG,
    b"II*\x00": DocumentFormat.TIFF,
    b"MM\x00*": DocumentFormat.TIFF,
    b"II+\x00": DocumentFormat.TIFF,
    b"MM\x00+": DocumentFormat.TIFF,
}

FOREIGN_SIGNATURES: Mapping[bytes, str] = {
    b"PK\x03\x04": "a ZIP archive",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office document (Word, Excel or Outlook)",
    b"GIF8": "a GIF image",
    b"{\\rtf": "an RTF text document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"%!PS": "a PostScript document",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 image",
    b"\xff\x4f\xff\x51": "a JPEG 2000 image",
    b"8BPS": "a Photoshop image",
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
}


def sniff(path: Path) -> DocumentFormat:
    """The format of the file at `path`, from its content.

    Raises DocumentError `emptyDocument` for a file without content, and `unsupportedFormat` with a guess
    at what the file is otherwise.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise DocumentError("emptyDocument", "The document is empty: it has no bytes.")
    found = _known_format(head)
    if found is None:
        raise DocumentError(
            "unsupportedFormat",
            f"The document is not of a supported format; it looks like {_describe(head)}. {SUPPORTED}",
        )
    return found


def declaration_warning(declared: str | None, found: DocumentFormat) -> str | None:
    """A warning when the declared type is not what the content is, else None; the content counts.

    `declared` is a `documentType` such as `jpeg`; None and the empty string declare nothing.
    """
    if not declared:
        return None
    name = declared.strip().lower().lstrip(".")
    if {"jpeg": "jpg", "tif": "tiff"}.get(name, name) == found.value:
        return None
    return f"The document was declared as {name[:20]} but its content is {found.value}, and was read as such."


def _known_format(head: bytes) -> DocumentFormat | None:
    for signature, document_format in SIGNATURES.items():
        if head.startswith(signature):
            return document_format
    if _is_bmp(head):
        return DocumentFormat.BMP
    if b"%PDF-" in head[:PDF_HEADER_WITHIN]:
        return DocumentFormat.PDF
    if _is_xml(head):
        return DocumentFormat.XML
    return None


def _is_bmp(head: bytes) -> bool:
    return head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in BMP_HEADER_SIZES


def _is_xml(head: bytes) -> bool:
    text = _as_text(head)
    if text is None or _is_html(text) or _root_element(text) == "svg":
        return False
    return text.startswith("<?xml") or _root_element(text) is not None


def _is_html(text: str) -> bool:
    return re.search(r"<(!doctype\s+html|html[\s>])", text, re.IGNORECASE) is not None


def _root_element(text: str) -> str | None:
    """The local name of the first element, which comments and a declaration may precede."""
    prolog = r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*"
    element = re.match(prolog + r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]", text, re.DOTALL)
    return element[1] if element else None


def _as_text(head: bytes) -> str | None:
    """The start of a text file, or None when the bytes are not text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace").lstrip("\ufeff \t\r\n")
    if any(byte < 9 or 13 < byte < 27 for byte in head):
        return None
    return head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")


def _describe(head: bytes) -> str:
    for signature, description in FOREIGN_SIGNATURES.items():
        if head.startswith(signature):
            return _describe_zip(head) if signature == b"PK\x03\x04" else description
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a WebP image"
    if head[4:8] == b"ftyp":
        is_photo = head[8:12] in {b"heic", b"heix", b"mif1", b"heif", b"avif"}
        return "an HEIC or AVIF photo" if is_photo else "a video"
    text = _as_text(head)
    if text is None:
        return "binary data of an unknown kind"
    return _describe_text(text)


def _describe_zip(head: bytes) -> str:
    if b"[Content_Types].xml" in head or b"word/" in head or b"xl/" in head:
        return "an Office document (Word, Excel or PowerPoint)"
    if b"mimetypeapplication/vnd.oasis" in head:
        return "an OpenDocument file (LibreOffice)"
    return "a ZIP archive"


def _describe_text(text: str) -> str:
    if not text:
        return "a file of blanks"
    if _is_html(text):
        return "an HTML page, such as a login or error page"
    if _root_element(text) == "svg":
        return "an SVG drawing"
    if text[0] in "{[":
        return "JSON data"
    if re.match(r"(?:Received|Return-Path|Delivered-To|MIME-Version|From|Subject|Date):\s", text):
        return "an e-mail message"
    return "plain text"
