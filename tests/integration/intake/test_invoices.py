"""The second API family: invoices from files and as given."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

import pytest

from services.gateway.store.database import Database
from shared.messages.tasks import PrepareTask
from tests.integration.intake.client import Api
from tests.integration.intake.conftest import MAX_DOCUMENT_BYTES
from tests.integration.intake.simulated_engine import SimulatedEngine

INVOICES = "/v1/invoices"


async def job_of(api: Api, invoice_id: int) -> dict[str, Any]:
    reply = await api.get("/ocr-invoice-job", params={"filter": json.dumps({"invoiceId": invoice_id})})
    return dict(reply.data[0])


async def test_a_file_becomes_a_job_and_an_invoice(api: Api, engine: SimulatedEngine) -> None:
    content = os.urandom(700_001)
    body = {"data": base64.b64encode(content).decode(), "filename": "scan.pdf", "type": "application/pdf"}
    reply = await api.post(INVOICES, body)
    assert (reply.status, reply.body["status"]) == (201, "OK")
    invoice_id = reply.result["id"]

    job = await job_of(api, invoice_id)
    assert (job["status"], job["documentName"]) == ("queued", "scan.pdf")
    template = (await api.get(f"/ocr-invoice-job-template/{job['template']}")).data
    assert template["name"] == "Default"
    before = (await api.get(f"{INVOICES}/{invoice_id}")).result
    assert before["document"]["size"] == len(content)
    assert before["invoice_number"] is None
    missing = await api.get(f"{INVOICES}/{invoice_id}/ocr")
    assert (missing.status, missing.body["msg"]) == (404, "This invoice has no data extraction record.")

    task = await engine.task(job["_id"])
    assert isinstance(task, PrepareTask)
    async with api.session.get(api.url + str(task.document_path)) as response:
        assert await response.read() == content
    await engine.complete(job["_id"], task)
    await api.until_status(job["_id"], "completed")

    invoice = (await api.get(f"{INVOICES}/{invoice_id}")).result
    assert invoice["invoice_number"] == "7"
    assert invoice["invoice_total"] == 12.5
    assert invoice["supplier_info"] == {"name": "Acme"}
    assert invoice["document"]["name"] == "scan.pdf"
    assert invoice["created"] <= invoice["modified"]
    ocr = (await api.get(f"{INVOICES}/{invoice_id}/ocr")).result
    assert ocr["summaryFields"]["vendorName"] == "Acme"


async def test_an_invoice_is_created_as_given(api: Api) -> None:
    given = {
        "supplier_info": {"name": "Acme", "vat": "DE1"},
        "bill_to": "Buyer Ltd",
        "invoice_number": "2026-1",
        "invoice_date": "01/31/2026",
        "invoice_due": "2026-02-28",
        "invoice_items": [{"description": "Bolt", "qty": 5}],
        "invoice_total": "1,000.00",
        "tags": ["a"],
    }
    invoice_id = (await api.post(INVOICES, given)).result["id"]
    invoice = (await api.get(f"{INVOICES}/{invoice_id}")).result
    assert {name: invoice[name] for name in given} == given
    assert invoice["document"] is None
    assert invoice["po_number"] is None
    ocr = await api.get(f"{INVOICES}/{invoice_id}/ocr")
    assert (ocr.status, ocr.body["msg"]) == (404, "This invoice has no data extraction record.")
    assert (await api.get("/ocr-invoice-job")).body["total"] == 0

    template = await api.template()
    job = await api.read(await api.job(template))
    assert job["invoiceId"] == invoice_id + 1
    as_invoice = (await api.get(f"{INVOICES}/{job['invoiceId']}")).result
    assert as_invoice["document"]["url"] == job["documentUrl"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {}),
        (400, {"invoice_number": 7}),
        (400, {"invoice_date": "soon"}),
        (400, {"invoice_total": "much"}),
        (400, {"invoice_items": "Bolt"}),
        (400, {"invoice_items": [{"$where": "1"}]}),
        (400, {"supplier_info": 7}),
        (400, {"tags": [1]}),
        (400, {"colour": "red"}),
        (400, {"data": ""}),
        (400, {"data": "not base64!"}),
        (400, {"data": "QUJD=QUJD"}),
        (400, {"data": "QUJ"}),
        (400, {"data": 5}),
        (400, {"data": None}),
        (400, {"data": "QUJD", "filename": 7}),
        (415, {"data": "QUJD", "type": "text/html"}),
        (413, {"data": base64.b64encode(b"x" * (MAX_DOCUMENT_BYTES + 1)).decode()}),
        (413, {"invoice_terms": "x" * 300_000}),
    ],
)
async def test_what_is_not_an_invoice_is_refused(
    api: Api, database: Database, status: int, body: dict[str, Any]
) -> None:
    reply = await api.post(INVOICES, body)
    assert (reply.status, reply.body["status"], reply.body["result"]) == (status, "Error", None)
    assert reply.body["msg"]
    assert (await api.get("/ocr-invoice-job")).body["total"] == 0


async def test_only_json_is_taken(api: Api) -> None:
    for content_type in ("text/plain", "application/pdf", "multipart/form-data; boundary=x"):
        reply = await api.post(INVOICES, data=b"{}", headers={"Content-Type": content_type})
        assert reply.status == 415
    twice = b'{"data": "QUJD", "data": "QUJD"}'
    for broken in (b"[]", b'{"data": "QUJD"', twice, b"\xff", b'{"data": "QUJD"}}'):
        reply = await api.post(INVOICES, data=broken, headers={"Content-Type": "application/json"})
        assert reply.status == 400, broken


async def test_ids_of_others_do_not_exist(api: Api) -> None:
    assert (await api.get(f"{INVOICES}/1")).body["msg"] == "Record not found."
    assert (await api.get(f"{INVOICES}/0")).status == 400
    assert (await api.get(f"{INVOICES}/x")).status == 400


async def test_a_repeated_request_makes_one_invoice(api: Api, engine: SimulatedEngine) -> None:
    body = {"data": "JVBERg==", "filename": "a.pdf", "type": "application/pdf"}
    first = await api.post(INVOICES, body, headers={"Idempotency-Key": "k"})
    again = await api.post(INVOICES, body, headers={"Idempotency-Key": "k"})
    other = await api.post(INVOICES, {"invoice_number": "1"}, headers={"Idempotency-Key": "k"})
    assert first.result == again.result
    assert other.status == 409
    assert (await api.get("/ocr-invoice-job")).body["total"] == 1
