"""Formats are found out from content alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from services.engine.documents.sniff import DocumentFormat, declaration_warning, sniff
from shared.errors import DocumentError
from tests.unit.documents.samples import image_bytes, pdf_with_lines


@pytest.mark.parametrize(
    ("pillow_name", "expected"),
    [
        ("PNG", DocumentFormat.PNG),
        ("JPEG", DocumentFormat.JPG),
        ("TIFF", DocumentFormat.TIFF),
        ("BMP", DocumentFormat.BMP),
        ("PDF", DocumentFormat.PDF),
    ],
)
def test_supported_files_are_known_whatever_their_name(
    pillow_name: str, expected: DocumentFormat, tmp_path: Path
) -> None:
    path = tmp_path / "document.bin"
    path.write_bytes(image_bytes(Image.new("RGB", (20, 10)), pillow_name))
    assert sniff(path) is expected


def test_a_pdf_may_start_after_other_bytes(tmp_path: Path) -> None:
    path = pdf_with_lines(tmp_path / "a.pdf")
    path.write_bytes(b"HTTP junk\r\n\r\n" + path.read_bytes())
    assert sniff(path) is DocumentFormat.PDF


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><rsm:CrossIndustryInvoice xmlns:rsm="urn:x"/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<Invoice>',
        b'<!-- made by hand -->\n<ubl:Invoice xmlns:ubl="urn:x">',
        '<?xml version="1.0" encoding="UTF-16"?><Invoice/>'.encode("utf-16"),
    ],
)
def test_xml_is_known_with_and_without_declaration(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert sniff(path) is DocumentFormat.XML


@pytest.mark.parametrize(
    ("content", "guess"),
    [
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "HTML page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "HTML page"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG"),
        (b"Dear Sir, please find the invoice attached.", "plain text"),
        (b'{"error": "not found"}', "JSON"),
        (b"From: a@example.com\r\nSubject: invoice\r\n", "e-mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "old Office"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"BM and then words about Bahamas", "plain text"),
        (bytes(range(1, 256)), "binary data"),
    ],
)
def test_other_files_are_refused_with_a_guess_at_what_they_are(
    content: bytes, guess: str, tmp_path: Path
) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=guess) as caught:
        sniff(path)
    assert caught.value.code == "unsupportedFormat"


def test_an_office_file_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(DocumentError, match="Office document"):
        sniff(path)


def test_an_empty_file_is_an_empty_document(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    with pytest.raises(DocumentError) as caught:
        sniff(path)
    assert caught.value.code == "emptyDocument"


@pytest.mark.parametrize("declared", [None, "", "jpg", "JPEG", ".jpg"])
def test_a_right_declaration_needs_no_warning(declared: str | None) -> None:
    assert declaration_warning(declared, DocumentFormat.JPG) is None


def test_a_wrong_declaration_is_reported() -> None:
    assert declaration_warning("pdf", DocumentFormat.JPG) == (
        "The document was declared as pdf but its content is jpg, and was read as such."
    )
