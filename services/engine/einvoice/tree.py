"""XML of unknown origin as a tree, without what makes XML dangerous.

Document types, entities and references to anything outside are refused (OWASP, "XML External Entity
Prevention"), and size, depth and number of elements are bounded while parsing, not afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from shared.errors import DocumentError, LimitExceeded

Element = ElementTree.Element

CHUNK_BYTES = 64 * 1024
# Supporting documents travel inside e-invoices (BT-125) and are not needed to read them.
ATTACHMENTS = frozenset({"EmbeddedDocumentBinaryObject", "AttachmentBinaryObject", "BinaryObject"})


@dataclass(frozen=True, slots=True)
class XmlBounds:
    """What an XML may hold: `max_characters` of text beside attached files, elements, levels of nesting."""

    max_characters: int = 4_000_000
    max_elements: int = 300_000
    max_depth: int = 40


def parse(data: bytes, bounds: XmlBounds | None = None) -> Element:
    """The root element of `data`; names keep their namespace in braces.

    Raises DocumentError `unsafeXml` or `brokenXml`, and LimitExceeded `xmlTooLarge`.
    """
    target = _BoundedBuilder(bounds or XmlBounds())
    parser: Any = DefusedXMLParser(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        for start in range(0, len(data), CHUNK_BYTES):
            parser.feed(data[start : start + CHUNK_BYTES])
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise DocumentError(
            "unsafeXml",
            "The e-invoice's XML has a document type or entities, which e-invoices must not have; "
            "it was refused.",
        ) from error
    except (ParseError, LookupError, ValueError, UnicodeError) as error:
        raise DocumentError("brokenXml", f"The e-invoice's XML is damaged: {error}.") from error
    return root


def without_namespaces(root: Element) -> Element:
    """`root` with plain local names throughout; EN 16931's vocabularies have no name in two meanings."""
    for element in root.iter():
        element.tag = local_name(element.tag)
    return root


def local_name(tag: str) -> str:
    """`{urn:x}Name` -> `Name`."""
    return tag.rpartition("}")[2]


class _BoundedBuilder:
    """Builds the tree and gives up as soon as a bound is passed."""

    def __init__(self, bounds: XmlBounds) -> None:
        self._builder = ElementTree.TreeBuilder()
        self._bounds = bounds
        self._path: list[str] = []
        self._elements = 0
        self._characters = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self._path.append(local_name(tag))
        self._elements += 1
        self._count(sum(len(name) + len(value) for name, value in attributes.items()))
        if len(self._path) > self._bounds.max_depth:
            raise LimitExceeded(
                "xmlTooLarge",
                f"The e-invoice's XML is nested deeper than {self._bounds.max_depth} levels.",
            )
        if self._elements > self._bounds.max_elements:
            raise LimitExceeded(
                "xmlTooLarge",
                f"The e-invoice's XML has more than {self._bounds.max_elements:,} elements.",
            )
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._path.pop()
        return self._builder.end(tag)

    def data(self, text: str) -> None:
        if self._path[-1] in ATTACHMENTS:
            return
        self._count(len(text))
        self._builder.data(text)

    def close(self) -> Element:
        return self._builder.close()

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > self._bounds.max_characters:
            raise LimitExceeded(
                "xmlTooLarge",
                f"The e-invoice's XML has more than {self._bounds.max_characters:,} characters of text.",
            )
