"""E-invoices attached to PDFs, the usual way and in odd ways."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pikepdf
import pytest

from services.engine.documents.limits import Limits
from services.engine.documents.prepare import prepare
from services.engine.documents.sniff import DocumentFormat
from services.engine.einvoice.embedded import find_embedded
from shared.errors import DocumentError
from tests.einvoices.cii import cii
from tests.einvoices.facts import Facts
from tests.einvoices.pdf import attached
from tests.einvoices.ubl import ubl
from tests.einvoices.zugferd_1 import zugferd_1
from tests.unit.documents.samples import pdf_with_lines

LIMITS = Limits()
OTHER_XML = b'<?xml version="1.0"?><settings/>'


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    return pdf_with_lines(tmp_path / "plain.pdf").read_bytes()


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "document"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "xml"),
    [
        ("factur-x.xml", cii()),
        ("zugferd-invoice.xml", cii()),
        ("ZUGFeRD-invoice.xml", zugferd_1()),
        ("xrechnung.xml", ubl()),
        ("Rechnung 4711.XML", ubl()),
    ],
)
def test_an_attached_einvoice_is_found_whatever_its_name(
    pdf: bytes, tmp_path: Path, name: str, xml: bytes
) -> None:
    assert find_embedded(_file(tmp_path, attached(pdf, xml, name)), LIMITS).xml == xml


def test_a_pdf_without_attachments_has_none(pdf: bytes, tmp_path: Path) -> None:
    found = find_embedded(_file(tmp_path, pdf), LIMITS)
    assert (found.xml, found.note) == (None, None)


def test_other_attachments_do_not_disturb(pdf: bytes, tmp_path: Path) -> None:
    content = attached(attached(pdf, OTHER_XML, "a-settings.xml"), b"%PDF-1.4", "terms.pdf")
    found = find_embedded(_file(tmp_path, content), LIMITS)
    assert (found.xml, found.note) == (None, None)
    with_einvoice = attached(content, cii(), "z.xml", "/Alternative")
    assert find_embedded(_file(tmp_path, with_einvoice), LIMITS).xml == cii()


def test_the_set_name_goes_before_other_einvoices(pdf: bytes, tmp_path: Path) -> None:
    other = cii(Facts(number="OLD-1"))
    content = attached(attached(pdf, other, "a.xml", "/Alternative"), cii(), "factur-x.xml", "/Data")
    assert find_embedded(_file(tmp_path, content), LIMITS).xml == cii()


def test_an_associated_file_that_no_name_tree_lists_is_found(pdf: bytes, tmp_path: Path) -> None:
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(attached(pdf, cii()))) as document:
        del document.Root["/Names"]
        document.save(content)
    assert find_embedded(_file(tmp_path, content.getvalue()), LIMITS).xml == cii()


def test_a_pdf_with_only_an_owner_password_is_read(pdf: bytes, tmp_path: Path) -> None:
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(attached(pdf, cii()))) as document:
        document.save(content, encryption=pikepdf.Encryption(owner="owner", user=""))
    assert find_embedded(_file(tmp_path, content.getvalue()), LIMITS).xml == cii()


def test_a_broken_einvoice_leaves_the_pages_and_a_note(pdf: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    prepared = prepare(_file(tmp_path, attached(pdf, cii()[:-200])), folder, LIMITS, 72)
    assert len(prepared.pages) == 1
    assert prepared.einvoice_path is None
    (note,) = prepared.notes
    assert note.startswith("The e-invoice factur-x.xml in the PDF was not used: ")
    assert "damaged" in note


def test_an_attachment_that_unpacks_without_end_is_refused(pdf: bytes, tmp_path: Path) -> None:
    packed = zlib.compress(cii() + b" " * 20_000_000)
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(attached(pdf, b"<a/>"))) as document:
        stream = document.attachments["factur-x.xml"].obj["/EF"]["/F"]
        stream.write(packed, filter=pikepdf.Name("/FlateDecode"))
        document.save(content)
    found = find_embedded(_file(tmp_path, content.getvalue()), Limits(max_bytes=1_000_000))
    assert found.xml is None
    assert found.note is not None
    assert "larger than 976.6 KiB" in found.note


def test_prepare_hands_the_einvoice_on_beside_the_pages(pdf: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    prepared = prepare(_file(tmp_path, attached(pdf, cii())), folder, LIMITS, 72)
    assert len(prepared.pages) == 1
    assert prepared.einvoice_path is not None
    assert prepared.einvoice_path.read_bytes() == cii()


def test_an_xml_file_is_a_document_without_pages(tmp_path: Path) -> None:
    prepared = prepare(_file(tmp_path, ubl()), tmp_path, LIMITS, 300, declared_format="xml")
    assert prepared.format is DocumentFormat.XML
    assert prepared.pages == ()
    assert prepared.notes == ()
    assert prepared.einvoice_path is not None
    assert prepared.einvoice_path.read_bytes() == ubl()


def test_a_broken_xml_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="damaged"):
        prepare(_file(tmp_path, ubl()[:-100]), tmp_path, LIMITS, 300)
