"""The one way from bytes to an e-invoice: parse, tell the syntax, map."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.engine.einvoice.cii import read_cii
from services.engine.einvoice.model import EInvoice, Syntax
from services.engine.einvoice.tree import Element, XmlBounds, parse, without_namespaces
from services.engine.einvoice.ubl import read_ubl
from shared.errors import DocumentError, LimitExceeded

MOST_LINES = 10_000

SYNTAXES: Mapping[str, Syntax] = {
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": Syntax.ZUGFERD_1,
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": Syntax.CII,
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": Syntax.UBL_INVOICE,
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": Syntax.UBL_CREDIT_NOTE,
}
_READERS: Mapping[Syntax, Callable[[Element, Syntax], EInvoice]] = {
    Syntax.ZUGFERD_1: read_cii,
    Syntax.CII: read_cii,
    Syntax.UBL_INVOICE: read_ubl,
    Syntax.UBL_CREDIT_NOTE: read_ubl,
}


def read_einvoice(data: bytes, bounds: XmlBounds | None = None) -> EInvoice:
    """The e-invoice that the XML file `data` is.

    Raises DocumentError `unsafeXml`, `brokenXml`, or `unsupportedFormat` for XML of another vocabulary, and
    LimitExceeded `xmlTooLarge`.
    """
    found = _invoice_element(parse(data, bounds))
    if found is None:
        raise DocumentError(
            "unsupportedFormat",
            "The XML is not an e-invoice of a supported kind. Supported are Factur-X, ZUGFeRD, XRechnung "
            "and Peppol, in UBL 2.1 or UN/CEFACT Cross Industry Invoice.",
        )
    element, syntax = found
    einvoice = _READERS[syntax](without_namespaces(element), syntax)
    if len(einvoice.line_items) > MOST_LINES:
        raise LimitExceeded(
            "xmlTooLarge",
            f"The e-invoice has {len(einvoice.line_items):,} lines; the limit is {MOST_LINES:,}.",
        )
    return einvoice


def _invoice_element(root: Element) -> tuple[Element, Syntax] | None:
    """The invoice and its syntax; Peppol's transport may have left its envelope (SBDH) around it."""
    for element in (root, *root):
        syntax = SYNTAXES.get(element.tag)
        if syntax is not None:
            return element, syntax
    return None
