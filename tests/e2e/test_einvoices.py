"""E-invoices through the whole system: in a PDF, contradicting its page, broken, and as XML alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.e2e.conftest import NewClient
from tests.einvoices.cii import cii
from tests.einvoices.facts import Facts
from tests.einvoices.pdf import attached, printed
from tests.einvoices.ubl import ubl

REFUSED = {
    "attack.xml": (
        b'<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>&x;</ID></Invoice>',
        "it was refused",
    ),
    "cut-off.xml": (ubl()[:-100], "damaged"),
    "order.xml": (b'<?xml version="1.0"?><Order/>', "not an e-invoice of a supported kind"),
}


async def _read(
    client: ApiClient, documents: DocumentServer, template: str, name: str, content: bytes
) -> dict[str, Any]:
    job = await client.read(documents.offer(name, content), template)
    assert job["status"] == "completed", job.get("errorLog")
    return job


def _findings(job: dict[str, Any], field: str) -> list[str]:
    return [one["message"] for one in job["validationResults"]["errors"] if one["field"] == field]


async def test_an_einvoice_in_a_pdf_is_read_exactly(new_client: NewClient, documents: DocumentServer) -> None:
    client = await new_client()
    template = await client.create_template()
    job = await _read(client, documents, template, "factur-x.pdf", attached(printed(), cii()))
    invoice = job["extractedData"]["invoice"]
    assert invoice["number"] == "LL-2026-0417"
    assert invoice["supplier"] == {
        "name": "Nordwind Papier GmbH",
        "address": "Hafenstraße 12, 20457 Hamburg",
        "taxId": "DE123456788",
        "country": "DE",
    }
    assert invoice["amounts"]["total"] == pytest.approx(83.3)
    assert invoice["taxes"] == [{"rate": 19, "base": 70, "amount": 13.3}]
    assert [item["sku"] for item in job["extractedData"]["lineItems"]] == ["CP-80", "SC-440"]
    assert job["confidence"]["fields"]["invoice.number"] == 1.0
    assert job["validationResults"] == {"isValid": True, "errors": []}
    (page,) = await client.pages(job["_id"])
    assert page["status"] == "completed"
    number = job["extractedData"]["provenance"]["invoice.number"]
    assert number["reason"] == "Read from the embedded e-invoice (BT-1)."
    word = next(one for one in page["ocrResults"]["words"] if one["text"] == "LL-2026-0417")
    assert number["page"] == 1
    assert number["boundingBox"]["x"] == pytest.approx(word["boundingBox"]["x"], abs=1)


async def test_a_page_that_contradicts_the_einvoice_is_warned_about(
    new_client: NewClient, documents: DocumentServer
) -> None:
    client = await new_client()
    template = await client.create_template()
    page = printed(Facts(number="LL-2026-0999", total="93.30"))
    job = await _read(client, documents, template, "contradicts.pdf", attached(page, cii()))
    assert job["extractedData"]["invoice"]["number"] == "LL-2026-0417"
    assert _findings(job, "invoice.number") == [
        "The e-invoice states LL-2026-0417 as the invoice number (BT-1), but page 1 shows LL-2026-0999."
    ]
    assert _findings(job, "invoice.amounts.total") == [
        "The e-invoice states 83.30 as the total (BT-112), but page 1 shows 93.30."
    ]


async def test_a_broken_einvoice_leaves_what_the_page_shows(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    job = await _read(client, documents, template, "broken.pdf", attached(printed(), cii()[:-300]))
    assert job["extractedData"]["invoice"]["number"] == "LL-2026-0417"
    assert "e-invoice" not in job["extractedData"]["provenance"]["invoice.number"]["reason"]
    (note,) = _findings(job, "document")
    assert note.startswith("The e-invoice factur-x.xml in the PDF was not used")


@pytest.mark.parametrize("root", ["Invoice", "CreditNote"])
async def test_an_xml_file_alone_completes_without_pages(
    client: ApiClient, documents: DocumentServer, template: str, root: str
) -> None:
    job = await _read(client, documents, template, f"{root}.xml", ubl(root=root))
    assert job["documentInfo"]["format"] == "xml"
    assert job["documentInfo"]["pages"] == 0
    assert job["documentType"] == "xml"
    assert job["progress"]["percentage"] == 100
    assert await client.pages(job["_id"]) == []
    invoice = job["extractedData"]["invoice"]
    assert invoice["kind"] == ("creditNote" if root == "CreditNote" else "invoice")
    assert invoice["amounts"]["due"] == pytest.approx(63.3)
    assert len(job["extractedData"]["lineItems"]) == 2
    assert job["confidence"]["overall"] == 1.0
    headers = {"Authorization": f"Bearer {client.key}"}
    url = f"{client.base_url}/v1/invoices/{job['invoiceId']}/ocr"
    async with client.session.get(url, headers=headers) as response:
        result = (await response.json())["result"]
    assert result["ocrLines"] == []
    assert result["summaryFields"]["invoiceNumber"] == "LL-2026-0417"
    assert [item["qty"] for item in result["lineItems"]] == [10, 200]


async def test_a_job_forgets_the_einvoice_of_a_document_that_was_replaced(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    job = await _read(client, documents, template, "replaced.pdf", attached(printed(), cii()))
    documents.offer("replaced.pdf", printed(Facts(number="LL-2026-0500")))
    await client.process(job["_id"])
    again = await client.finished(job["_id"])
    assert again["extractedData"]["invoice"]["number"] == "LL-2026-0500"
    assert "e-invoice" not in again["extractedData"]["provenance"]["invoice.number"]["reason"]


async def test_a_page_read_again_keeps_the_einvoice(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    job = await _read(client, documents, template, "again.pdf", attached(printed(), cii()))
    (page,) = await client.pages(job["_id"])
    await client.post(f"/ocr-invoice-job-page/{page['_id']}/process")
    again = await client.finished(job["_id"])
    assert again["status"] == "completed", again.get("errorLog")
    assert again["extractedData"]["invoice"] == job["extractedData"]["invoice"]


@pytest.mark.parametrize("name", REFUSED)
async def test_xml_that_is_no_einvoice_fails_with_a_sentence(
    client: ApiClient, documents: DocumentServer, template: str, name: str
) -> None:
    content, expected = REFUSED[name]
    job = await client.read(documents.offer(name, content), template)
    assert job["status"] == "failed"
    assert expected in job["errorLog"]
    assert "root:" not in job["errorLog"]
