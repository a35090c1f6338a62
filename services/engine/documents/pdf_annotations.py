"""What lies on a PDF page beside its content: form fields, stamps and notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Edges = tuple[float, float, float, float]

INVISIBLE_ANNOTATIONS = frozenset({pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP})
HIDDEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW


@dataclass(frozen=True, slots=True)
class Annotations:
    """Whether any is seen, and the places of signature fields: left, bottom, right, top in page units."""

    has_visible: bool
    signatures: tuple[Edges, ...]


def read_annotations(page: pdfium.PdfPage) -> Annotations:
    """The annotations of `page`, signed and unsigned signature fields of some extent among them."""
    has_visible = False
    signatures: list[Edges] = []
    for annotation in _annotations(page):
        subtype = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        has_visible |= subtype not in INVISIBLE_ANNOTATIONS
        if subtype == pdfium_c.FPDF_ANNOT_WIDGET and _is_signature(page, annotation):
            place = _place(annotation)
            if place[0] < place[2] and place[1] < place[3]:
                signatures.append(place)
    return Annotations(has_visible, tuple(signatures))


def _annotations(page: pdfium.PdfPage) -> Iterator[Any]:
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            yield annotation
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _is_signature(page: pdfium.PdfPage, annotation: Any) -> bool:
    if page.formenv is None or pdfium_c.FPDFAnnot_GetFlags(annotation) & HIDDEN:
        return False
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(page.formenv, annotation)
    return bool(kind == pdfium_c.FPDF_FORMFIELD_SIGNATURE)


def _place(annotation: Any) -> Edges:
    edges = pdfium_c.FS_RECTF()
    pdfium_c.FPDFAnnot_GetRect(annotation, edges)
    return edges.left, edges.bottom, edges.right, edges.top
