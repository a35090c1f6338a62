"""Files on disk: the demo's three documents, and samples of every kind."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageSequence

from tests.generator.render import encode_tiff
from tests.generator.samples import SAMPLE_KINDS, Sample, make_demo_samples, make_samples
from tests.unit.generator.documents import page_texts


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    return make_demo_samples(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    return make_samples(tmp_path_factory.mktemp("samples"), len(SAMPLE_KINDS), seed=4)


def read_truth(sample: Sample) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(sample.truth.read_text(encoding="utf-8"))
    return truth


def test_the_demo_is_a_digital_pdf_a_scan_and_a_photo(demo: list[Sample]) -> None:
    assert [sample.document.name for sample in demo] == [
        "demo-digital.pdf",
        "demo-scan.pdf",
        "demo-photo.jpg",
    ]
    assert [sample.page_count for sample in demo] == [1, 2, 1]
    folder = demo[0].document.parent
    assert len(list(folder.iterdir())) == 6


def test_the_digital_pdf_has_its_truth_in_the_text_layer(demo: list[Sample]) -> None:
    truth = read_truth(demo[0])
    (text,) = page_texts(demo[0].document.read_bytes())
    invoice = truth["extractedData"]["invoice"]
    assert invoice["number"] in text
    assert invoice["supplier"]["name"] in text
    assert [word["text"] for word in truth["pages"][0]["words"]] != []
    assert all(word["text"] in text for word in truth["pages"][0]["words"])


def test_the_scan_has_two_pages_and_no_text_layer(demo: list[Sample]) -> None:
    assert page_texts(demo[1].document.read_bytes()) == ["", ""]
    with pdfium.PdfDocument(demo[1].document) as document:
        assert document[0].get_size() == pytest.approx((595.28, 841.89), abs=0.5)


def test_the_photo_is_a_jpeg_of_the_size_its_truth_names(demo: list[Sample]) -> None:
    page = read_truth(demo[2])["pages"][0]
    with Image.open(demo[2].document) as photo:
        assert photo.format == "JPEG"
        assert photo.size == (page["width"], page["height"])


@pytest.mark.parametrize("index", [0, 1, 2])
def test_word_boxes_hold_ink(demo: list[Sample], index: int) -> None:
    sample = demo[index]
    truth = read_truth(sample)
    if sample.document.suffix == ".pdf":
        with pdfium.PdfDocument(sample.document) as document:
            picture = document[0].render(scale=truth["pages"][0]["dpi"] / 72).to_pil().convert("L")
    else:
        picture = Image.open(sample.document).convert("L")
    words = truth["pages"][0]["words"]
    assert len(words) > 50
    inked = 0
    for word in words:
        box = word["boundingBox"]
        area = (box["x"] - 1, box["y"] - 1, box["x"] + box["width"] + 1, box["y"] + box["height"] + 1)
        darkest, lightest = picture.crop(tuple(round(edge) for edge in area)).getextrema()
        inked += lightest - darkest > 30
    assert inked == len(words)


def test_the_demo_is_always_the_same_bytes(demo: list[Sample], tmp_path: Path) -> None:
    for sample, again in zip(demo, make_demo_samples(tmp_path), strict=True):
        assert sample.document.read_bytes() == again.document.read_bytes()
        assert sample.truth.read_bytes() == again.truth.read_bytes()


def test_samples_come_in_every_kind_and_format(samples: list[Sample]) -> None:
    assert [sample.kind for sample in samples] == list(SAMPLE_KINDS)
    suffixes = [sample.document.suffix for sample in samples]
    assert suffixes == [".pdf", ".pdf", ".jpg", ".tiff", ".png", ".tiff", ".bmp"]
    starts = {".pdf": b"%PDF", ".jpg": b"\xff\xd8", ".tiff": b"II*\0", ".png": b"\x89PNG", ".bmp": b"BM"}
    for sample in samples:
        assert sample.document.read_bytes().startswith(starts[sample.document.suffix])


def test_samples_have_the_pages_their_truth_lists(samples: list[Sample]) -> None:
    for sample in samples:
        pages = read_truth(sample)["pages"]
        assert len(pages) == sample.page_count
        if sample.document.suffix == ".pdf":
            with pdfium.PdfDocument(sample.document) as document:
                assert len(document) == sample.page_count
        else:
            with Image.open(sample.document) as image:
                assert getattr(image, "n_frames", 1) == sample.page_count
                assert image.size == (pages[0]["width"], pages[0]["height"])


def test_a_tiff_holds_several_pages_as_they_were() -> None:
    pages = [np.full((40, 30), shade, dtype=np.uint8) for shade in (10, 120, 250)]
    with Image.open(BytesIO(encode_tiff(pages, dpi=200))) as image:
        frames = [np.array(frame) for frame in ImageSequence.Iterator(image)]
        assert image.info["dpi"] == (200, 200)
    assert [int(frame.mean()) for frame in frames] == [10, 120, 250]


def test_one_page_kinds_print_the_whole_invoice(tmp_path: Path) -> None:
    for sample in make_samples(tmp_path, 12, seed=2, kinds=["png", "bmp"]):
        truth = read_truth(sample)
        words = {word["text"] for word in truth["pages"][0]["words"]}
        iban = truth["extractedData"]["invoice"].get("payment", {}).get("iban")
        assert sample.page_count == 1
        assert iban is None or {iban[:4], iban[4:8]} <= words


def test_the_truth_uses_the_names_of_the_api(demo: list[Sample]) -> None:
    extracted = read_truth(demo[0])["extractedData"]
    invoice = demo[0].invoice
    assert extracted["invoice"]["date"] == invoice.issued.isoformat()
    assert extracted["invoice"]["amounts"] == {
        "subtotal": float(invoice.amounts.subtotal),
        "tax": float(invoice.amounts.tax),
        "total": float(invoice.amounts.total),
        "currency": "EUR",
    }
    assert len(extracted["lineItems"]) == len(invoice.items)
    assert set(extracted["lineItems"][0]) >= {"description", "quantity", "unitPrice", "amount"}
    assert set(extracted["invoice"]["supplier"]) == {"name", "address", "taxId", "country"}


def test_columns_of_a_line_are_set_apart(demo: list[Sample]) -> None:
    lines = [line["text"] for line in read_truth(demo[0])["pages"][0]["lines"]]
    item = demo[0].invoice.items[0]
    row = next(line for line in lines if item.sku is not None and item.sku in line)
    assert f"{item.sku}    {item.description}    " in row
