"""The e-invoice inside a PDF: found among its attached files by name, by relationship and by content.

Factur-X 1.0 and ZUGFeRD 2 attach the XML under a set name, as an associated file (/AF, PDF/A-3); ZUGFeRD 1
and many programs differ in the details, so that every attached XML is a candidate.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from services.engine.documents.limits import Limits, readable_size
from services.engine.documents.pdf_structure import QPDF_ERRORS, open_structure
from services.engine.einvoice.read import read_einvoice
from shared.errors import DocumentError

# Set names, the most telling first (Factur-X 1.0, ZUGFeRD 2.0 and 1.0, XRechnung in ZUGFeRD 2.1).
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
RELATIONSHIPS = ("/Alternative", "/Source", "/Data")
MOST_ATTACHMENTS = 200


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a PDF has of an e-invoice: the XML that can be read, or a note that says why none can."""

    xml: bytes | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Attachment:
    name: str
    relationship: str
    stream: pikepdf.Stream

    @property
    def is_set_name(self) -> bool:
        return self.name.lower() in NAMES

    @property
    def rank(self) -> tuple[int, int]:
        """Attachments of a set name before others, then those that the PDF calls its alternative."""
        name = self.name.lower()
        by_name = NAMES.index(name) if name in NAMES else len(NAMES)
        known = self.relationship in RELATIONSHIPS
        return by_name, RELATIONSHIPS.index(self.relationship) if known else len(RELATIONSHIPS)


def find_embedded(path: Path, limits: Limits) -> Embedded:
    """The e-invoice attached to the PDF at `path`, if there is one.

    An attachment under a set name that can't be read gives a note, any other that is no e-invoice nothing.
    """
    try:
        with open_structure(path) as pdf:
            attachments = sorted(_xml_attachments(pdf), key=lambda found: found.rank)
            return _first_readable(attachments, limits)
    except QPDF_ERRORS:
        # PDFium shows pages of files that qpdf can't open; their attachments are out of reach.
        return Embedded()


def _first_readable(attachments: list[_Attachment], limits: Limits) -> Embedded:
    note = None
    for attachment in attachments:
        try:
            xml = _content(attachment.stream, limits.max_bytes)
            read_einvoice(xml)
        except DocumentError as error:
            if attachment.is_set_name and note is None:
                note = f"The e-invoice {attachment.name} in the PDF was not used: {error}"
        else:
            return Embedded(xml=xml)
    return Embedded(note=note)


def _xml_attachments(pdf: pikepdf.Pdf) -> Iterator[_Attachment]:
    """Attached files that are called XML or are declared to be, each once."""
    seen: set[tuple[int, int]] = set()
    for specification in _specifications(pdf):
        stream = _stream_of(specification)
        if stream is None or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        name = str(specification.get("/UF", specification.get("/F", "")))
        if name.lower().endswith(".xml") or "xml" in str(stream.get("/Subtype", "")).lower():
            relationship = str(specification.get("/AFRelationship", ""))
            yield _Attachment(name.replace("\\", "/").rpartition("/")[2], relationship, stream)
        if len(seen) >= MOST_ATTACHMENTS:
            return


def _specifications(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """File specifications of the name tree of embedded files, and of the document's associated files."""
    for attached in pdf.attachments.values():
        yield attached.obj
    associated = pdf.Root.get("/AF")
    if isinstance(associated, pikepdf.Array):
        yield from (one for one in associated.as_list()[:MOST_ATTACHMENTS])


def _stream_of(specification: Any) -> pikepdf.Stream | None:
    if not isinstance(specification, pikepdf.Dictionary):
        return None
    files = specification.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return None
    stream = files.get("/UF", files.get("/F"))
    return stream if isinstance(stream, pikepdf.Stream) else None


def _content(stream: pikepdf.Stream, most_bytes: int) -> bytes:
    """The attached file, unpacked only as far as it may be large.

    Raises DocumentError `brokenXml`, also for packings that attachments do not have in practice.
    """
    raw = stream.read_raw_bytes()
    filters: Any = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters]
    if names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        unpacking = zlib.decompressobj()
        try:
            content = unpacking.decompress(raw, most_bytes + 1)
        except zlib.error as error:
            raise DocumentError("brokenXml", "Its data is damaged.") from error
    elif not names:
        content = raw
    else:
        raise DocumentError("brokenXml", "It is packed in an unusual way.")
    if len(content) > most_bytes:
        raise DocumentError("xmlTooLarge", f"It is larger than {readable_size(most_bytes)}.")
    return content
