"""Statements that no tax is due: small businesses, exempt supplies, reverse charge."""

from __future__ import annotations

from decimal import Decimal

from services.engine.extraction.document import Document
from services.engine.extraction.layout import Row
from services.engine.extraction.model import Found
from services.engine.extraction.sentences import folded, paragraphs

_HIGHEST_RATE = Decimal(30)


def stated_exemption(document: Document) -> Found[Decimal] | None:
    """A tax of 0, where the document says that none is due and shows no rate above 0 at a label of tax."""
    if any(_shows_rate(document, row) for row in document.rows()):
        return None
    words = document.lexicon.sentences_in(document.labels.languages)
    for paragraph in paragraphs(document.pages):
        text = folded(paragraph.text)
        for word in words:
            match = word.search("noTax", text)
            if match is None:
                continue
            segment = paragraph.segment
            start, end = paragraph.sentence_around(match.start(), match.end())
            printed = segment.text[start:end].strip()
            return Found(
                Decimal(0),
                segment.page,
                segment.box_of(match.start(), match.end()),
                printed,
                "The document states that no tax is due.",
                0.9 * segment.confidence_of(match.start(), match.end()),
            )
    return None


def _shows_rate(document: Document, row: Row) -> bool:
    """Whether a rate above 0 stands with a label of tax in the row: then tax is due on something."""
    is_labelled = any(
        hit.is_label("tax") or hit.concepts("columns") & {"taxRate", "taxAmount"}
        for hit in document.labels.in_row(row)
    )
    return is_labelled and any(
        amount.percent and 0 < amount.value <= _HIGHEST_RATE for amount in document.row_amounts(row)
    )
