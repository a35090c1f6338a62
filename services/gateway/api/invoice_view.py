"""An invoice of the API's second family: as it was given, or as a job has read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.gateway.links import Links

FIELDS = (
    "supplier_info",
    "ship_to",
    "bill_to",
    "invoice_number",
    "po_number",
    "invoice_terms",
    "invoice_date",
    "invoice_due",
    "invoice_items",
    "invoice_total",
    "tags",
)


def given_invoice(record: dict[str, Any]) -> dict[str, Any]:
    """`result` for an invoice that was created as given."""
    return {
        "id": record["invoiceId"],
        **{name: record["fields"].get(name) for name in FIELDS},
        "document": None,
        **_times(record),
    }


def job_invoice(job: dict[str, Any], links: Links) -> dict[str, Any]:
    """`result` for an invoice that is a job: its fields are null until they are read."""
    data = job.get("extractedData") or {}
    invoice = data.get("invoice") or {}
    amounts = invoice.get("amounts") or {}
    fields = {
        "supplier_info": invoice.get("supplier"),
        "ship_to": invoice.get("shipTo"),
        "bill_to": invoice.get("customer"),
        "invoice_number": invoice.get("number"),
        "po_number": invoice.get("purchaseOrder"),
        "invoice_terms": invoice.get("paymentTerms"),
        "invoice_date": invoice.get("date"),
        "invoice_due": invoice.get("dueDate"),
        "invoice_items": data.get("lineItems"),
        "invoice_total": amounts.get("total"),
        "tags": None,
    }
    document = {
        "url": links.document_url(job["_id"]) if job.get("uploaded") else job["documentUrl"],
        "name": job["documentName"],
        "size": (job.get("documentInfo") or {}).get("size", job.get("uploadedBytes")),
    }
    return {"id": job["invoiceId"], **fields, "document": document, **_times(job)}


def _times(record: dict[str, Any]) -> dict[str, str]:
    return {"created": _iso(record["createdAt"]), "modified": _iso(record["updatedAt"])}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
