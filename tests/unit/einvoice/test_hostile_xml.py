"""XML that attacks its reader is refused, quickly, with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.engine.einvoice.read import read_einvoice
from services.engine.einvoice.tree import XmlBounds, parse
from shared.errors import DocumentError, LimitExceeded
from tests.einvoices.ubl import ubl


def _with_doctype(declaration: str, number: str) -> bytes:
    head, body = ubl().decode().split("?>", 1)
    return f"{head}?>{declaration}{body}".replace("LL-2026-0417", number).encode()


def _refused(xml: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_einvoice(xml)
    return caught.value


def test_entities_that_expand_without_end_are_refused() -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12)
    )
    assert _refused(_with_doctype(f"<!DOCTYPE Invoice [{entities}]>", "&a11;")).code == "unsafeXml"


@pytest.mark.parametrize("kind", ["SYSTEM", "PUBLIC 'x'"])
def test_files_of_the_machine_are_not_read(kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE Invoice [<!ENTITY file {kind} "{secret.as_uri()}">]>'
    error = _refused(_with_doctype(doctype, "&file;"))
    assert error.code == "unsafeXml"
    assert "the secret" not in str(error)


def test_an_external_document_type_is_refused() -> None:
    doctype = '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/invoice.dtd">'
    assert _refused(_with_doctype(doctype, "1")).code == "unsafeXml"


def test_parameter_entities_are_refused() -> None:
    doctype = '<!DOCTYPE Invoice [<!ENTITY % outside SYSTEM "http://127.0.0.1:9/x"> %outside;]>'
    assert _refused(_with_doctype(doctype, "1")).code == "unsafeXml"


@pytest.mark.parametrize(
    "xml",
    [
        ubl()[:-40],
        b'<?xml version="1.0" encoding="no-such-encoding"?><Invoice/>',
        b"<Invoice>\xff\xfe</Invoice>",
        b"<Invoice>&undefined;</Invoice>",
        b"",
        b"not XML",
    ],
)
def test_damaged_xml_is_refused(xml: bytes) -> None:
    error = _refused(xml)
    assert error.code == "brokenXml"
    assert str(error).startswith("The e-invoice's XML is damaged")
    assert str(error).endswith(".")


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="deeper than 40 levels"):
        parse(b"<a>" * 100_000)


def test_many_elements_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="more than 1,000 elements"):
        parse(b"<a>" + b"<b/>" * 2000 + b"</a>", XmlBounds(max_elements=1000))


@pytest.mark.parametrize("xml", [b"<a>" + b"x" * 2000 + b"</a>", b'<a b="' + b"x" * 2000 + b'"/>'])
def test_much_text_is_refused(xml: bytes) -> None:
    with pytest.raises(LimitExceeded, match="more than 1,000 characters"):
        parse(xml, XmlBounds(max_characters=1000))


def test_attached_files_inside_the_xml_do_not_count() -> None:
    attachment = b"<EmbeddedDocumentBinaryObject>" + b"QUJD" * 1000 + b"</EmbeddedDocumentBinaryObject>"
    root = parse(b"<a>" + attachment + b"<b>kept</b></a>", XmlBounds(max_characters=100))
    assert [child.text for child in root] == [None, "kept"]
