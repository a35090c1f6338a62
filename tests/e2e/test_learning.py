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
