"""The truth beside a document, in the names of the public API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shared.readings import BoundingBox
from tests.generator.invoice import Invoice, LineItem, Party
from tests.generator.render import Page, line_text


def extracted_data(invoice: Invoice) -> dict[str, Any]:
    """What a perfect reading of the document gives: the API's `extractedData`, nothing that is not printed.

    Addresses are their lines joined by a comma and a space; rates and item discounts are percent.
    """
    fields: dict[str, Any] = {
        "kind": invoice.kind,
        "language": invoice.language,
        "country": invoice.supplier.country,
        "number": invoice.number,
        "date": invoice.issued.isoformat(),
        "dueDate": invoice.due.isoformat() if invoice.due else None,
        "deliveryDate": invoice.delivered.isoformat() if invoice.delivered else None,
        "purchaseOrder": invoice.purchase_order,
        "paymentTerms": invoice.payment_terms,
        "supplier": {**_party(invoice.supplier), **_country(invoice.supplier)},
        "customer": _party(invoice.customer) if invoice.customer else None,
        "shipTo": _party(invoice.ship_to) if invoice.ship_to else None,
        "payment": _payment(invoice),
        "taxes": [
            {"rate": _number(tax.rate), "base": _number(tax.base), "amount": _number(tax.amount)}
            for tax in invoice.taxes
        ],
        "amounts": _amounts(invoice),
    }
    return {"invoice": _without_absent(fields), "lineItems": [_line_item(item) for item in invoice.items]}


def document_truth(
    invoice: Invoice, file_name: str, document_type: str, effects: Sequence[str], pages: Sequence[Page]
) -> dict[str, Any]:
    """The whole truth file; boxes are pixels of the page at the dpi that its entry names."""
    return {
        "file": file_name,
        "documentType": document_type,
        "effects": list(effects),
        "extractedData": extracted_data(invoice),
        "pages": [_page(number, page) for number, page in enumerate(pages, start=1)],
    }


def truth_json(truth: dict[str, Any]) -> str:
    """The truth file's text."""
    return json.dumps(truth, ensure_ascii=False, indent=1) + "\n"


def _party(party: Party) -> dict[str, Any]:
    return _without_absent(
        {
            "name": party.name,
            "address": ", ".join(party.address),
            "taxId": party.tax_id,
        }
    )


def _country(party: Party) -> dict[str, str]:
    return {} if party.country is None else {"country": party.country}


def _payment(invoice: Invoice) -> dict[str, Any] | None:
    if invoice.payment is None:
        return None
    payment = invoice.payment
    return _without_absent({"iban": payment.iban, "bic": payment.bic, "reference": payment.reference})


def _amounts(invoice: Invoice) -> dict[str, Any]:
    amounts = invoice.amounts
    return _without_absent(
        {
            "subtotal": _number(amounts.subtotal),
            "discount": _number(amounts.discount),
            "shipping": _number(amounts.shipping),
            "tax": _number(amounts.tax),
            "total": _number(amounts.total),
            "paid": _number(amounts.paid),
            "due": _number(amounts.due),
            "currency": amounts.currency,
        }
    )


def _line_item(item: LineItem) -> dict[str, Any]:
    return _without_absent(
        {
            "description": item.description,
            "quantity": _number(item.quantity),
            "unitPrice": _number(item.unit_price),
            "amount": _number(item.amount),
            "sku": item.sku,
            "unit": item.unit,
            "taxRate": _number(item.tax_rate),
            "taxAmount": _number(item.tax_amount),
            "discount": _number(item.discount),
        }
    )


def _page(number: int, page: Page) -> dict[str, Any]:
    return {
        "pageNumber": number,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "lines": [{"text": line_text(line), "boundingBox": _box(line.box)} for line in page.lines],
        "words": [
            {"text": word.text, "boundingBox": _box(word.box)} for line in page.lines for word in line.words
        ],
    }


def _box(box: BoundingBox) -> dict[str, float]:
    return {
        "x": round(box.x, 1),
        "y": round(box.y, 1),
        "width": round(box.width, 1),
        "height": round(box.height, 1),
    }


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _without_absent(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
