"""A job as the API's second family shows it: text lines, line items, summary fields."""

from __future__ import annotations

from typing import Any

# A gap wider than this many average characters separates columns of one visual line.
COLUMN_GAP_CHARACTERS = 2.5
COLUMN_SEPARATOR = "    "


def ocr_result(job: dict[str, Any], pages: list[dict[str, Any]]) -> dict[str, Any]:
    """`result` of `GET /v1/invoices/{invoiceId}/ocr`; `pages` in page order."""
    data = job.get("extractedData") or {}
    return {
        "ocrLines": [line for page in pages for line in _page_lines(page)],
        "lineItems": [_line_item(item) for item in data.get("lineItems") or []],
        "summaryFields": _summary_fields(data.get("invoice") or {}),
    }


def _page_lines(page: dict[str, Any]) -> list[str]:
    results = page.get("ocrResults") or {}
    words = results.get("words") or []
    lines = results.get("lines") or []
    return [_spaced(words[line["firstWord"] : line["firstWord"] + line["wordCount"]]) for line in lines]


def _spaced(words: list[dict[str, Any]]) -> str:
    """Words of one visual line, with a run of spaces where there is a column's gap."""
    characters = sum(len(word["text"]) for word in words) or 1
    gap_limit = COLUMN_GAP_CHARACTERS * sum(word["boundingBox"]["width"] for word in words) / characters
    parts: list[str] = []
    previous_right: float | None = None
    for word in words:
        box = word["boundingBox"]
        if previous_right is not None:
            parts.append(COLUMN_SEPARATOR if box["x"] - previous_right > gap_limit else " ")
        parts.append(word["text"])
        previous_right = box["x"] + box["width"]
    return "".join(parts)


def _line_item(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": item.get("description"),
        "qty": item.get("quantity"),
        "price": item.get("unitPrice"),
        "total": item.get("amount"),
    }


def _summary_fields(invoice: dict[str, Any]) -> dict[str, Any]:
    supplier, customer = invoice.get("supplier") or {}, invoice.get("customer") or {}
    amounts = invoice.get("amounts") or {}
    return {
        "invoiceNumber": invoice.get("number"),
        "invoiceDate": invoice.get("date"),
        "dueDate": invoice.get("dueDate"),
        "purchaseOrder": invoice.get("purchaseOrder"),
        "vendorName": supplier.get("name"),
        "vendorAddress": supplier.get("address"),
        "vendorTaxId": supplier.get("taxId"),
        "customerName": customer.get("name"),
        "customerAddress": customer.get("address"),
        "subtotal": amounts.get("subtotal"),
        "tax": amounts.get("tax"),
        "total": amounts.get("total"),
        "currency": amounts.get("currency"),
    }
