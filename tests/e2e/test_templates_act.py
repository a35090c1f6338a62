"""What a template says changes what comes out."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.generator.compose import compose_invoice
from tests.generator.layouts import draw_invoice
from tests.generator.presentation import choose_presentation
from tests.generator.render import image_only_pdf, render_pages
from tests.generator.samples import Sample


async def test_extraction_rules(
    client: ApiClient, documents: DocumentServer, samples: dict[str, Sample]
) -> None:
    sample = samples["digital"]
    assert sample.invoice.payment is not None
    url = documents.offer("rules.pdf", sample.document.read_bytes())
    template = await client.create_template(
        extractionRules={
            "fields": [
                {"name": "bankCode", "type": "text", "pattern": "BIC: ([A-Z0-9]+)"},
                {"name": "projectCode", "type": "text", "pattern": "Project ([0-9]+)", "required": True},
            ],
            "lineItems": {"enabled": False},
        },
        postprocessingSettings={"validationRules": [{"field": "projectCode", "rule": "required"}]},
    )
    job = await client.read(url, template)
    assert job["status"] == "completed", job.get("errorLog")
    assert job["extractedData"]["custom"] == {"bankCode": sample.invoice.payment.bic}
    assert job["extractedData"].get("lineItems", []) == []
    assert any(
        "projectCode" in one["field"] and one["severity"] == "error"
        for one in job["validationResults"]["errors"]
    )
    assert job["validationResults"]["isValid"] is False


async def test_resolution(client: ApiClient, documents: DocumentServer, samples: dict[str, Sample]) -> None:
    """Pages that have to be read are rendered as the template says, up to the scan's own resolution."""
    printed = render_pages(samples["digital"].document.read_bytes(), 300)[0]
    upper_part = printed.image[: printed.height // 3]
    url = documents.offer("resolution.pdf", image_only_pdf([upper_part], 300, quality=80))
    widths = {}
    for dpi in (150, 300):
        template = await client.create_template(preprocessingSettings={"resolutionDPI": dpi})
        job = await client.read(url, template)
        (page,) = await client.pages(job["_id"])
        assert page["imageProperties"]["dpi"] == dpi
        widths[dpi] = page["imageProperties"]["width"]
    assert widths[300] == pytest.approx(2 * widths[150], abs=2)


async def test_a_template_without_a_type_leaves_it_to_the_pages(
    client: ApiClient, documents: DocumentServer
) -> None:
    rng = random.Random(5)
    bought = compose_invoice(rng, "receipt")
    url = documents.offer("till.pdf", draw_invoice(bought, choose_presentation(rng, bought)))
    read: dict[str, Any] = {}
    for chosen in ("", "receipt", "invoice"):
        template = await client.create_template(**({"documentType": chosen} if chosen else {}))
        read[chosen] = (await client.read(url, template))["extractedData"]
    assert read[""]["invoice"] == read["receipt"]["invoice"]
    assert read[""]["invoice"]["supplier"]["name"] == bought.supplier.name
    assert "customer" not in read[""]["invoice"]
    ways = {
        chosen: data["provenance"].get("invoice.supplier.name", {}).get("reason")
        for chosen, data in read.items()
    }
    assert ways[""] == ways["receipt"] != ways["invoice"], "the shop of a receipt is looked for at its top"
