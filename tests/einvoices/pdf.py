"""The invoice as it is printed, and PDFs with an e-invoice in them."""

from __future__ import annotations

import io

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from tests.einvoices.facts import NET, TAX, USUAL, Facts


def printed(facts: Facts = USUAL) -> bytes:
    """The invoice as a PDF page with a text layer."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(595, 842))
    for number, line in enumerate(printed_lines(facts)):
        canvas.setFont("Courier", 9)
        canvas.drawString(50, 780 - 16 * number, line)
    canvas.save()
    return content.getvalue()


def printed_lines(facts: Facts = USUAL) -> tuple[str, ...]:
    """What the invoice's page shows, columns set with blanks; the seller's tax number is not on it."""
    day = ".".join(reversed(facts.issued.split("-")))
    account = " ".join(facts.iban[start : start + 4] for start in range(0, len(facts.iban), 4))
    return (
        "Nordwind Papier GmbH",
        "Hafenstraße 12, 20457 Hamburg",
        "",
        "Bristol Books Ltd",
        "3 Quay Street, Bristol BS1 4DJ",
        "",
        "INVOICE",
        f"Invoice number: {facts.number}          Invoice date: {day}",
        "Customer reference: KX-9",
        "",
        "Description              Quantity     Unit price       Amount",
        "Copy paper A4                  10           4.50        45.00",
        "Screws 4x40                   200           0.12        20.00",
        "",
        f"Subtotal                                               {NET}",
        f"VAT 19%                                                {TAX}",
        f"Total EUR                                              {facts.total}",
        "",
        f"IBAN {account}",
    )


def attached(pdf: bytes, xml: bytes, name: str = "factur-x.xml", relationship: str = "/Data") -> bytes:
    """`pdf` with `xml` as an associated file, as PDF/A-3 has it."""
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.attachments[name] = xml
        specification = document.attachments[name].obj
        specification["/AFRelationship"] = pikepdf.Name(relationship)
        document.Root["/AF"] = pikepdf.Array([specification])
        document.save(content)
    return content.getvalue()
