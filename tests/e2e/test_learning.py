"""One corrected invoice, and the next of the same supplier is read right: with the real engine."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.generator.compose import compose_invoice
from tests.generator.invoice import Invoice
from tests.generator.languages import Label
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import Presentation, choose_presentation
from tests.generator.suppliers import compose_supplier
from tests.generator.truth import extracted_data

# No vocabulary knows this word for an invoice's number.
LABEL = "Vorgangskennung"


def two_invoices(seed: int) -> tuple[Invoice, Invoice, Presentation]:
    """Two invoices of one supplier, and how both look: the number's label is one that nobody uses."""
    rng = random.Random(seed)
    first = compose_invoice(rng, country="DE", item_count=2)
    other = compose_invoice(rng, country="DE", item_count=4)
    second = replace(
        other,
        number=first.number[:-3] + "808",
        issued=first.issued + timedelta(days=40),
        due=None,
        supplier=first.supplier,
        contact=first.contact,
        payment=first.payment,
    )
    look = choose_presentation(rng, first, layout="boxed")
    return first, second, replace(look, wording={**look.wording, Label.NUMBER: LABEL})


async def _read(client: ApiClient, documents: DocumentServer, template: str, name: str, file: bytes) -> Any:
    job = await client.read(documents.offer(name, file), template)
    assert job["status"] == "completed", job.get("errorLog")
    return job


async def _learned(client: ApiClient, supplier: str) -> dict[str, Any]:
    """The supplier's profile once the engine has learned."""
    async with asyncio.timeout(30):
        while True:
            profiles = (await client.get("/supplier-profile", params={"limit": "100"})).data
            for profile in profiles:
                if supplier in profile["names"] and profile["learned"]:
                    return dict(profile)
            await asyncio.sleep(0.1)


async def test_a_correction_reads_the_suppliers_next_invoice_right(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    first, second, look = two_invoices(seed=4)
    job = await _read(client, documents, template, "first.pdf", draw_invoice(first, look))
    data = job["extractedData"]
    assert data["invoice"].get("number") != first.number
    untaught = await _read(client, documents, template, "untaught.pdf", draw_invoice(second, look))
    assert untaught["extractedData"]["invoice"].get("number") != second.number

    data["invoice"]["number"] = first.number
    assert (await client.put(f"/ocr-invoice-job/{job['_id']}", {"extractedData": data})).status == 200
    profile = await _learned(client, first.supplier.name)
    assert [(rule["field"], rule["label"]) for rule in profile["rules"]] == [("invoice.number", LABEL)]

    taught = await _read(client, documents, template, "second.pdf", draw_invoice(second, look))
    assert taught["extractedData"]["invoice"]["number"] == second.number
    assert taught["extractedData"]["invoice"]["amounts"]["total"] == float(Decimal(second.amounts.total))
    reason = taught["extractedData"]["provenance"]["invoice.number"]["reason"]
    assert reason.startswith("Learned from a correction")

    assert (await client.delete(f"/supplier-profile/{profile['_id']}")).status == 200
    forgotten = await _read(client, documents, template, "forgotten.pdf", draw_invoice(second, look))
    assert forgotten["extractedData"]["invoice"].get("number") != second.number


async def test_corrected_items_sums_and_taxes_teach_the_suppliers_own_words(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    supplier = compose_supplier(31, 2, coined=0.6, country="DE", layout="banner")
    first, second = supplier.documents()
    truth, next_truth = (extracted_data(invoice) for invoice in supplier.invoices)
    job = await _read(client, documents, template, "own-words.pdf", first)
    data = job["extractedData"]
    assert data.get("lineItems") != truth["lineItems"]
    data["invoice"] |= truth["invoice"]
    data["lineItems"] = truth["lineItems"]
    assert (await client.put(f"/ocr-invoice-job/{job['_id']}", {"extractedData": data})).status == 200
    profile = await _learned(client, supplier.invoices[0].supplier.name)
    assert "lineItems" in {word["field"] for word in profile["words"]}
    assert "tax" in {word["concept"] for word in profile["words"]}

    taught = (await _read(client, documents, template, "own-words-next.pdf", second))["extractedData"]
    assert taught["lineItems"] == next_truth["lineItems"]
    assert taught["invoice"]["taxes"] == next_truth["invoice"]["taxes"]
    assert taught["invoice"]["amounts"] == next_truth["invoice"]["amounts"]


async def test_corrected_data_is_checked_anew(
    client: ApiClient, documents: DocumentServer, template: str
) -> None:
    first, _, look = two_invoices(seed=12)
    job = await _read(client, documents, template, "checked.pdf", draw_invoice(first, look))
    data = job["extractedData"]
    total = data["invoice"]["amounts"]["total"]
    data["invoice"]["number"] = first.number
    data["invoice"]["amounts"]["total"] = total + 10
    assert (await client.put(f"/ocr-invoice-job/{job['_id']}", {"extractedData": data})).status == 200
    wrong = await _checked(client, job["_id"], valid=False)
    assert [one["field"] for one in wrong["errors"] if one["severity"] == "error"] == [
        "invoice.amounts.total"
    ]
    assert "invoice.number" not in [one["field"] for one in wrong["errors"]]

    data["invoice"]["amounts"]["total"] = total
    assert (await client.put(f"/ocr-invoice-job/{job['_id']}", {"extractedData": data})).status == 200
    right = await _checked(client, job["_id"], valid=True)
    assert "invoice.amounts.total" not in [one["field"] for one in right["errors"]]


async def _checked(client: ApiClient, job_id: str, *, valid: bool) -> dict[str, Any]:
    """What was found in the job's data, once that is as `valid` says."""
    async with asyncio.timeout(30):
        while True:
            results: dict[str, Any] = (await client.job(job_id))["validationResults"]
            if results["isValid"] is valid:
                return results
            await asyncio.sleep(0.1)
