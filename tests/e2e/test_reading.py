"""Documents of every kind, from upload to extracted data, through the public API."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.api_client import ApiClient
from tests.document_server import DocumentServer
from tests.generator.samples import Sample


def _truth(sample: Sample) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(sample.truth.read_text(encoding="utf-8"))
    return truth


async def _read(
    client: ApiClient, documents: DocumentServer, template: str, sample: Sample
) -> dict[str, Any]:
    url = documents.offer(sample.document.name, sample.document.read_bytes())
    job = await client.read(url, template)
    assert job["status"] == "completed", job.get("errorLog")
    return job


def _agreement(job: dict[str, Any], truth: dict[str, Any]) -> dict[str, bool]:
    """Which of the fields that matter most are as printed."""
    found, printed = job["extractedData"]["invoice"], truth["extractedData"]["invoice"]
    return {
        "number": found.get("number") == printed["number"],
        "date": found.get("date") == printed["date"],
        "total": found["amounts"].get("total") == pytest.approx(printed["amounts"]["total"]),
        "subtotal": found["amounts"].get("subtotal") == pytest.approx(printed["amounts"]["subtotal"]),
        "currency": found["amounts"].get("currency") == printed["amounts"]["currency"],
        "supplier": found["supplier"].get("name") == printed["supplier"]["name"],
    }


async def test_born_digital_pdf(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    sample = samples["digital"]
    job = await _read(client, documents, template, sample)
    truth = _truth(sample)
    assert _agreement(job, truth) == dict.fromkeys(_agreement(job, truth), True)
    assert len(job["extractedData"]["lineItems"]) == len(truth["extractedData"]["lineItems"])
    (page,) = await client.pages(job["_id"])
    assert page["status"] == "completed"
    assert page["ocrResults"]["source"] == "textLayer"
    printed = " ".join(line["text"] for line in truth["pages"][0]["lines"]).split()
    read = page["ocrResults"]["text"].split()
    assert len(set(printed) & set(read)) >= 0.98 * len(set(printed))


async def test_two_page_scan(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    sample = samples["scan"]
    job = await _read(client, documents, template, sample)
    assert job["documentInfo"]["pages"] == 2
    assert job["cost"] == pytest.approx(0.5)
    assert job["currency"] == "EUR"
    assert job["progress"]["percentage"] == 100
    agreement = _agreement(job, _truth(sample))
    assert sum(agreement.values()) >= len(agreement) - 1, agreement
    pages = await client.pages(job["_id"])
    assert [page["pageNumber"] for page in pages] == [1, 2]
    for page in pages:
        assert page["ocrResults"]["source"] == "ocr"
        assert page["preprocessing"].keys() == {
            "enhanced",
            "deskewed",
            "denoised",
            "binarized",
            "rotationAngle",
        }
        assert 0 < page["qualityScore"] <= 1


async def test_photo(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    sample = samples["photo"]
    job = await _read(client, documents, template, sample)
    agreement = _agreement(job, _truth(sample))
    assert sum(agreement.values()) >= len(agreement) - 1, agreement
    assert job["documentInfo"]["format"] == "jpg"


async def test_words_lie_where_they_are_on_the_served_image(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    """Boxes are pixels of the image at `pageUrl`: ink lies under every confident word."""
    job = await _read(client, documents, template, samples["scan"])
    page = (await client.pages(job["_id"]))[0]
    async with client.session.get(page["pageUrl"]) as response:
        assert response.status == 200
        image = Image.open(io.BytesIO(await response.read())).convert("L")
    assert image.size == (page["imageProperties"]["width"], page["imageProperties"]["height"])
    words = [word for word in page["ocrResults"]["words"] if word["confidence"] > 0.9]
    assert len(words) > 30
    for word in words:
        box = word["boundingBox"]
        part = image.crop((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))
        levels = np.asarray(part)
        assert int(levels.max()) - int(levels.min()) > 60, word


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF"])
async def test_other_image_formats(
    client: ApiClient,
    documents: DocumentServer,
    template: str,
    samples: dict[str, Sample],
    image_format: str,
) -> None:
    """The same receipt-sized picture in every format gives the same number of words."""
    photo = Image.open(samples["photo"].document).convert("L")
    top = photo.crop((0, 0, photo.width, photo.height // 4))
    content = io.BytesIO()
    if image_format == "TIFF":
        top.save(content, image_format, save_all=True, append_images=[top.rotate(0)], dpi=(150, 150))
    else:
        top.save(content, image_format, dpi=(150, 150))
    url = documents.offer(f"top.{image_format.lower()}", content.getvalue())
    job = await client.read(url, template)
    assert job["status"] == "completed", job.get("errorLog")
    pages = await client.pages(job["_id"])
    assert len(pages) == (2 if image_format == "TIFF" else 1)
    for page in pages:
        assert len(page["ocrResults"]["words"]) > 5


async def test_second_family_shows_the_same_job(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    job = await _read(client, documents, template, samples["digital"])
    headers = {"Authorization": f"Bearer {client.key}"}
    url = f"{client.base_url}/v1/invoices/{job['invoiceId']}/ocr"
    async with client.session.get(url, headers=headers) as response:
        assert response.status == 200
        body = await response.json()
    assert body["status"] == "OK"
    assert body["msg"] == "Invoice OCR data retrieved."
    result = body["result"]
    invoice = job["extractedData"]["invoice"]
    assert result["summaryFields"]["invoiceNumber"] == invoice["number"]
    assert result["summaryFields"]["vendorName"] == invoice["supplier"]["name"]
    assert result["summaryFields"]["total"] == invoice["amounts"]["total"]
    assert len(result["lineItems"]) == len(job["extractedData"]["lineItems"])
    assert any("    " in line for line in result["ocrLines"])


async def test_results_have_only_the_documented_parts(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    job = await _read(client, documents, template, samples["digital"])
    results = (await client.get(f"/ocr-invoice-job/{job['_id']}/results")).data
    assert results.keys() == {"extractedData", "confidence", "validationResults", "processingTime"}
    assert results["validationResults"]["isValid"] is True
    assert 0 < results["confidence"]["overall"] <= 1
    assert results["processingTime"] > 0


async def test_a_page_with_an_address_of_its_own_is_read(
    client: ApiClient, documents: DocumentServer, template: str, samples: dict[str, Sample]
) -> None:
    """A page that a client adds is read from the client's URL, and the job's data is extracted again."""
    job = await _read(client, documents, template, samples["digital"])
    url = documents.offer("extra.jpg", samples["photo"].document.read_bytes())
    body = {"job": job["_id"], "pageNumber": 2, "pageUrl": url}
    page = (await client.post("/ocr-invoice-job-page", body)).data
    assert page["status"] == "pending"
    started = await client.post(f"/ocr-invoice-job-page/{page['_id']}/process")
    assert started.data == {"pageId": page["_id"], "status": "queued"}
    again = await client.finished(job["_id"])
    assert again["status"] == "completed", again.get("errorLog")
    assert again["updatedAt"] > job["updatedAt"]
    pages = await client.pages(job["_id"])
    assert [one["status"] for one in pages] == ["completed", "completed"]
    assert pages[1]["pageUrl"] == url
    assert len(pages[1]["ocrResults"]["words"]) > 20
